//! The list of requests: the catalogue, and those a person adds. The one under the cursor is open in the composer.

use std::{cell::OnceCell, collections::BTreeMap};

use jiff::Timestamp;

use super::{editor::Text, variables::Called};
use crate::{
    domain::{
        profile::{Place, Profile},
        request::Draft,
    },
    library::{catalogue, variables},
};

mod filed;

pub use filed::{Home, key_at};

/// The title of the group of a person's own requests.
const OWN: &str = "My requests";
/// What the keys of them begin with.
const OWN_KEY: &str = "own ";

/// The list.
pub struct Requests {
    entries: Vec<Entry>,
    /// What was deleted since a request was changed last, the last one last, each with its place.
    deleted: Vec<(usize, Entry)>,
    folded: Vec<String>,
    /// Drafts of files that were not read yet, by their keys.
    waiting: BTreeMap<String, Draft>,
    /// Whether those of the sandbox are shown.
    sandbox: bool,
    /// The entry that is open.
    open: usize,
    /// The group whose title has the cursor instead.
    on_group: Option<String>,
    /// What is looked for: only what fits is shown.
    find: String,
    /// First row shown.
    pub top: usize,
}

/// One request of the list.
pub struct Entry {
    /// What it is known by from run to run.
    pub key: String,
    /// As it is now.
    pub draft: Draft,
    /// As it came, to tell a change.
    pub original: Draft,
    /// The title of its group.
    pub group: String,
    /// Whether it exists on the sandbox only.
    pub sandbox_only: bool,
    /// Whether it is the token call itself.
    pub token_call: bool,
    /// What others call it by beside its title, and what its answer gives.
    pub called: Called,
    /// Where it is kept, if that is in a file of the collection.
    pub home: Option<Home>,
    /// How it was before each change, the last one last; and what was taken back.
    past: Vec<Draft>,
    future: Vec<Draft>,
    known: Known,
}

/// What was asked of a draft as it is now, so that a frame does not read a large body anew.
#[derive(Default)]
struct Known {
    body: OnceCell<Text>,
    variables: OnceCell<Vec<String>>,
    changed: OnceCell<bool>,
}

/// How many changes of a request can be taken back.
const REMEMBERED: usize = 200;
/// Bytes of bodies beyond which fewer are.
const REMEMBERED_BYTES: usize = 64 << 20;

impl Entry {
    fn new(key: String, draft: Draft, group: String, sandbox_only: bool, token_call: bool) -> Self {
        let (past, future) = (Vec::new(), Vec::new());
        let known = Known::default();
        let (called, home) = (Called::default(), None);
        Self { key, original: draft.clone(), draft, group, sandbox_only, token_call, called, home, past, future, known }
    }

    /// What others call it by, its title among it, and what its answer gives.
    pub fn called(&self) -> Called {
        let mut called = self.called.clone();
        called.names.push(self.draft.name.clone());
        called
    }

    /// Changes it; what was there before can be had back.
    pub fn change(&mut self, change: impl FnOnce(&mut Draft)) {
        let before = self.draft.clone();
        change(&mut self.draft);
        if self.draft != before {
            self.past.push(before);
            self.future.clear();
            self.known = Known::default();
            let mut bytes = 0;
            let kept = self.past.iter().rev().take(REMEMBERED).take_while(|draft| {
                bytes += draft.body.len();
                bytes <= REMEMBERED_BYTES
            });
            self.past.drain(..self.past.len() - kept.count().max(1));
        }
    }

    /// Changes its body, the same way.
    pub fn change_body(&mut self, body: Text) {
        self.change(|draft| {
            let began = draft.body.is_empty();
            draft.body = body.whole();
            if began {
                draft.follow_body();
            }
        });
        self.known.body = body.into();
    }

    /// Its body, as rows.
    pub fn body(&self) -> &Text {
        self.known.body.get_or_init(|| Text::new(&self.draft.body))
    }

    /// The variables that it mentions anywhere, each once.
    pub fn variables(&self) -> &[String] {
        self.known.variables.get_or_init(|| variables::names(&self.draft))
    }

    /// Takes the last change back; whether there was one.
    pub fn undo(&mut self) -> bool {
        let Some(before) = self.past.pop() else { return false };
        self.future.push(std::mem::replace(&mut self.draft, before));
        self.known = Known::default();
        true
    }

    /// Makes the change again that was taken back last; whether there was one.
    pub fn redo(&mut self) -> bool {
        let Some(after) = self.future.pop() else { return false };
        self.past.push(std::mem::replace(&mut self.draft, after));
        self.known = Known::default();
        true
    }

