//! What a person finds again at the next start: the request that was open, the drafts, the focus, the layout, what was
//! chosen. No secret is among what is written: [`Snapshot::masked`] leaves a value that is one by its name, or looks like
//! one, empty and switched off.
//!
//! It is kept with every change, the field being edited included; where much was changed, at most once a second.

use std::{collections::BTreeMap, time::Duration};

use http::HeaderName;
use serde::{Deserialize, Serialize};

use super::{App, EditTarget, Stale, effect::Effect, focus::Pane, layout::Borders, resting::Times};
pub use crate::domain::secrecy::looks_secret;
use crate::domain::{
    clock::Boot,
    looks_secret::{form_masked, json_masked},
    redact::Redactor,
    request::{Draft, Pair, is_secret_bearing},
    secrecy::is_secret_by_name,
    token::TokenPolicy,
};
use crate::tour::Kept;

/// How long what was kept stands before it is kept anew, where it is much.
const PAUSE: Duration = Duration::from_secs(1);
/// Bytes of bodies that are much: to copy and compare them takes a while, and that with every key.
const MUCH: usize = 64 << 10;

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Where the person was.
    pub session: Session,
    /// Every changed request and every one of the person's own, by its key.
    pub drafts: BTreeMap<String, Draft>,
}

/// Where a person was, and what was chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    /// The key of the request that was open.
    pub open: String,
    /// The number of the pane that had the focus.
    pub focus: u8,
    /// Whether it had the screen to itself.
    pub zoomed: bool,
    /// Whether the left column was hidden.
    pub sidebar_hidden: bool,
    /// How far the borders were moved.
    pub borders: Borders,
    /// Titles of the groups that were folded.
    pub folded: Vec<String>,
    /// The active profile.
    pub profile: String,
    /// What was chosen in a profile, by its name.
    pub chosen: BTreeMap<String, Choice>,
    /// When secrets were used and exchanged last, by the names of profile and credential.
    pub secrets: BTreeMap<String, Times>,
    /// What was typed on the command line, the oldest first.
    pub commands: Vec<String>,
    /// How far the tour is.
    pub tour: Kept,
}

/// What was chosen in a profile otherwise than it says itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choice {
    /// The name of the credential.
    pub credential: Option<String>,
    /// The name of the policy.
    pub policy: Option<String>,
}

/// Whether anything is kept, what was kept last, and when it is due again.
#[derive(Debug, Default)]
pub struct Keeping {
    last: Option<Box<Snapshot>>,
    at: Boot,
    /// For how long that stands.
    pause: Duration,
    due: Option<Boot>,
    used: bool,
    /// Whether what was to be kept last could not be.
    pub(super) fails: bool,
}

impl Keeping {
    /// Whether what a person changes is kept.
    pub fn works(&self) -> bool {
        self.is_on() && !self.fails
    }

    fn is_on(&self) -> bool {
        self.last.is_some()
    }

    /// When it is to be looked whether something changed.
    pub fn due(&self) -> Option<Boot> {
        self.due
    }

    /// A person did something.
    pub(super) fn touched(&mut self, now: Boot) {
        self.used = true;
        if self.is_on() {
            self.due = self.due.or(Some(now.max(self.at + self.pause)));
        }
    }
}

impl App {
    /// What would be found again were this the end.
    pub fn snapshot(&self) -> Snapshot {
        let chosen = self.environment.choices().map(|(profile, credential, policy)| {
            let policy = policy.map(|policy| policy.name().to_owned());
            (profile.to_owned(), Choice { credential: credential.map(str::to_owned), policy })
        });
        let session = Session {
            open: self.requests.entry().key.clone(),
            focus: self.focus.number(),
            zoomed: self.zoomed,
            sidebar_hidden: !self.sidebar,
            borders: self.borders,
            folded: self.requests.folded().to_vec(),
            profile: self.environment.profile().name.clone(),
            chosen: chosen.collect(),
            secrets: self.resting.times.clone(),
            tour: self.tour.kept(),
            commands: self.command.history().iter().filter(|line| !looks_secret(line)).cloned().collect(),
        };
        let mut drafts: BTreeMap<_, _> =
            self.requests.kept().map(|(key, draft)| (key.clone(), draft.clone())).collect();
        if let Some(editing) = &self.editing
            && let EditTarget::Composer(target) = editing.target
            && editing.editor.is_changed()
        {
            let entry = self.requests.entry();
            let draft = drafts.entry(entry.key.clone()).or_insert_with(|| entry.draft.clone());
            target.set(draft, editing.editor.text());
            // A name that is being typed may be on its way from or to one that makes its value a secret.
            for (row, before) in draft.headers.iter_mut().zip(&entry.draft.headers) {
                if row.name != before.name && !row.value.is_empty() {
                    emptied(row);
                }
            }
        }
        Snapshot { session, drafts }
    }

