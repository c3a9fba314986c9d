//! The vocabulary of the explorer: what a key can mean.
//!
//! Owns [`ACTIONS`], the only list of actions. The keymap, the help page, the hints, the README's table and
//! `config keys` are printed from it. An action is listed once it works; a key of something not yet built is absent,
//! never dead.

use Context::{Edit, Nav, Overlay};

/// Where keys are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    /// The panes: letters are commands.
    Nav,
    /// A text field has the focus: letters are text.
    Edit,
    /// Something lies on top: its own keys, the rest is swallowed.
    Overlay,
}

impl Context {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Nav, Self::Edit, Self::Overlay];

    /// As printed in tables of keys.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nav => "panes",
            Self::Edit => "text",
            Self::Overlay => "overlays",
        }
    }
}

/// How the help page and the README arrange actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// Sending, and the life of the token.
    Requests,
    /// Where the focus and the text go.
    Moving,
    /// What can be done to the thing in focus.
    Things,
    /// What works in every context.
    Everywhere,
    /// The sandbox, and leaving.
    Learn,
    /// Inside a text field.
    Editing,
}

impl Group {
    /// All of them, in the order of the help page.
    pub const ALL: [Self; 6] =
        [Self::Requests, Self::Moving, Self::Things, Self::Everywhere, Self::Learn, Self::Editing];

    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Requests => "Requests and tokens",
            Self::Moving => "Moving",
            Self::Things => "Things",
            Self::Everywhere => "Everywhere",
            Self::Learn => "Learn",
            Self::Editing => "In a text field",
        }
    }
}

/// An intention that can have a key. What each does is told by its `sentence` in [`ACTIONS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is described by its row in ACTIONS")]
pub enum Action {
    Back,
    CancelOrQuit,
    Send,
    Help,
    Log,
    History,
    Save,
    Redraw,
    Palette,
    CommandLine,
    Suspend,
    Mouse,
    NextField,
    PreviousField,
    SendOnPurpose,
    Repeat,
    TokenPane,
    RenewToken,
    Policy,
    WhyRefused,
    Running,
    Environment,
    Credential,
    RotateSecret,
    TokenMenu,
    Ledger,
    HideSecrets,
    MoveLeft,
    MoveDown,
    MoveUp,
    MoveRight,
    Top,
    Bottom,
    PageDown,
    PageUp,
    ScrollLeft,
    ScrollRight,
    Wrap,
    LineNumbers,
    PreviousTab,
    NextTab,
    /// The pane of that number, 1 to 6.
    FocusPane(u8),
    Zoom,
    Sidebar,
    Search,
    Filter,
    NextMatch,
    PreviousMatch,
    Open,
    Toggle,
    FoldAll,
    UnfoldAll,
    ViewMode,
    Edit,
    Add,
    Delete,
    Duplicate,
    SandboxLab,
    Tour,
    Quit,
    LineStart,
    LineEnd,
    WordLeft,
    WordRight,
    DeleteWordBack,
    DeleteToLineStart,
    DeleteToLineEnd,
    SelectAll,
    CopySelection,
    CutSelection,
    Complete,
    Undo,
    Redo,
    UndoRequest,
    RedoRequest,
    Paste,
    Copy,
    CopyCode,
    Format,
    Pager,
    Editor,
    Browser,
}

impl Action {
    /// Its row in [`ACTIONS`].
    pub fn spec(self) -> &'static ActionSpec {
        // Every action has a row, which a test holds; the first row stands in so that this cannot fail.
        ACTIONS.iter().find(|spec| spec.action == self).unwrap_or(&ACTIONS[0])
    }

    /// The action of that name.
    pub fn named(name: &str) -> Option<Self> {
        ACTIONS.iter().find(|spec| spec.name == name).map(|spec| spec.action)
    }

    /// Whether it may never be left without a key: without these a person is locked in.
    pub fn is_vital(self) -> bool {
        matches!(self, Self::Back | Self::CancelOrQuit)
    }
}

/// One row of the table of actions.
#[derive(Debug)]
pub struct ActionSpec {
    /// The intention.
    pub action: Action,
    /// Its name in the config file's `[keys]`.
    pub name: &'static str,
    /// Where it stands in help.
    pub group: Group,
    /// Where it can be asked for.
    pub contexts: &'static [Context],
    /// Its keys unless a person chose others. Keys that type a character reach [`Context::Nav`] only.
    pub keys: &'static [&'static str],
    /// A word or two, for the hint line.
    pub label: &'static str,
    /// What it does, in a sentence.
    pub sentence: &'static str,
}