    /// Whether it is a person's own, in no file.
    pub fn is_own(&self) -> bool {
        self.group == OWN
    }

    fn own(key: String, draft: Draft) -> Self {
        Self::new(key, draft, OWN.to_owned(), false, false)
    }

    /// Whether it was changed since it came.
    pub fn is_changed(&self) -> bool {
        *self.known.changed.get_or_init(|| self.draft != self.original)
    }
}

/// A row of the list.
#[derive(Clone, Copy)]
pub enum Row<'a> {
    /// The title of a group: its title, its entries, whether it is folded, whether the cursor is on it.
    Group {
        /// Its title.
        title: &'a str,
        /// How many entries it has.
        count: usize,
        /// Whether they are hidden.
        folded: bool,
        /// Whether the cursor is on it.
        here: bool,
    },
    /// A request, and whether it is the one in hand.
    Entry(&'a Entry, bool),
}

/// The key of the catalogue's status check, which moves no money.
pub const STATUS: &str = "catalogue Check its status";

impl Requests {
    /// The catalogue; the status call is open.
    pub fn new(profile: &Profile) -> Self {
        let entries: Vec<_> = catalogue::entries()
            .into_iter()
            .map(|entry| {
                let key = format!("catalogue {}", entry.block.draft.name);
                let called = Called::of(&entry.block);
                Entry {
                    called,
                    ..Entry::new(key, entry.block.draft, entry.group, entry.sandbox_only, entry.token_call)
                }
            })
            .collect();
        let open = entries.iter().position(|entry| entry.draft.method == "GET").unwrap_or(0);
        let (sandbox, find) = (profile.place == Place::Sandbox, String::new());
        Self {
            entries,
            deleted: Vec::new(),
            folded: Vec::new(),
            waiting: BTreeMap::new(),
            sandbox,
            open,
            on_group: None,
            find,
            top: 0,
        }
    }

    /// Follows a change of profile: what it has not is not shown.
    pub fn follow(&mut self, profile: &Profile) {
        self.sandbox = profile.place == Place::Sandbox;
        if self.entries.get(self.open).is_some_and(|entry| !self.is_shown(entry)) {
            self.open = self.entries.iter().position(|entry| entry.draft.method == "GET").unwrap_or(0);
        }
    }

    /// All of them, whether or not they are shown.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    /// The request in hand.
    pub fn entry(&self) -> &Entry {
        &self.entries[self.open]
    }

    /// The same, to be changed.
    pub fn entry_mut(&mut self) -> &mut Entry {
        self.deleted.clear();
        let entry = &mut self.entries[self.open];
        entry.known = Known::default();
        entry
    }

    /// How many are shown.
    pub fn count(&self) -> usize {
        self.entries.iter().filter(|entry| self.is_shown(entry)).count()
    }

    /// How many were changed and are not saved.
    pub fn changed(&self) -> usize {
        self.entries.iter().filter(|entry| entry.is_changed()).count()
    }

    /// Whether a person has requests of their own.
    pub fn has_own(&self) -> bool {
        self.entries.iter().any(|entry| entry.group == OWN)
    }

