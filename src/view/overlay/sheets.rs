//! What each overlay shows: its texts and its rows.

use super::{Sheet, SheetRow};
use crate::{
    app::{
        App,
        editor::Editor,
        lab,
        overlay::{HelpRow, Overlay, Pasted, Trouble, Way},
        palette::Palette,
        sending::Running,
        wrap::words,
    },
    domain::{
        exchange::{Exchange, Outcome},
        figures,
        flow::{TokenFailure, words::beginning},
        profile::Place,
    },
};

pub(super) fn sheet(app: &App, overlay: &Overlay) -> Sheet {
    let choosing = "Enter choose   j k move   {back} close";
    match overlay {
        Overlay::Help { top, filter } => Sheet {
            title: "Keys".to_owned(),
            about: format!("{} pane", app.focus.title()),
            keys: if filter.is_some() {
                "↑ ↓ scroll   {back} shows all"
            } else {
                "/ filter   j k scroll   {back} close"
            },
            columns: 114,
            rows: help(app, filter.as_ref()),
            at: *top,
            choosing: false,
        },
        Overlay::Running { at } => Sheet {
            title: "On their way".to_owned(),
            about: calls(app.sending.running().len()),
            keys: "d cancels it   a cancels all   Enter shows it   {back} close",
            columns: 76,
            rows: running(app),
            at: *at,
            choosing: !app.sending.running().is_empty(),
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
        Overlay::Ask => ask(app),
        Overlay::Quit { why } => question("Quit", why, "y or Enter quits   n or {back} stays"),
        Overlay::Production(order) => {
            let request = format!("{} {}", order.prepared.method, order.prepared.url);
            let mut sheet = question("Send to", &request, "y sends   n or {back} does not");
            let agreed = "This call may move money. Once agreed, this run asks no more.";
            sheet.rows.push(SheetRow::Blank);
            sheet.rows.extend(words(agreed, QUESTION).into_iter().map(SheetRow::Words));
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

/// Columns of the filter of the help page.
const FILTER: usize = 60;
/// Hits shown at once.
const HITS: usize = 12;
/// Columns of the palette, where there is room.
const PALETTE: u16 = 76;

fn palette_sheet(app: &App, palette: &Palette) -> Sheet {
    let hits = palette.hits();
    let room = usize::from(app.size.0.min(PALETTE)).saturating_sub(12);
    let mut rows = vec![SheetRow::Prompt(palette.editor.row(0, room)), SheetRow::Blank];
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
        columns: PALETTE,
        rows,
        at: 2 + palette.at - from,
        choosing: !hits.is_empty(),
    }
}

/// Columns of the words of a question.
const QUESTION: usize = 54;

/// A question for a secret: nothing of the answer is shown but that there is one.
fn ask(app: &App) -> Sheet {
    let asked = app.questions.front();
    let mut sheet = question("Secret", asked.map_or("", |asked| &asked.text), "Enter gives it   {back} does not");
    sheet.columns = 76;
    let typed = if asked.is_some_and(|asked| !asked.typed.is_empty()) {
        "••••••••"
    } else {
        "type or paste it"
    };
    sheet.rows.extend([
        SheetRow::Blank,
        SheetRow::Fact("secret", typed.to_owned()),
        SheetRow::Fact("rests", "in memory, for this run".to_owned()),
    ]);
    sheet
}

fn question(title: &str, text: &str, keys: &'static str) -> Sheet {
    Sheet {
        title: title.to_owned(),
        about: String::new(),
        keys,
        columns: 60,
        rows: words(text, QUESTION).into_iter().map(SheetRow::Words).collect(),
        at: 0,
        choosing: false,
    }
}

fn help(app: &App, filter: Option<&Editor>) -> Vec<SheetRow> {
    let prompt = filter.map(|filter| SheetRow::Prompt(filter.row(0, FILTER)));
    let mut rows: Vec<_> = prompt.into_iter().collect();
    for row in app.help_rows() {
        match row {
            HelpRow::Group(title) => {
                if !rows.is_empty() {
                    rows.push(SheetRow::Blank);
                }
                rows.push(SheetRow::Title(title.to_owned()));
            }
            HelpRow::Action(spec, keys) => rows.push(SheetRow::Key(keys, spec.sentence.to_owned())),
        }
    }
    if rows.len() == usize::from(filter.is_some()) {
        rows.extend([SheetRow::Blank, SheetRow::Words("No key here has that in its name or sentence.".to_owned())]);
    }
    rows
}

fn calls(count: usize) -> String {
    format!("{count} {}", if count == 1 { "call" } else { "calls" })
}

fn running(app: &App) -> Vec<SheetRow> {
    let row = |running: &Running| {
        let flow = app.timeline.flow(running.id);
        let name = flow.map(|flow| if flow.name.is_empty() { flow.url.path() } else { &flow.name }).unwrap_or_default();
        let method = flow.map(|flow| flow.method.as_str()).unwrap_or_default();
        let gone = app.now.boot.since(running.since);
        let how = if running.cancelled { "being cancelled".to_owned() } else { figures::running(gone) };
        SheetRow::Words(format!("{method:<7} {name}   {how}"))
    };
    let rows: Vec<_> = app.sending.running().iter().rev().map(row).collect();
    if rows.is_empty() { vec![SheetRow::Words("Nothing is on its way any more.".to_owned())] } else { rows }
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
