//! The command line: what has no key of its own, or wants a word or a number, by its name.

use super::{
    App, Stale, act, collection, effect::Effect, focus::Pane, layout::Border, notice::Notice, profiles, touring,
    variables, viewing,
};
use crate::{
    config::{
        action::{ACTIONS, ActionSpec, Context},
        theme::{AUTO, Theme, ThemeName},
    },
    domain::token::TokenPolicy,
    library::collection::Collection,
};

/// One command.
pub struct Command {
    /// Its name.
    pub name: &'static str,
    /// What follows the name, as shown; empty for nothing.
    pub wants: &'static str,
    /// What it does.
    pub sentence: &'static str,
    run: fn(&mut App, &str) -> Result<Vec<Effect>, String>,
}

/// The commands beside the actions, each of which is a command by its own name.
const COMMANDS: &[Command] = &[
    Command { name: "fold", wants: "LEVEL", sentence: "Folds the body to that level.", run: fold },
    Command { name: "line", wants: "NUMBER", sentence: "Goes to that line of the body; `:42` does too.", run: line },
    Command {
        name: "path",
        wants: "PATH",
        sentence: "Goes to where a path like `.data[3].id` leads in a JSON body.",
        run: path,
    },
    Command {
        name: "resize",
        wants: "left|right|up|down N, or reset",
        sentence: "Moves the border of the pane in hand.",
        run: resize,
    },
    Command {
        name: "w",
        wants: "FILE",
        sentence: "Saves the body of the response to a file, as it came.",
        run: |app, path| act::outside::save(app, path),
    },
    Command { name: "policy", wants: "NAME", sentence: "Puts that token policy in force.", run: policy },
    Command {
        name: "theme",
        wants: "NAME",
        sentence: "Draws with that theme from now on.",
        run: |app, name| Ok(theme(app, name)),
    },
    Command {
        name: "profile",
        wants: "add|edit|duplicate|delete|test",
        sentence: "Opens the form of a profile, asks before it deletes one, or tries the active one.",
        run: profile,
    },
    Command {
        name: "keep",
        wants: "FILE",
        sentence: "Saves a copy of the request in hand in that file of the collection.",
        run: collection::keep,
    },
    Command {
        name: "import",
        wants: "FILE",
        sentence: "Reads requests of another program: curl, OpenAPI, Postman, HAR, .http.",
        run: |_, path| Ok(vec![Effect::ReadRequests(path.to_owned())]),
    },
    Command {
        name: "rename",
        wants: "NAME",
        sentence: "Gives the request in hand another name.",
        run: collection::rename,
    },
    Command {
        name: "set",
        wants: "NAME VALUE",
        sentence: "Gives a variable a value for this run; without a value it takes it away.",
        run: variables::set,
    },
    Command {
        name: "lesson",
        wants: "NUMBER, or here",
        sentence: "Opens that lesson of the tour; `here` plays it on the profile in hand, where it pays nothing.",
        run: |app, word| touring::command(app, word).map(|()| Vec::new()),
    },
    Command { name: "environment", wants: "NAME", sentence: "Makes calls go to that profile.", run: environment },
];

/// What was typed before, and what is typed.
#[derive(Default)]
pub struct CommandLine {
    /// The oldest first.
    history: Vec<String>,
    /// Which of them is shown while going through them.
    at: Option<usize>,
}

/// How many lines are remembered.
const REMEMBERED: usize = 100;

impl CommandLine {
    /// The line before the one shown, or after it; nothing at an end.
    pub fn recall(&mut self, before: bool) -> Option<String> {
        let at = match (self.at, before) {
            (None, true) => self.history.len().checked_sub(1)?,
            (None, false) => return None,
            (Some(at), true) => at.saturating_sub(1),
            (Some(at), false) => at + 1,
        };
        self.at = (at < self.history.len()).then_some(at);
        Some(self.at.and_then(|at| self.history.get(at).cloned()).unwrap_or_default())
    }

    /// Every line remembered, the oldest first.
    pub fn history(&self) -> &[String] {
        &self.history
    }

    /// Remembers these lines as typed before all others.
    pub fn typed_before(&mut self, mut lines: Vec<String>) {
        lines.append(&mut self.history);
        self.history = lines.split_off(lines.len().saturating_sub(REMEMBERED));
    }

