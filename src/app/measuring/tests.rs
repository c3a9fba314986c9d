//! What is sent and when, on facts alone; what is counted against the sandbox stands with the flows.

use super::*;
use crate::app::{
    message::Message,
    tests::{app, press},
    update,
};

fn sends(effects: &[Effect]) -> usize {
    effects.iter().filter(|effect| matches!(effect, Effect::Send(_))).count()
}

#[test]
fn a_storm_lets_every_token_expire_first_and_sends_all_at_once_under_reuse() {
    let mut app = app();
    let effects = press(&mut app, "M n");
    assert!(matches!(effects.first(), Some(Effect::Play(Fault::ExpireTokens))), "{effects:?}");
    assert_eq!(sends(&effects), STORM);
    assert!(effects.iter().all(|effect| match effect {
        Effect::Send(order) => order.policy == TokenPolicy::Reuse && order.prepared.method == "GET",
        _ => true,
    }));
    assert_eq!(sends(&press(&mut app, "M n")), 0, "one at a time");
}

#[test]
fn a_comparison_sends_one_call_after_the_other() {
    let mut app = app();
    assert_eq!(sends(&press(&mut app, "M y")), 1);
    assert_eq!(sends(&update(&mut app, Message::Ticked)), 0);
}

#[test]
fn what_was_counted_is_said_with_its_numbers() {
    let took = Duration::from_millis(84);
    let storm =
        Tally { calls: 20, token_calls: 1, refused: 20, answered: 20, took, ..Tally::of(TokenPolicy::Reuse, true) };
    assert_eq!(storm.line(), "storm: 20 calls at once, 20 met a 401, 1 token call, 84 ms in all");
    let each =
        Tally { calls: 10, token_calls: 10, answered: 10, took, ..Tally::of(TokenPolicy::PerTransaction, false) };
    assert_eq!(each.line(), "per-transaction: 10 calls, 10 token calls, 84 ms in all");
}
