//! Messages in, state and orders out: no runtime, no terminal.

mod asking;
mod composing;
mod filtering;
mod history;
mod importing;
mod lists;
mod viewing;

use std::{path::Path, sync::Arc};

use jiff::{Timestamp, tz::TimeZone};
use url::Url;

use super::{
    composer::Tab,
    effect::{Effect, Order},
    lab::Fault,
    message::Message,
    *,
};
use crate::{
    config::{
        action::Action,
        chord::Key,
        profiles,
        theme::{Theme, ThemeName},
    },
    domain::{
        exchange::{Exchange, Outcome},
        request::{Authorization, Purpose},
        secret::Secret,
        token::TokenPolicy,
    },
};

/// An explorer on the sandbox at 120 by 40, its clock at noon.
pub(super) fn app() -> App {
    let base = Url::parse("http://127.0.0.1:43117").unwrap();
    let clients = ["demo-client", "second-client"].map(|id| (id.to_owned(), Arc::new(Secret::new("very-secret"))));
    App::new(Start {
        now: Now { boot: Boot(std::time::Duration::from_secs(1000)), wall: Timestamp::UNIX_EPOCH },
        zone: TimeZone::UTC,
        size: (120, 40),
        keymap: Keymap::default(),
        profiles: vec![Arc::new(profiles::sandbox(base, clients)), Arc::new(profiles::paysecurez())],
        active: 0,
        trouble: None,
    })
}

/// Presses keys, one word each.
pub(super) fn press(app: &mut App, keys: &str) -> Vec<Effect> {
    let mut effects = Vec::new();
    for key in keys.split_whitespace() {
        effects.extend(update(app, Message::Key(Chord::parse(key).unwrap())));
    }
    effects
}

pub(super) fn type_text(app: &mut App, text: &str) {
    for letter in text.chars() {
        update(app, Message::Key(Chord::plain(Key::Char(letter))));
    }
}

fn sent(effects: &[Effect]) -> Vec<&Order> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Send(order) => Some(&**order),
            _ => None,
        })
        .collect()
}

/// The end of a call of which nothing went out.
fn ended(order: &Order, outcome: Outcome) -> Message {
    Message::Settled(Box::new(Exchange {
        id: order.id,
        name: order.prepared.name.clone(),
        method: order.prepared.method.clone(),
        url: order.prepared.url.clone(),
        profile: order.profile.name.clone(),
        policy: order.policy,
        on_purpose: None,
        started: Timestamp::UNIX_EPOCH,
        began: Boot::default(),
        took: std::time::Duration::ZERO,
        attempts: Vec::new(),
        outcome,
        renewal: None,
        diagnosis: None,
    }))
}

#[test]
fn one_key_sends_the_request_that_is_open_at_the_start() {
    let mut app = app();
    let effects = press(&mut app, "s");
    let [order] = sent(&effects)[..] else { panic!("{effects:?}") };
    assert_eq!(order.prepared.method, "GET");
    assert_eq!(order.prepared.url.as_str(), "http://127.0.0.1:43117/api/v1/transactions/txn_demo0001/status");
    assert_eq!((order.credential.as_str(), order.policy), ("demo-client", TokenPolicy::Reuse));
    assert!(app.sending.is_running(order.id));
}

#[test]
fn a_fault_of_the_lab_is_played_and_closes_it_unless_by_its_capital_letter() {
    let mut app = app();
    let effects = press(&mut app, "M e");
    assert!(matches!(effects[..], [Effect::Play(Fault::ExpireTokens)]) && app.overlay.is_none(), "{effects:?}");
    let effects = press(&mut app, "M L");
    assert!(matches!(effects[..], [Effect::Play(Fault::Life20)]), "{effects:?}");
    assert!(app.overlay.is_some());
    assert_eq!(sent(&press(&mut app, "esc s")).len(), 1);
}

