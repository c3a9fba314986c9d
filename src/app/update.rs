//! The one function that moves the explorer: a fact goes in, orders come out.

use std::sync::Arc;

use zeroize::Zeroize as _;

use super::{
    App, EditTarget, Stale, act, collection, command, completing,
    composer::{self, Target},
    consent,
    effect::Effect,
    filtering,
    focus::Pane,
    format, history, importing, keys,
    lab::Fault,
    layout, measuring,
    message::Message,
    mouse,
    notice::{Notice, sentences},
    overlay, profiles,
    response::{Shown, Tab, attempts, cookies, headers, timing, tls},
    rotation, token_menu, touring, viewing,
};
use crate::{
    document::Pattern,
    domain::{
        exchange::{Exchange, Outcome},
        figures,
        flow::{FlowEvent, FlowStep, TokenFailure},
        token::TokenFacts,
    },
};

/// Takes in a fact, and gives the orders that follow from it.
pub fn update(app: &mut App, message: Message) -> Vec<Effect> {
    let by_hand = matches!(
        message,
        Message::Key(_) | Message::Pasted(_) | Message::Clicked(..) | Message::Turned { .. } | Message::Edited { .. }
    );
    let brace = matches!(message, Message::Key(chord) if chord.typed() == Some('{'));
    // What more comes of a body changes no row that is full, and there may be hundreds of such messages in a round.
    let more = matches!(&message, Message::Flowed(event) if matches!(event.step, FlowStep::BodyProgress { .. }))
        && app.response.is_full(layout::page(app, Pane::Response));
    let mut effects = match message {
        Message::Key(chord) => keys::pressed(app, chord),
        Message::Pasted(mut text) => {
            keys::pasted(app, &text);
            // It may have been a secret.
            text.zeroize();
            Vec::new()
        }
        Message::Clicked(x, y) => mouse::clicked(app, x, y),
        Message::Turned { x, y, down } => mouse::turned(app, x, y, down),
        Message::Focused(here) => {
            if !here {
                // Half of what is pressed in two steps is not kept for whoever comes back.
                app.pending.clear();
                app.quit_armed = None;
                app.hide_token();
            }
            Vec::new()
        }
        Message::Resized(width, height) => {
            app.size = (width, height);
            app.touch(Stale::Everything);
            Vec::new()
        }
        Message::Ticked => {
            app.ticked();
            app.touch(Stale::Progress);
            Vec::new()
        }
        Message::Flowed(event) => flowed(app, &event),
        Message::Settled(exchange) => {
            let id = exchange.id;
            let mut effects = settled(app, *exchange);
            effects.extend(measuring::settled(app, id));
            effects.extend(look_at_sandbox(app));
            effects
        }
        Message::Renewed(end) => {
            renewed(app, end);
            look_at_sandbox(app).into_iter().collect()
        }
        Message::ProfilesChanged(change, end) => profiles::changed(app, &change, end),
        Message::Tried(number, end) => {
            profiles::tried(app, number, end);
            Vec::new()
        }
        Message::RotationStepped(number, text) => {
            rotation::stepped(app, number, &text);
            Vec::new()
        }
        Message::RotationStood(number, end) => {
            rotation::stood(app, number, end);
            Vec::new()
        }
        Message::TokenStood(status) => {
            app.secret_used(status.as_ref().ok().and_then(|status| status.asked));
            if let Ok(status) = &status {
                app.ledger.stood(status);
            }
            let kept = app.ledger.kept();
            if app.status != status {
                app.status = status;
                app.touch(Stale::Now);
            }
            kept.into_iter().collect()
        }
        Message::SecretsRest(profile, found) => {
            app.secrets_rest(&profile, found);
            Vec::new()
        }
        Message::TokenGiven(serial, secret) => {
            token_menu::given(app, serial, secret);
            Vec::new()
        }
        Message::TokenDropped(serial) => {
            token_menu::dropped(app, serial);
            Vec::new()
        }
        Message::Copied(end) => {
            if end.is_ok() {
                touring::copied(app);
            }
            app.say(match end {
                Ok(words) => Notice::good(words, app.now.boot),
                Err(why) => Notice::bad(why),
            });
            Vec::new()
        }
        Message::Uncopied { what, text } => vec![Effect::CopyByTerminal { what, text }],
        Message::Edited { text, leave } => {
            act::outside::edited(app, text, leave);
            Vec::new()
        }
        Message::Unpaged(why) => {
            app.say(Notice::attention(why));
            Vec::new()
        }
        Message::Saved(end) => {
            act::outside::saved(app, end);
            Vec::new()
        }
        Message::Asked(id, text) => {
            app.asked(id, text);
            Vec::new()
        }
        Message::Unasked(id) => {
            app.unasked(id);
            Vec::new()
        }
        Message::Misbehaved(lines) => {
            if app.lab.lines != lines {
                app.lab.lines = lines;
                app.touch(Stale::Now);
            }
            Vec::new()
        }
        Message::Restored(snapshot) => {
            app.resting.opened = true;
            app.restore(snapshot);
            touring::begun(app);
            Vec::new()
        }
        Message::StoreFailed(text) => {
            app.resting.opened = true;
            touring::begun(app);
            app.say(Notice::attention(sentences(&text, None)));
            Vec::new()
        }
        Message::ThemeRead(name, outcome) => command::theme_read(app, &name, outcome),
        Message::Kept(end) => {
            app.keeping.fails = end.is_err();
            app.say(match end {
                Ok(()) => Notice::good("Changes are kept again.", app.now.boot),
                Err(why) => Notice::attention(sentences(&why, None)),
            });
            Vec::new()
        }
        Message::CollectionRead(folder, files, passed_over) => {
            collection::read(app, folder, files);
            if let Some(text) = passed_over.first() {
                app.say(Notice::attention(sentences(text, None)));
            }
            Vec::new()
        }
        Message::FileWritten(change, end) => collection::written(app, *change, end),
        Message::OutsideRead(wants, end) => consent::answered(app, *wants, end),
        Message::Assembled(Ok(order)) => act::calls::asked_or_sent(app, *order),
        Message::Assembled(Err(why)) => {
            app.say(Notice::attention(sentences(&format!("Nothing was sent: {why}"), None)));
            Vec::new()
        }
        Message::LedgerRead(found) => {
            app.ledger.earlier(found);
            Vec::new()
        }
        Message::LogRead(read) => {
            match read {
                Ok(lines) => overlay::show_log(app, lines),
                Err(why) => app.say(Notice::attention(sentences(&why, None))),
            }
            app.touch(Stale::Now);
            Vec::new()
        }
        Message::Grown => {
            viewing::grown(app);
            Vec::new()
        }
        Message::Indexed(body, index) => {
            if let Some(document) = app.response.document.as_mut().filter(|document| *document.body() == body) {
                document.learn(index);
                app.touch(Stale::Progress);
            }
            Vec::new()
        }
        Message::Read(sent, read) => {
            if let Some(document) = app.response.document.as_mut().filter(|document| *document.sent() == sent) {
                document.learn_to_read(*read);
                app.response.turned();
                app.touch(Stale::Now);
            }
            Vec::new()
        }
        Message::Filtered(number, end) => {
            filtering::done(app, number, end);
            Vec::new()
        }
        Message::Located(body, end) => {
            if app.response.document.as_ref().is_some_and(|document| *document.body() == body) {
                match end {
                    Ok(offset) => _ = app.response.go_to(offset),
                    Err(why) => app.say(Notice::attention(sentences(&why, None))),
                }
                app.touch(Stale::Now);
            }
            Vec::new()
        }
        Message::Checked(text, fault) => {
            app.composer.checking = false;
            (app.composer.checked, app.composer.fault) = (Some(text), fault);
            app.touch(Stale::Now);
            check_body(app).into_iter().collect()
        }
        Message::Came(outcome) => {
            importing::came(app, outcome);
            Vec::new()
        }
        Message::HistoryTold(outcome) => history::told(app, outcome),
        Message::Formatted(before, outcome) => {
            format::done(app, &before, outcome);
            Vec::new()
        }
        Message::Found { search, hits, done } => {
            if app.response.found(search, hits, done) {
                app.touch(Stale::Progress);
            }
            Vec::new()
        }
    };
    if by_hand {
        effects.extend(check_body(app));
        effects.extend(filtering::typed(app));
        completing::follow(app, brace);
        look_for_request(app);
    }
    app.follow_code();
    touring::followed(app);
    app.bring_question();
    effects.extend(app.look_at_secrets());
    if app.stale() > Stale::Nothing && !more {
        reveal(app);
        effects.extend(read(app));
        effects.extend(index(app));
    }
    if by_hand {
        app.keeping.touched(app.now.boot);
    }
    let ends = effects.iter().any(|effect| matches!(effect, Effect::Quit | Effect::Suspend));
    if let Some(kept) = app.kept(ends) {
        // What ends the program goes last.
        effects.insert(0, kept);
    }
    effects
}

