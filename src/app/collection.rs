//! The collection in the explorer: requests saved into its files, deleted from them and brought back; what others write
//! there; and what happens where both wrote the same request.

use std::path::{Path, PathBuf};

use super::{
    App, EditTarget, Editing, Stale, act,
    editor::Editor,
    effect::Effect,
    notice::{Notice, sentences},
    overlay::Overlay,
    requests::key_at,
};
use crate::{
    config::action::{Action, Context},
    domain::request::Draft,
    library::{
        collection::{Collection, leads_out},
        http_file::HttpFile,
    },
};

/// A file that is to be another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// The folder of the collection.
    pub folder: PathBuf,
    /// The file, from there on.
    pub file: PathBuf,
    /// What it says now; nothing where it is not there.
    pub before: Option<String>,
    /// What it is to say.
    pub text: String,
    /// The key of the request that this is about.
    pub key: String,
    /// What is done to it.
    pub what: Done,
}

/// What is done to a request of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// It says this draft, at that place.
    Saved(usize, Box<Draft>),
    /// It is cut out of that place; the text is kept in the trash.
    Cut(usize, String),
    /// It is back, at that place.
    Back(usize),
    /// The file came from elsewhere, whole.
    Came,
}

/// Why a file was not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileFault {
    /// Another program wrote it meanwhile: what it says, nothing where it is gone.
    Changed(Option<String>),
    /// The system refuses, in words.
    Refused(String),
}

/// Saves the request in hand into its file; one that has none is offered one.
pub(super) fn save(app: &mut App) -> Vec<Effect> {
    act::leave_field(app);
    let entry = app.requests.entry();
    if app.collection.is_none() {
        app.say(Notice::attention(
            "There is no collection to save it in: start with `--collection DIR`. Drafts are kept until then.",
        ));
        return Vec::new();
    }
    let Some(home) = &entry.home else {
        if entry.token_call {
            app.say(Notice::attention("The token call is made by the profile; there is nothing to save."));
        } else {
            let file = suggested(app);
            app.editing = Some(Editing { target: EditTarget::Command, editor: Editor::line(&format!("keep {file}")) });
        }
        return Vec::new();
    };
    if home.conflict {
        app.overlay = Some(Overlay::Conflict { key: entry.key.clone() });
        return Vec::new();
    }
    if !entry.is_changed() && !entry.is_unwritten() {
        app.say(Notice::good(format!("“{}” is as its file has it.", entry.draft.name), app.now.boot));
        return Vec::new();
    }
    let key = entry.key.clone();
    written_as(app, &key)
}

/// The file that a request without one is offered: the one that was in hand last, else the first.
fn suggested(app: &App) -> String {
    let first = app.collection.as_ref().and_then(|collection| collection.files().next());
    first.map_or_else(|| "requests.http".to_owned(), |(path, _)| path.display().to_string())
}

/// The order to write a request into its file as it is now.
fn written_as(app: &mut App, key: &str) -> Vec<Effect> {
    match change(app, key) {
        Ok(change) => vec![Effect::WriteFile(Box::new(change))],
        Err(why) => {
            app.say(Notice::attention(sentences(&why, None)));
            Vec::new()
        }
    }
}

fn change(app: &App, key: &str) -> Result<FileChange, String> {
    let (Some(collection), Some(entry)) = (&app.collection, app.requests.keyed(key)) else {
        return Err("the request is gone".to_owned());
    };
    let Some(home) = &entry.home else { return Err("the request has no file".to_owned()) };
    let mut file = collection.file(&home.file).cloned().unwrap_or_default();
    let at = match home.at {
        Some(at) => file.change(at, &entry.draft).map(|()| at),
        None => file.push(&entry.draft),
    };
    let at = at.map_err(|error| error.to_string())?;
    Ok(order(collection, &home.file, &file, key, Done::Saved(at, Box::new(entry.draft.clone()))))
}

