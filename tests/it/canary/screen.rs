//! Every pane and everything that lies on top, in the real program on a terminal, and the programs that it starts.

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering},
};

use authscope::app::{composer, focus::Pane, response};
use tokio::task;

use super::{
    echo::{Echo, Said},
    sentinel::{SECRET, Scanner},
};
use crate::{
    screens::overlays::{OVERLAYS, kind},
    stage::Stage,
    terminal::window::Window,
};

/// A tmux that keeps what it is told to copy, each in a file of its own, and its environment.
const TMUX: &str = "#!/bin/sh\nout=\"$PLACE/out\"\nenv >>\"$out/tmux.env\"\n\
                    cat >\"$out/copied.$(ls \"$out\" | grep -c copied)\"\n";

/// A file of a collection that wants the secret of the environment.
const REQUESTS: &str = "### Canary\nGET {{base_url}}/open\nX-Key: {{$processEnv CANARY_SECRET}}\n";

struct Walk {
    window: Window,
    scanner: Scanner,
    place: PathBuf,
    visited: BTreeSet<&'static str>,
}

impl Walk {
    /// Opens the explorer over a place of its own.
    fn open(echo: &Echo, place: &Path, kept: &Path) -> Self {
        for folder in ["bin", "out", "tmp", "config/authscope", "requests"] {
            fs::create_dir_all(place.join(folder)).unwrap();
        }
        fs::write(place.join("config/authscope/config.toml"), echo.config() + &echo.kept_in(kept)).unwrap();
        fs::write(place.join("requests/a.http"), REQUESTS).unwrap();
        let tmux = place.join("bin/tmux");
        fs::write(&tmux, TMUX).unwrap();
        fs::set_permissions(&tmux, fs::Permissions::from_mode(0o700)).unwrap();
        let at = |name: &str| place.join(name).display().to_string();
        let own = [
            ("PLACE", at("")),
            ("XDG_CONFIG_HOME", at("config")),
            ("XDG_STATE_HOME", at("state")),
            ("XDG_CACHE_HOME", at("cache")),
            ("XDG_DATA_HOME", at("data")),
            ("TMPDIR", at("tmp")),
        ];
        let fixed = [
            ("TERM", "xterm-256color"),
            ("CANARY_SECRET", SECRET),
            ("AUTHSCOPE_LOG", "debug"),
            ("RUST_BACKTRACE", "full"),
            ("TMUX", "a session"),
            ("PAGER", "env >$PLACE/out/pager.env; cat >$PLACE/out/paged"),
            ("EDITOR", "env >$PLACE/out/editor.env; true"),
        ];
        let variables: Vec<_> = own.iter().map(|(name, value)| (*name, value.as_str())).chain(fixed).collect();
        let script =
            r#"PATH="$PLACE/bin:$PATH"; export PATH; echo "pid $$"; exec "$PROGRAM" --collection "$PLACE/requests""#;
        let window = Window::shell(&["-c", script], &variables);
        Self { window, scanner: Scanner::new(), place: place.to_owned(), visited: BTreeSet::new() }
    }

    /// Waits until this is shown, and looks at the whole screen and everything that was written to the terminal.
    fn sees(&mut self, text: &str) {
        self.window.until_shown(text);
        self.scanner.clean(&format!("the screen with “{text}”"), self.window.text().replace('\n', ""));
        self.scanner.clean(&format!("the terminal up to “{text}”"), self.window.bytes());
    }

    fn press(&mut self, keys: &str) {
        self.window.press(keys);
    }

    /// Opens something that lies on top by its key, looks at it, and closes it again.
    fn visit(&mut self, kind: &'static str, keys: &str, title: &str) {
        self.press(keys);
        self.sees(&format!("─ {title} "));
        self.visited.insert(kind);
        self.press("\x1b");
        let title = format!("─ {title} ");
        self.window.until(|window| !window.text().contains(&title));
    }

    /// Sends the open request to another path.
    fn send(&mut self, path: &str, shown: &str) {
        self.press("2ke\x15");
        self.press(&format!("{{{{base_url}}}}{path}\r"));
        self.press("s");
        self.sees(shown);
    }

    /// Every file of the place, but for what was copied by a key that says so.
    fn look_at_files(&self) {
        let asked = self.place.join("out/copied.1");
        let kept = fs::read(&asked).ok();
        if let Some(kept) = &kept {
            assert!(self.scanner.hits(kept) > 0, "the copy that was asked for has the sentinels");
            fs::remove_file(&asked).unwrap();
        }
        assert!(self.scanner.clean_folder(&self.place) > 3);
        self.scanner.clean_folder(self.window.home());
        if let Some(kept) = kept {
            fs::write(asked, kept).unwrap();
        }
    }
}

