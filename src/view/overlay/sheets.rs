//! What each overlay shows: its texts and its rows.

use super::{Sheet, SheetRow, form};
use crate::{
    app::{
        App,
        consent::Wants,
        editor::Editor,
        importing::{Coming, Requests},
        lab, layout,
        overlay::{self, Agreement, Overlay, Trouble, Way, claims, doctor, lines},
        palette::Palette,
        picking::Picking,
        rotation::{Rotating, Stage},
        sending::Running,
        token_menu::{self, Page},
        wrap::words,
    },
    config::theme::Sign,
    domain::{figures, flow::words::beginning, profile::Place, request::Draft, secret::SecretInput},
    interchange::format::Format,
    view::pen::width,
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
            columns: overlay::HELP,
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
            keys: "a add   e edit   D copy   d delete   t test   Enter choose   {back} close",
            columns: ENVIRONMENTS,
            rows: environments(app),
            at: *at,
            choosing: true,
        },
        Overlay::Credentials { at } => Sheet {
            title: "Credential".to_owned(),
            about: app.environment.profile().name.clone(),
            keys: "a add   e edit   d delete   t test   r rotate   Enter choose   {back} close",
            columns: 60,
            rows: credentials(app),
            at: *at,
            choosing: true,
        },
        Overlay::OnPurpose { ways, at } => Sheet {
            title: "Send on purpose".to_owned(),
            about: "once".to_owned(),
            keys: choosing,
            columns: 60,
            rows: ways.iter().map(|way| SheetRow::Words(way_text(app, way))).collect(),
            at: *at,
            choosing: true,
        },
        Overlay::History(past) => super::history::sheet(app, past),
        Overlay::Pick { what, at } => pick(app, *what, *at),
        Overlay::Copy { offers, at } => Sheet {
            title: "Copy".to_owned(),
            about: String::new(),
            keys: "a letter copies it   Enter copies   {back} close",
            columns: 60,
            rows: offers
                .iter()
                .map(|offer| {
                    SheetRow::Key(
                        offer.key.to_string(),
                        format!("{}   {}", offer.what, beginning(&app.masks.masked(&offer.text))),
                    )
                })
                .collect(),
            at: *at,
            choosing: true,
        },
        Overlay::Doctor { exchange, top } => {
            let found = app.timeline.flow(*exchange).and_then(|flow| flow.exchange.as_deref());
            Sheet {
                title: if found.is_some_and(|found| found.diagnosis.is_some()) { "401 Doctor" } else { "Why" }
                    .to_owned(),
                about: found.map(|exchange| format!("{} {}", exchange.method, exchange.url.path())).unwrap_or_default(),
                keys: found.map(doctor::keys).unwrap_or_default(),
                columns: overlay::REASON,
                rows: found
                    .map(|found| rows(doctor::lines(app, found, text(app, overlay::REASON))))
                    .unwrap_or_default(),
                at: *top,
                choosing: false,
            }
        }
        Overlay::NoToken { why, top } => Sheet {
            title: "No token".to_owned(),
            about: String::new(),
            keys: "j k scroll   {back} close",
            columns: overlay::REASON,
            rows: rows(lines::no_token(why, text(app, overlay::REASON))),
            at: *top,
            choosing: false,
        },
        Overlay::Log { lines, top } => Sheet {
            title: "Log".to_owned(),
            about: format!("the last {} lines", lines.len()),
            keys: "j k scroll   {back} close",
            columns: overlay::LOG,
            rows: rows(lines::log(lines, text(app, overlay::LOG))),
            at: *top,
            choosing: false,
        },
        Overlay::Ledger { at } => super::ledger::sheet(app, *at),
        Overlay::Message(page) => Sheet {
            title: page.title.to_owned(),
            about: page.about.clone(),
            keys: "j k scroll   {back} close",
            columns: overlay::REASON,
            rows: rows(page.lines(text(app, overlay::REASON))),
            at: page.top,
            choosing: false,
        },
        Overlay::Ask => {
            let asked = app.questions.front();
            secret(app, "Secret", asked.map_or("", |asked| &asked.text), "secret", asked.map(|asked| &asked.typed))
        }
        Overlay::TypedToken(typed) => {
            secret(app, "Typed token", "The token to send this request with", "token", Some(typed))
        }
        Overlay::Agree(Agreement::Save { asked, .. }) => question(app, "Save", asked, "y saves   n or {back} does not"),
        Overlay::Agree(Agreement::Browse(url)) => {
            question(app, "Open in the browser", url.as_str(), "y opens   n or {back} does not")
        }
        Overlay::Delete { asked } => question(app, "Delete", asked, "y, d or Enter does it   n or {back} does not"),
        Overlay::Conflict { key } => conflict(app, key),
        Overlay::Consent(wants) => consent(app, wants),
        Overlay::Quit { why } => question(app, "Quit", why, "y or Enter quits   n or {back} stays"),
        Overlay::Production(order) => {
            let request = format!("{} {}", order.prepared.method, order.prepared.url);
            let mut sheet = question(app, "Send to", &request, "y sends   n or {back} does not");
            let agreed = "This call may move money. Once agreed, this run asks no more of this profile.";
            sheet.rows.push(SheetRow::Blank);
            sheet.rows.extend(words(agreed, text(app, QUESTION)).into_iter().map(SheetRow::Words));
            sheet
        }
        Overlay::Rotation(rotating) => rotation(app, rotating),
        Overlay::Token(page) => token(app, page),
        Overlay::Form(form) => form::form(app, form),
        Overlay::Trial(trying) => form::trial(app, trying),
        Overlay::Forget(change) => form::forget(app, change),
        Overlay::Pasted(pasted) => {
            let (asked, pasted, shown) = match pasted {
                Coming::Address(address) => {
                    ("Make a request of this address?", address, words(address, text(app, QUESTION)))
                }
                Coming::Body(body) => ("Make this the body of the request in hand?", body, vec![beginning(body)]),
                Coming::Requests(requests) => return coming(app, requests),
            };
            let mut sheet = question(app, "Pasted", asked, "y or Enter takes it   n or {back} does not");
            sheet.about = figures::size(pasted.len() as u64);
            sheet.rows.push(SheetRow::Blank);
            sheet.rows.extend(shown.into_iter().map(SheetRow::Words));
            sheet
        }
        Overlay::Trouble(trouble @ Trouble { unusable, top, .. }) => Sheet {
            title: if *unusable {
                "The config file was not used".to_owned()
            } else {
                "Parts of the config file were passed over".to_owned()
            },
            about: String::new(),
            keys: "j k scroll   {back} close",
            columns: overlay::REASON,
            rows: rows(lines::trouble(trouble, text(app, overlay::REASON))),
            at: *top,
            choosing: false,
        },
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
        Some(hit) => rows.extend(words(hit.spec.sentence, text(app, PALETTE)).into_iter().map(SheetRow::Words)),
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