    /// Puts back what was kept, if anything was, and keeps everything from now on. Of what a person did before it came,
    /// nothing is undone.
    pub fn restore(&mut self, kept: Option<Box<Snapshot>>) {
        if let Some(kept) = kept {
            let Snapshot { mut session, drafts } = *kept;
            // What this run saw already is later.
            session.secrets.append(&mut self.resting.times);
            self.resting.times = std::mem::take(&mut session.secrets);
            self.tour.restore(session.tour);
            for (key, draft) in drafts {
                self.requests.put_back(&key, draft);
            }
            if !self.keeping.used {
                self.stand(session);
            }
            self.touch(Stale::Now);
        }
        self.keeping.last = Some(Box::new(self.snapshot()));
        if self.tour.offer() {
            self.touch(Stale::Now);
        }
    }

    fn stand(&mut self, session: Session) {
        for (profile, Choice { credential, policy }) in &session.chosen {
            let policy = policy.as_deref().and_then(TokenPolicy::named);
            self.environment.choose(profile, credential.as_deref(), policy);
        }
        let at = self.environment.profiles().position(|profile| profile.name == session.profile);
        if let Some(at) = at {
            self.environment.choose_profile(at);
            let profile = self.environment.profile().clone();
            self.requests.follow(&profile);
        }
        self.requests.stand(&session.open, &session.folded);
        self.composer.opened(&self.requests.entry().draft);
        if let Some(pane) = Pane::numbered(session.focus) {
            self.focus = pane;
            if matches!(pane, Pane::Token | Pane::Credentials) {
                self.lower_left = pane;
            }
        }
        (self.zoomed, self.sidebar, self.borders) = (session.zoomed, !session.sidebar_hidden, session.borders);
        self.command.typed_before(session.commands);
    }

    /// The order to keep what changed since it was kept last, when it is due; at the `end` it always is.
    pub fn kept(&mut self, end: bool) -> Option<Effect> {
        let due = self.keeping.due.is_some_and(|due| end || due <= self.now.boot);
        if !due {
            return None;
        }
        (self.keeping.due, self.keeping.at) = (None, self.now.boot);
        let snapshot = Box::new(self.snapshot());
        let bytes: usize = snapshot.drafts.values().map(|draft| draft.body.len()).sum();
        self.keeping.pause = if bytes > MUCH { PAUSE } else { Duration::ZERO };
        let last = self.keeping.last.as_mut().filter(|last| **last != snapshot)?;
        last.clone_from(&snapshot);
        Some(Effect::Keep(snapshot))
    }
}

impl Snapshot {
    /// The same without what is a secret by its name or its look, and without a secret that is known, or a part of one,
    /// anywhere. It reads all of it, which is not for the thread of the keys.
    #[must_use]
    pub fn masked(mut self, masks: &Redactor) -> Self {
        for draft in self.drafts.values_mut() {
            without_secrets(draft);
            for text in [&mut draft.url, &mut draft.body, &mut draft.name, &mut draft.method] {
                if masks.finds(text) {
                    *text = masks.parts_masked(text);
                }
            }
            let rows = draft.headers.iter_mut().chain(&mut draft.query).chain(&mut draft.variables);
            rows.filter(|row| masks.finds(&row.value) || masks.finds(&row.name)).for_each(emptied);
        }
        self.session.commands.retain(|line| !masks.finds(line));
        self
    }
}

/// Empties every value that is a secret by its name or looks like one.
fn without_secrets(draft: &mut Draft) {
    let named = |name: &str| HeaderName::from_bytes(name.trim().as_bytes()).is_ok_and(|name| is_secret_bearing(&name));
    for row in &mut draft.headers {
        if named(&row.name) || looks_secret(&row.value) {
            emptied(row);
        }
    }
    if let Some((before, query)) = draft.url.split_once('?')
        && (is_secret_by_name(query) || looks_secret(query))
    {
        draft.url = before.to_owned();
    }
    draft.body = without_members(&draft.body);
    for row in draft.query.iter_mut().chain(&mut draft.variables) {
        if is_secret_by_name(&row.name) || looks_secret(&row.value) {
            emptied(row);
        }
    }
}

fn emptied(row: &mut Pair) {
    if !row.value.is_empty() {
        row.value.clear();
        row.on = false;
    }
}

