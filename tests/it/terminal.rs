//! The explorer on a pseudo-terminal: it takes the terminal and gives it back, whatever ends or stops it.

mod asking;
mod outside;
mod own_place;
mod revealing;
mod rotating;
mod touring;
mod viewing;
pub mod window;

use std::{
    collections::BTreeSet,
    fs,
    io::{self, Write as _},
    path::Path,
    sync::{Arc, Mutex, mpsc},
};

use authscope::{
    config::{keymap::Keymap, own_themes::OwnThemes, profiles, theme::Wish},
    domain::{clock::Clock, level::Level, record::Retention, request::Formatters, secret::Secret},
    store::{Store, Told},
    tui::{self, ExploreError, Explorer, Memory, SandboxDoor},
};
use jiff::{Timestamp, tz};
use rustix::process::Signal;
use url::Url;

use crate::child;
use window::Window;

#[test]
fn one_key_after_the_first_frame_an_authorised_call_is_answered() {
    let mut window = Window::open();
    assert!(window.is_taken());
    window.press("s");
    window.until_shown("200 OK");
    window.press("q");
    assert_eq!(window.end(), 0);
}

#[test]
fn three_keys_more_and_an_expired_token_is_healed() {
    let mut window = Window::open();
    window.press("s");
    window.until_shown("200 OK");
    window.press("M");
    window.until_shown("expire every token");
    window.press("e");
    window.until(|window| !window.text().contains("expire every token"));
    window.press("s");
    window.until_shown("Healed: tok#1 was refused, tok#2 answered.");
    window.press("q");
    assert_eq!(window.end(), 0);
}

#[test]
fn ctrl_c_pressed_twice_leaves() {
    let mut window = Window::open();
    window.press("\x03");
    window.until_shown("again");
    window.press("\x03");
    assert_eq!(window.end(), 0);
}

#[test]
fn signals_end_it_with_the_terminal_as_before_and_their_own_exit_code() {
    let codes = [(Signal::TERM, 143), (Signal::INT, 130), (Signal::QUIT, 131), (Signal::HUP, 129)];
    for (signal, code) in codes {
        let window = Window::open();
        window.signal(signal);
        assert_eq!(window.end(), code, "{signal:?}");
    }
}

#[test]
fn a_signal_ends_it_while_a_call_is_on_its_way() {
    let mut window = Window::open();
    window.press("M");
    window.until_shown("token calls are never answered");
    window.press("h");
    window.until(|window| !window.text().contains("token calls are never answered"));
    window.press("s");
    window.until_shown("FETCHING");
    window.signal(Signal::TERM);
    assert_eq!(window.end(), 143);
}

#[test]
fn it_ends_when_its_window_is_closed() {
    let mut window = Window::shell(&["-c", "exec \"$PROGRAM\""], &[("TERM", "xterm-256color")]);
    window.until_shown("? keys");
    assert_eq!(window.close(), 129);
}

#[test]
fn it_stops_as_a_job_and_goes_on_where_it_was() {
    for by_key in [true, false] {
        let mut window = Window::shell(&["-i"], &[("TERM", "xterm-256color")]);
        window.until_shown("prompt> ");
        window.press("stty -g; sh -c 'echo \"pid $$\"; exec \"$PROGRAM\"'\n");
        window.until_shown("? keys");
        if by_key {
            window.press("\x1a");
        } else {
            window.signal(Signal::TSTP);
        }
        window.until(is_at_the_prompt);
        assert!(!window.hides_the_cursor());
        window.press("stty -g\n");
        let modes = |window: &Window| {
            let text = window.text();
            let modes: Vec<_> = text.lines().filter(|line| line.matches(':').count() > 20).map(str::to_owned).collect();
            modes
        };
        window.until(|window| modes(window).len() == 2);
        assert_eq!(modes(&window)[0], modes(&window)[1]);
        window.press("fg\n");
        window.until(|window| window.is_taken() && window.text().contains("? keys"));
        window.press("s");
        window.until_shown("200 OK");
        window.press("q");
        window.until(is_at_the_prompt);
        window.press("exit\n");
        assert_eq!(window.ended(), 0);
    }
}