/// Columns of a question, where there is room.
pub(super) const QUESTION: u16 = 60;

/// A question for a secret: nothing of the answer is shown but that there is one.
fn secret(app: &App, title: &str, asked: &str, label: &'static str, typed: Option<&SecretInput>) -> Sheet {
    let mut sheet = question(app, title, asked, "Enter gives it   {back} does not");
    sheet.columns = 76;
    let typed = typed.is_some_and(|typed| !typed.is_empty());
    sheet.rows.extend([
        SheetRow::Blank,
        SheetRow::Secret(label, typed),
        SheetRow::Fact("rests", "in memory, for this run".to_owned()),
    ]);
    sheet
}

/// The token in hand: what can be done with it, what it says, or itself, with the seconds until it is hidden again.
fn token(app: &App, page: &Page) -> Sheet {
    let name = app.token().map_or("none yet".to_owned(), |token| token.serial.to_string());
    let columns = overlay::REASON;
    let (about, keys, rows, at, choosing) = match page {
        Page::Menu { at } => {
            let rows = app.token_rows().into_iter().map(|row| SheetRow::Key(row.key.to_string(), row.text.to_owned()));
            (name, "a letter does it   Enter does it   {back} close", rows.collect(), *at, true)
        }
        Page::Asked(serial) => (serial.to_string(), "{back} close", Vec::new(), 0, false),
        Page::Claims { token, top } => {
            let rows = rows(claims::lines(app, token, text(app, columns)));
            (token.serial.to_string(), "j k scroll   {back} close", rows, *top, false)
        }
        Page::Revealed { serial, secret, until, top } => {
            let left = until.since(app.now.boot).as_secs_f64().ceil();
            let rows = rows(token_menu::text_lines(secret, text(app, columns)));
            (format!("{serial}, hidden in {left} s"), "{hide-secrets} hides it   {back} close", rows, *top, false)
        }
    };
    let columns = if choosing { 60 } else { columns };
    Sheet { title: "Token".to_owned(), about, keys, columns, rows, at, choosing }
}

