//! The files of the lessons, and what shows that a step is done.

use super::*;

/// The pages of the documented API that lessons may name.
const PAGES: [&str; 5] = ["Authentication page", "Overview page", "Create page", "Status page", "Webhooks page"];

fn lessons() -> Vec<Lesson> {
    let parsed = |(name, text): &(&str, &str)| Lesson::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    FILES.iter().map(parsed).collect()
}

fn is_source(source: &str) -> bool {
    let section = source.strip_prefix("RFC ").and_then(|rest| rest.split_once(" §"));
    let number = |text: &str| !text.is_empty() && text.chars().all(|letter| letter.is_ascii_digit() || letter == '.');
    PAGES.contains(&source) || section.is_some_and(|(rfc, section)| number(rfc) && number(section))
}

#[test]
fn ten_lessons_are_read_from_their_files_and_no_other_file_lies_there() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/tour");
    let found = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut found: Vec<_> = found.filter_map(|name| name.strip_suffix(".toml").map(str::to_owned)).collect();
    found.sort();
    assert_eq!(found, FILES.map(|(name, _)| name));
    assert_eq!(lessons(), *LESSONS);
    assert_eq!(LESSONS.len(), 10);
}

#[test]
fn every_part_of_every_screen_has_its_source() {
    let mut parts = 0;
    for lesson in lessons() {
        for part in lesson.screens.iter().flat_map(|screen| [&screen.before, &screen.after]) {
            assert!(!part.sources.is_empty(), "{} has no source: {}", lesson.title, part.text);
            assert!(part.sources.iter().all(|source| is_source(source)), "{}: {:?}", lesson.title, part.sources);
            parts += 1;
        }
    }
    assert_eq!(parts, 22);
}

#[test]
fn every_step_has_a_hint_and_every_key_in_a_text_is_that_of_an_action() {
    for lesson in lessons() {
        for screen in &lesson.screens {
            assert!(!screen.steps.is_empty() && screen.steps.len() <= 3, "{}", lesson.title);
            let hints = screen.steps.iter().flat_map(|step| {
                assert!(!step.hints.is_empty(), "{}: {}", lesson.title, step.text);
                step.hints.iter().chain([&step.text])
            });
            for text in hints.chain([&screen.before.text, &screen.after.text]) {
                let names = text.split('{').skip(1).map(|rest| rest.split('}').next().unwrap());
                for name in names {
                    assert!(
                        name.chars()
                            .all(|letter| letter.is_ascii_lowercase() || letter == '-' || letter.is_ascii_digit()),
                        "{name}"
                    );
                }
                assert!(!text.contains('!') && !text.contains("please"), "{text}");
            }
        }
    }
}

#[test]
fn a_walk_goes_through_every_screen_once_and_begins_again_where_there_is_none() {
    let mut walk = Walk::from(Place::default(), true);
    let mut screens = 1;
    while let Some(place) = walk.next() {
        assert!(place > walk.place());
        walk = Walk::from(place, true);
        screens += 1;
    }
    assert_eq!(screens, 11);
    assert_eq!(Walk::from(Place { lesson: 9, screen: 7 }, true).place(), Place::default());
    assert_eq!(Walk::from(Place { lesson: 40, screen: 0 }, true).place(), Place::default());
}

#[test]
fn steps_are_ticked_off_in_their_order_and_hints_begin_anew_with_each() {
    let mut walk = Walk::from(Place { lesson: 1, screen: 0 }, true);
    assert!(!walk.look(|deed| deed == Deed::NothingOnTop), "the second step waits for the first");
    walk.give_hint();
    assert!(walk.hint().is_some() && !walk.has_hint());
    assert!(walk.look(|deed| deed == Deed::ClaimsShown));
    assert_eq!((walk.done(), walk.hint()), (1, None));
    assert!(walk.look(|deed| deed == Deed::NothingOnTop));
    assert_eq!(walk.step(), None);
}

#[test]
fn elsewhere_than_on_the_sandbox_its_steps_are_left_out() {
    for (at, lesson) in LESSONS.iter().enumerate() {
        let walk = Walk::from(Place { lesson: at, screen: 0 }, false);
        assert!(walk.steps().iter().all(|step| !step.sandbox), "{}", lesson.title);
        assert!(walk.steps().iter().all(|step| !step.text.contains("lab")), "{}", lesson.title);
    }
}