fn order(collection: &Collection, path: &Path, file: &HttpFile, key: &str, what: Done) -> FileChange {
    FileChange {
        folder: collection.folder().to_owned(),
        file: path.to_owned(),
        before: collection.text(path).map(str::to_owned),
        text: file.text(),
        key: key.to_owned(),
        what,
    }
}

/// Copies the request in hand into a file of the collection, and saves it there.
pub(super) fn keep(app: &mut App, name: &str) -> Result<Vec<Effect>, String> {
    if app.collection.is_none() {
        return Err("there is no collection: start with `--collection DIR`".to_owned());
    }
    if app.requests.entry().token_call {
        return Err("the token call is made by the profile".to_owned());
    }
    let name = if Path::new(name).extension().is_some_and(|kind| kind == "http" || kind == "rest") {
        PathBuf::from(name)
    } else {
        PathBuf::from(format!("{name}.http"))
    };
    if leads_out(&name) {
        return Err("a file of the collection is named from its folder on, as in `payments/card.http`".to_owned());
    }
    let draft = app.requests.entry().draft.clone();
    app.requests.add_to(&name, app.now.wall, draft);
    app.composer.opened(&app.requests.entry().draft);
    Ok(save(app))
}

/// Gives the request in hand another name.
pub(super) fn rename(app: &mut App, name: &str) -> Result<Vec<Effect>, String> {
    let entry = app.requests.entry_mut();
    if entry.home.is_none() && !entry.is_own() {
        return Err("a request of the catalogue keeps its name; a copy of it can have another".to_owned());
    }
    entry.change(|draft| name.clone_into(&mut draft.name));
    app.touch(Stale::Now);
    Ok(Vec::new())
}

/// Deletes the request in hand from its file, if it is written in one; nothing where it is not.
pub(super) fn delete(app: &mut App) -> Option<Vec<Effect>> {
    let entry = app.requests.entry();
    let home = entry.home.as_ref()?;
    let (collection, at) = (app.collection.as_ref()?, home.at?);
    let mut file = collection.file(&home.file)?.clone();
    let cut = file.remove(at)?;
    let change = order(collection, &home.file, &file, &entry.key, Done::Cut(at, cut));
    Some(vec![Effect::WriteFile(Box::new(change))])
}

/// Brings back the request that was cut last; nothing where none was.
pub(super) fn bring_back(app: &mut App) -> Option<Vec<Effect>> {
    let entry = app.requests.last_cut()?;
    let home = entry.home.as_ref()?;
    let collection = app.collection.as_ref()?;
    let mut file = collection.file(&home.file).cloned().unwrap_or_default();
    let at = file.put_part(home.at.unwrap_or(usize::MAX), home.cut.as_deref()?);
    let change = order(collection, &home.file, &file, &entry.key, Done::Back(at));
    Some(vec![Effect::WriteFile(Box::new(change))])
}

/// The files of the collection were read, at the start or since another program wrote there.
pub(super) fn read(app: &mut App, folder: PathBuf, files: Vec<(PathBuf, String)>) {
    let first = app.collection.is_none();
    let collection = Collection::new(folder, files);
    // What this program wrote itself comes back as news too.
    if app.collection.as_ref() != Some(&collection) {
        app.collection = Some(collection);
        follow(app, first);
    }
}

fn follow(app: &mut App, first: bool) {
    let Some(collection) = &app.collection else { return };
    // What may be read of the machine was agreed to for the files as they were.
    app.known.forget_outside();
    let open = app.requests.entry().key.clone();
    let conflicts = app.requests.follow_files(collection);
    if app.requests.entry().key == open {
        app.composer.row = app.composer.row.min(app.composer_rows());
    } else {
        act::leave_nowhere(app);
        app.composer.opened(&app.requests.entry().draft);
    }
    if let Some(name) = conflicts.first().filter(|_| !first) {
        let save = app.keymap.hint(Action::Save, Context::Nav).unwrap_or_default();
        let text =
            format!("“{name}” was changed in its file, and your draft is another: {save} asks which is to stay.");
        app.say(Notice::attention(text));
    }
    app.touch(Stale::Now);
}