/// Looks where the body that is being typed breaks. One that is too large for that is checked beside the keys, one check
/// at a time: nothing is said of it until the check of its last change is through.
fn check_body(app: &mut App) -> Option<Effect> {
    let body = app.editing.as_ref().filter(|editing| editing.target == EditTarget::Composer(Target::Body));
    let text = body.map(|editing| editing.editor.now());
    let composer = &mut app.composer;
    if text.as_ref().zip(composer.checked.as_ref()).is_some_and(|(text, checked)| text.is(checked)) {
        return None;
    }
    (composer.fault, composer.checked) = (None, None);
    let text = text?;
    if text.bytes() > composer::CHECKED {
        return (!std::mem::replace(&mut composer.checking, true)).then_some(Effect::Check(text));
    }
    composer.fault = composer::fault(&text.whole());
    composer.checked = Some(text);
    None
}

/// Shows the requests, or the calls, that fit what is typed by now, however it came there.
fn look_for_request(app: &mut App) {
    if let Some(editing) = app.editing.as_ref().filter(|editing| editing.target == EditTarget::Timeline) {
        let text = editing.editor.text();
        if app.timeline.looked_for() != text.to_lowercase().trim() {
            app.timeline.find(&text);
            app.touch(Stale::Now);
        }
        return;
    }
    let Some(editing) = app.editing.as_ref().filter(|editing| editing.target == EditTarget::Find) else { return };
    let text = editing.editor.text();
    if app.requests.looked_for() == text {
        return;
    }
    if app.requests.find(&text) {
        app.composer.opened(&app.requests.entry().draft);
    }
    app.touch(Stale::Now);
}