#[test]
fn a_paste_is_text_even_where_it_carries_the_mark_of_its_end() {
    let mut window = Window::open();
    window.press("e");
    window.until(|window| !window.hides_the_cursor());
    window.press("\x15");
    window.until(|window| !window.text().contains("{{base_url}}"));
    window.press("\x1b[200~{{base_url}}/api\x1b[201~/v1\x03\x03\x1b[201~");
    window.until_shown("{{base_url}}/api/v1");
    window.press("\x1b");
    window.until(Window::hides_the_cursor);
    window.press("q");
    assert_eq!(window.end(), 0);
}

#[test]
fn a_signal_ends_it_in_the_middle_of_a_paste_that_has_no_end() {
    let mut window = Window::open();
    window.press(&format!("s\x1b[200~{}", "q".repeat(100_000)));
    window.until_shown("200 OK");
    window.signal(Signal::TERM);
    assert_eq!(window.end(), 143);
}

#[test]
fn keys_work_after_input_that_is_none() {
    let mut window = Window::open();
    window.press("\x1b[?1;2c\x1b[1;1R\x1b[999999u\x1b[<35;10;10M\x1bOR\x7f\x1b[Z");
    // The first key ends the half of a character before it.
    window.type_bytes(b"\xff\xfe\xc3(\xf0\x9f\x92x");
    window.press("s");
    window.until_shown("200 OK");
    window.press("q");
    assert_eq!(window.end(), 0);
}

#[test]
fn all_of_a_flood_of_keys_is_taken_before_the_next_one() {
    let mut window = Window::open();
    window.press(&"j".repeat(20_000));
    window.press(&"k".repeat(20_000));
    window.press("\x1b[B\x1b[Bs");
    window.until_shown("200 OK");
    window.press("q");
    assert_eq!(window.end(), 0);
}

#[test]
fn no_key_is_seen_in_a_flood_of_the_mouse_wherever_it_is_torn() {
    let mut window = Window::open();
    let before = window.text();
    window.press(&"\x1b[<35;40;12M".repeat(20_000));
    // In two pieces, the second a little late.
    for _ in 0..100 {
        window.press("\x1b");
        window.press("[<35;40;12M");
    }
    // Nothing was zoomed, opened or left: a single `M` or `1` would show.
    window.press("\x0c");
    window.until(|window| window.text() == before);
    window.press("s");
    window.until_shown("200 OK");
    window.press("q");
    assert_eq!(window.end(), 0);
}

#[test]
fn any_size_and_any_change_of_size_is_survived() {
    let mut window = Window::open();
    let mut seed = 7_u32;
    let mut random = |below: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        u16::try_from((seed >> 16) % below).unwrap()
    };
    for at in 0..1000 {
        let (columns, rows) = match at {
            0 => (1, 1),
            1 => (0, 0),
            2 => (1, 200),
            3 => (500, 2),
            _ => (random(300), random(100)),
        };
        window.resize(columns, rows);
        if at % 10 == 0 {
            window.press("s");
        }
    }
    window.resize(120, 40);
    window.press("\x0c");
    window.until_shown("? keys");
    window.until_shown("200 OK");
    window.signal(Signal::TERM);
    assert_eq!(window.end(), 143);
}

#[test]
fn without_colour_no_byte_sets_one() {
    let variables = [("TERM", "xterm-256color"), ("NO_COLOR", "1")];
    let mut window = Window::shell(&["-c", "exec \"$PROGRAM\""], &variables);
    window.until_shown("? keys");
    window.press("s");
    window.until_shown("200 OK");
    window.press("q");
    window.until(|window| !window.is_taken());
    let sets = |code: &str| {
        let code = code.split(|byte: char| !byte.is_ascii_digit() && byte != ';').next().unwrap_or_default();
        code.split(';').any(|code| matches!(code.parse(), Ok(30..=38 | 40..=48 | 90..=107)))
    };
    let told = String::from_utf8_lossy(window.bytes()).into_owned();
    let colours: Vec<&str> = told.split("\x1b[").skip(1).filter(|code| ends_in_m(code) && sets(code)).collect();
    assert_eq!(colours, [""; 0]);
    assert_eq!(window.ended(), 0);
}