/// A file was written, or why not.
pub(super) fn written(app: &mut App, change: FileChange, end: Result<(), FileFault>) -> Vec<Effect> {
    let FileChange { folder, file, before, text, key, what } = change;
    let Some(collection) = app.collection.as_mut().filter(|collection| collection.folder() == folder) else {
        return Vec::new();
    };
    match end {
        Err(FileFault::Refused(why)) => {
            app.say(Notice::bad(sentences(&why, None)));
            Vec::new()
        }
        Err(FileFault::Changed(theirs)) => {
            let same = theirs == before;
            match theirs {
                Some(theirs) => collection.put(file, theirs),
                None => collection.forget(&file),
            }
            follow(app, false);
            let home = app.requests.keyed(&key).and_then(|entry| entry.home.as_ref());
            if home.is_some_and(|home| home.conflict) {
                app.overlay = Some(Overlay::Conflict { key });
                return Vec::new();
            }
            // They wrote elsewhere in the file: ours goes in beside it.
            match what {
                Done::Saved(..) if !same => written_as(app, &key),
                _ => {
                    app.say(Notice::attention("Another program wrote the file meanwhile: nothing was changed."));
                    Vec::new()
                }
            }
        }
        Ok(()) => {
            collection.put(file.clone(), text);
            let mut said = String::new();
            match what {
                Done::Saved(at, ordered) => {
                    let read = collection.file(&file).and_then(|file| file.request(at)).map(|block| block.draft);
                    let new = key_at(collection, &file, at);
                    if let (Some(read), Some(new)) = (read, new) {
                        said = format!("“{}” is in {}.", read.name, file.display());
                        app.requests.saved(&key, read, &ordered, new);
                    }
                }
                Done::Cut(at, cut) => {
                    let name = app.requests.cut(&key, &file, at, cut);
                    app.composer.opened(&app.requests.entry().draft);
                    let undo = app.keymap.hint(Action::UndoRequest, Context::Nav).unwrap_or_default();
                    said = format!("“{name}” is deleted from {}. {undo} takes that back.", file.display());
                }
                Done::Came => said = format!("What came is in {}.", file.display()),
                Done::Back(at) => {
                    let new = key_at(collection, &file, at);
                    let gone = app.requests.uncut();
                    follow(app, false);
                    if let (Some(new), Some(gone)) = (new, gone) {
                        app.requests.go_to(&new);
                        // What was typed and not saved is back too.
                        if let Some(entry) = app.requests.keyed_mut(&new) {
                            entry.change(|draft| *draft = gone.draft);
                        }
                        app.composer.opened(&app.requests.entry().draft);
                    }
                }
            }
            follow(app, false);
            if !said.is_empty() {
                app.say(Notice::good(said, app.now.boot));
            }
            Vec::new()
        }
    }
}

/// What stays of a request that two wrote: mine, theirs, or both.
pub(super) fn decide(app: &mut App, letter: char) -> Vec<Effect> {
    let Some(Overlay::Conflict { key }) = &app.overlay else { return Vec::new() };
    let key = key.clone();
    let Some(entry) = app.requests.keyed_mut(&key) else { return Vec::new() };
    let Some(home) = entry.home.as_mut() else { return Vec::new() };
    let (theirs, file) = (entry.original.clone(), home.file.clone());
    match letter {
        'm' => {
            home.conflict = false;
            app.overlay = None;
            written_as(app, &key)
        }
        't' => {
            home.conflict = false;
            entry.change(|draft| *draft = theirs);
            app.overlay = None;
            app.composer.opened(&app.requests.entry().draft);
            Vec::new()
        }
        'b' => {
            home.conflict = false;
            let mut mine = entry.draft.clone();
            mine.name = format!("{} (mine)", mine.name);
            entry.change(|draft| *draft = theirs);
            app.overlay = None;
            app.requests.add_to(&file, app.now.wall, mine);
            app.composer.opened(&app.requests.entry().draft);
            save(app)
        }
        _ => Vec::new(),
    }
}