/// Brings what is in hand into sight, and reads the lines of the body that are.
fn reveal(app: &mut App) {
    let areas = layout::areas(app);
    if let Some(place) = areas.pane(Pane::Response) {
        let columns = place.area.width.saturating_sub(app.response.edge() + 1);
        app.response.read(layout::page(app, Pane::Response), usize::from(columns));
    }
    let page = layout::page(app, Pane::Requests);
    let (row, last) = (app.requests.row(), app.requests.rows().len().saturating_sub(page));
    app.requests.top = app.requests.top.min(last).clamp((row + 1).saturating_sub(page), row);
    let columns = areas.pane(Pane::Composer).map_or(1, |place| layout::body_columns(place.area));
    let (rows, page) = (app.composer_rows(), layout::page(app, Pane::Composer));
    app.composer.reveal(rows, page);
    if let Some(editing) = &mut app.editing {
        let rows = if editing.editor.has_many_lines() { page } else { 1 };
        editing.editor.reveal(rows, columns);
    }
}

fn flowed(app: &mut App, event: &FlowEvent) -> Vec<Effect> {
    app.timeline.learn(event);
    let flow = event.exchange.and_then(|id| app.timeline.flow(id));
    app.ledger.learn(event, flow, &app.environment.profile().name, &app.masks);
    touring::learned(app, event);
    measuring::learned(app, event);
    let shown = event.exchange.is_some() && event.exchange == app.response.exchange();
    let stale = match &event.step {
        FlowStep::HeadReceived { answer, .. } if shown => {
            app.response.answered(answer);
            Stale::Now
        }
        FlowStep::BodyProgress { .. } if shown => {
            let first = app.response.document.as_ref().is_some_and(|document| document.count().lines == 0);
            if let Some(document) = &mut app.response.document {
                document.grown();
            }
            if first || app.response.lines.is_empty() { Stale::Now } else { Stale::Progress }
        }
        _ => Stale::Progress,
    };
    app.touch(stale);
    Vec::new()
}

fn settled(app: &mut App, exchange: Exchange) -> Vec<Effect> {
    let exchange = Arc::new(exchange);
    let id = exchange.id;
    app.sending.end(id);
    app.known.settled(&exchange);
    app.timeline.settle(exchange.clone(), app.response.exchange());
    app.touch(Stale::Now);
    let shown = app.response.exchange() == Some(id);
    if let Some(notice) = notice_of(&exchange, shown, app) {
        app.say(notice);
    }
    if !shown {
        return Vec::new();
    }
    if exchange.healed() && app.response.tab != Tab::Flow {
        app.response.turn(Tab::Attempts);
    }
    if let Some(document) = &mut app.response.document {
        document.grown();
    }
    Vec::new()
}

/// The order to read the body shown otherwise than it was sent, once, where that takes a thread.
fn read(app: &mut App) -> Option<Effect> {
    let reading = app.response.document.as_ref()?.reading()?;
    (!std::mem::replace(&mut app.response.reading_ordered, true)).then(|| Effect::Read(reading))
}

/// The order to learn the lines of the body shown, once, where it is too large for them to be known at once.
fn index(app: &mut App) -> Option<Effect> {
    let document = app.response.document.as_ref().filter(|document| document.wants_index())?;
    (!std::mem::replace(&mut app.response.index_ordered, true)).then(|| Effect::Index(document.clone()))
}

/// The order to tell what the sandbox does out of the ordinary, where that may be less by now: some of it is for one call.
fn look_at_sandbox(app: &App) -> Option<Effect> {
    (!app.lab.lines.is_empty()).then_some(Effect::Play(Fault::Nothing))
}

