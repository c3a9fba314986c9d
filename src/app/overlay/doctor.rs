//! Why an exchange ended as it did: the verdict, the causes with their evidence and the keys that mend them, what to try
//! where no cause can be named, and what it is not. The keys work from here.

use super::{
    Overlay,
    lines::{FACT, Line, fact, said, verdict_lines},
};
use crate::{
    app::{App, act, copy, effect::Effect, notice::sentences, wrap::words},
    config::action::{Action, Context},
    domain::{
        diagnosis::{Diagnosis, Remedy},
        exchange::{Exchange, Outcome},
    },
};

/// What does a remedy here.
fn action(remedy: Remedy) -> Action {
    match remedy {
        Remedy::Send => Action::Send,
        Remedy::Renew => Action::RenewToken,
        Remedy::Profile => Action::Environment,
        Remedy::Credential => Action::Credential,
        Remedy::Secret => Action::RotateSecret,
        Remedy::OnPurpose => Action::SendOnPurpose,
        Remedy::Policy => Action::Policy,
        Remedy::Request => Action::FocusPane(2),
        Remedy::Token => Action::TokenMenu,
    }
}

/// What can be done here, the likeliest first.
fn remedies(diagnosis: &Diagnosis) -> impl Iterator<Item = Remedy> {
    let causes = diagnosis.causes.iter().map(|cause| cause.remedy);
    causes.chain(diagnosis.next.iter().map(|next| next.remedy))
}

/// The keys of the overlay.
pub fn keys(exchange: &Exchange) -> &'static str {
    match exchange.diagnosis.as_ref().map_or(0, |diagnosis| remedies(diagnosis).count()) {
        0 => "j k scroll   y copy   {back} close",
        1 => "Enter do it   j k scroll   y copy   {back} close",
        _ => "Enter does 1   a number does that one   j k scroll   y copy   {back} close",
    }
}

/// Does the remedy of that number, from 0.
pub(super) fn mend(app: &mut App, at: usize) -> Vec<Effect> {
    let Some(Overlay::Doctor { exchange, .. }) = &app.overlay else { return Vec::new() };
    let found = app.timeline.flow(*exchange).and_then(|flow| flow.exchange.as_deref());
    let remedy = found.and_then(|found| remedies(found.diagnosis.as_ref()?).nth(at));
    let Some(remedy) = remedy else { return Vec::new() };
    app.overlay = None;
    act::done(app, action(remedy))
}

/// A letter that is a key of the overlay's own.
pub(super) fn letter(app: &mut App, letter: char) -> Vec<Effect> {
    if letter == 'y' {
        return report(app).map(copy::effect).into_iter().collect();
    }
    match letter.to_digit(10).and_then(|digit| usize::try_from(digit).ok()?.checked_sub(1)) {
        Some(at) => mend(app, at),
        None => Vec::new(),
    }
}

/// The same as text, secrets masked.
fn report(app: &App) -> Option<copy::Offer> {
    const COLUMNS: usize = 96;
    let Some(Overlay::Doctor { exchange, .. }) = &app.overlay else { return None };
    let found = app.timeline.flow(*exchange)?.exchange.as_deref()?;
    let about = format!("{} {}\n\n", found.method, found.url);
    let text = lines(app, found, COLUMNS).into_iter().fold(about, |text, line| match line {
        Line::Title(words) | Line::Words(words) => text + &words + "\n",
        Line::Fact(label, words) => text + &format!("  {label:<10} {words}\n"),
        Line::Key(key, words) => text + &format!("  {key} {words}\n"),
        Line::Blank => text + "\n",
    });
    Some(copy::Offer { key: 'y', what: "the report".to_owned(), text: app.masks.masked(&text) })
}

/// The sheet, in lines of so many columns.
pub fn lines(app: &App, exchange: &Exchange, columns: usize) -> Vec<Line> {
    let (verdict, hint) = verdict(exchange);
    let mut lines = verdict_lines(&verdict, hint.as_deref(), columns);
    let keyed = |at: usize, words: &str, remedy: Remedy| {
        let key = if at == 0 { "Enter".to_owned() } else { (at + 1).to_string() };
        let same = app.keymap.hint(action(remedy), Context::Nav).map(|key| format!(" or {key}")).unwrap_or_default();
        format!("{key}{same}: {words}")
    };
    if let Some(diagnosis) = &exchange.diagnosis {
        for (at, cause) in diagnosis.causes.iter().enumerate() {
            lines.push(Line::Blank);
            let what = format!("{}  {} ({}).", at + 1, cause.what.trim_end_matches('.'), cause.likelihood.word());
            lines.extend(words(&what, columns).into_iter().map(Line::Title));
            lines.extend(fact("seen", &cause.seen, columns));
            lines.extend(fact("do", &keyed(at, &cause.mend, cause.remedy), columns));
        }
        if let Some(next) = &diagnosis.next {
            lines.push(Line::Blank);
            lines.extend(words("Unknown: the facts name no cause.", columns).into_iter().map(Line::Title));
            lines.extend(fact("try", &keyed(0, &next.what, next.remedy), columns));
        }
    }
    if let Outcome::NoToken(failure) = &exchange.outcome {
        lines.extend(said(failure, columns));
    }
    lines.extend(ruled_out(exchange, columns));
    lines.push(Line::Blank);
    for (at, attempt) in exchange.attempts.iter().enumerate() {
        let status = attempt.hops.last().and_then(|hop| hop.answer.as_ref()).map(|answer| answer.status.to_string());
        let status = status.unwrap_or_else(|| "no answer".to_owned());
        let label = if at == 0 { "attempts" } else { "" };
        lines.push(Line::Fact(label, format!("{}  {status}, sent with {}", at + 1, attempt.sent_with)));
    }
    lines
}

fn ruled_out(exchange: &Exchange, columns: usize) -> Vec<Line> {
    let out = exchange.diagnosis.as_ref().map(|diagnosis| diagnosis.ruled_out.as_slice()).unwrap_or_default();
    if out.is_empty() {
        return Vec::new();
    }
    let room = columns.saturating_sub(usize::from(FACT)).max(1);
    let told = out.iter().enumerate().flat_map(|(at, out)| {
        let lines = words(&format!("{}: {}", out.what, out.seen), room).into_iter().enumerate();
        lines.map(move |(row, line)| Line::Fact(if at + row == 0 { "ruled out" } else { "" }, line))
    });
    [Line::Blank].into_iter().chain(told).collect()
}

/// One sentence on how it ended, and what to do where nothing is known better.
fn verdict(exchange: &Exchange) -> (String, Option<String>) {
    match (&exchange.outcome, exchange.status()) {
        (Outcome::NoToken(why), _) => (sentences(&why.text, None), why.hint.clone()),
        (Outcome::Failed(failure), _) => (sentences(&failure.text, None), failure.hint.clone()),
        (Outcome::Refused(refusal), _) => (sentences(&refusal.to_string(), None), Some(refusal.hint())),
        (Outcome::Cancelled, _) => ("The call was cancelled.".to_owned(), None),
        (Outcome::Answered, Some(status)) if exchange.healed() => {
            (format!("The first token was refused; the renewed one was answered {status}."), None)
        }
        (Outcome::Answered, Some(status)) => match exchange.attempts.as_slice() {
            [first, second] if status.as_u16() == 401 => {
                let (first, second) = (first.sent_with, second.sent_with);
                let told =
                    format!("{first} was refused, then the renewed {second} as well. Nothing was sent a third time.");
                (told, None)
            }
            _ => (format!("The server answered {status}."), None),
        },
        (Outcome::Answered, None) => ("No answer came.".to_owned(), None),
    }
}
