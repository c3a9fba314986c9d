//! Making calls, and telling why one was refused.

use super::{focus, leave_field};
use crate::{
    app::{
        App, Stale,
        composer::Target,
        effect::{Effect, Order},
        focus::Pane,
        layout,
        notice::{Notice, sentences},
        overlay::{Overlay, Way},
        profiles, requests,
        response::{Tab, sequence::message},
        touring,
    },
    domain::{
        flow::Refusal,
        profile::Place,
        request::{Authorization, Prepared, Purpose},
        secret::SecretInput,
        token::{TokenPolicy, TokenSerial},
    },
};

pub(in crate::app) fn send(app: &mut App) -> Vec<Effect> {
    if matches!(
        app.overlay,
        Some(Overlay::Production(_) | Overlay::Quit { .. } | Overlay::Ask | Overlay::TypedToken(_))
    ) {
        return Vec::new();
    }
    profiles::put_aside(app);
    leave_field(app);
    if app.requests.entry().token_call {
        return renew(app);
    }
    if let Some(wants) = app.wants_variables() {
        return vec![Effect::ReadOutside(Box::new(wants), false)];
    }
    match prepared(app) {
        Some(prepared) => {
            let order = order(app, prepared);
            with_its_files(app, order)
        }
        None => Vec::new(),
    }
}

/// Has the body of a call put together first, where that names files.
fn with_its_files(app: &mut App, order: Order) -> Vec<Effect> {
    if let Some(wants) = app.wants_files(&order.prepared) {
        return vec![Effect::ReadOutside(Box::new(wants), false)];
    }
    if order.prepared.body.files().is_empty() {
        return asked_or_sent(app, order);
    }
    let home = app.requests.entry().home.as_ref().zip(app.collection.as_ref());
    let folder = home.map(|(home, collection)| collection.folder_of(&home.file)).unwrap_or_default();
    vec![Effect::Assemble(Box::new(order), folder)]
}

/// The request in hand as it can be sent; else its fields are marked and the first of them is said.
fn prepared(app: &mut App) -> Option<Prepared> {
    let variables = app.variables();
    match app.requests.entry().draft.prepared(&variables) {
        Ok(prepared) => {
            app.used(&variables);
            app.composer.errors.clear();
            Some(prepared)
        }
        Err(errors) => {
            if let Some(error) = errors.first() {
                app.composer.go(Target::of(error.field, &app.requests.entry().draft));
                app.say(Notice::attention(sentences(&format!("Nothing was sent: {}", error.text), None)));
            }
            app.composer.errors = errors;
            focus(app, Pane::Composer);
            None
        }
    }
}

fn order(app: &mut App, mut prepared: Prepared) -> Order {
    let entry = app.requests.entry();
    let own = entry.home.as_ref();
    prepared.follow &= own.is_none_or(|home| !home.stays);
    let policy = own.and_then(|home| home.policy.as_deref()).and_then(TokenPolicy::named);
    Order {
        id: app.sending.next_id(),
        prepared,
        profile: app.environment.profile().clone(),
        credential: app.environment.credential_name().to_owned(),
        policy: policy.unwrap_or_else(|| app.environment.policy()),
        called: app.requests.entry().called(),
    }
}

/// So many status checks under a policy, which are in hand then; nothing where they cannot be sent.
pub(in crate::app) fn status_checks(app: &mut App, count: usize, policy: TokenPolicy) -> Option<Vec<Order>> {
    leave_field(app);
    app.requests.stand_on(requests::STATUS);
    app.composer.opened(&app.requests.entry().draft);
    let prepared = prepared(app)?;
    Some((0..count).map(|_| Order { policy, ..order(app, prepared.clone()) }).collect())
}

/// Makes a call, unless a person has to agree to it first.
pub(in crate::app) fn asked_or_sent(app: &mut App, order: Order) -> Vec<Effect> {
    if touring::forbids(app, &order).is_none() && app.asks_first(order.prepared.method.as_str()) {
        app.overlay = Some(Overlay::Production(order.into()));
        return Vec::new();
    }
    send_order(app, order)
}

impl App {
    /// Whether a call by this method is asked about before it is sent: it may move money, and nobody agreed to that yet.
    pub fn asks_first(&self, method: &str) -> bool {
        let reads = ["GET", "HEAD", "OPTIONS"].contains(&method);
        // Without a credential nothing goes out, so there is nothing to agree to.
        let profile = self.environment.profile();
        let moves = profile.place == Place::Production && !reads && self.status.is_ok();
        moves && !self.sending.production_agreed.contains(&profile.name)
    }
}