#[test]
fn escape_twenty_times_from_anywhere_ends_at_the_root_and_loses_nothing() {
    for keys in ["", "M", "?", "E", "C", "S", "/", "2 e", "z", "6", "2 [ [ [ a", "q", "g"] {
        let mut app = app();
        let [order] = <[Effect; 1]>::try_from(press(&mut app, "s")).unwrap();
        press(&mut app, "1 k e");
        type_text(&mut app, "draft ");
        press(&mut app, "esc");
        press(&mut app, keys);
        for _ in 0..20 {
            assert!(press(&mut app, "esc").is_empty(), "after {keys:?}: an order");
        }
        assert!(app.overlay.is_none() && app.editing.is_none() && !app.zoomed, "after {keys:?}");
        let Effect::Send(order) = order else { panic!() };
        assert!(app.sending.is_running(order.id), "after {keys:?}: still on its way");
        let drafts = app.requests.rows().into_iter().filter_map(|row| match row {
            requests::Row::Entry(entry, _) => Some(entry.draft.body.clone()),
            requests::Row::Group { .. } => None,
        });
        assert!(drafts.into_iter().any(|body| body.starts_with("draft ")), "after {keys:?}: the draft is kept");
    }
}

#[test]
fn a_paste_is_text_in_a_field_an_offer_over_the_panes_and_never_a_command() {
    let mut app = app();
    assert!(update(&mut app, Message::Pasted("q\ns\nM".into())).is_empty());
    assert!(app.overlay.is_none() && app.sending.running().is_empty());
    update(&mut app, Message::Pasted(" https://api.example/x?a=1\n".into()));
    press(&mut app, "n");
    assert_eq!(app.requests.count(), 5, "declined");
    update(&mut app, Message::Pasted("https://api.example/x?a=1".into()));
    press(&mut app, "y");
    assert_eq!(app.requests.entry().draft.url, "https://api.example/x?a=1");
    update(&mut app, Message::Pasted("{\"a\": 1}\n".into()));
    press(&mut app, "enter");
    assert_eq!(app.requests.entry().draft.body, "{\"a\": 1}");
    press(&mut app, "1 g g j j");
    press(&mut app, "k e");
    update(&mut app, Message::Pasted("one\ntwo ".into()));
    press(&mut app, "esc");
    assert!(app.requests.entry().draft.body.starts_with("one\ntwo {"));
    press(&mut app, "e ctrl-_ esc");
    press(&mut app, "M");
    update(&mut app, Message::Pasted("e".into()));
    assert!(app.overlay.is_some(), "nor is it a key of an overlay");
}

#[test]
fn ctrl_c_cancels_what_runs_and_quits_only_when_pressed_twice_at_rest() {
    let mut app = app();
    press(&mut app, "s s");
    let effects = press(&mut app, "ctrl-c");
    assert_eq!(effects.len(), 2, "{effects:?}");
    assert!(effects.iter().all(|effect| matches!(effect, Effect::Cancel(_))));
    for running in app.sending.running().to_vec() {
        app.sending.end(running.id);
    }
    assert!(press(&mut app, "ctrl-c").is_empty());
    assert!(matches!(press(&mut app, "ctrl-c")[..], [Effect::Quit]));
    assert!(press(&mut app, "ctrl-c").is_empty(), "quitting took the first one with it");
    app.now.boot = app.now.boot + std::time::Duration::from_secs(2);
    update(&mut app, Message::Ticked);
    assert!(press(&mut app, "ctrl-c").is_empty(), "two seconds are over");
}

#[test]
fn quitting_asks_only_when_something_runs_or_is_not_saved() {
    let mut app = app();
    assert!(matches!(press(&mut app, "q")[..], [Effect::Quit]));
    press(&mut app, "s");
    assert!(press(&mut app, "q").is_empty());
    assert!(matches!(app.overlay, Some(Overlay::Quit { .. })));
    assert!(press(&mut app, "n").is_empty() && app.overlay.is_none());
    press(&mut app, "q");
    assert!(matches!(press(&mut app, "y")[..], [Effect::Quit]));
}

#[test]
fn a_request_that_cannot_be_sent_is_marked_and_not_sent() {
    let mut app = app();
    press(&mut app, "2 k e ctrl-u");
    type_text(&mut app, "{{nowhere}}/x");
    let effects = press(&mut app, "f5");
    assert!(sent(&effects).is_empty());
    assert!(
        app.composer.error(Target::Url, &app.requests.entry().draft).is_some_and(|why| why.contains("nowhere")),
        "{:?}",
        app.composer.errors
    );
    assert!(app.notice.as_ref().is_some_and(|notice| notice.text.contains("nowhere")));
    press(&mut app, "e ctrl-u");
    type_text(&mut app, "{{base_url}}/x");
    assert_eq!(sent(&press(&mut app, "f5")).len(), 1);
}