/// The exchange of a secret: nothing of the new one is shown but that there is one.
fn rotation(app: &App, rotating: &Rotating) -> Sheet {
    let mut rows = vec![SheetRow::Fact("from", rotating.from.clone())];
    let keys = match &rotating.stage {
        Stage::Asking(typed) => {
            rows.push(SheetRow::Secret("new", !typed.is_empty()));
            "Enter tries it   {back} changes nothing"
        }
        Stage::Working => "{cancel-or-quit} stops the token call   {back} close, it goes on",
        Stage::Waiting => "c confirms: deletes the old   b puts the old back   {back} close, it waits",
        Stage::Failed(_) => "a begins anew   {back} close",
        Stage::Looking | Stage::Over => "{back} close",
    };
    rows.push(SheetRow::Blank);
    rows.extend(self::rows(lines::rotation(rotating, text(app, overlay::REASON))));
    let (title, about) = ("Rotate a secret".to_owned(), rotating.name());
    Sheet { title, about, keys, columns: overlay::REASON, rows, at: rotating.top, choosing: false }
}

/// Columns of the text of a sheet.
pub(super) fn text(app: &App, most: u16) -> usize {
    layout::sheet_text(app, most)
}

pub(super) fn rows(lines: Vec<lines::Line>) -> Vec<SheetRow> {
    lines.into_iter().map(SheetRow::from).collect()
}

/// A request that its file has otherwise than the draft began with.
fn conflict(app: &App, key: &str) -> Sheet {
    let entry = app.requests.keyed(key);
    let name = entry.map_or("", |entry| &entry.draft.name);
    let file = entry.and_then(|entry| entry.home.as_ref()).map(|home| home.file.display().to_string());
    let asked = format!("“{name}” was changed in {} by another program, and here.", file.unwrap_or_default());
    let mut sheet = question(app, "Two versions", &asked, "m mine   t theirs   b both   {back} later");
    if let Some(entry) = entry {
        let told = |draft: &Draft| app.masks.masked(&format!("{} {}", draft.method, draft.url));
        sheet.rows.push(SheetRow::Blank);
        sheet.rows.push(SheetRow::Fact("mine", told(&entry.draft)));
        sheet.rows.push(SheetRow::Fact("theirs", told(&entry.original)));
    }
    sheet
}

/// What a request wants of the machine, and where that would go.
fn consent(app: &App, wants: &Wants) -> Sheet {
    let from = wants.file.as_ref().map_or_else(|| "This request".to_owned(), |(file, _)| file.display().to_string());
    let asked = format!("{from} wants something of this machine.");
    let mut sheet = question(app, "Read and send", &asked, "y reads and sends   n or {back} does not");
    sheet.rows.push(SheetRow::Blank);
    sheet.rows.extend(wants.names.iter().map(|name| SheetRow::Fact("variable", name.clone())));
    sheet.rows.extend(wants.files.iter().map(|path| SheetRow::Fact("file", path.display().to_string())));
    sheet.rows.push(SheetRow::Fact("goes to", app.masks.masked(&wants.to)));
    if wants.file.is_some() {
        let kept = "The yes counts for this file as it is now; once it changes, it is asked about again.";
        sheet.rows.push(SheetRow::Blank);
        sheet.rows.extend(words(kept, text(app, QUESTION)).into_iter().map(SheetRow::Words));
    }
    sheet
}

pub(super) fn question(app: &App, title: &str, asked: &str, keys: &'static str) -> Sheet {
    Sheet {
        title: title.to_owned(),
        about: String::new(),
        keys,
        columns: QUESTION,
        rows: words(asked, text(app, QUESTION)).into_iter().map(SheetRow::Words).collect(),
        at: 0,
        choosing: false,
    }
}

fn help(app: &App, filter: Option<&Editor>) -> Vec<SheetRow> {
    let found = lines::help(app, text(app, overlay::HELP));
    let prompt = filter.map(|filter| [SheetRow::Prompt(filter.row(0, FILTER)), SheetRow::Blank]);
    let none = found.is_empty().then(|| SheetRow::Words("No key here has that in its name or sentence.".to_owned()));
    prompt.into_iter().flatten().chain(rows(found)).chain(none).collect()
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
    rows.extend(app.measuring.lines.iter().map(|line| SheetRow::Words(format!("Last measured: {line}."))));
    rows
}

