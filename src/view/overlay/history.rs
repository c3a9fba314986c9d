//! The history: its list, a call of it or two compared, and the question before one is deleted.

use super::{PADDING, Sheet, SheetRow};
use crate::{
    app::{
        App,
        history::{LISTED, Page, Past, end, when},
        overlay,
    },
    config::theme::{Role, Sign},
    domain::record::Entry,
    view::pen::Pen,
};

pub(super) fn sheet(app: &App, past: &Past) -> Sheet {
    let columns = overlay::HELP;
    match &past.page {
        Page::List => {
            let mut rows = Vec::new();
            let typed = past.finding || !past.find.text().is_empty();
            if typed {
                rows.push(SheetRow::Prompt(past.find.row(0, 60)));
                rows.push(SheetRow::Blank);
            }
            let above = rows.len();
            rows.extend(past.entries.iter().map(|entry| call_row(app, past, entry)));
            let empty = past.entries.is_empty();
            if empty {
                let words = match (past.known, typed) {
                    (false, _) => "It is being read.",
                    (true, true) => "Nothing has these words.",
                    (true, false) => "No call is kept yet.",
                };
                rows.push(SheetRow::Words(words.to_owned()));
            }
            let about = match past.entries.len() {
                1 => "1 call".to_owned(),
                LISTED.. => format!("the newest {LISTED} calls"),
                count => format!("{count} calls"),
            };
            let keys = if past.finding {
                "Enter opens   {back} ends the search"
            } else {
                "/ find   s again   a keep   m compare   y copy   d D delete   {back}"
            };
            Sheet { title: "History".to_owned(), about, keys, columns, rows, at: past.at + above, choosing: !empty }
        }
        Page::Text { title, lines, top } => Sheet {
            title: title.clone(),
            about: "history".to_owned(),
            keys: "j k scroll   {back} the list",
            columns,
            rows: lines
                .iter()
                .map(|line| match line.added {
                    Some(added) => SheetRow::Changed(added, line.text.clone()),
                    None => SheetRow::Words(format!("  {}", line.text)),
                })
                .collect(),
            at: *top,
            choosing: false,
        },
        Page::Asked(which) => Sheet {
            title: "Delete".to_owned(),
            about: "history".to_owned(),
            keys: "y deletes   n does not   {back} does not",
            columns: 60,
            rows: vec![SheetRow::Words(match which {
                Some(_) => "This call is deleted for good.".to_owned(),
                None => "All calls are deleted for good, those not listed too.".to_owned(),
            })],
            at: 0,
            choosing: false,
        },
    }
}

fn call_row(app: &App, past: &Past, entry: &Entry) -> SheetRow {
    let (ended, took) = end(entry);
    let role = match entry.status {
        Some(200..=299) => Role::Ok,
        Some(300..=399) => Role::Text,
        Some(400..=499) => Role::Attention,
        _ => Role::Alarm,
    };
    SheetRow::Call {
        at: when(app, entry.started),
        method: entry.method.clone(),
        end: (ended, role),
        took,
        url: entry.url.clone(),
        marked: past.marked == Some(entry.id),
    }
}

/// A line of a comparison.
pub(super) fn changed(pen: &mut Pen<'_>, y: u16, added: bool, text: &str) {
    let (sign, role) = if added { ("+", Role::DiffAdd) } else { ("-", Role::DiffDel) };
    pen.text(PADDING, y, sign, role);
    pen.cut(PADDING + 2, y, text, pen.width().saturating_sub(2 * PADDING + 2), role);
}

/// A call of the list.
pub(super) fn call(pen: &mut Pen<'_>, y: u16, row: &SheetRow) {
    let SheetRow::Call { at, method, end: (ended, role), took, url, marked } = row else { return };
    if *marked {
        pen.sign(1, y, Sign::Usable, Role::Attention);
    }
    pen.text(PADDING, y, at, Role::Muted);
    let x = PADDING + 12;
    pen.cut(x, y, method, 7, super::super::method_role(method));
    pen.cut(x + 8, y, ended, 10, *role);
    pen.right(x + 28, y, took, Role::Muted);
    pen.cut(x + 30, y, url, pen.width().saturating_sub(x + 30 + PADDING), Role::Text);
}
