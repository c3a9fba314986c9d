//! What lies on top: one frame in the middle, everything behind it fallen back, the top lines untouched.

use ratatui::layout::Rect;

use super::{
    pen::{Pen, width},
    selected,
};
use crate::{
    app::{
        App, lab,
        overlay::{Overlay, Pasted, Trouble, Way},
        palette::Palette,
    },
    config::{
        action::{ACTIONS, Context, Group},
        theme::{Role, Sign, Surface},
    },
    domain::{
        exchange::{Exchange, Outcome},
        figures,
        flow::{TokenFailure, words::beginning},
        profile::Place,
    },
};

/// What an overlay shows: its frame's texts and its rows.
struct Sheet {
    title: String,
    about: String,
    keys: &'static str,
    columns: u16,
    rows: Vec<SheetRow>,
    /// The row in hand, where rows can be taken; else the first row shown.
    at: usize,
    choosing: bool,
}

/// A row of a sheet.
enum SheetRow {
    /// A key and what it does.
    Key(String, String),
    /// A heading.
    Title(String),
    /// A label and a text.
    Fact(&'static str, String),
    /// Words.
    Words(String),
    /// What was typed, with its cursor.
    Prompt {
        /// The text.
        text: String,
        /// The column of the cursor.
        column: usize,
    },
    /// An action: its label with the letters that were hit, its group, its key.
    Hit {
        /// The label.
        label: &'static str,
        /// Letters hit, counted from 0.
        letters: Vec<usize>,
        /// The title of its group.
        group: &'static str,
        /// Its key.
        key: String,
    },
    /// Nothing.
    Blank,
}

/// Draws it; gives where the cursor of its prompt stands.
pub(super) fn render(pen: &mut Pen<'_>, app: &App, overlay: &Overlay) -> Option<(u16, u16)> {
    let sheet = sheet(app, overlay);
    // The top lines stay as they are.
    let above = 2.min(pen.height());
    let (width, height) = (pen.width(), pen.height() - above);
    pen.part(0, above, width, height).dim();
    let whole = width < 100;
    let columns = if whole { width } else { sheet.columns.min(width - 4) };
    let room = height.saturating_sub(1);
    let rows = room.min(u16::try_from(sheet.rows.len()).unwrap_or(u16::MAX).saturating_add(4));
    let rows = if whole { room } else { rows };
    let x = (width - columns) / 2;
    let y = above + (height.saturating_sub(rows)) / 2;
    if !whole && !pen.look.paints_background() {
        let mut margin = pen.part(x.saturating_sub(1), y, columns + 2, rows);
        margin.clear(Surface::Raised);
    }
    let mut inner = pen.part(x, y, columns, rows);
    inner.clear(Surface::Raised);
    frame(&mut inner, &sheet, app);
    let area = Rect::new(2, 2, columns.saturating_sub(4), rows.saturating_sub(3));
    let mut text = inner.part(area.x, area.y, area.width, area.height);
    body(&mut text, &sheet)
}

fn frame(pen: &mut Pen<'_>, sheet: &Sheet, app: &App) {
    let (right, bottom) = (pen.width().saturating_sub(1), pen.height().saturating_sub(1));
    pen.line(1, 0, right.saturating_sub(1), Sign::Hairline, Role::Faint);
    pen.line(1, bottom, right.saturating_sub(1), Sign::Hairline, Role::Faint);
    for y in 1..bottom {
        pen.sign(0, y, Sign::BracketMiddle, Role::Faint);
        pen.sign(right, y, Sign::BracketMiddle, Role::Faint);
    }
    let corners = [
        (0, 0, Sign::BracketTop),
        (right, 0, Sign::FrameTopRight),
        (0, bottom, Sign::BracketBottom),
        (right, bottom, Sign::FrameBottomRight),
    ];
    for (x, y, sign) in corners {
        pen.sign(x, y, sign, Role::Faint);
    }
    pen.text(2, 0, &format!(" {} ", sheet.title), Role::Strong);
    if !sheet.about.is_empty() {
        pen.right(right.saturating_sub(1), 0, &format!(" {} ", sheet.about), Role::Muted);
    }
    let keys = app.pieces(sheet.keys);
    let columns: usize = keys
        .iter()
        .map(|piece| match piece {
            crate::app::token::Piece::Words(text) | crate::app::token::Piece::Key(text) => width(text),
        })
        .sum();
    let columns = u16::try_from(columns).unwrap_or(0);
    let x = right.saturating_sub(columns + 3).max(2);
    pen.text(x, bottom, " ", Role::Muted);
    let end = pen.pieces(x + 1, bottom, &keys, right.saturating_sub(x + 2), Role::Muted);
    pen.text(end, bottom, " ", Role::Muted);
}

fn body(pen: &mut Pen<'_>, sheet: &Sheet) -> Option<(u16, u16)> {
    let rows = usize::from(pen.height());
    let mut cursor = None;
    let top = if sheet.choosing {
        (sheet.at + 1).saturating_sub(rows)
    } else {
        sheet.at.min(sheet.rows.len().saturating_sub(rows))
    };
    let widest = sheet
        .rows
        .iter()
        .map(|row| match row {
            SheetRow::Key(key, _) => width(key),
            _ => 0,
        })
        .max()
        .unwrap_or(0);
    let indent = if sheet.choosing { 2 } else { 0 };
    for (at, row) in sheet.rows.iter().enumerate().skip(top).take(rows) {
        let y = u16::try_from(at - top).unwrap_or(0);
        let room = pen.width().saturating_sub(indent);
        match row {
            SheetRow::Key(key, text) => {
                pen.text(indent, y, key, Role::KeyHint);
                let x = indent + u16::try_from(widest).unwrap_or(0) + 2;
                pen.cut(x, y, text, pen.width().saturating_sub(x), Role::Text);
            }
            SheetRow::Title(text) => {
                pen.cut(indent, y, text, room, Role::Strong);
            }
            SheetRow::Fact(label, text) => {
                pen.text(indent + 2, y, label, Role::Muted);
                pen.cut(indent + 12, y, text, room.saturating_sub(12), Role::Text);
            }
            SheetRow::Words(text) => {
                pen.cut(indent, y, text, room, Role::Text);
            }
            SheetRow::Prompt { text, column } => {
                let x = pen.sign(indent, y, Sign::Prompt, Role::KeyHint) + 1;
                pen.text(x, y, text, Role::Text);
                cursor = Some(pen.place(x + u16::try_from(*column).unwrap_or(0), y));
            }
            SheetRow::Hit { label, letters, group, key } => hit(pen, indent, y, label, letters, (group, key)),
            SheetRow::Blank => {}
        }
        if sheet.choosing && at == sheet.at {
            selected(pen, y, true);
        }
    }
    if sheet.rows.len() > rows {
        super::thumb(pen, 0, rows, top, sheet.rows.len());
    }
    cursor
}

/// An action of the palette: letters that were hit stand out, the key is at the right edge.
fn hit(pen: &mut Pen<'_>, x: u16, y: u16, label: &str, letters: &[usize], (group, key): (&str, &str)) {
    let mut at = x;
    for (place, letter) in label.chars().enumerate() {
        let role = if letters.contains(&place) { Role::KeyHint } else { Role::Text };
        at = pen.text(at, y, letter.encode_utf8(&mut [0; 4]), role);
    }
    pen.right(pen.width(), y, key, Role::KeyHint);
    let column = pen.width() / 2;
    pen.cut(column.max(at + 2), y, group, pen.width() / 3, Role::Muted);
}

fn sheet(app: &App, overlay: &Overlay) -> Sheet {
    let choosing = "Enter choose   j k move   {back} close";
    match overlay {
        Overlay::Help { top } => Sheet {
            title: "Keys".to_owned(),
            about: format!("{} pane", app.focus.title()),
            keys: "j k scroll   {back} close",
            columns: 114,
            rows: help(app),
            at: *top,
            choosing: false,
        },
        Overlay::Palette(palette) => palette_sheet(app, palette),
        Overlay::Lab { at } => Sheet {
            title: "Sandbox lab".to_owned(),
            about: "sandbox only".to_owned(),
            keys: "a letter plays it   a capital keeps this open   {back} close",
            columns: 76,
            rows: lab(app),
            at: *at,
            choosing: true,
        },
        Overlay::Environments { at } => Sheet {
            title: "Environment".to_owned(),
            about: "where calls go".to_owned(),
            keys: choosing,
            columns: 76,
            rows: environments(app),
            at: *at,
            choosing: true,
        },
        Overlay::Credentials { at } => Sheet {
            title: "Credential".to_owned(),
            about: app.environment.profile().name.clone(),
            keys: choosing,
            columns: 60,
            rows: credentials(app),
            at: *at,
            choosing: true,
        },
        Overlay::OnPurpose { ways, at } => Sheet {
            title: "Send on purpose".to_owned(),
            about: "once, never replayed".to_owned(),
            keys: choosing,
            columns: 60,
            rows: ways.iter().map(|way| SheetRow::Words(way_text(app, *way))).collect(),
            at: *at,
            choosing: true,
        },
        Overlay::Copy { offers, at } => Sheet {
            title: "Copy".to_owned(),
            about: String::new(),
            keys: "a letter copies it   Enter copies   {back} close",
            columns: 60,
            rows: offers
                .iter()
                .map(|offer| {
                    SheetRow::Key(offer.key.to_string(), format!("{}   {}", offer.what, beginning(&offer.text)))
                })
                .collect(),
            at: *at,
            choosing: true,
        },
        Overlay::Doctor { exchange, top } => {
            let found = app.timeline.flow(*exchange).and_then(|flow| flow.exchange.as_deref());
            Sheet {
                title: "Why".to_owned(),
                about: found.map(|exchange| format!("{} {}", exchange.method, exchange.url.path())).unwrap_or_default(),
                keys: "j k scroll   {back} close",
                columns: 96,
                rows: found.map(why).unwrap_or_default(),
                at: *top,
                choosing: false,
            }
        }
        Overlay::NoToken(why) => {
            let mut sheet = question("No token", "", "{back} close");
            sheet.columns = 96;
            sheet.rows = words(&why.text, 90).into_iter().map(SheetRow::Title).collect();
            sheet.rows.extend(why.hint.iter().flat_map(|hint| words(hint, 90)).map(SheetRow::Words));
            sheet.rows.extend(said(why));
            sheet
        }
        Overlay::Log { lines, top } => Sheet {
            title: "Log".to_owned(),
            about: format!("the last {} lines", lines.len()),
            keys: "j k scroll   {back} close",
            columns: u16::MAX,
            rows: lines.iter().cloned().map(SheetRow::Words).collect(),
            at: *top,
            choosing: false,
        },
        Overlay::Quit { why } => question("Quit", why, "y or Enter quits   n or {back} stays"),
        Overlay::Production(order) => {
            let name = order.profile.name.clone();
            let request = format!("{} {}", order.prepared.method, order.prepared.url);
            let mut sheet = question("Production", &request, "y sends   n or {back} does not");
            sheet.about = name;
            sheet.rows.push(SheetRow::Blank);
            sheet
                .rows
                .push(SheetRow::Words("This call may move money. Once agreed, this run asks no more.".to_owned()));
            sheet
        }
        Overlay::Pasted(pasted) => {
            let (question_text, text) = match pasted {
                Pasted::Address(text) => ("Make a request of this address?", text),
                Pasted::Body(text) => ("Make this the body of the request in hand?", text),
            };
            let mut sheet = question("Pasted", question_text, "y or Enter takes it   n or {back} does not");
            sheet.about = figures::size(text.len() as u64);
            sheet.rows.extend([SheetRow::Blank, SheetRow::Words(beginning(text))]);
            sheet
        }
        Overlay::Trouble(Trouble { unusable, text }) => {
            let (title, end) = if *unusable {
                ("The config file was not used", "The explorer opened on the sandbox; the file was not touched.")
            } else {
                ("Parts of the config file were passed over", "Everything else of it counts.")
            };
            let mut sheet = question(title, "", "{back} close");
            sheet.rows = text.lines().flat_map(|line| words(line, 90)).map(SheetRow::Words).collect();
            sheet.rows.extend([SheetRow::Blank, SheetRow::Words(end.to_owned())]);
            sheet.columns = 96;
            sheet
        }
    }
}

/// Hits shown at once.
const HITS: usize = 12;

fn palette_sheet(app: &App, palette: &Palette) -> Sheet {
    let hits = palette.hits();
    let (_, column) = palette.editor.cursor_cell();
    let mut rows = vec![SheetRow::Prompt { text: palette.editor.text(), column }, SheetRow::Blank];
    let from = (palette.at + 1).saturating_sub(HITS);
    let shown = hits.iter().skip(from).take(HITS).map(|hit| SheetRow::Hit {
        label: hit.spec.label,
        letters: hit.letters.clone(),
        group: hit.spec.group.title(),
        key: app.keymap.keys_of(hit.spec.action).into_iter().next().unwrap_or_default(),
    });
    rows.extend(shown);
    rows.push(SheetRow::Blank);
    match hits.get(palette.at) {
        Some(hit) => rows.extend(words(hit.spec.sentence, 70).into_iter().map(SheetRow::Words)),
        None => rows.push(SheetRow::Words("Nothing matches.".to_owned())),
    }
    Sheet {
        title: "Command".to_owned(),
        about: format!("{} of {}", (palette.at + 1).min(hits.len()), hits.len()),
        keys: "Enter does it   ↑ ↓ choose   {back} close",
        columns: 76,
        rows,
        at: 2 + palette.at - from,
        choosing: !hits.is_empty(),
    }
}

fn question(title: &str, text: &str, keys: &'static str) -> Sheet {
    Sheet {
        title: title.to_owned(),
        about: String::new(),
        keys,
        columns: 60,
        rows: words(text, 54).into_iter().map(SheetRow::Words).collect(),
        at: 0,
        choosing: false,
    }
}

/// A text in lines of at most so many columns.
pub(super) fn words(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The keys that work where the person is, in their groups.
fn help(app: &App) -> Vec<SheetRow> {
    let context = if app.editing.is_some() { Context::Edit } else { Context::Nav };
    let mut rows = Vec::new();
    for group in Group::ALL {
        let actions: Vec<_> = ACTIONS
            .iter()
            .filter(|spec| spec.group == group)
            .filter_map(|spec| {
                let keys: Vec<_> =
                    app.keymap.chords_of(spec.action, context).map(crate::config::chord::shown).collect();
                (!keys.is_empty()).then(|| SheetRow::Key(keys.join(" "), spec.sentence.to_owned()))
            })
            .collect();
        if !actions.is_empty() {
            if !rows.is_empty() {
                rows.push(SheetRow::Blank);
            }
            rows.push(SheetRow::Title(group.title().to_owned()));
            rows.extend(actions);
        }
    }
    rows
}

fn lab(app: &App) -> Vec<SheetRow> {
    let mut rows: Vec<_> =
        lab::ROWS.iter().map(|row| SheetRow::Key(row.key.to_string(), row.text.to_owned())).collect();
    rows.push(SheetRow::Blank);
    if app.lab.lines.is_empty() {
        rows.push(SheetRow::Words("Now: all is as usual.".to_owned()));
    }
    rows.extend(app.lab.lines.iter().map(|line| SheetRow::Words(format!("Now: {line}."))));
    rows
}

fn environments(app: &App) -> Vec<SheetRow> {
    let row = |profile: &std::sync::Arc<crate::domain::profile::Profile>| {
        let place = match profile.place {
            Place::Sandbox => "sandbox, on this machine",
            Place::Production => "PRODUCTION",
            Place::Ordinary => "",
        };
        SheetRow::Words(format!("{:<16} {}   {place}", profile.name, profile.base()))
    };
    app.environment.profiles().map(row).collect()
}

fn credentials(app: &App) -> Vec<SheetRow> {
    app.credential_rows()
        .map(|row| {
            let from = row.credential.secret.origin();
            SheetRow::Words(format!("{:<20} secret from {from}", row.credential.client_id))
        })
        .collect()
}

fn way_text(app: &App, way: Way) -> String {
    match way {
        Way::NoToken => "without a token".to_owned(),
        Way::Older(serial) => {
            let status = app.status.as_ref().ok();
            let current = status.and_then(|status| status.token.as_ref()).is_some_and(|token| token.serial == serial);
            let end = status
                .and_then(|status| status.earlier.iter().find(|(token, ..)| token.serial == serial))
                .map(|(_, end, at)| format!("{} {}", end.word(), figures::clock(*at, &app.zone)));
            let about = if current { "the current one".to_owned() } else { end.unwrap_or_default() };
            format!("with {serial}, {about}")
        }
    }
}

/// What the token endpoint said, as far as a sheet has room for it.
fn said(failure: &TokenFailure) -> Vec<SheetRow> {
    let Some(call) = failure.call.as_ref().filter(|call| !call.body.is_empty()) else { return Vec::new() };
    let status = call.status.map(|status| format!(", {status}")).unwrap_or_default();
    let title = SheetRow::Title(format!("What the token endpoint said{status}"));
    let lines = call.body.lines().take(12).map(|line| SheetRow::Words(line.to_owned()));
    [SheetRow::Blank, title].into_iter().chain(lines).collect()
}

/// Why an exchange ended as it did: its causes with what was seen and what mends each, and the first answer's words.
fn why(exchange: &Exchange) -> Vec<SheetRow> {
    let mut rows = Vec::new();
    let verdict = match (&exchange.outcome, exchange.status()) {
        (Outcome::NoToken(why), _) => why.text.clone(),
        (Outcome::Failed(failure), _) => failure.text.clone(),
        (Outcome::Refused(refusal), _) => refusal.to_string(),
        (Outcome::Cancelled, _) => "The call was cancelled.".to_owned(),
        (Outcome::Answered, Some(status)) if exchange.healed() => {
            format!("The first token was refused; the renewed one was answered {status}.")
        }
        (Outcome::Answered, Some(status)) => format!("The server answered {status}."),
        (Outcome::Answered, None) => "No answer came.".to_owned(),
    };
    rows.extend(words(&verdict, 90).into_iter().map(SheetRow::Title));
    let hint = match &exchange.outcome {
        Outcome::NoToken(why) => why.hint.clone(),
        Outcome::Failed(failure) => failure.hint.clone(),
        Outcome::Refused(refusal) => Some(refusal.hint()),
        Outcome::Cancelled | Outcome::Answered => None,
    };
    rows.extend(hint.into_iter().flat_map(|hint| words(&hint, 90)).map(SheetRow::Words));
    for (at, cause) in exchange.diagnosis.iter().flat_map(|diagnosis| &diagnosis.causes).enumerate() {
        rows.push(SheetRow::Blank);
        rows.push(SheetRow::Title(format!("{}  {}", at + 1, cause.what)));
        rows.push(SheetRow::Fact("seen", cause.seen.clone()));
        rows.push(SheetRow::Fact("do", cause.mend.clone()));
    }
    if let Outcome::NoToken(failure) = &exchange.outcome {
        rows.extend(said(failure));
    }
    rows.push(SheetRow::Blank);
    for (at, attempt) in exchange.attempts.iter().enumerate() {
        let status = attempt.hops.last().and_then(|hop| hop.answer.as_ref()).map(|answer| answer.status.to_string());
        let status = status.unwrap_or_else(|| "no answer".to_owned());
        rows.push(SheetRow::Fact(
            if at == 0 { "attempts" } else { "" },
            format!("{}  {status}, sent with {}", at + 1, attempt.sent_with),
        ));
    }
    rows
}