#[test]
fn rows_are_added_switched_off_edited_and_deleted() {
    let mut app = app();
    press(&mut app, "2 [ [ [");
    assert_eq!(app.composer.tab, Tab::Headers);
    press(&mut app, "a");
    type_text(&mut app, "X-A");
    press(&mut app, "tab");
    type_text(&mut app, "1");
    press(&mut app, "enter");
    let headers = |app: &App| app.requests.entry().draft.headers.clone();
    assert_eq!((headers(&app)[0].name.as_str(), headers(&app)[0].value.as_str()), ("X-A", "1"));
    let order = press(&mut app, "s");
    assert_eq!(sent(&order)[0].prepared.headers[0].0, "x-a");
    press(&mut app, "space");
    assert!(!headers(&app)[0].on);
    assert!(sent(&press(&mut app, "s"))[0].prepared.headers.is_empty());
    press(&mut app, "d");
    assert!(headers(&app).is_empty());
}

#[test]
fn the_method_goes_round_by_space() {
    let mut app = app();
    press(&mut app, "2 h space");
    assert_eq!(app.requests.entry().draft.method, "POST");
    assert_eq!(sent(&press(&mut app, "s"))[0].prepared.method, "POST");
}

#[test]
fn the_policy_in_force_goes_with_the_call_and_is_kept_for_each_profile() {
    let mut app = app();
    press(&mut app, "P");
    assert_eq!(sent(&press(&mut app, "s"))[0].policy, TokenPolicy::PerTransaction);
    press(&mut app, "E j enter");
    assert_eq!(app.environment.policy(), TokenPolicy::Reuse);
    press(&mut app, "E k enter");
    assert_eq!(app.environment.policy(), TokenPolicy::PerTransaction);
}

#[test]
fn another_credential_of_the_profile_can_be_chosen() {
    let mut app = app();
    press(&mut app, "C j enter");
    assert_eq!(sent(&press(&mut app, "s"))[0].credential, "second-client");
    assert_eq!(app.environment.pseudonym(1), "sec#2");
}

#[test]
fn a_send_on_purpose_carries_what_was_chosen() {
    let mut app = app();
    let effects = press(&mut app, "S enter");
    let authorization = &sent(&effects)[0].prepared.authorization;
    assert!(matches!(authorization, Authorization::OnPurpose(Purpose::NoToken)), "{authorization:?}");
}

#[test]
fn a_token_that_is_typed_is_sent_once_and_is_not_seen() {
    let mut app = app();
    press(&mut app, "S end k k k k enter");
    assert!(press(&mut app, "enter").is_empty(), "nothing is typed yet");
    let effects = press(&mut app, "a . b backspace c ctrl-u d e f enter");
    let [order] = &sent(&effects)[..] else { panic!("{effects:?}") };
    let Authorization::OnPurpose(Purpose::Token(token)) = &order.prepared.authorization else { panic!("{order:?}") };
    assert!(token.same_as(&Secret::new("def")));
    assert!(!format!("{order:?}").contains("def"));
}

#[test]
fn a_send_on_purpose_can_be_another_credentials_and_by_another_policy() {
    let mut app = app();
    let effects = press(&mut app, "S end k k enter");
    assert_eq!(sent(&effects)[0].credential, "second-client");
    assert_eq!(sent(&press(&mut app, "s"))[0].credential, "demo-client", "once");
    let effects = press(&mut app, "S end enter");
    assert_eq!(sent(&effects)[0].policy, TokenPolicy::Manual);
    let effects = press(&mut app, "S end k k k enter");
    let authorization = &sent(&effects)[0].prepared.authorization;
    assert!(matches!(authorization, Authorization::OnPurpose(Purpose::NoReplay)), "{authorization:?}");
}