    pub(super) fn remember(&mut self, line: &str) {
        self.at = None;
        self.history.retain(|known| known != line);
        self.history.push(line.to_owned());
        if self.history.len() > REMEMBERED {
            self.history.remove(0);
        }
    }
}

/// A name that could stand where the cursor is, and what it does.
pub struct Completion {
    /// The whole line with it.
    pub line: String,
    /// The word alone.
    pub word: String,
    /// What it does.
    pub about: String,
}

impl App {
    fn commands(&self) -> impl Iterator<Item = &'static Command> {
        let viewing = self.viewing.is_some();
        COMMANDS.iter().filter(move |command| !viewing || !viewing::OF_CALLS.contains(&command.name))
    }

    /// What could be meant by a begun line: names of commands, or the words that one wants.
    pub fn completions(&self, typed: &str) -> Vec<Completion> {
        let Some((name, word)) = typed.split_once(' ') else {
            let commands = self.commands().map(|command| (command.name, command.wants, command.sentence));
            let is_here =
                |spec: &&ActionSpec| spec.contexts.contains(&Context::Nav) && self.has_action(spec, Context::Nav);
            let actions = ACTIONS.iter().filter(is_here);
            let actions = actions.map(|spec| (spec.name, "", spec.sentence));
            // A command that wants a word goes before the action of the same name.
            let of_command = |name| COMMANDS.iter().any(|command| command.name == name);
            return commands
                .chain(actions.filter(|(name, ..)| !of_command(*name)))
                .filter(|(name, ..)| name.starts_with(typed))
                .map(|(name, wants, about)| {
                    let line = if wants.is_empty() { name.to_owned() } else { format!("{name} ") };
                    let about = if wants.is_empty() { about.to_owned() } else { format!("{wants}: {about}") };
                    Completion { line, word: name.to_owned(), about }
                })
                .collect();
        };
        let words: Vec<(String, &str)> = match name {
            "policy" => TokenPolicy::ALL.iter().map(|policy| (policy.name().to_owned(), "")).collect(),
            "theme" => {
                let built_in = [AUTO].into_iter().chain(ThemeName::ALL.map(ThemeName::name));
                let own = self.own_themes.iter().map(|name| (name.clone(), "your own"));
                built_in.map(|name| (name.to_owned(), "")).chain(own).collect()
            }
            "environment" => self.environment.profiles().map(|profile| (profile.name.clone(), "")).collect(),
            "profile" => profiles::VERBS.map(|verb| (verb.to_owned(), "")).into(),
            "keep" => {
                let files = self.collection.iter().flat_map(Collection::files);
                files.map(|(path, _)| (path.display().to_string(), "")).collect()
            }
            "resize" => ["left", "right", "up", "down", "reset"].map(|word| (word.to_owned(), "")).into(),
            _ => Vec::new(),
        };
        words
            .into_iter()
            .filter(|(known, _)| known.starts_with(word))
            .map(|(known, about)| Completion { line: format!("{name} {known}"), word: known, about: about.to_owned() })
            .collect()
    }
}

/// Runs a line; what is wrong with it is said, and nothing else happens.
pub(super) fn run(app: &mut App, line: &str) -> Vec<Effect> {
    let line = line.trim();
    if line.is_empty() {
        return Vec::new();
    }
    app.command.remember(line);
    let (name, rest) = line.split_once(' ').unwrap_or((line, ""));
    let number = line.bytes().all(|byte| byte.is_ascii_digit());
    let outcome = if number {
        self::line(app, line)
    } else if app.viewing.is_some() && viewing::OF_CALLS.contains(&name) {
        Ok(viewing::refused(app))
    } else if let Some(command) = COMMANDS.iter().find(|command| command.name == name && !rest.is_empty()) {
        (command.run)(app, rest.trim())
    } else if let Some(spec) = ACTIONS.iter().find(|spec| spec.name == name && rest.is_empty()) {
        Ok(act::done(app, spec.action))
    } else if let Some(command) = COMMANDS.iter().find(|command| command.name == name) {
        Err(format!("`{name}` wants {}", command.wants))
    } else {
        let names = COMMANDS.iter().map(|command| command.name).chain(ACTIONS.iter().map(|spec| spec.name));
        let nearest = crate::config::nearest::nearest(name, names);
        let hint = nearest.map(|known| format!("; did you mean `{known}`?")).unwrap_or_default();
        Err(format!("there is no command `{name}`{hint}"))
    };
    outcome.unwrap_or_else(|wrong| {
        app.say(Notice::attention(format!(":{line}: {wrong}")));
        Vec::new()
    })
}