fn environments(app: &App) -> Vec<SheetRow> {
    let kind = |place| match place {
        Place::Sandbox => (Some(Sign::Sandbox), "sandbox, on this machine"),
        Place::Production => (Some(Sign::Production), "PRODUCTION"),
        Place::Ordinary => (None, ""),
    };
    let widest = app.environment.profiles().map(|profile| width(profile.base())).max().unwrap_or(0);
    let columns = u16::try_from(widest.min(text(app, ENVIRONMENTS).saturating_sub(45))).unwrap_or(0);
    let row = |profile: &std::sync::Arc<crate::domain::profile::Profile>| {
        let (sign, place) = kind(profile.place);
        SheetRow::Profile(sign, profile.name.clone(), profile.base().to_owned(), columns, place)
    };
    app.environment.profiles().map(row).collect()
}

/// Columns of the list of profiles, where there is room.
const ENVIRONMENTS: u16 = 82;

fn credentials(app: &App) -> Vec<SheetRow> {
    app.credential_rows()
        .map(|row| {
            let from = row.credential.secret.origin();
            SheetRow::Words(format!("{:<20} secret from {from}", row.credential.client_id))
        })
        .collect()
}

fn way_text(app: &App, way: &Way) -> String {
    match way {
        Way::NoToken => "without a token, never replayed".to_owned(),
        Way::Typed => "with a token that you type, never replayed".to_owned(),
        Way::NoReplay => "as usual, but a 401 is neither renewed nor replayed".to_owned(),
        Way::Credential(name) => format!("as credential `{name}`"),
        Way::Policy(policy) => format!("by policy {}", policy.name()),
        Way::Older(serial) => {
            let status = app.status.as_ref().ok();
            let current = status.and_then(|status| status.token.as_ref()).is_some_and(|token| token.serial == *serial);
            let end = status
                .and_then(|status| status.earlier.iter().find(|(token, ..)| token.serial == *serial))
                .map(|(_, end, at)| format!("{} {}", end.word(), figures::clock(*at, &app.zone)));
            let about = if current { "the current one".to_owned() } else { end.unwrap_or_default() };
            format!("with {serial}, {about}")
        }
    }
}

/// What would be imported, and what would not.
fn coming(app: &App, requests: &Requests) -> Sheet {
    let Requests { import, format, name } = requests;
    let curl = *format == Format::Curl;
    let asked = match (import.requests.len(), curl) {
        (0, true) => "Nothing in this curl command can be imported.".to_owned(),
        (0, false) => format!("Nothing in it can be imported, read as {}.", format.name()),
        (1, true) => "Import this curl command?".to_owned(),
        (count, true) => format!("Import {count} requests of these curl commands?"),
        (1, false) => format!("Import the request of {name}, read as {}?", format.name()),
        (count, false) => format!("Import {count} requests of {name}, read as {}?", format.name()),
    };
    let keys = if app.collection.is_some() && !import.requests.is_empty() {
        "y or Enter imports   c into the collection   n or {back} does not"
    } else {
        "y or Enter imports   n or {back} does not"
    };
    let mut sheet = question(app, "Pasted", &asked, keys);
    let columns = text(app, QUESTION);
    let mut say = |line: String| sheet.rows.extend(words(&line, columns).into_iter().map(SheetRow::Words));
    for found in import.requests.iter().take(5) {
        say(format!("{} {}", found.draft.method, found.draft.url));
    }
    if !import.asks.is_empty() || !import.left.is_empty() {
        say(String::new());
    }
    for ask in import.asks.iter().take(5) {
        say(format!("Not read: {} for {}: `authscope import` asks for it.", ask.file, ask.what));
    }
    for left in import.left.iter().take(8) {
        say(format!("Not taken: {}: {}.", left.what, left.why));
    }
    for server in import.servers.iter().take(3) {
        say(format!("A profile of it would call {}: `authscope import` writes one.", server.base_url));
    }
    sheet
}

fn pick(app: &App, what: Picking, at: usize) -> Sheet {
    let (title, keys) = match what {
        Picking::Method => ("Method", "e types another   Enter choose   j k move   {back} close"),
        Picking::Kind => ("Kind of body", "Enter choose   j k move   {back} close"),
    };
    let rows = what.offers().into_iter().map(|(name, meant)| SheetRow::Key(name.to_owned(), meant.to_owned()));
    let about = app.requests.entry().draft.name.clone();
    Sheet { title: title.to_owned(), about, keys, columns: 76, rows: rows.collect(), at, choosing: true }
}