fn walked(echo: &Echo, said: &Arc<Said>) {
    let place = tempfile::tempdir().unwrap();
    // The one place where a secret is to rest.
    let vault = tempfile::tempdir().unwrap();
    let kept = vault.path().join("kept");
    fs::write(&kept, "the secret of before").unwrap();
    fs::set_permissions(&kept, fs::Permissions::from_mode(0o600)).unwrap();
    let mut walk = Walk::open(echo, place.path(), &kept);
    walk.window.until_shown("Parts of the config file were passed over");
    walk.visited.insert("trouble");
    walk.press("\x1b");
    walk.sees("? keys");

    walk.send("/everything", "•••••••• tok#1");
    assert_eq!(said.counts(), (1, 1), "the secret and the token went out");
    for pane in Pane::ALL {
        walk.press(&format!("{}z", pane.number()));
        walk.sees(pane.title());
        walk.press("z");
        walk.sees("6 Timeline");
    }
    walk.press("3");
    for mode in ["raw", "hex", "pretty"] {
        walk.press("v");
        walk.sees(if mode == "hex" { "•• ••" } else { "•••••••• sec#" });
    }
    // A plain call has nothing to say of its encryption.
    let tabs = response::Tab::ALL.into_iter().filter(|tab| *tab != response::Tab::Tls);
    for tab in tabs.clone().cycle().skip(1).take(tabs.count()) {
        walk.press("]");
        walk.sees(tab.name());
    }
    walk.press("2");
    // A request without a body opens on its variables, whose tab stands before that of code.
    for tab in composer::Tab::ALL.into_iter().cycle().skip(5).take(composer::Tab::ALL.len()) {
        walk.press("]");
        walk.sees(tab.name());
    }
    walk.press("6 ");
    walk.sees("token-issued");
    walk.press("\r");
    walk.sees("token endpoint");
    walk.press("zGk");
    walk.visit("message", "\r", "As taken from the HTTP library");
    // Back to the body.
    walk.press("]]");

    walk.visit("help", "?", "Keys");
    walk.visit("palette", "\x10", "Command");
    walk.visit("environments", "E", "Environment");
    walk.visit("form", "Ea", "New profile");
    walk.visit("forget", "Ed", "Delete");
    let before = said.counts();
    walk.press("Et");
    walk.sees("It works: ");
    assert_eq!(said.counts().0, before.0 + 1, "the secret went out once more");
    walk.visit("trial", "", "Test");
    walk.visit("credentials", "C", "Credential");
    walk.visit("on purpose", "S", "Send on purpose");
    walk.visit("log", "L", "Log");
    walk.visit("token", "T", "Token");
    walk.visit("ledger", "Tl", "Token ledger");
    walk.press("Td");
    walk.sees("The token is opaque");
    walk.press("X");
    walk.sees("Every secret is hidden");
    walk.press("\x1b");
    walk.visit("pasted", "\x1b[200~https://api.example/\x1b[201~", "Pasted");
    walk.visit("pasted", "\x1b[200~curl https://api.example/\x1b[201~", "Pasted");
    walk.visit("history", "H", "History");
    walk.visit("pick", "2k[[[[j ", "Kind of body");
    walk.visit("copy", "3y", "Copy");
    walk.visit("agree", ":w saved\r", "Save");
    walk.press("yb");
    walk.sees("hidden, ");
    walk.press("yB");
    walk.sees("in it, ");
    let copied = |number: u32| fs::read(place.path().join(format!("out/copied.{number}"))).unwrap();
    assert!(String::from_utf8(copied(0)).unwrap().contains("•••••••• tok#1"));
    assert!(String::from_utf8(copied(1)).unwrap().contains(super::sentinel::TOKEN));

    // Other programs: each keeps its environment, the pager what it is given.
    for (keys, kept) in [("3\x1bOR", "paged"), ("1\x1bOS", "editor.env")] {
        walk.press(keys);
        let kept = walk.place.join("out").join(kept);
        let written = || fs::metadata(&kept).is_ok_and(|kept| kept.len() > 0);
        walk.window.until(|window| written() && window.is_taken() && window.text().contains("? keys"));
    }
    for program in ["pager.env", "editor.env", "tmux.env"] {
        let seen = fs::read_to_string(walk.place.join("out").join(program)).unwrap();
        assert!(seen.contains("PLACE=") && !seen.contains("CANARY_SECRET"), "{seen}");
    }

    said.names_the_token.store(true, Ordering::SeqCst);
    said.refuses.store(true, Ordering::SeqCst);
    walk.press("R");
    walk.sees("REFUSED");
    walk.visit("no token", "!", "No token");
    said.refuses.store(false, Ordering::SeqCst);
    walk.press("R");
    walk.sees("LIVE");
    walk.send("/refused", "✗ REFUSED");
    walk.visit("doctor", "!", "401 Doctor");
    walk.send("/away", "200");
    let before = said.counts();
    walk.press("S\x1b[Fkkk\r");
    walk.sees("Typed token");
    walk.visited.insert("typed token");
    walk.press(super::sentinel::TOKEN);
    walk.sees("•••");
    walk.press("\r");
    walk.sees("typed by hand");
    assert!(said.counts().1 > before.1, "the token that was typed went out");
    walk.send("/hang", "on its way");
    walk.visit("running", "r", "On their way");
    walk.visit("quit", "q", "Quit");
    walk.press("\x03");
    walk.sees("cancelled");
    assert!(said.counts().1 > before.1);
    walk.look_at_files();
    let told = String::from_utf8_lossy(walk.window.bytes()).into_owned();
    let id: u32 = told.split("pid ").find_map(|rest| rest.lines().next()?.trim().parse().ok()).unwrap();
    walk.scanner.clean("its command line", fs::read(format!("/proc/{id}/cmdline")).unwrap());

    walk.press(":environment sandbox\r");
    walk.sees("sandbox");
    walk.visit("lab", "M", "Sandbox lab");
    walk.press(":environment asked\r");
    walk.sees("asked for");
    walk.press("R");
    walk.sees("Client secret of asked");
    walk.visited.insert("ask");
    let before = said.counts();
    walk.press(SECRET);
    walk.sees("•••");
    walk.press("\r");
    walk.sees("LIVE");
    assert!(said.counts().0 > before.0, "what was typed went out");
    walk.press(":environment kept\r");
    walk.sees("kept");
    walk.press(":rotate-secret\r");
    walk.sees("type or paste it");
    let before = said.counts();
    walk.press(SECRET);
    walk.sees("•••");
    walk.press("\r");
    walk.sees("c confirms");
    assert_eq!(said.counts().0, before.0 + 2, "what was typed went out, and once more from its place");
    assert_eq!(fs::read_to_string(&kept).unwrap(), SECRET);
    walk.press("c");
    walk.sees("Done.");
    walk.visit("rotation", "", "Rotate a secret");
    walk.press(":environment live\r");
    walk.sees("live");
    walk.press("1ggj");
    walk.visit("production", "s", "Send to");
    walk.press("1D");
    walk.sees("a request of yours");
    walk.visit("delete", "d", "Delete");

    walk.press("1/Canary\r");
    walk.visit("consent", "s", "Read and send");
    walk.press(":rename Mine\r");
    walk.sees("Mine");
    fs::write(place.path().join("requests/a.http"), REQUESTS.replace("/open", "/other")).unwrap();
    walk.sees("was changed in its file");
    walk.visit("two versions", "\x13", "Two versions");

    let mut kinds = BTreeSet::new();
    for (_, story) in OVERLAYS {
        let mut stage = Stage::new(120, 40);
        story(&mut stage);
        kinds.insert(kind(stage.app.overlay.as_ref().unwrap()));
    }
    assert_eq!(walk.visited, kinds, "each thing that lies on top is visited");

    walk.press("q");
    let Walk { window, scanner, place, .. } = walk;
    let (code, bytes) = window.rest();
    assert_eq!(code, 0);
    scanner.clean("the terminal to the end", &bytes);
    let mut screen = vt100::Parser::new(40.try_into().unwrap(), 120.try_into().unwrap(), 10_000);
    screen.process(&bytes);
    for back in (0..10_000).step_by(40) {
        screen.screen_mut().set_scrollback(back);
        scanner.clean("what is left on the terminal", screen.screen().contents().replace('\n', ""));
    }
    fs::remove_file(place.join("out/copied.1")).unwrap();
    assert!(scanner.clean_folder(&place) > 3, "after its end");
}

#[tokio::test]
async fn no_pane_and_nothing_on_top_shows_or_leaves_a_secret_or_a_token() {
    let echo = Echo::new();
    let said = echo.said.clone();
    task::spawn_blocking(move || walked(&echo, &said)).await.unwrap();
}