#[test]
fn a_request_is_deleted_once_that_is_agreed_to_and_its_copy_is_another() {
    let mut app = app();
    let (count, name) = (app.requests.count(), app.requests.entry().draft.name.clone());
    press(&mut app, "1 D");
    assert_eq!((app.requests.count(), app.requests.entry().draft.name.as_str()), (count + 1, &*format!("{name} copy")));
    press(&mut app, "d n");
    assert_eq!(app.requests.count(), count + 1);
    press(&mut app, "d y");
    assert_eq!(app.requests.count(), count);
    press(&mut app, "u d esc");
    assert_eq!(app.requests.count(), count + 1, "taken back, and Esc deletes nothing");
    press(&mut app, "g g j d");
    assert!(app.overlay.is_none(), "there is nothing of the catalogue to put back");
}

#[test]
fn the_token_call_is_made_by_the_engine_and_never_as_text() {
    let mut app = app();
    press(&mut app, "j");
    assert!(app.requests.entry().token_call);
    let effects = press(&mut app, "s");
    assert!(matches!(&effects[..], [Effect::Renew(profile, who)] if profile.name == "sandbox" && who == "demo-client"));
    press(&mut app, "e");
    assert!(app.editing.is_none(), "its fields are the profile's");
}

#[test]
fn production_asks_once_a_run_before_a_call_that_may_move_money() {
    let mut app = app();
    press(&mut app, "E j enter k");
    assert_eq!(app.requests.entry().draft.method, "POST");
    assert!(press(&mut app, "s").is_empty());
    assert!(press(&mut app, "enter").is_empty(), "Enter is no yes");
    assert!(press(&mut app, "f5").is_empty(), "nor is the key that sends");
    assert_eq!(sent(&press(&mut app, "y")).len(), 1);
    assert_eq!(sent(&press(&mut app, "s")).len(), 1, "once agreed, this run asks no more");
    let mut other = Profile::clone(app.environment.profile());
    other.name = "another".to_owned();
    app.environment = Environment::new(vec![Arc::new(other)], 0);
    assert!(app.asks_first("POST"), "who agreed did so for one profile");
}

#[test]
fn a_profile_without_a_credential_says_what_to_give_and_asks_for_no_token() {
    let mut app = app();
    press(&mut app, "E j enter");
    let give = "set the environment variable `X`".to_owned();
    let refusal = Refusal::NoCredential { profile: "paysecurez".into(), give };
    update(&mut app, Message::TokenStood(Err(refusal.clone())));
    assert!(press(&mut app, "R").is_empty());
    assert!(app.notice.as_ref().is_some_and(|notice| notice.text.contains("environment variable `X`")));
    let effects = press(&mut app, "k s");
    let [order] = sent(&effects)[..] else { panic!("{effects:?}") };
    let end = ended(order, Outcome::Refused(refusal));
    update(&mut app, end);
    assert!(app.sending.running().is_empty());
    assert!(app.notice.as_ref().is_some_and(|notice| notice.text.starts_with("Nothing was sent:")));
}

#[test]
fn a_call_that_ends_elsewhere_says_so_without_taking_the_focus() {
    let mut app = app();
    let first = press(&mut app, "s");
    let second = press(&mut app, "s");
    let (first, second) = (sent(&first)[0].clone(), sent(&second)[0].clone());
    press(&mut app, "1");
    update(&mut app, ended(&first, Outcome::Cancelled));
    assert_eq!(app.focus, Pane::Requests);
    assert_eq!(app.response.exchange(), Some(second.id));
}

#[test]
fn nothing_counts_while_there_is_no_token_and_nothing_runs() {
    let mut app = app();
    app.take_stale();
    assert_eq!(app.next_tick(), None);
    press(&mut app, "s");
    assert!(app.next_tick().is_some_and(|tick| tick > app.now.boot), "tenths of a second while it runs");
}

#[test]
fn a_key_that_means_nothing_leaves_the_screen_alone() {
    let mut app = app();
    app.take_stale();
    press(&mut app, "F9 x");
    assert_eq!(app.stale(), Stale::Nothing);
    press(&mut app, "j");
    assert_eq!(app.take_stale(), Stale::Now);
    let same = app.status.clone();
    update(&mut app, Message::TokenStood(same));
    assert_eq!(app.stale(), Stale::Nothing, "the same status draws nothing");
}

