//! The lessons as they are drawn: few words, all of them on screen, beside panes that stay in sight.

use authscope::{
    app::{effect::Effect, focus::Pane, lab, layout, message::Message},
    config::{
        action::Action,
        keymap::Keymap,
        theme::{Look, Signs, ThemeName},
    },
    domain::profile::Place as Kind,
    tour::{LESSONS, Place},
};

use crate::stage::{CAPTURED, Stage};

/// Words of a screen at most.
const MOST: usize = 60;

/// Every screen there is.
fn places() -> Vec<Place> {
    let screens = |lesson: usize| 0..LESSONS[lesson].screens.len();
    (0..LESSONS.len()).flat_map(|lesson| screens(lesson).map(move |screen| Place { lesson, screen })).collect()
}

/// Opens that screen.
fn opened(size: (u16, u16), place: Place) -> Stage {
    let mut stage = Stage::new(size.0, size.1);
    stage.tell(Message::Restored(None));
    go(&mut stage, place);
    stage
}

fn go(stage: &mut Stage, place: Place) {
    stage.press(":");
    stage.type_text(&format!("lesson {}", place.lesson + 1));
    stage.press("enter");
    // A screen whose steps wait is gone past by its hints.
    while stage.app.tour.walk().unwrap().place() != place {
        stage.press("O");
    }
}

/// What stands where the tour is, a line a row.
fn shown(stage: &mut Stage) -> String {
    let area = layout::areas(&stage.app).tour.expect("the tour is on screen");
    let rows = stage.text();
    let cut = |row: &str| row.chars().skip(area.x.into()).take(area.width.into()).collect::<String>();
    rows.lines().skip(area.y.into()).take(area.height.into()).map(cut).collect::<Vec<_>>().join("\n")
}

fn words(text: &str) -> Vec<String> {
    let words = text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric));
    words.map(str::to_owned).collect()
}

/// Whether all of a text is there, its keys apart.
fn is_whole(shown: &str, text: &str) -> bool {
    let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    let plain = |part: &str| part.split('}').next_back().unwrap_or_default().replace('`', "");
    text.split('{').map(plain).all(|part| {
        let part = part.split_whitespace().collect::<Vec<_>>().join(" ");
        shown.contains(&part)
    })
}

#[test]
fn no_screen_of_the_tour_has_more_than_sixty_words_and_all_of_them_have_room() {
    let mut counted = 0;
    for place in places() {
        for size in [(80, 24), (100, 30), (120, 40), (120, 24), (200, 60)] {
            let mut stage = opened(size, place);
            let screen = &LESSONS[place.lesson].screens[place.screen];
            let mut look = |stage: &mut Stage, text: &str| {
                let shown = shown(stage);
                let words = words(&shown);
                assert!(words.len() <= MOST, "{place:?} has {} words:\n{shown}", words.len());
                assert!(is_whole(&shown, text), "{place:?} at {size:?} is cut, of {text:?}:\n{shown}");
                for step in &screen.steps {
                    assert!(is_whole(&shown, &step.text), "{place:?} at {size:?} is cut, of {step:?}:\n{shown}");
                }
                counted += 1;
            };
            look(&mut stage, &screen.before.text);
            let Some(step) = stage.app.tour.walk().unwrap().step() else { continue };
            for hint in &step.hints {
                stage.press("O");
                look(&mut stage, hint);
            }
        }
    }
    assert!(counted >= 11 * 5 * 2, "{counted}");
}

#[test]
fn the_panes_a_lesson_talks_about_stay_in_sight_beside_it() {
    for size in [(80, 24), (100, 40), (120, 40), (200, 60)] {
        let mut stage = opened(size, Place::default());
        for (number, pane) in [("1", Pane::Requests), ("3", Pane::Response), ("4", Pane::Token), ("6", Pane::Timeline)]
        {
            stage.press(number);
            let areas = layout::areas(&stage.app);
            let (tour, pane) = (areas.tour.unwrap(), areas.pane(pane).unwrap().area);
            assert!(pane.height >= 4 && !tour.intersects(pane), "{size:?} {pane:?} {tour:?}");
        }
    }
}

#[test]
fn a_key_that_was_bound_otherwise_is_shown_right_in_a_lesson() {
    let mut stage = opened((120, 40), Place::default());
    assert!(shown(&mut stage).contains("R asks for a token"));
    let other = std::iter::once(("renew-token".to_owned(), vec!["f9".to_owned()])).collect();
    stage.app.keymap = Keymap::with(&other).0;
    assert!(shown(&mut stage).contains("F9 asks for a token"), "{}", shown(&mut stage));
}

#[test]
fn every_key_of_a_lesson_is_that_of_an_action_or_of_what_lies_on_top() {
    let mut named = 0;
    for screen in LESSONS.iter().flat_map(|lesson| &lesson.screens) {
        let hints = screen.steps.iter().flat_map(|step| step.hints.iter().chain([&step.text]));
        for text in hints.chain([&screen.before.text, &screen.after.text]) {
            for name in text.split('{').skip(1).map(|rest| rest.split('}').next().unwrap()) {
                assert!(Action::named(name).is_some(), "`{name}` is no action");
                named += 1;
            }
            let letters = text.split('`').skip(1).step_by(2).filter(|letters| letters.chars().count() == 1);
            for letter in letters {
                let known = lab::ROWS.iter().any(|row| letter.starts_with(row.key)) || letter == "d";
                assert!(known, "`{letter}` is no key of the lab or of the token menu");
            }
        }
    }
    assert!(named > 50, "{named}");
}