/// A body, JSON or a form, in which every member that is a secret by its name is empty. What is still being typed need
/// not be whole.
fn without_members(body: &str) -> String {
    let emptied = |_: &str| String::new();
    if body.contains('"') { json_masked(body, emptied) } else { form_masked(body, emptied) }
}

/// A line about what happened, without the query of an address that holds what may be a secret.
pub fn without_queries(text: &str) -> String {
    let words = text.split(' ').map(|word| match word.split_once('?') {
        Some((before, query)) if is_secret_by_name(query) || looks_secret(query) => format!("{before}?…"),
        _ => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        app::{message::Message, tests::app, update},
        config::chord::{Chord, Key},
        domain::secret::Secret,
    };

    fn press(app: &mut App, keys: &str) -> Vec<Effect> {
        let keys = keys.split_whitespace().map(|key| Chord::parse(key).unwrap());
        keys.flat_map(|key| update(app, Message::Key(key))).collect()
    }

    fn type_text(app: &mut App, text: &str) -> Vec<Effect> {
        text.chars().flat_map(|letter| update(app, Message::Key(Chord::plain(Key::Char(letter))))).collect()
    }

    fn restored(snapshot: Snapshot) -> App {
        let mut app = app();
        update(&mut app, Message::Restored(Some(Box::new(snapshot))));
        app
    }

    fn keeps(effects: &[Effect]) -> Vec<&Snapshot> {
        fn kept(effect: &Effect) -> Option<&Snapshot> {
            match effect {
                Effect::Keep(snapshot) => Some(snapshot),
                _ => None,
            }
        }
        effects.iter().filter_map(kept).collect()
    }

    #[test]
    fn everything_that_is_kept_is_found_again() {
        let mut first = app();
        update(&mut first, Message::Restored(None));
        press(&mut first, "1 a");
        type_text(&mut first, "/x?q=1");
        press(&mut first, "enter 6 b z P : ");
        type_text(&mut first, "resize left 3");
        press(&mut first, "enter");
        first.environment.choose_credential(1);
        let snapshot = first.snapshot();
        let second = restored(snapshot.clone());
        assert_eq!(second.snapshot(), snapshot);
        assert_eq!(second.requests.entry().draft.url, "{{base_url}}//x?q=1");
        assert_eq!((second.focus, second.sidebar, second.zoomed), (Pane::Timeline, false, true));
        assert_eq!((second.environment.credential_at(), second.environment.policy()), (1, first.environment.policy()));
        assert_eq!(second.command.history(), ["resize left 3"]);
        assert_ne!(second.borders, Borders::default());
    }

    #[test]
    fn a_field_that_is_being_edited_is_kept_as_it_is_typed() {
        let mut first = app();
        update(&mut first, Message::Restored(None));
        press(&mut first, "2 k e");
        let effects = type_text(&mut first, "abc");
        let [.., kept] = keeps(&effects)[..] else { panic!("{effects:?}") };
        let second = restored(kept.clone());
        assert!(second.requests.entry().draft.url.ends_with("abc"), "{}", second.requests.entry().draft.url);
        assert_eq!(first.next_tick(), None, "what is kept asks for nothing more");
    }

    #[test]
    fn where_much_was_changed_it_is_kept_once_a_second() {
        let mut first = app();
        update(&mut first, Message::Restored(None));
        first.requests.entry_mut().change(|draft| draft.body = "x".repeat(MUCH + 1));
        press(&mut first, "2 k e");
        first.now.boot = first.now.boot + PAUSE;
        let effects = type_text(&mut first, "abc");
        assert_eq!(keeps(&effects).len(), 1, "the first letter at once, the others a second later");
        first.now.boot = first.now.boot + PAUSE;
        let effects = update(&mut first, Message::Ticked);
        let [kept] = keeps(&effects)[..] else { panic!("{effects:?}") };
        assert!(restored(kept.clone()).requests.entry().draft.url.ends_with("abc"));
        assert_eq!(first.next_tick(), None, "what is kept asks for nothing more");
    }

    #[test]
    fn what_changed_last_is_kept_at_the_end() {
        let mut app = app();
        update(&mut app, Message::Restored(None));
        press(&mut app, "6");
        let effects = press(&mut app, "3 q");
        assert!(matches!(&effects[..], [Effect::Keep(kept), Effect::Quit] if kept.session.focus == 3), "{effects:?}");
    }

    #[test]
    fn until_the_store_is_open_nothing_is_kept_and_leaving_changes_is_asked_about() {
        let mut app = app();
        press(&mut app, "2 k e");
        let effects = type_text(&mut app, "abc");
        assert!(keeps(&effects).is_empty());
        assert!(press(&mut app, "enter q").is_empty());
        assert!(app.overlay.is_some());
    }

    #[test]
    fn leaving_changes_is_asked_about_as_long_as_they_cannot_be_kept() {
        let mut app = app();
        update(&mut app, Message::Restored(None));
        press(&mut app, "2 k e");
        type_text(&mut app, "abc");
        update(&mut app, Message::Kept(Err("no room".to_owned())));
        press(&mut app, "enter q");
        assert!(app.overlay.is_some());
        press(&mut app, "n");
        update(&mut app, Message::Kept(Ok(())));
        assert!(press(&mut app, "q").iter().any(|effect| matches!(effect, Effect::Quit)));
    }

    #[test]
    fn what_a_person_did_before_the_store_was_open_stays() {
        let mut kept = app();
        press(&mut kept, "6");
        let mut app = app();
        press(&mut app, "3");
        update(&mut app, Message::Restored(Some(Box::new(kept.snapshot()))));
        assert_eq!(app.focus, Pane::Response);
    }

    #[test]
    fn no_secret_is_kept_by_its_name_by_its_look_or_by_being_known() {
        const SENTINELS: [&str; 6] =
            ["by-name", "hunter-in-query", "eyJsentinel", "sentinelbearer", "known-secret", "0a1b2c3d4e5f6a7b8c9d0e1f"];
        let mut app = app();
        let draft = &mut app.requests.entry_mut().draft;
        draft.headers = vec![
            Pair::new("Authorization", "by-name"),
            Pair::new("X-Other", "eyJsentinel.x.y"),
            Pair::new("X-Third", "bearer sentinelbearer"),
            Pair::new("Accept", "application/json"),
            Pair::new("X-Known", "a known-secret b"),
        ];
        draft.query = vec![Pair::new("api_key", "hunter-in-query"), Pair::new("q", "0a1b2c3d4e5f6a7b8c9d0e1f")];
        draft.variables = vec![Pair::new("txNo", "txn_demo0001")];
        draft.body = "{\"a\": \"known-secret\", \"b\": \"known-se".to_owned();
        press(&mut app, ":");
        type_text(&mut app, "policy known-secret");
        press(&mut app, "enter");
        let masks = Redactor::default().with(std::sync::Arc::new(Secret::new("known-secret")), "sec#1");
        let snapshot = app.snapshot().masked(&masks);
        let text = format!("{snapshot:?}");
        for sentinel in SENTINELS {
            assert!(!text.contains(sentinel), "{sentinel} in {text}");
        }
        let app = restored(snapshot);
        let draft = &app.requests.entry().draft;
        let on: Vec<_> = draft.headers.iter().map(|row| (row.name.as_str(), row.on)).collect();
        let off = |name| (name, false);
        assert_eq!(on, [off("Authorization"), off("X-Other"), off("X-Third"), ("Accept", true), off("X-Known")]);
        assert_eq!(
            (draft.headers[3].value.as_str(), draft.variables[0].value.as_str()),
            ("application/json", "txn_demo0001")
        );
        assert!(draft.body.starts_with("{\"a\": \"••••"));
    }

    #[test]
    fn a_member_that_is_a_secret_by_its_name_is_emptied_while_it_is_typed_too() {
        for (body, kept) in [
            (
                r#"{"client_id": "a", "client_secret": "abc", "amount": 1}"#,
                r#"{"client_id": "a", "client_secret": "", "amount": 1}"#,
            ),
            (r#"{"password" : "ab"#, r#"{"password" : ""#),
            (r#"{"pin": 1234, "cvv": "{{a}}b"}"#, r#"{"pin": , "cvv": ""}"#),
            (r#"{"token": "{{token}}"}"#, r#"{"token": "{{token}}"}"#),
            ("grant_type=x&client_secret=abc&y=1", "grant_type=x&client_secret=&y=1"),
            ("a word = about a token = this", "a word = about a token = this"),
        ] {
            assert_eq!(without_members(body), kept);
        }
    }

    #[test]
    fn an_id_is_told_from_a_secret() {
        for id in
            ["txn_demo0001", "ps_00000000-0000-4000-8000-000000000001", "https://a.example/x?y=1", "text/html; q=0.8"]
        {
            assert!(!looks_secret(id), "{id}");
        }
        for secret in ["eyJhbGciOiJI.eyJ", "Basic YTpi", "sentinel-token-0123456789abcdef"] {
            assert!(looks_secret(secret), "{secret}");
        }
        let told =
            without_queries("GET https://a.example/x?access_token=abc, attempt 1; GET https://a.example/y?page=2");
        assert_eq!(told, "GET https://a.example/x?… attempt 1; GET https://a.example/y?page=2");
    }
}
