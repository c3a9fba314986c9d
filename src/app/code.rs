//! The request in hand as code: in which language, of which kind, and its lines, written anew when what they are of changes.

use std::sync::Arc;

use super::{App, EditTarget, composer::Tab, effect::Effect, notice::Notice};
use crate::{
    domain::{
        profile::Profile,
        request::Draft,
        template::{Value, Variable},
    },
    snippet::{Kind, Language, Snippets, Subject},
};

/// The largest body that is written while it is typed; the command line writes larger ones.
const LARGEST: usize = 64 << 10;

/// See the module.
pub struct Code {
    snippets: Snippets,
    language: usize,
    kind: Kind,
    lines: Result<Vec<String>, String>,
    /// What they were written of.
    of: Option<Source>,
}

/// All that code depends on.
#[derive(PartialEq)]
struct Source {
    draft: Draft,
    /// The variables in its reach, as they are shown.
    variables: Vec<(String, String)>,
    token_call: bool,
    profile: Arc<Profile>,
    credential: usize,
}

impl Default for Code {
    fn default() -> Self {
        Self { snippets: Snippets::default(), language: 0, kind: Kind::default(), lines: Ok(Vec::new()), of: None }
    }
}

impl Code {
    /// With the languages of a person too.
    pub fn of(snippets: Snippets) -> Self {
        Self { snippets, ..Self::default() }
    }

    /// The language in hand.
    pub fn language(&self) -> Option<&Arc<Language>> {
        self.snippets.all().get(self.language)
    }

    /// The lines of the code, or why there is none.
    pub fn lines(&self) -> Result<&[String], &str> {
        self.lines.as_deref().map_err(String::as_str)
    }

    /// Takes the language after this one, or before it.
    pub(super) fn turn_language(&mut self, forward: bool) {
        let count = self.snippets.all().len().max(1);
        self.language = (self.language + if forward { 1 } else { count - 1 }) % count;
        self.of = None;
    }

    /// Takes the kind after this one.
    pub(super) fn next_kind(&mut self) {
        self.kind = self.kind.next();
        self.of = None;
    }
}

impl App {
    /// The kind of code in hand: a token call has one only.
    pub fn code_kind(&self) -> Kind {
        if self.requests.entry().token_call { Kind::Token } else { self.code.kind }
    }

    /// Writes the code anew where its tab is in front and it is of something else.
    pub(super) fn follow_code(&mut self) {
        if self.composer.tab == Tab::Code {
            self.write_code();
        }
    }

    fn write_code(&mut self) {
        // Not even looked at: this is asked after every message.
        if self.requests.entry().draft.body.len() > LARGEST {
            self.code.lines = Err("the body is larger than 64 kB; `authscope snippet` writes it".to_owned());
            self.code.of = None;
            return;
        }
        let shown = |variable: &Variable| (variable.name.clone(), variable.value.shown().to_owned());
        let source = Source {
            draft: self.typed_draft(),
            variables: self.variables().iter().map(shown).collect(),
            token_call: self.requests.entry().token_call,
            profile: self.environment.profile().clone(),
            credential: self.environment.credential_at(),
        };
        if self.code.of.as_ref() != Some(&source) {
            self.code.lines = self.written(&source);
            self.code.of = Some(source);
        }
    }

    /// The request as it is while a field of it is typed.
    fn typed_draft(&self) -> Draft {
        let mut draft = self.requests.entry().draft.clone();
        if let Some(editing) = &self.editing
            && let EditTarget::Composer(target) = editing.target
        {
            target.set(&mut draft, editing.editor.text());
        }
        draft
    }

    fn written(&self, source: &Source) -> Result<Vec<String>, String> {
        let kind = self.code_kind();
        let language = self.code.language().ok_or("there is no language")?;
        let request = if kind == Kind::Token { None } else { Some(self.sent_as_code(source)?) };
        let (profile, credential) = (&source.profile, self.environment.credential());
        let subject = Subject { request: request.as_ref(), profile, credential, revealed: None };
        let snippet = language.snippet(kind, &subject).map_err(|error| format!("{error}; {}", error.hint()))?;
        Ok(self.masks.masked(&snippet.text).lines().map(str::to_owned).collect())
    }