#[test]
fn a_step_is_done_by_what_happens_and_not_by_its_key() {
    let mut stage = opened((120, 40), Place::default());
    stage.press("6 R");
    assert_eq!(stage.app.tour.walk().unwrap().done(), 0, "a token is asked for, and none is there yet");
    stage.fetch(None, 20);
    assert_eq!(stage.app.tour.walk().unwrap().done(), 2, "it is there, and the timeline has the focus");
    assert!(shown(&mut stage).contains("O goes on"));
    stage.press("O");
    assert_eq!(stage.app.tour.walk().unwrap().place(), Place { lesson: 1, screen: 0 });
}

#[test]
fn a_call_that_was_refused_and_healed_is_told_from_one_that_was_answered() {
    let mut stage = opened((120, 40), Place { lesson: 7, screen: 0 });
    assert_eq!(stage.app.tour.walk().unwrap().done(), 1, "the policy is reuse already");
    let order = stage.send();
    stage.answered(&order, 200, CAPTURED);
    assert_eq!(stage.app.tour.walk().unwrap().done(), 1);
    let order = stage.send();
    stage.healed(&order, 200, CAPTURED);
    assert_eq!(stage.app.tour.walk().unwrap().done(), 2);
}

#[test]
fn a_step_that_nobody_does_gets_a_hint_after_a_while_and_asks_for_one_tick_only() {
    let mut stage = opened((120, 40), Place::default());
    let mut waited = 0;
    while stage.app.tour.walk().unwrap().hint().is_none() {
        let due = stage.app.next_tick().unwrap().since(stage.app.now.boot);
        waited += due.as_millis();
        stage.tick(u64::try_from(due.as_millis()).unwrap());
    }
    assert!(waited > 30_000, "{waited}");
    assert_eq!(stage.app.next_tick(), None, "there is one hint only");
}

#[test]
fn the_tour_is_left_by_the_key_that_goes_back_and_goes_on_after_a_restart() {
    let mut stage = opened((120, 40), Place { lesson: 3, screen: 0 });
    stage.press("esc");
    assert!(stage.app.tour.walk().is_none() && stage.text().contains("The tour waits in lesson 4. O goes on with it."));
    let kept = stage.app.snapshot();
    let mut later = Stage::new(120, 40);
    later.tell(Message::Restored(Some(Box::new(kept))));
    assert!(later.app.tour.walk().is_none(), "it is not opened unasked");
    later.press("O");
    assert_eq!(later.app.tour.walk().unwrap().place(), Place { lesson: 3, screen: 0 });
}

#[test]
fn the_first_start_offers_the_tour_and_no_later_one_does() {
    let offer = "O tour: ten short lessons";
    let mut first = Stage::new(120, 40);
    assert!(!first.text().contains(offer));
    first.tell(Message::Restored(None));
    assert!(first.text().contains(offer));
    assert!(matches!(first.press("x")[..], [Effect::Keep(_)]), "that it was offered is kept with the first key");
    let mut later = Stage::new(120, 40);
    later.tell(Message::Restored(Some(Box::new(first.app.snapshot()))));
    assert!(!later.text().contains(offer));
    first.press("O esc x");
    assert!(!first.text().contains(offer), "whoever opened it needs no offer");
}

#[test]
fn on_another_profile_the_tour_plays_on_the_sandbox_unless_it_is_wanted_there_and_pays_nothing() {
    let mut stage = Stage::new(120, 40);
    stage.app.environment.choose_profile(1);
    stage.press("O");
    assert_eq!(stage.app.environment.profile().place, Kind::Sandbox);
    stage.press("esc");
    assert_eq!(stage.app.environment.profile().place, Kind::Production, "and it is as it was before");
    stage.press(":");
    stage.type_text("lesson here");
    stage.press("enter");
    assert_eq!(stage.app.environment.profile().place, Kind::Production);
    stage.press("1 k");
    assert_eq!(stage.app.requests.entry().draft.method, "POST");
    assert!(Stage::orders(stage.press("s")).is_empty());
    assert!(stage.text().contains("Nothing was sent: the tour pays with no one's money."), "{}", stage.text());
    stage.press("j :");
    stage.type_text("set txNo txn_1");
    stage.press("enter");
    assert_eq!(stage.app.requests.entry().draft.method, "GET");
    assert_eq!(Stage::orders(stage.press("s")).len(), 1, "a status check goes out");
}

#[test]
fn every_look_and_every_size_shows_it_or_leaves_it_out() {
    for theme in ThemeName::ALL {
        for signs in [Signs::Unicode, Signs::Ascii] {
            for size in [(16, 4), (30, 9), (50, 14), (60, 16), (99, 40), (110, 24), (160, 48)] {
                let mut stage = opened(size, Place { lesson: 7, screen: 0 });
                stage.look = Look::new(theme, signs);
                for keys in ["z", "z M", "esc", "e", "esc 6"] {
                    stage.press(keys);
                    let text = stage.text();
                    assert!(signs == Signs::Unicode || text.is_ascii(), "{text}");
                }
            }
        }
    }
}