#[test]
fn every_action_of_the_panes_can_be_done_at_once_without_harm() {
    // No key is dead, and none panics: each action is done in each pane, with and without an answer.
    for spec in crate::config::action::ACTIONS {
        for pane in "1 2 3 4 5 6".split(' ') {
            let mut app = app();
            press(&mut app, pane);
            act::done(&mut app, spec.action);
            press(&mut app, "s");
            act::done(&mut app, spec.action);
            if !matches!(spec.action, Action::CancelOrQuit | Action::Quit) {
                press(&mut app, "esc esc");
            }
        }
    }
}

#[test]
fn the_palette_finds_an_action_by_its_letters_and_does_it() {
    let mut app = app();
    press(&mut app, "ctrl-p");
    type_text(&mut app, "zoom");
    press(&mut app, "enter");
    assert!(app.zoomed && app.overlay.is_none());
    press(&mut app, "2 e");
    press(&mut app, "f2");
    type_text(&mut app, "undo");
    assert!(app.overlay.is_some(), "over a field it offers what a field can do");
    press(&mut app, "enter esc");
    press(&mut app, "ctrl-p q j");
    assert!(
        matches!(&app.overlay, Some(Overlay::Palette(palette)) if palette.editor.text() == "qj"),
        "letters are text"
    );
    press(&mut app, "esc");
    assert!(app.overlay.is_none());
}

#[test]
fn the_command_line_completes_runs_and_remembers() {
    let mut app = app();
    press(&mut app, ":");
    type_text(&mut app, "poli");
    press(&mut app, "tab");
    type_text(&mut app, "m");
    press(&mut app, "tab enter");
    assert_eq!(app.environment.policy(), TokenPolicy::Manual);
    press(&mut app, ": up enter");
    assert_eq!(app.environment.policy(), TokenPolicy::Manual, "the same line again");
    press(&mut app, ":");
    type_text(&mut app, "environment paysecurez");
    press(&mut app, "enter");
    assert_eq!(app.environment.profile().name, "paysecurez");
    press(&mut app, ":");
    type_text(&mut app, "quit");
    assert!(matches!(press(&mut app, "enter")[..], [Effect::Quit]), "every action is a command by its name");
}

#[test]
fn a_command_that_cannot_be_run_is_explained() {
    for (line, why) in [
        ("polcy reuse", "did you mean `policy`?"),
        ("policy never", "there are reuse, per-transaction, manual"),
        ("policy", "moved"),
        ("fold x", "no number"),
        ("12", "no body yet"),
        ("resize sideways 3", "left, right, up or down"),
        ("environment nowhere", "no profile `nowhere`"),
    ] {
        let mut app = app();
        press(&mut app, ":");
        type_text(&mut app, line);
        let effects = press(&mut app, "enter");
        let said = app.notice.as_ref().map(|notice| notice.text.clone()).unwrap_or_default();
        if line == "policy" {
            assert!(said.starts_with("Policy is"), "alone it is the action of that name: {said}");
        } else {
            assert!(effects.is_empty() && said.contains(why), "{line}: {said}");
        }
    }
}

#[test]
fn borders_move_by_command_and_go_back() {
    let mut app = app();
    let width = |app: &App, pane| layout::areas(app).pane(pane).map_or(0, |place| place.area.width);
    let height = |app: &App, pane| layout::areas(app).pane(pane).map_or(0, |place| place.area.height);
    let run = |app: &mut App, line: &str| {
        press(app, ":");
        type_text(app, line);
        press(app, "enter");
    };
    run(&mut app, "resize right 6");
    assert_eq!(width(&app, Pane::Requests), 32);
    press(&mut app, "6");
    run(&mut app, "resize up 4");
    assert_eq!(height(&app, Pane::Timeline), 11);
    press(&mut app, "2");
    run(&mut app, "resize down 3");
    assert_eq!(height(&app, Pane::Composer), 13, "45 % of what the timeline left, and three");
    run(&mut app, "resize right 9000");
    assert_eq!(width(&app, Pane::Requests), 40, "a third of the screen is the most");
    run(&mut app, "resize reset");
    assert_eq!((width(&app, Pane::Requests), height(&app, Pane::Timeline)), (26, 7));
}