fn parsed<T: std::str::FromStr>(written: &str) -> Result<T, String> {
    written.parse().map_err(|_| format!("`{written}` is no number that can be used here"))
}

fn fold(app: &mut App, level: &str) -> Result<Vec<Effect>, String> {
    let level = parsed(level)?;
    let document = app.response.document.as_mut().ok_or("there is no body yet")?;
    document.fold_to(level);
    app.touch(Stale::Now);
    Ok(Vec::new())
}

fn line(app: &mut App, number: &str) -> Result<Vec<Effect>, String> {
    let number: u64 = parsed(number)?;
    app.response.document.as_ref().ok_or("there is no body yet")?;
    app.response.go_to_line(number.saturating_sub(1));
    app.touch(Stale::Now);
    Ok(Vec::new())
}

fn path(app: &mut App, path: &str) -> Result<Vec<Effect>, String> {
    let document = app.response.document.clone().ok_or("there is no body yet")?;
    Ok(vec![Effect::Locate { document, path: path.to_owned() }])
}

fn resize(app: &mut App, words: &str) -> Result<Vec<Effect>, String> {
    app.touch(Stale::Now);
    if words == "reset" {
        app.borders = crate::app::layout::Borders::default();
        return Ok(Vec::new());
    }
    let (direction, number) = words.split_once(' ').unwrap_or((words, "1"));
    let by: i16 = parsed(number.trim())?;
    let (border, by) = match (direction, app.focus) {
        ("left", Pane::Token) => (Border::Right, by),
        ("right", Pane::Token) => (Border::Right, -by),
        ("left", _) => (Border::Left, -by),
        ("right", _) => (Border::Left, by),
        ("up", Pane::Timeline) => (Border::Timeline, by),
        ("down", Pane::Timeline) => (Border::Timeline, -by),
        ("up", _) => (Border::Middle, -by),
        ("down", _) => (Border::Middle, by),
        _ => return Err("say left, right, up or down and a number, or reset".to_owned()),
    };
    app.borders.shift(border, by);
    Ok(Vec::new())
}

fn policy(app: &mut App, name: &str) -> Result<Vec<Effect>, String> {
    let policy = TokenPolicy::named(name).ok_or_else(|| {
        let known = TokenPolicy::ALL.map(TokenPolicy::name).join(", ");
        format!("there is no policy `{name}`: there are {known}")
    })?;
    app.environment.set_policy(policy);
    app.say(Notice::good(format!("Policy is {name}."), app.now.boot));
    Ok(Vec::new())
}

fn theme(app: &mut App, name: &str) -> Vec<Effect> {
    let theme = match ThemeName::named(name) {
        Some(theme) => Some(Box::new(Theme::built_in(theme))),
        None if name == AUTO => None,
        // Read each time, so that a change of its file is seen at once.
        None => return vec![Effect::ReadTheme(name.to_owned())],
    };
    app.touch(Stale::Everything);
    vec![Effect::Theme(theme)]
}

/// Draws with a theme that was read, and says so if that is hard on the eye.
pub(super) fn theme_read(app: &mut App, name: &str, outcome: Result<Box<Theme>, String>) -> Vec<Effect> {
    match outcome {
        Ok(theme) => {
            if let Some(hard) = theme.hard_to_read(name) {
                app.say(Notice::attention(hard));
            }
            app.touch(Stale::Everything);
            vec![Effect::Theme(Some(theme))]
        }
        Err(wrong) => {
            app.say(Notice::attention(wrong));
            Vec::new()
        }
    }
}

fn profile(app: &mut App, verb: &str) -> Result<Vec<Effect>, String> {
    if !profiles::VERBS.contains(&verb) {
        return Err(format!("say one of {}", profiles::VERBS.join(", ")));
    }
    let credential = app.environment.credential_name().to_owned();
    Ok(profiles::done(app, verb, app.environment.active(), Some(&credential)))
}

fn environment(app: &mut App, name: &str) -> Result<Vec<Effect>, String> {
    let at = app.environment.profiles().position(|profile| profile.name == name);
    let at = at.ok_or_else(|| format!("there is no profile `{name}`"))?;
    act::choose_environment(app, at);
    Ok(Vec::new())
}