/// Makes a call, and brings its answer to the front.
pub(in crate::app) fn send_order(app: &mut App, order: Order) -> Vec<Effect> {
    if let Some(notice) = touring::forbids(app, &order) {
        app.say(notice);
        return Vec::new();
    }
    let body = message::kept(&order.prepared.body, &app.masks);
    app.timeline.begin(order.id, &order.prepared, (&order.profile.name, body), app.now.wall);
    app.sending.begin(order.id, app.now.boot);
    app.known.asked(order.id, order.called.clone());
    app.sending.last = Some(order.clone());
    let tab = app.response.tab;
    app.response.show_exchange(order.id, None);
    if matches!(tab, Tab::Headers | Tab::Flow) {
        app.response.tab = tab;
    }
    if layout::areas(app).pane(Pane::Response).is_none() {
        app.focus = Pane::Response;
    }
    app.touch(Stale::Now);
    vec![Effect::Send(Box::new(order))]
}

pub(super) fn repeat(app: &mut App) -> Vec<Effect> {
    match app.sending.last.clone() {
        Some(last) => {
            let id = app.sending.next_id();
            send_order(app, Order { id, ..last })
        }
        None => {
            app.say(Notice::attention("Nothing was sent yet."));
            Vec::new()
        }
    }
}

pub(super) fn ask_how_to_send(app: &mut App) {
    let mut ways = vec![Way::NoToken];
    if let Ok(status) = &app.status {
        let kept = status.token.iter().chain(status.earlier.iter().map(|(token, ..)| token));
        let mut serials: Vec<TokenSerial> = kept.map(|token| token.serial).collect();
        serials.dedup();
        ways.extend(serials.into_iter().map(Way::Older));
    }
    ways.extend([Way::Typed, Way::NoReplay]);
    let others = app.environment.profile().credentials.iter().map(|credential| &credential.name);
    ways.extend(others.filter(|name| *name != app.environment.credential_name()).cloned().map(Way::Credential));
    let policies = TokenPolicy::ALL.into_iter().filter(|policy| *policy != app.environment.policy());
    ways.extend(policies.map(Way::Policy));
    app.overlay = Some(Overlay::OnPurpose { ways, at: 0 });
}

/// Sends the request in hand once in another way.
pub(in crate::app) fn send_on_purpose(app: &mut App, way: &Way) -> Vec<Effect> {
    let Some(prepared) = prepared(app) else { return Vec::new() };
    let mut order = order(app, prepared);
    let purpose = match way {
        Way::NoToken => Some(Purpose::NoToken),
        Way::Older(serial) => Some(Purpose::Generation(*serial)),
        Way::NoReplay => Some(Purpose::NoReplay),
        Way::Typed => {
            app.overlay = Some(Overlay::TypedToken(SecretInput::default()));
            return Vec::new();
        }
        Way::Credential(name) => {
            order.credential.clone_from(name);
            None
        }
        Way::Policy(policy) => {
            order.policy = *policy;
            None
        }
    };
    if let Some(purpose) = purpose {
        order.prepared.authorization = Authorization::OnPurpose(purpose);
    }
    with_its_files(app, order)
}

/// Sends the request in hand once with a token that was typed.
pub(in crate::app) fn send_with_typed(app: &mut App, typed: SecretInput) -> Vec<Effect> {
    if typed.is_empty() {
        app.overlay = Some(Overlay::TypedToken(typed));
        app.say(Notice::attention("Nothing was sent: no token is typed yet."));
        return Vec::new();
    }
    let Some(prepared) = prepared(app) else { return Vec::new() };
    let mut order = order(app, prepared);
    order.prepared.authorization = Authorization::OnPurpose(Purpose::Token(typed.secret().into()));
    with_its_files(app, order)
}

pub(in crate::app) fn renew(app: &mut App) -> Vec<Effect> {
    // What could not be had before may be there by now.
    let is_unread = matches!(app.status, Err(Refusal::SecretUnavailable { .. }));
    if let Some(notice) = without_credential(app).filter(|_| !is_unread) {
        app.say(notice);
        return Vec::new();
    }
    app.sending.renewing = Some(app.now.boot);
    vec![Effect::Renew(app.environment.profile().clone(), app.environment.credential_name().to_owned())]
}

/// What to say where the profile has nothing to ask for a token with.
fn without_credential(app: &App) -> Option<Notice> {
    let refusal = app.status.as_ref().err()?;
    let text = format!("no token can be asked for: {refusal}");
    Some(Notice::attention(sentences(&text, Some(&refusal.hint()))))
}

pub(super) fn why_refused(app: &mut App) {
    let refused = app.response.exchange().filter(|id| {
        app.timeline.flow(*id).and_then(|flow| flow.exchange.as_ref()).is_some_and(|exchange| {
            exchange.diagnosis.is_some() || exchange.attempts.len() > 1 || exchange.answer().is_none()
        })
    });
    let no_token = app.status.as_ref().ok().and_then(|status| {
        let held = status.held_until.as_ref().map(|(_, why)| why);
        status.credentials_refused.as_ref().or(held).cloned()
    });
    match (refused, no_token) {
        (Some(exchange), _) => app.overlay = Some(Overlay::Doctor { exchange, top: 0 }),
        (None, Some(why)) => app.overlay = Some(Overlay::NoToken { why, top: 0 }),
        (None, None) => {
            let not_refused = || Notice::attention("The call in hand was not refused.");
            app.say(without_credential(app).unwrap_or_else(not_refused));
        }
    }
}