#[test]
fn where_the_locale_is_not_utf_8_all_that_the_program_writes_is_ascii() {
    for locale in ["C", "ru_RU.KOI8-R"] {
        let mut window = Window::shell(&["-c", "exec \"$PROGRAM\""], &[("TERM", "xterm-256color"), ("LANG", locale)]);
        window.until_shown("? keys");
        // The first call, one that is healed, its tabs, and every sheet.
        for (keys, text) in [
            ("s", "200 OK"),
            ("M", "expire every token"),
            ("e", "? keys"),
            ("s", "Healed: tok#1"),
            ("3[[[", "authorization"),
            ("6z ", "completed"),
            ("?", "Shift-Left"),
            ("q", "? keys"),
            ("\x10", "Up Down choose"),
            ("\x1b", "? keys"),
            ("z", "Requests"),
            ("2ke/x\r", "status/x"),
            ("1d", "back as the catalogue has it?"),
            ("y", "is as the catalogue has it again"),
        ] {
            window.press(keys);
            window.until_shown(text);
        }
        window.press("\x03\x03");
        window.until(|window| !window.is_taken());
        let told = String::from_utf8_lossy(window.bytes()).into_owned();
        let beyond: BTreeSet<char> = told.chars().filter(|letter| !letter.is_ascii()).collect();
        assert_eq!(beyond, BTreeSet::new(), "{locale}");
        assert_eq!(window.ended(), 0);
    }
}

#[test]
fn times_are_those_of_the_persons_zone() {
    let zone = tz::Offset::from_seconds(19_800).unwrap();
    let hour = || format!("{:02}:", zone.to_datetime(Clock::system().wall()).hour());
    let before = hour();
    let variables = [("TERM", "xterm-256color"), ("TZ", "HERE-05:30")];
    let mut window = Window::shell(&["-c", "exec \"$PROGRAM\""], &variables);
    window.until_shown("? keys");
    window.press("s");
    window.until_shown("200 OK");
    let text = window.text();
    let row = text.lines().find(|row| row.contains("POST /api/token")).unwrap();
    assert!([before, hour()].iter().any(|hour| row.trim_start().starts_with(hour)), "{row}");
    window.press("q");
    assert_eq!(window.ended(), 0);
}

/// Whether the shell waits for a command.
fn is_at_the_prompt(window: &Window) -> bool {
    !window.is_taken() && window.text().trim_end().ends_with("prompt>")
}

/// Whether what follows `ESC [` sets how text looks.
fn ends_in_m(code: &str) -> bool {
    code.trim_start_matches(|byte: char| byte.is_ascii_digit() || byte == ';').starts_with('m')
}

/// An explorer whose sandbox panics: when a fault is played, which is in the loop, or in the task that serves.
fn explorer_that_panics(place: &str, home: &Path) -> Explorer {
    let base = Url::parse("http://127.0.0.1:9").unwrap();
    let clients = [("demo-client".to_owned(), Arc::new(Secret::new("a secret of the test")))];
    let in_task = place == "task";
    let (go, went) = tokio::sync::oneshot::channel::<()>();
    let go = Mutex::new(Some(go));
    let play = move |_| -> Vec<String> {
        assert!(in_task, "a panic on purpose, in the loop, over a secret of the test");
        go.lock().unwrap().take().unwrap().send(()).unwrap();
        Vec::new()
    };
    let serve = async move {
        let _ = went.await;
        panic!("a panic on purpose, in a task, over a secret of the test");
    };
    Explorer {
        profiles: vec![Arc::new(profiles::sandbox(base, clients))],
        active: 0,
        keymap: Keymap::default(),
        wish: Wish::default(),
        own_themes: OwnThemes::default(),
        formatters: Formatters::default(),
        snippets: authscope::snippet::Snippets::default(),
        notice: None,
        trouble: None,
        // It stands still: nothing is kept because time passed.
        clock: Clock::manual(Timestamp::UNIX_EPOCH).0,
        dice: Arc::new(|| 0.5),
        cache: None,
        profile_file: None,
        collection: None,
        machine: None,
        program: None,
        memory: Memory {
            folder: Some(home.to_owned()),
            history: false,
            retention: Retention::default(),
            restore: false,
            restore_profile: false,
            log: Some(home.join("log")),
            level: Level::Info,
        },
        sandbox: SandboxDoor { serve: Box::pin(serve), play: Box::new(play) },
        viewed: None,
        tour: None,
    }
}

