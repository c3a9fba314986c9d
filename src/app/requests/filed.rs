//! Requests that are kept in the files of a collection: how they follow what is read there, and keep what was typed.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::{Entry, Known, OWN, Requests};
use crate::{
    app::variables::Called,
    domain::request::Draft,
    library::{
        collection::Collection,
        http_file::{Block, blocks},
    },
};

/// What the keys of them begin with.
const KEY: &str = "file ";

/// Where a request is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// Its file, from the folder of the collection on.
    pub file: PathBuf,
    /// Its place there; nothing until it is written.
    pub at: Option<usize>,
    /// Its text, once it is cut out of the file.
    pub cut: Option<String>,
    /// Whether the file says otherwise than the draft began with.
    pub conflict: bool,
    /// Whether redirects are shown instead of followed.
    pub stays: bool,
    /// What it says of the token policy.
    pub policy: Option<String>,
}

impl Home {
    fn new(file: &Path, at: Option<usize>) -> Self {
        Self { file: file.to_owned(), at, cut: None, conflict: false, stays: false, policy: None }
    }
}

/// Whether a key is one of a request in a file.
pub(super) fn is_key(key: &str) -> bool {
    key.starts_with(KEY)
}

/// The keys of the requests of a collection, in order: folder, file, name, and a number for a name that is there before.
fn keyed(collection: &Collection) -> Vec<(String, PathBuf, usize, Block)> {
    let mut keyed: Vec<(String, PathBuf, usize, Block)> = Vec::new();
    for (place, block) in collection.requests() {
        let file = collection.folder().join(&place.file);
        let bare = format!("{KEY}{} {}", file.display(), named(&block));
        let before =
            keyed.iter().filter(|(known, ..)| *known == bare || known.starts_with(&format!("{bare} #"))).count();
        let key = if before == 0 { bare } else { format!("{bare} #{}", before + 1) };
        keyed.push((key, place.file, place.at, block));
    }
    keyed
}

/// The key of the request at a place.
pub fn key_at(collection: &Collection, file: &Path, at: usize) -> Option<String> {
    keyed(collection).into_iter().find(|(_, path, place, _)| path == file && *place == at).map(|(key, ..)| key)
}

fn named(block: &Block) -> String {
    let Draft { name, method, url, .. } = &block.draft;
    if block.id().is_empty() && name.is_empty() { format!("{method} {url}") } else { block.id().to_owned() }
}

impl Entry {
    /// Whether it is to be in a file and is in none yet.
    pub fn is_unwritten(&self) -> bool {
        self.home.as_ref().is_some_and(|home| home.at.is_none())
    }
}

impl Requests {
    /// Follows the files of a collection. What was typed stays; where a file says otherwise than that began with, the
    /// request is in conflict. The names of those that are so now and were not before.
    pub fn follow_files(&mut self, collection: &Collection) -> Vec<String> {
        let (open, home) = (self.entries[self.open].key.clone(), self.entries[self.open].home.clone());
        let mut old = Vec::new();
        let mut rest = Vec::new();
        for entry in std::mem::take(&mut self.entries) {
            if entry.home.is_some() { old.push(entry) } else { rest.push(entry) }
        }
        let (mut filed, mut conflicts) = (Vec::new(), Vec::new());
        for (key, file, at, block) in keyed(collection) {
            let mut entry = match old.iter().position(|entry| entry.key == key) {
                Some(place) => followed(old.remove(place), &block, &mut conflicts),
                None => {
                    let group = file.display().to_string();
                    let mut entry = Entry::new(key.clone(), block.draft.clone(), group, false, false);
                    if let Some(draft) = self.waiting.remove(&key) {
                        entry.draft = draft;
                    }
                    entry
                }
            };
            entry.called = Called::of(&block);
            let conflict = entry.home.as_ref().is_some_and(|home| home.conflict);
            entry.home = Some(Home {
                conflict,
                stays: block.setting("no-redirect").is_some(),
                policy: block.setting("policy").map(str::to_owned),
                ..Home::new(&file, Some(at))
            });
            filed.push(entry);
        }
        // What is in no file any more, or not yet, stays where something of it was typed.
        for mut entry in old {
            let typed = entry.is_changed() || entry.is_unwritten();
            if let Some(home) = entry.home.as_mut().filter(|_| typed) {
                home.at = None;
                let behind =
                    filed.iter().rposition(|other| other.group == entry.group).map_or(filed.len(), |at| at + 1);
                filed.insert(behind, entry);
            }
        }
        let own = rest.iter().position(|entry| entry.group == OWN).unwrap_or(rest.len());
        rest.splice(own..own, filed);
        self.entries = rest;
        let begins = |entry: &Entry| entry.draft.method == "GET";
        let place = self.entries.iter().position(|entry| entry.key == open);
        // One that has another name now is where it was.
        let there = |entry: &Entry| {
            let at = |home: &Home| (home.file.clone(), home.at);
            home.is_some() && entry.home.as_ref().map(at) == home.as_ref().map(at)
        };
        let place = place.or_else(|| self.entries.iter().position(there));
        self.open = place.or_else(|| self.entries.iter().position(begins)).unwrap_or(0);
        conflicts
    }