/// What a finished exchange says in place of the hints.
fn notice_of(exchange: &Exchange, shown: bool, app: &App) -> Option<Notice> {
    let name = if exchange.name.is_empty() { exchange.url.path() } else { &exchange.name };
    Some(match &exchange.outcome {
        Outcome::Answered if exchange.healed() => {
            let (first, last) = (exchange.attempts.first()?, exchange.attempts.last()?);
            let took = figures::took(exchange.took);
            let text = format!("Healed: {} was refused, {} answered. {took} in all.", first.sent_with, last.sent_with);
            Notice::good(text, app.now.boot)
        }
        Outcome::Answered if !shown => {
            let status = exchange.status()?;
            Notice::good(format!("“{name}” is answered: {status}."), app.now.boot)
        }
        Outcome::Answered => return None,
        Outcome::Failed(failure) => Notice::bad(sentences(&failure.text, failure.hint.as_deref())),
        Outcome::NoToken(why) => Notice::bad(sentences(&why.text, why.hint.as_deref())),
        Outcome::Refused(refusal) => {
            Notice::attention(sentences(&format!("Nothing was sent: {refusal}"), Some(&refusal.hint())))
        }
        Outcome::Cancelled => Notice::attention(format!("“{name}” is cancelled; what had come is kept.")),
    })
}

fn renewed(app: &mut App, end: Result<Arc<TokenFacts>, Arc<TokenFailure>>) {
    app.sending.renewing = None;
    if app.requests.entry().token_call {
        app.show_last_token_call();
    }
    let notice = match end {
        Ok(token) => Notice::good(format!("{} is issued.", token.serial), app.now.boot),
        Err(why) => Notice::bad(sentences(&why.text, why.hint.as_deref())),
    };
    app.say(notice);
}

impl App {
    /// The tabs that the response pane has now, each with its count where it has one.
    pub fn response_tabs(&self) -> Vec<(Tab, Option<usize>)> {
        match &self.response.shown {
            None => Vec::new(),
            Some(Shown::File) => vec![(Tab::Body, None)],
            Some(Shown::TokenCall(call)) => {
                let mut tabs = vec![(Tab::Body, None), (Tab::Headers, Some(call.headers.len()))];
                tabs.extend(self.shown_flow().map(|_| (Tab::Flow, None)));
                tabs
            }
            Some(Shown::Exchange(id)) => {
                let Some(flow) = self.timeline.flow(*id) else { return Vec::new() };
                let mut tabs = vec![(Tab::Body, None)];
                if let Some(answer) = &flow.answer {
                    tabs.push((Tab::Headers, Some(answer.headers.len())));
                }
                let exchange = flow.exchange.as_ref().filter(|exchange| !exchange.attempts.is_empty());
                if let Some(exchange) = exchange {
                    let cookies = cookies::count(exchange);
                    if cookies > 0 {
                        tabs.push((Tab::Cookies, Some(cookies)));
                    }
                    tabs.push((Tab::Timing, None));
                    if !tls::lines(exchange, self.now.wall).is_empty() {
                        tabs.push((Tab::Tls, None));
                    }
                }
                tabs.push((Tab::Flow, None));
                if let Some(attempts) = exchange.map(|exchange| exchange.attempts.len()) {
                    tabs.push((Tab::Attempts, (attempts > 1).then_some(attempts)));
                }
                tabs
            }
        }
    }

    /// How many rows the tab in front has.
    pub(super) fn response_rows(&self) -> usize {
        let exchange = self.shown_exchange();
        let flow = self.response.exchange().and_then(|id| self.timeline.flow(id));
        match (self.response.tab, &self.response.shown) {
            (Tab::Headers, Some(Shown::TokenCall(call))) => headers::of_token_call(&call.headers).len(),
            (Tab::Headers, _) => exchange.map_or(0, |exchange| headers::lines(exchange).len()),
            (Tab::Cookies, _) => exchange.map_or(0, |exchange| cookies::lines(exchange).len()),
            (Tab::Tls, _) => exchange.map_or(0, |exchange| tls::lines(exchange, self.now.wall).len()),
            (Tab::Timing, _) => exchange
                .zip(flow)
                .map_or(0, |(exchange, flow)| timing::lines(exchange, flow, layout::response_text(self)).len()),
            (Tab::Flow, _) => self.sequence().len(),
            (Tab::Attempts, _) => {
                exchange.zip(flow).map_or(0, |(exchange, flow)| attempts::lines(exchange, flow).len())
            }
            (Tab::Body, _) => 0,
        }
    }

    /// The search that is being typed, as far as it can be understood, or that is in force.
    pub fn pattern(&self) -> Option<Pattern> {
        match &self.editing {
            Some(editing) if editing.target == EditTarget::Search => Pattern::new(&editing.editor.text()).ok(),
            _ => self.response.search.as_ref().map(|search| search.pattern.clone()),
        }
    }
}