#[test]
fn changes_of_a_request_are_taken_back_one_by_one_and_made_again() {
    let mut app = app();
    let draft = |app: &App| app.requests.entry().draft.clone();
    let first = draft(&app);
    press(&mut app, "2 h space space [ [ [ a");
    type_text(&mut app, "X-A");
    press(&mut app, "esc");
    let last = draft(&app);
    assert_eq!((last.method.as_str(), last.headers.len()), ("PUT", 1));
    press(&mut app, "u u");
    assert_eq!((draft(&app).method.as_str(), draft(&app).headers.len()), ("PUT", 0));
    press(&mut app, "u u");
    assert_eq!(draft(&app), first);
    press(&mut app, "u");
    assert!(app.notice.as_ref().is_some_and(|notice| notice.text.contains("Nothing")));
    press(&mut app, "ctrl-r ctrl-r ctrl-r ctrl-r");
    assert_eq!(draft(&app), last);
}

#[test]
fn a_request_is_found_by_its_words_while_they_are_typed() {
    let mut app = app();
    press(&mut app, "/");
    type_text(&mut app, "post pay");
    assert_eq!((app.requests.count(), app.requests.entry().draft.name.as_str()), (1, "Create a payment"));
    press(&mut app, "enter");
    assert_eq!(app.requests.count(), 5, "the whole list is there again");
    assert_eq!(app.requests.entry().draft.name, "Create a payment");
    press(&mut app, "/");
    type_text(&mut app, "zzzz");
    assert_eq!(app.requests.count(), 0);
    press(&mut app, "esc");
    assert_eq!((app.requests.count(), app.requests.entry().draft.name.as_str()), (5, "Create a payment"));
    press(&mut app, "/");
    update(&mut app, Message::Pasted("echo".into()));
    assert_eq!(app.requests.count(), 1, "what is pasted is looked for too");
    press(&mut app, "ctrl-u");
    assert_eq!(app.requests.count(), 5, "nothing is looked for any more");
    type_text(&mut app, "echo");
    update(&mut app, Message::Clicked(100, 6));
    assert_eq!((app.requests.count(), app.focus), (5, Pane::Token), "a click ends the search");
}

#[test]
fn what_is_in_hand_is_copied_by_two_keys_and_the_way_is_said() {
    let mut app = app();
    let effects = press(&mut app, "y u");
    let address = "http://127.0.0.1:43117/api/v1/transactions/txn_demo0001/status";
    assert!(matches!(&effects[..], [Effect::Copy { text, .. }] if text == address), "{effects:?}");
    let effects = update(&mut app, Message::Uncopied { what: "the address".into(), text: address.into() });
    assert!(matches!(&effects[..], [Effect::CopyByTerminal { text, .. }] if text == address));
    update(&mut app, Message::Copied(Ok("Copied the address, 62 bytes, by OSC 52.".into())));
    assert!(app.notice.as_ref().is_some_and(|notice| notice.text.contains("62 bytes")));
    press(&mut app, "3 y");
    assert!(app.overlay.is_none(), "there is nothing to copy before an answer");
}

#[test]
fn another_theme_is_drawn_by_command() {
    let mut app = app();
    press(&mut app, ":");
    type_text(&mut app, "theme light");
    let effects = press(&mut app, "enter");
    let [Effect::Theme(Some(light))] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(light.base(), ThemeName::Light);
    press(&mut app, ":");
    type_text(&mut app, "theme auto");
    assert!(matches!(press(&mut app, "enter")[..], [Effect::Theme(None)]));
}

#[test]
fn a_theme_of_ones_own_is_offered_read_and_drawn_or_what_is_wrong_with_it_is_said() {
    let mut app = app();
    app.own_themes = vec!["mine".to_owned()];
    let words: Vec<_> = app.completions("theme m").into_iter().map(|completion| completion.word).collect();
    assert_eq!(words, ["mono", "mine"]);
    press(&mut app, ":");
    // One that was made after the start.
    type_text(&mut app, "theme newer");
    let effects = press(&mut app, "enter");
    assert!(matches!(&effects[..], [Effect::ReadTheme(name)] if name == "newer"), "{effects:?}");
    let read = |app: &mut App, outcome| update(app, Message::ThemeRead("newer".to_owned(), outcome));
    assert!(read(&mut app, Err("newer.toml:1:1: wrong".to_owned())).is_empty());
    assert_eq!(app.notice.take().unwrap().text, "newer.toml:1:1: wrong");
    let theme = Box::new(Theme::built_in(ThemeName::Light));
    assert!(matches!(read(&mut app, Ok(theme))[..], [Effect::Theme(Some(_))]));
    assert_eq!(app.notice, None);
    let hard = Theme::parse("[role]\nmuted = { fg = \"#000000\" }\n", Path::new("newer.toml")).unwrap();
    assert!(matches!(read(&mut app, Ok(Box::new(hard)))[..], [Effect::Theme(Some(_))]), "it is drawn all the same");
    assert!(app.notice.unwrap().text.starts_with("Theme newer is hard to read: muted 1."));
}