    /// Every row shown, from the top.
    pub fn rows(&self) -> Vec<Row<'_>> {
        let mut rows = Vec::new();
        for (title, members) in self.groups() {
            let folded = self.is_folded(title);
            let here = self.on_group.as_deref() == Some(title);
            rows.push(Row::Group { title, count: members.len(), folded, here });
            if !folded {
                let row = |at: &usize| Row::Entry(&self.entries[*at], *at == self.open && self.on_group.is_none());
                rows.extend(members.iter().map(row));
            }
        }
        rows
    }

    /// The row of the cursor.
    pub fn row(&self) -> usize {
        let here = |row: &Row<'_>| matches!(row, Row::Group { here: true, .. } | Row::Entry(_, true));
        self.rows().iter().position(here).unwrap_or(0)
    }

    /// Moves the cursor to a row, the last one at most. Whether another request is open now.
    pub fn go(&mut self, row: usize) -> bool {
        enum Place {
            Group(String),
            Entry(usize),
        }
        let mut places = Vec::new();
        for (title, members) in self.groups() {
            places.push(Place::Group(title.to_owned()));
            if !self.is_folded(title) {
                places.extend(members.into_iter().map(Place::Entry));
            }
        }
        let before = self.open;
        match places.into_iter().enumerate().take_while(|(at, _)| *at <= row).last() {
            Some((_, Place::Entry(at))) => (self.open, self.on_group) = (at, None),
            Some((_, Place::Group(title))) => self.on_group = Some(title),
            None => {}
        }
        self.open != before
    }

    /// Folds or unfolds the group in hand.
    pub fn toggle(&mut self) {
        let title = self.on_group.clone().unwrap_or_else(|| self.entry().group.clone());
        let folded = !self.is_folded(&title);
        self.set_folded(&title, folded);
    }

    /// Folds or unfolds the group in hand, whichever way it stood.
    pub fn fold(&mut self, folded: bool) {
        let title = self.on_group.clone().unwrap_or_else(|| self.entry().group.clone());
        self.set_folded(&title, folded);
    }

    /// Folds or unfolds every group.
    pub fn fold_all(&mut self, folded: bool) {
        let titles: Vec<_> = self.groups().into_iter().map(|(title, _)| title.to_owned()).collect();
        for title in &titles {
            self.set_folded(title, folded);
        }
    }

    /// Adds an empty request behind a person's own ones and opens it; `now` becomes its key.
    pub fn add(&mut self, now: Timestamp) {
        let draft = Draft {
            name: format!("Request {}", self.entries.iter().filter(|entry| entry.group == OWN).count() + 1),
            method: "GET".to_owned(),
            url: "{{base_url}}/".to_owned(),
            ..Draft::default()
        };
        self.put(now, draft);
    }

    /// Adds these behind a person's own ones and opens the first; `now`, and what follows it, becomes their keys.
    pub fn take(&mut self, drafts: impl IntoIterator<Item = Draft>, now: Timestamp) {
        let first = self.entries.len();
        for (at, draft) in drafts.into_iter().enumerate() {
            let later = jiff::SignedDuration::from_nanos(i64::try_from(at).unwrap_or(i64::MAX));
            self.put(now.saturating_add(later).unwrap_or(now), draft);
        }
        if first < self.entries.len() {
            self.open = first;
        }
    }

    fn put(&mut self, now: Timestamp, draft: Draft) {
        if let Some(file) = self.file_here() {
            return self.add_to(&file, now, draft);
        }
        self.entries.push(Entry::own(format!("{OWN_KEY}{:020}", now.as_nanosecond()), draft));
        self.set_folded(OWN, false);
        (self.open, self.on_group) = (self.entries.len() - 1, None);
    }

    /// Puts a copy of the request in hand among a person's own ones and opens it; `now` becomes its key. Its name, unless
    /// a copy of it cannot be.
    pub fn duplicate(&mut self, now: Timestamp) -> Option<String> {
        if self.on_group.is_some() || self.entry().token_call {
            return None;
        }
        let mut draft = self.entry().draft.clone();
        draft.name = format!("{} copy", draft.name);
        let name = draft.name.clone();
        self.put(now, draft);
        Some(name)
    }

    /// What to ask before the request in hand is deleted, where there is something to delete.
    pub fn asks_to_delete(&self) -> Option<String> {
        let entry = self.entry();
        let name = &entry.draft.name;
        if let (false, Some(home)) = (self.on_group.is_some(), &entry.home) {
            return Some(format!("Delete “{name}” from {}?", home.file.display()));
        }
        match (self.on_group.is_some(), entry.group == OWN) {
            (true, _) => None,
            (false, true) => Some(format!("Delete “{name}”?")),
            (false, false) => entry.is_changed().then(|| format!("Put “{name}” back as the catalogue has it?")),
        }
    }

    /// Takes a person's own request out of the list; one of the catalogue goes back to how it came. What was done, in
    /// words.
    pub fn delete(&mut self) -> Option<String> {
        if self.on_group.is_some() {
            return None;
        }
        if self.entry().group != OWN && self.entry().home.is_none() {
            let entry = self.entry_mut();
            let changed = entry.is_changed();
            let original = entry.original.clone();
            entry.change(|draft| *draft = original);
            return changed.then(|| format!("“{}” is as the catalogue has it again.", entry.draft.name));
        }
        let gone = self.entries.remove(self.open);
        let name = gone.draft.name.clone();
        self.deleted.push((self.open, gone));
        let before = |at: &usize| self.entries.get(*at).is_some_and(|entry| self.is_shown(entry));
        self.open = (0..self.open).rev().find(before).unwrap_or(0);
        Some(format!("“{name}” is deleted."))
    }

    /// Puts the request that was deleted last back in its place and opens it; whether there was one.
    pub fn bring_back(&mut self) -> bool {
        let Some((at, entry)) = self.deleted.pop() else { return false };
        let at = at.min(self.entries.len());
        self.entries.insert(at, entry);
        let title = self.entries[at].group.clone();
        self.set_folded(&title, false);
        (self.open, self.on_group) = (at, None);
        true
    }

    /// What is to be there again after a restart: what was changed and what is a person's own, by key.
    pub fn kept(&self) -> impl Iterator<Item = (&String, &Draft)> {
        let kept = self.entries.iter().filter(|entry| entry.is_changed() || entry.group == OWN || entry.is_unwritten());
        kept.map(|entry| (&entry.key, &entry.draft)).chain(&self.waiting)
    }

    /// Puts back a request as it was kept. What a person changed since is not overwritten; of a request that is gone
    /// from the catalogue a person's own is made.
    pub fn put_back(&mut self, key: &str, draft: Draft) {
        match self.entries.iter_mut().find(|entry| entry.key == key) {
            Some(entry) if entry.is_changed() || entry.token_call => {}
            Some(entry) => (entry.draft, entry.known) = (draft, Known::default()),
            None if filed::is_key(key) => {
                self.waiting.insert(key.to_owned(), draft);
            }
            None => self.entries.push(Entry::own(key.to_owned(), draft)),
        }
    }

    /// The titles that are folded.
    pub fn folded(&self) -> &[String] {
        &self.folded
    }

    /// Opens the request of that key, if it is shown.
    pub fn stand_on(&mut self, key: &str) {
        let folded = std::mem::take(&mut self.folded);
        self.stand(key, &folded);
    }

    /// Puts the list as it stood: the request that was open, the titles that were folded.
    pub fn stand(&mut self, open: &str, folded: &[String]) {
        let shown = |entry: &Entry| entry.key == open && self.is_shown(entry);
        if let Some(at) = self.entries.iter().position(shown) {
            (self.open, self.on_group) = (at, None);
        }
        self.fold_all(false);
        for title in folded {
            self.set_folded(title, true);
        }
    }

    fn set_folded(&mut self, title: &str, folded: bool) {
        self.folded.retain(|known| known != title);
        if folded {
            self.folded.push(title.to_owned());
            if self.entry().group == title {
                self.on_group = Some(title.to_owned());
            }
        } else if self.on_group.as_deref() == Some(title) && self.entry().group == title {
            self.on_group = None;
        }
    }

    fn is_folded(&self, title: &str) -> bool {
        self.find.is_empty() && self.folded.iter().any(|folded| folded == title)
    }

    /// Shows only what fits a text, and puts the cursor on the first of it. Whether another request is open now.
    pub fn find(&mut self, text: &str) -> bool {
        text.clone_into(&mut self.find);
        if text.is_empty() || self.fits(self.entry()) {
            return false;
        }
        let first = self.entries.iter().position(|entry| self.is_shown(entry));
        first.is_some_and(|at| {
            (self.open, self.on_group) = (at, None);
            true
        })
    }

    /// What is looked for.
    pub fn looked_for(&self) -> &str {
        &self.find
    }

    /// Whether every word of what is looked for stands in its name, method, address or file, or its letters in the name.
    fn fits(&self, entry: &Entry) -> bool {
        if self.find.is_empty() {
            return true;
        }
        let Draft { name, method, url, .. } = &entry.draft;
        let text = format!("{name} {method} {url} {}", entry.group).to_lowercase();
        let name = name.to_lowercase();
        self.find.to_lowercase().split_whitespace().all(|word| text.contains(word) || stands_in(word, &name))
    }

    fn is_shown(&self, entry: &Entry) -> bool {
        (self.sandbox || !entry.sandbox_only) && self.fits(entry)
    }

    /// Titles in order of appearance, each with the places of its entries.
    fn groups(&self) -> Vec<(&str, Vec<usize>)> {
        let mut groups: Vec<(&str, Vec<usize>)> = Vec::new();
        for (at, entry) in self.entries.iter().enumerate().filter(|(_, entry)| self.is_shown(entry)) {
            match groups.iter_mut().find(|(title, _)| *title == entry.group) {
                Some((_, members)) => members.push(at),
                None => groups.push((&entry.group, vec![at])),
            }
        }
        groups
    }
}

/// Whether the letters of a word stand in a text in their order.
fn stands_in(word: &str, text: &str) -> bool {
    let mut letters = text.chars();
    word.chars().all(|letter| letters.any(|other| other == letter))
}

#[cfg(test)]
mod tests;