    /// The request that is written; not one with a secret in it that came from elsewhere.
    fn sent_as_code(&self, source: &Source) -> Result<crate::domain::request::Prepared, String> {
        let variables = self.variables();
        let secret = variables.iter().find(|variable| matches!(variable.value, Value::Secret(_)));
        if let Some(variable) = secret {
            return Err(format!("`{}` is a secret, and no code is written with one in it", variable.name));
        }
        source
            .draft
            .prepared(&variables)
            .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
    }

    /// The order to copy the code of the request in hand, in the language and of the kind in hand.
    pub(super) fn copy_code(&mut self) -> Vec<Effect> {
        self.write_code();
        let name = self.code.language().map_or(String::new(), |language| language.about.name.clone());
        match &self.code.lines {
            Ok(lines) => {
                let text = lines.join("\n") + "\n";
                vec![Effect::Copy { what: format!("the {} of this request in {name}", self.code_kind()), text }]
            }
            Err(why) => {
                let text = format!("There is no code of this request: {why}.");
                self.say(Notice::attention(text));
                Vec::new()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        app::{message::Message, tests::app, update},
        config::chord::{Chord, Key},
    };

    fn press(app: &mut App, keys: &str) -> Vec<Effect> {
        let keys = keys.split_whitespace().map(|key| Chord::parse(key).unwrap());
        keys.flat_map(|key| update(app, Message::Key(key))).collect()
    }

    fn text(app: &App) -> String {
        app.code.lines().unwrap().join("\n")
    }

    /// Goes to the tab of code.
    fn opened() -> App {
        let mut app = app();
        press(&mut app, "2");
        while app.composer.tab != Tab::Code {
            press(&mut app, "]");
        }
        app
    }

    #[test]
    fn code_follows_the_request_while_it_is_typed_the_language_and_the_kind() {
        let mut app = opened();
        assert!(text(&app).contains("curl --request GET") && text(&app).contains("$TOKEN"), "{}", text(&app));
        press(&mut app, "l l");
        assert!(text(&app).contains("import requests"), "{}", text(&app));
        press(&mut app, "h h space");
        assert!(text(&app).contains("fetch_token()") && !text(&app).contains("a secret of"), "{}", text(&app));
        press(&mut app, "k e end");
        for letter in "?x=y".chars() {
            update(&mut app, Message::Key(Chord::plain(Key::Char(letter))));
        }
        assert!(text(&app).contains("status?x=y'"), "{}", text(&app));
    }

    #[test]
    fn code_follows_the_variables_and_looks_at_no_large_body() {
        let mut app = opened();
        press(&mut app, ":");
        for letter in "set txNo txn_of_the_run".chars() {
            update(&mut app, Message::Key(Chord::plain(Key::Char(letter))));
        }
        press(&mut app, "enter");
        assert!(text(&app).contains("txn_of_the_run/status"), "{}", text(&app));
        app.requests.entry_mut().draft.body = " ".repeat(LARGEST + 1);
        update(&mut app, Message::Ticked);
        assert!(app.code.lines().unwrap_err().contains("larger than 64 kB"));
        assert!(app.code.of.is_none());
    }

    #[test]
    fn code_is_copied_in_the_last_language_and_kind_from_anywhere() {
        let mut app = opened();
        press(&mut app, "l 1");
        let effects = press(&mut app, "Y");
        let [Effect::Copy { what, text }] = &effects[..] else { panic!("{effects:?}") };
        assert!(what.contains("call") && what.contains("JavaScript") && text.contains("await fetch("), "{text}");
        press(&mut app, "2 k e end");
        for letter in "{{nobody}}".chars() {
            update(&mut app, Message::Key(Chord::plain(Key::Char(letter))));
        }
        press(&mut app, "esc");
        assert!(press(&mut app, "Y").is_empty());
        assert!(app.notice.as_ref().is_some_and(|notice| notice.text.contains("nobody")));
    }
}