    /// The file of the group in hand.
    pub(super) fn file_here(&self) -> Option<PathBuf> {
        match &self.on_group {
            Some(title) => self.entries.iter().find(|entry| entry.group == *title)?.home.as_ref(),
            None => self.entry().home.as_ref(),
        }
        .map(|home| home.file.clone())
    }

    /// Puts a request that is not written yet behind those of a file, and opens it.
    pub fn add_to(&mut self, file: &Path, now: Timestamp, draft: Draft) {
        let group = file.display().to_string();
        let key = format!("{KEY}new {group} {:020}", now.as_nanosecond());
        let entry = Entry { home: Some(Home::new(file, None)), ..Entry::new(key, draft, group.clone(), false, false) };
        let behind = self.entries.iter().rposition(|other| other.group == group).map_or_else(
            || self.entries.iter().position(|entry| entry.group == OWN).unwrap_or(self.entries.len()),
            |at| at + 1,
        );
        self.entries.insert(behind, entry);
        self.set_folded(&group, false);
        (self.open, self.on_group) = (behind, None);
    }

    /// The entry of a key.
    pub fn keyed(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// The same, to be changed.
    pub fn keyed_mut(&mut self, key: &str) -> Option<&mut Entry> {
        let entry = self.entries.iter_mut().find(|entry| entry.key == key)?;
        entry.known = Known::default();
        Some(entry)
    }

    /// A request is in its file as that says, under another key; what was typed since it was ordered so stays.
    pub fn saved(&mut self, key: &str, read: Draft, ordered: &Draft, new: String) {
        let open = self.entries[self.open].key.clone();
        // Whoever watches the file may have been quicker.
        self.entries.retain(|entry| entry.key == key || entry.key != new);
        if let Some(entry) = self.keyed_mut(key) {
            if entry.draft == *ordered {
                entry.draft = read.clone();
            }
            (entry.original, entry.key) = (read, new.clone());
        }
        let open = if open == key { new } else { open };
        self.open = self.entries.iter().position(|entry| entry.key == open).unwrap_or(0);
    }

    /// Takes the request of a key out, to be brought back with its text; its name.
    pub fn cut(&mut self, key: &str, file: &Path, at: usize, text: String) -> String {
        let place = self.entries.iter().position(|entry| entry.key == key);
        let gone = place.map(|place| self.entries.remove(place)).or_else(|| {
            // Whoever watches the file may have been quicker.
            let draft = blocks(&text).into_iter().next()?.draft;
            Some(Entry::new(key.to_owned(), draft, file.display().to_string(), false, false))
        });
        let Some(gone) = gone else { return String::new() };
        let name = gone.draft.name.clone();
        let home = Some(Home { cut: Some(text), ..Home::new(file, Some(at)) });
        self.deleted.push((place.unwrap_or(self.open), Entry { home, ..gone }));
        if place.is_some_and(|place| self.open >= place) {
            self.open = self.open.saturating_sub(1);
        }
        if !self.entries.get(self.open).is_some_and(|entry| self.is_shown(entry)) {
            self.open = self.entries.iter().position(|entry| self.is_shown(entry)).unwrap_or(0);
        }
        name
    }

    /// What was deleted last, where its text is to go back into a file.
    pub fn last_cut(&self) -> Option<&Entry> {
        let (_, entry) = self.deleted.last()?;
        entry.home.as_ref()?.cut.is_some().then_some(entry)
    }

    /// Forgets what was deleted last: it is back.
    pub fn uncut(&mut self) -> Option<Entry> {
        self.deleted.pop().map(|(_, entry)| entry)
    }

    /// Opens the request of a key.
    pub fn go_to(&mut self, key: &str) {
        if let Some(at) = self.entries.iter().position(|entry| entry.key == key) {
            let title = self.entries[at].group.clone();
            self.set_folded(&title, false);
            (self.open, self.on_group) = (at, None);
        }
    }
}

/// An entry as it goes on where its file says this.
fn followed(mut entry: Entry, block: &Block, conflicts: &mut Vec<String>) -> Entry {
    if entry.original == block.draft {
        return entry;
    }
    entry.known = Known::default();
    let typed = entry.draft != entry.original;
    entry.original = block.draft.clone();
    if !typed {
        entry.change(|draft| *draft = block.draft.clone());
    } else if entry.draft != block.draft
        && let Some(home) = entry.home.as_mut().filter(|home| !home.conflict)
    {
        home.conflict = true;
        conflicts.push(entry.draft.name.clone());
    }
    entry
}