/// The drafts that a run left there.
fn kept(folder: &Path) -> Vec<String> {
    let (tell, told) = mpsc::channel();
    let store = Store::open(Some(folder.to_owned()), true, move |news| tell.send(news).unwrap()).unwrap();
    let Ok(Told::Opened(Some(kept))) = told.recv() else { panic!("nothing was kept") };
    drop(store);
    kept.drafts.into_values().collect()
}

#[test]
fn a_panic_in_the_loop_or_in_a_task_gives_the_terminal_back_is_told_and_logged_and_loses_no_draft() {
    if child::is_child() {
        let home = tempfile::tempdir().unwrap();
        let ending = tui::explore(explorer_that_panics(&child::told("PLACE"), home.path()));
        let Err(ExploreError::Crashed(why)) = ending else { panic!("{ending:?}") };
        let logged = fs::read_to_string(home.path().join("log")).unwrap();
        assert!(logged.lines().any(|line| line.contains(" error ") && line.contains("a panic on purpose")), "{logged}");
        assert!(!logged.contains("a secret of the test"), "{logged}");
        assert_eq!(kept(home.path()).into_iter().filter(|draft| draft.contains("typed last")).count(), 1);
        // On the terminal that was given back.
        writeln!(io::stdout(), "crashed: {why}").unwrap();
        return;
    }
    for place in ["loop", "task"] {
        let name =
            "terminal::a_panic_in_the_loop_or_in_a_task_gives_the_terminal_back_is_told_and_logged_and_loses_no_draft";
        let mut window = Window::of_test(name, ("PLACE", place));
        assert!(window.is_taken());
        window.press("2ke\x15typed last\r");
        window.until(|window| window.text().contains("typed last") && !window.text().contains("EDIT"));
        window.press("Me");
        window.until(|window| !window.is_taken());
        window.until_shown("a panic on purpose");
        let text = window.text();
        assert!(text.contains("crashed: ") && text.contains(place), "{text}");
        assert!(!text.contains("a secret of the test") && text.contains("over •••••••• sec#1"), "{text}");
        assert_eq!(window.end(), 0, "the child, which looked for the crash, is content");
    }
}

#[test]
fn a_theme_that_cannot_be_used_is_told_at_the_start_and_one_of_ones_own_is_drawn_by_command() {
    let script = r##"
        mkdir -p .config/authscope/themes
        cd .config/authscope
        printf '[look]\ntheme = "odd"\n' > config.toml
        printf 'based_on = "light"\n[role]\naccnt = {}\n' > themes/odd.toml
        printf '[surface]\nbackground = "#14100a"\n[role]\nmuted = { fg = "#333333" }\n' > themes/amber.toml
        exec "$PROGRAM""##;
    let mut window = Window::shell(&["-c", script], &[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")]);
    window.until_shown("Parts of the config file were passed over");
    window.until_shown("The theme `odd` was not used; `light` stands in for it.");
    let text = window.text();
    assert!(text.contains("odd.toml:3:1: `role.accnt`: ") && text.contains("did you mean `accent`?"), "{text}");
    let paints = |window: &Window, colour: &str| String::from_utf8_lossy(window.bytes()).contains(colour);
    assert!(paints(&window, "48;2;251;250;246"), "the background of the light theme");
    window.press("\x1b");
    window.until_shown("? keys");
    window.press(":theme am");
    window.until_shown("your own");
    window.press("ber\r");
    window.until_shown("Theme amber is hard to read: muted 1.");
    assert!(paints(&window, "48;2;20;16;10"));
    window.press(":theme ambre\r");
    window.until_shown("there is no theme `ambre`: did you mean `amber`?");
    window.press("q");
    assert_eq!(window.ended(), 0);
}
