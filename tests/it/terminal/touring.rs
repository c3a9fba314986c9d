//! The tour, played from its first word to its last on a pseudo-terminal.

use authscope::tour::LESSONS;

use super::window::Window;

/// Keys beside those that the texts ask for.
const BESIDE: usize = 60;

/// A person who follows the tour.
struct Player {
    window: Window,
    pressed: usize,
}

impl Player {
    fn press(&mut self, keys: &str) {
        self.window.press(keys);
        self.pressed += keys.chars().count();
    }

    /// Waits until so many steps of the screen are ticked off.
    fn done(&mut self, steps: usize) {
        self.window.until(|window| ticks(window) == steps);
    }

    /// The screen is done: its key goes on to what is shown then.
    fn on(&mut self, steps: usize, then: &str) {
        self.done(steps);
        self.window.until_shown("O goes on");
        self.press("O");
        self.window.until_shown(then);
    }
}

/// The steps that are ticked off in the column of the tour.
fn ticks(window: &Window) -> usize {
    let text = window.text();
    let column = |line: &str| line.chars().skip(87).collect::<String>();
    text.lines().skip(3).take(27).filter(|line| column(line).trim_start_matches(['│', ' ']).starts_with('✓')).count()
}

#[test]
fn the_tour_is_played_from_first_to_last_by_the_keys_it_asks_for() {
    let mut window = Window::open();
    window.until_shown("O tour: ten short lessons");
    let mut player = Player { window, pressed: 0 };
    player.press("O");
    player.window.until_shown("1 of 10");

    player.press("R");
    player.done(1);
    player.press("6");
    player.on(2, "2 of 10");

    player.press("T");
    player.window.until_shown("decode it");
    player.press("d");
    player.done(1);
    player.press("\x1b");
    player.on(2, "3 of 10");

    player.press("s");
    player.done(1);
    player.press("3");
    player.press("]");
    player.on(2, "4 of 10");

    player.press("t");
    player.done(1);
    player.press("Ml");
    player.done(2);
    player.press("R");
    player.on(3, "5 of 10");

    player.press("PP");
    player.window.until(|window| ticks(window) >= 1);
    player.press("Mf");
    player.window.until(|window| !window.text().contains("Sandbox lab"));
    player.press("R");
    player.on(3, "6 of 10");

    player.press("s");
    player.done(1);
    player.press("!");
    player.done(2);
    player.press("\x1b");
    player.on(3, "7 of 10");

    player.press("Mu");
    player.done(1);
    player.press("R");
    player.done(2);
    player.press("s");
    player.on(3, "8 of 10");

    player.press("P");
    player.done(1);
    player.press("Me");
    player.window.until(|window| !window.text().contains("Sandbox lab"));
    player.press("s");
    player.done(2);
    player.press("6");
    player.on(3, "9 of 10");

    player.press("P");
    player.done(1);
    player.press("s");
    player.window.until_shown("200 OK");
    player.press("s");
    player.on(2, "10 of 10");

    player.press("Mc");
    player.done(1);
    player.press("R");
    player.done(2);
    player.press("Mu");
    player.window.until(|window| !window.text().contains("Sandbox lab"));
    player.press("R");
    player.on(3, "Now take it home");

    player.press("2");
    player.press("]");
    player.done(1);
    player.press(" ");
    player.done(2);
    player.press("Y");
    player.done(3);
    player.window.until_shown("O ends the tour");
    player.press("O");
    player.window.until_shown("That was the tour.");

    let asked = asked();
    assert!(player.pressed <= asked + BESIDE, "{} keys were pressed, {asked} are asked for", player.pressed);
    assert!(asked > 40, "{asked}");
    player.window.press("q");
    assert_eq!(player.window.end(), 0);
}

/// The keys that the texts ask for: those of the steps, and one that goes on a screen.
fn asked() -> usize {
    let screens = LESSONS.iter().flat_map(|lesson| &lesson.screens);
    let keys = |text: &str| {
        let letters = text.split('`').skip(1).step_by(2).filter(|letters| letters.chars().count() == 1).count();
        text.matches('{').count() + letters
    };
    screens.map(|screen| 1 + screen.steps.iter().map(|step| keys(&step.text)).sum::<usize>()).sum()
}

#[test]
fn the_tour_is_opened_by_a_command_and_taken_up_where_it_was_left() {
    let run = |words: &'static str| {
        format!(r#"stty -g; sh -c 'echo "pid $$"; exec "$0" {words}' "$PROGRAM"; echo "exit $?"; stty -g"#)
    };
    let place = tempfile::tempdir().unwrap();
    let state = place.path().display().to_string();
    let open = |words| {
        let script = run(words);
        Window::shell(&["-c", &script], &[("TERM", "xterm-256color"), ("XDG_STATE_HOME", &state)])
    };
    let mut first = open("tour --lesson 7");
    first.until_shown("7 of 10");
    first.press("\x1b");
    first.until_shown("The tour waits in lesson 7");
    first.press("q");
    assert_eq!(first.end(), 0);
    let mut second = open("");
    second.until_shown("? keys");
    assert!(!second.text().contains("ten short lessons"), "it is offered once");
    second.press("O");
    second.until_shown("7 of 10");
    second.press("q");
    assert_eq!(second.end(), 0);
}

#[test]
fn a_storm_across_an_expiry_costs_one_token_call_and_the_policies_are_compared_in_numbers() {
    let mut window = Window::open();
    window.press("s");
    window.until_shown("200 OK");
    window.press("Mn");
    window.until_shown("Storm: 20 calls at once, ");
    window.until_shown(", 1 token call, ");
    window.press("My");
    window.until_shown("Reuse: 10 calls, 1 token call, ");
    window.until_shown("per-transaction: 10 calls, 10 token calls, ");
    window.press("M");
    window.until_shown("Last measured: reuse: 10 calls, 1 token call, ");
    window.press("\x1b");
    window.until(|window| !window.text().contains("Sandbox lab"));
    window.press("q");
    assert_eq!(window.end(), 0);
}

#[test]
fn what_the_lab_does_stands_on_the_top_line_as_long_as_it_does() {
    let top = |window: &Window| window.text().lines().next().unwrap_or_default().to_owned();
    let mut window = Window::open();
    window.press("Mp");
    window.until(|window| top(window).contains("time x60, 30 s stand for 30 min"));
    window.press("s");
    window.until(|window| window.text().contains("200 OK") && top(window).contains("x60"));
    window.press("Mu");
    window.until(|window| !top(window).contains("x60"));
    // For one call: gone with it.
    window.press("Mv");
    window.until(|window| top(window).contains("API answers 503, 1 more times"));
    window.press("s");
    window.until(|window| window.text().contains("503") && !top(window).contains("API answers"));
    window.press("q");
    assert_eq!(window.end(), 0);
}