#[test]
fn a_click_puts_focus_and_cursor_where_it_points() {
    let mut app = app();
    update(&mut app, Message::Clicked(8, 5));
    assert_eq!((app.focus, app.requests.entry().draft.name.as_str()), (Pane::Requests, "Create a payment"));
    update(&mut app, Message::Clicked(95, 10));
    assert_eq!(app.focus, Pane::Token);
    press(&mut app, "2 e");
    update(&mut app, Message::Clicked(40, 32));
    assert!(app.editing.is_none() && app.focus == Pane::Timeline);
    press(&mut app, "?");
    update(&mut app, Message::Clicked(8, 6));
    assert_eq!(app.focus, Pane::Timeline, "an overlay swallows it");
    app.overlay = None;
    app.size = (80, 24);
    update(&mut app, Message::Clicked(30, 2));
    assert_eq!(app.focus, Pane::Response, "a name of the strip");
}

#[test]
fn the_wheel_scrolls_what_is_under_it_and_leaves_the_focus() {
    let mut app = app();
    press(&mut app, "2");
    update(&mut app, Message::Turned { x: 8, y: 6, down: true });
    assert_eq!(app.focus, Pane::Composer);
    assert_eq!(app.requests.entry().draft.method, "POST", "three rows down from the status call");
}

#[test]
fn the_log_opens_at_its_end_and_scrolls_by_lines_that_are_seen() {
    let mut app = app();
    let effects = press(&mut app, "L");
    assert!(matches!(effects[..], [Effect::ReadLog]));
    let lines = (0..100).map(|line| line.to_string()).collect();
    update(&mut app, Message::LogRead(Ok(lines)));
    let top = |app: &App| match &app.overlay {
        Some(Overlay::Log { top, .. }) => *top,
        other => panic!("{other:?}"),
    };
    // Of 40 rows six are taken.
    assert_eq!(top(&app), 66);
    press(&mut app, "j");
    assert_eq!(top(&app), 66);
    press(&mut app, "k");
    assert_eq!(top(&app), 65);
    press(&mut app, "esc");
    update(&mut app, Message::LogRead(Err("no log".to_owned())));
    assert!(app.overlay.is_none() && app.notice.is_some());
}

#[test]
fn why_no_token_can_be_had_is_told_where_nothing_was_refused() {
    let mut app = app();
    press(&mut app, "!");
    assert!(app.notice.as_ref().is_some_and(|notice| notice.text.contains("not refused")));
    let refusal = Refusal::NoCredential { profile: "mine".to_owned(), give: "set the variable X".to_owned() };
    update(&mut app, Message::TokenStood(Err(refusal)));
    press(&mut app, "!");
    assert!(app.notice.as_ref().is_some_and(|notice| notice.text.contains("Set the variable X")), "{:?}", app.notice);
}

#[test]
fn what_is_open_after_a_request_is_deleted_is_one_that_is_shown() {
    let mut app = app();
    press(&mut app, "E j enter 1 a enter 1");
    assert_eq!(app.requests.entry().group, "My requests");
    press(&mut app, "d");
    assert!(!app.requests.entry().sandbox_only, "{}", app.requests.entry().draft.name);
    assert!(app.requests.rows().iter().any(|row| matches!(row, requests::Row::Entry(_, true))));
}

#[test]
fn what_a_click_changes_is_kept_too() {
    let mut app = app();
    update(&mut app, Message::Restored(None));
    let effects = update(&mut app, Message::Clicked(8, 5));
    assert!(
        matches!(&effects[..], [Effect::Keep(kept)] if kept.session.open.contains("Create a payment")),
        "{effects:?}"
    );
}