const EVERYWHERE: &[Context] = &[Nav, Edit, Overlay];
const PANES: &[Context] = &[Nav];
const LISTS: &[Context] = &[Nav, Overlay];
/// Of a field, opened first where none is.
const FIELD: &[Context] = &[Nav, Edit];
const TEXT: &[Context] = &[Edit];
/// Of an overlay too, which may have a field.
const FIELDS: &[Context] = &[Edit, Overlay];

const fn row(
    group: Group,
    action: Action,
    name: &'static str,
    contexts: &'static [Context],
    keys: &'static [&'static str],
    label: &'static str,
    sentence: &'static str,
) -> ActionSpec {
    ActionSpec { action, name, group, contexts, keys, label, sentence }
}

/// Every action, grouped and in the order of the help page.
#[rustfmt::skip] // One row an action reads as the table it is.
pub const ACTIONS: &[ActionSpec] = {
    use Action as A;
    use Group::{Editing, Everywhere, Learn, Moving, Requests, Things};
    &[
        row(Requests, A::Send, "send", EVERYWHERE, &["s", "f5", "alt-enter", "ctrl-enter"], "send",
            "Sends this request; a token is fetched or renewed for it as the policy says."),
        row(Requests, A::SendOnPurpose, "send-on-purpose", PANES, &["S"], "send on purpose",
            "Sends once in another way: without a token or a replay, with an older or a typed token, as someone else."),
        row(Requests, A::Repeat, "repeat", PANES, &["."], "repeat", "Sends the last request once more."),
        row(Requests, A::TokenPane, "token-pane", PANES, &["t"], "token", "Goes to the token pane."),
        row(Requests, A::TokenMenu, "token-menu", PANES, &["T"], "token menu",
            "Fetches, decodes, reveals, copies or drops the token."),
        row(Requests, A::Ledger, "ledger", PANES, &["g t", "alt-t"], "token ledger",
            "Lists every token of this run: why it was fetched, what went out with it, how it ended."),
        row(Requests, A::RenewToken, "renew-token", PANES, &["R"], "renew",
            "Renews the token now; calls on their way are not disturbed."),
        row(Requests, A::Policy, "policy", PANES, &["P"], "policy",
            "Switches the token policy: reuse, per-transaction, manual."),
        row(Requests, A::WhyRefused, "why-refused", PANES, &["!"], "why 401",
            "Tells why the selected call was refused, and what to do."),
        row(Requests, A::Running, "running", PANES, &["r"], "what runs",
            "Lists the calls on their way, to look at one or to cancel it."),
        row(Requests, A::Environment, "environment", PANES, &["E"], "environment", "Chooses another profile."),
        row(Requests, A::Credential, "credential", PANES, &["C"], "credential",
            "Chooses another credential of the profile."),
        row(Requests, A::RotateSecret, "rotate-secret", PANES, &["ctrl-t"], "rotate secret",
            "Exchanges the secret of the credential for another one, which is tried first."),

        row(Moving, A::MoveLeft, "move-left", PANES, &["h", "left"], "left", "Moves left, or folds."),
        row(Moving, A::MoveDown, "move-down", LISTS, &["j", "down"], "down", "Moves down a row."),
        row(Moving, A::MoveUp, "move-up", LISTS, &["k", "up"], "up", "Moves up a row."),
        row(Moving, A::MoveRight, "move-right", PANES, &["l", "right"], "right", "Moves right, or unfolds."),
        row(Moving, A::Top, "top", LISTS, &["g g", "home"], "top", "Goes to the first row."),
        row(Moving, A::Bottom, "bottom", LISTS, &["G", "end"], "bottom", "Goes to the last row."),
        row(Moving, A::PageDown, "page-down", LISTS, &["ctrl-d", "pagedown"], "page down", "Moves down a page."),
        row(Moving, A::PageUp, "page-up", LISTS, &["ctrl-u", "pageup"], "page up", "Moves up a page."),
        row(Moving, A::ScrollLeft, "scroll-left", PANES, &["<"], "scroll left", "Scrolls long lines to their start."),
        row(Moving, A::ScrollRight, "scroll-right", PANES, &[">"], "scroll right", "Scrolls long lines to their end."),
        row(Moving, A::Wrap, "wrap", PANES, &["w"], "wrap", "Lets long lines of the body go on in the next row, or not."),
        row(Moving, A::LineNumbers, "line-numbers", PANES, &["#", "alt-n"], "line numbers", "Numbers the lines of the body, or not."),
        row(Moving, A::PreviousTab, "previous-tab", PANES, &["[", "shift-left"], "previous tab",
            "Shows the tab before this one."),
        row(Moving, A::NextTab, "next-tab", PANES, &["]", "shift-right"], "next tab", "Shows the tab after this one."),
        row(Moving, A::FocusPane(1), "pane-1", PANES, &["1"], "requests", "Goes to the requests."),
        row(Moving, A::FocusPane(2), "pane-2", PANES, &["2"], "composer", "Goes to the composer."),
        row(Moving, A::FocusPane(3), "pane-3", PANES, &["3"], "response", "Goes to the response."),
        row(Moving, A::FocusPane(4), "pane-4", PANES, &["4"], "token", "Goes to the token."),
        row(Moving, A::FocusPane(5), "pane-5", PANES, &["5"], "credentials", "Goes to the credentials."),
        row(Moving, A::FocusPane(6), "pane-6", PANES, &["6"], "timeline", "Goes to the timeline."),
        row(Moving, A::Zoom, "zoom", PANES, &["z"], "zoom", "Gives the pane the whole screen, or takes it back."),
        row(Moving, A::Sidebar, "sidebar", PANES, &["b"], "sidebar", "Hides or shows the left column."),

        row(Things, A::Edit, "edit", PANES, &["e", "i"], "edit", "Edits the field in place."),
        row(Things, A::Open, "open", LISTS, &["enter"], "open", "Opens or chooses what is selected."),
        row(Things, A::Toggle, "toggle", PANES, &["space"], "fold", "Folds, unfolds or ticks what is selected."),
        row(Things, A::FoldAll, "fold-all", PANES, &["-"], "fold all", "Folds everything."),
        row(Things, A::UnfoldAll, "unfold-all", PANES, &["="], "unfold all", "Unfolds everything."),
        row(Things, A::Add, "add", PANES, &["a"], "add", "Adds a row."),
        row(Things, A::Delete, "delete", PANES, &["d"], "delete", "Deletes the request, row or credential in hand."),
        row(Things, A::Duplicate, "duplicate", PANES, &["D"], "duplicate",
            "Makes another one of the request, row or profile in hand."),
        row(Things, A::UndoRequest, "undo-request", PANES, &["u"], "undo", "Takes the last change of the request back."),
        row(Things, A::RedoRequest, "redo-request", PANES, &["ctrl-r"], "redo",
            "Makes the change of the request again that was taken back."),
        row(Things, A::Paste, "paste", PANES, &["p"], "paste",
            "Takes what the clipboard holds: a curl command, OpenAPI, Postman, HAR, .http, an address, a body."),
        row(Things, A::Copy, "copy", PANES, &["y"], "copy", "Copies what is in hand: a value, a path, a body, an address."),
        row(Things, A::CopyCode, "copy-code", PANES, &["Y"], "copy as code",
            "Copies the request as code, in the language and of the kind that its Code tab has."),
        row(Things, A::Format, "format", FIELD, &["F", "ctrl-x ctrl-f"], "format",
            "Arranges the body in lines, sorts nothing, and runs your own program where the config file names one."),
        row(Things, A::Editor, "editor", FIELD, &["f4", "ctrl-x ctrl-e"], "your editor",
            "Edits the field in the program that `VISUAL` or `EDITOR` names."),
        row(Things, A::Pager, "pager", PANES, &["f3"], "your pager",
            "Shows the body or the headers in the program that `PAGER` names."),
        row(Things, A::Browser, "browser", PANES, &["o"], "browser",
            "Opens the http or https address in hand in the browser, once it was shown whole."),
        row(Things, A::Search, "search", PANES, &["/"], "search", "Searches what the pane shows."),
        row(Things, A::Filter, "filter", PANES, &["f"], "filter", "Sends the JSON body through a filter of jq, while it is typed."),
        row(Things, A::NextMatch, "next-match", PANES, &["n"], "next match", "Goes to the next match."),
        row(Things, A::PreviousMatch, "previous-match", PANES, &["N"], "previous match", "Goes to the previous match."),
        row(Things, A::ViewMode, "view-mode", PANES, &["v"], "raw, pretty", "Shows the body as it came, or arranged."),

        row(Everywhere, A::Back, "back", EVERYWHERE, &["esc"], "back",
            "One level back: leaves a field, closes an overlay, clears a search. Never quits, never cancels a request."),
        row(Everywhere, A::CancelOrQuit, "cancel-or-quit", EVERYWHERE, &["ctrl-c"], "cancel",
            "Cancels what is running; when nothing runs, pressed twice it quits."),
        row(Everywhere, A::Help, "help", EVERYWHERE, &["?", "f1"], "keys", "Shows the keys that work here."),
        row(Everywhere, A::Palette, "palette", EVERYWHERE, &["ctrl-p", "f2"], "every action",
            "Finds any action by a few of its letters, and does it."),
        row(Everywhere, A::CommandLine, "command-line", PANES, &[":"], "command",
            "Takes a command by its name, with words and numbers; Tab completes it."),
        row(Everywhere, A::History, "history", PANES, &["H"], "history",
            "Shows the calls of this run and of those before: to search, open, compare, send again, keep or delete."),
        row(Everywhere, A::Log, "log", PANES, &["L"], "log", "Shows the end of the log."),
        row(Everywhere, A::Save, "save", EVERYWHERE, &["ctrl-s"], "save",
            "Saves the request into its file, or the form of a profile."),
        row(Everywhere, A::HideSecrets, "hide-secrets", EVERYWHERE, &["X", "f7"], "hide secrets",
            "Hides every secret at once: one that is revealed, and one that is typed in a field."),
        row(Everywhere, A::Redraw, "redraw", EVERYWHERE, &["ctrl-l"], "redraw", "Draws the screen anew."),
        row(Everywhere, A::Suspend, "suspend", EVERYWHERE, &["ctrl-z"], "suspend",
            "Goes back to the shell, which goes on here by `fg`."),
        row(Everywhere, A::Mouse, "mouse", EVERYWHERE, &["f6"], "mouse",
            "Takes the mouse, or leaves it to the terminal, which selects text with it."),
        row(Everywhere, A::NextField, "next-field", EVERYWHERE, &["tab"], "next", "Goes to the next pane or field."),
        row(Everywhere, A::PreviousField, "previous-field", EVERYWHERE, &["shift-tab"], "previous",
            "Goes to the previous pane or field."),

        row(Learn, A::SandboxLab, "sandbox-lab", PANES, &["M"], "sandbox lab",
            "Makes the built-in API misbehave: expire tokens, refuse them, fail."),
        row(Learn, A::Tour, "tour", PANES, &["O"], "tour",
            "Opens the tour where it was left; in it, goes on or gives a hint."),
        row(Learn, A::Quit, "quit", PANES, &["q"], "quit", "Closes the view; at the root it quits."),

        row(Editing, A::LineStart, "line-start", TEXT, &["ctrl-a", "home"], "line start", "Goes to the start of the line."),
        row(Editing, A::LineEnd, "line-end", TEXT, &["ctrl-e", "end"], "line end", "Goes to the end of the line."),
        row(Editing, A::WordLeft, "word-left", TEXT, &["alt-b", "ctrl-left"], "word left", "Goes a word to the left."),
        row(Editing, A::WordRight, "word-right", TEXT, &["alt-f", "ctrl-right"], "word right", "Goes a word to the right."),
        row(Editing, A::DeleteWordBack, "delete-word-back", TEXT, &["ctrl-w"], "delete word",
            "Deletes the word before the cursor."),
        row(Editing, A::DeleteToLineStart, "delete-to-line-start", TEXT, &["ctrl-u"], "delete to start",
            "Deletes from the start of the line to the cursor."),
        row(Editing, A::DeleteToLineEnd, "delete-to-line-end", TEXT, &["ctrl-k"], "delete to end",
            "Deletes from the cursor to the end of the line."),
        row(Editing, A::Complete, "complete", TEXT, &["ctrl-space", "ctrl-n"], "complete",
            "Offers what could be meant here: variables, header fields, addresses, members; Tab takes it."),
        row(Editing, A::SelectAll, "select-all", FIELDS, &["alt-a"], "select all",
            "Selects the whole text; Shift with an arrow, Home or End selects a part of it."),
        row(Editing, A::CopySelection, "copy-selection", FIELDS, &["alt-w"], "copy selection", "Copies what is selected."),
        row(Editing, A::CutSelection, "cut-selection", FIELDS, &["alt-x"], "cut selection",
            "Copies what is selected, and deletes it."),
        row(Editing, A::Undo, "undo", TEXT, &["ctrl-_"], "undo", "Takes the last change back."),
        row(Editing, A::Redo, "redo", TEXT, &["alt-_"], "redo", "Makes the change again that was taken back."),
    ]
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_one_row_of_its_own() {
        for (at, spec) in ACTIONS.iter().enumerate() {
            assert_eq!(spec.action.spec().name, spec.name);
            assert!(ACTIONS[..at].iter().all(|other| other.name != spec.name), "{} twice", spec.name);
            assert!(ACTIONS[..at].iter().all(|other| other.action != spec.action), "{:?} twice", spec.action);
            let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(spec.name.chars().all(kebab), "{} is kebab-case", spec.name);
            assert!(spec.sentence.ends_with('.') && !spec.sentence.contains('!'), "{}", spec.sentence);
            assert!(!spec.contexts.is_empty() && !spec.label.is_empty(), "{}", spec.name);
        }
    }

    #[test]
    fn groups_stand_together_in_the_order_of_the_help_page() {
        let mut groups: Vec<_> = ACTIONS.iter().map(|spec| spec.group).collect();
        groups.dedup();
        assert_eq!(groups, Group::ALL);
    }

    #[test]
    fn labels_fit_a_hint_line() {
        for spec in ACTIONS {
            assert!(spec.label.chars().count() <= 16, "{}", spec.label);
        }
    }
}
