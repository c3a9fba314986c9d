//! The Flow tab: the steps of an exchange, their order and times, and the messages behind them.

use authscope::app::{
    overlay::Overlay,
    response::{
        Tab,
        sequence::{Mark, Opens, Party, Step},
    },
};
use http::StatusCode;

use crate::{screens::stories, stage::Stage};

fn ways(steps: &[Step]) -> Vec<(Party, Party)> {
    steps.iter().filter_map(|step| step.way).collect()
}

#[test]
fn a_healed_call_is_eight_messages_whose_times_never_go_back() {
    use Party::{Api, Authscope, TokenEndpoint, You};
    let mut stage = Stage::new(120, 40);
    stories::zoomed_flow(&mut stage);
    let steps = stage.app.sequence();
    let wanted = [
        (You, Authscope),
        (Authscope, Api),
        (Api, Authscope),
        (Authscope, TokenEndpoint),
        (TokenEndpoint, Authscope),
        (Authscope, Api),
        (Api, Authscope),
        (Authscope, You),
    ];
    assert_eq!(ways(&steps), wanted);
    assert!(steps.is_sorted_by_key(|step| step.after), "{steps:#?}");
    let marks: Vec<_> = steps.iter().filter_map(|step| step.mark).collect();
    let (refused, done) = (Mark::Status(StatusCode::UNAUTHORIZED), Mark::Status(StatusCode::OK));
    assert_eq!(marks, [refused, done, done, done]);
}

#[test]
fn every_message_of_it_opens_and_says_what_is_masked() {
    let mut stage = Stage::new(120, 40);
    stories::zoomed_flow(&mut stage);
    let steps = stage.app.sequence();
    stage.press("g g");
    for (at, step) in steps.iter().enumerate() {
        stage.press("enter");
        let page = stage.text();
        match &step.opens {
            Some(Opens::Request(..)) => assert!(page.contains("authorization: Bearer •••••••• tok#"), "{page}"),
            Some(Opens::TokenRequest(_)) => assert!(page.contains(r#""client_secret":"********""#), "{page}"),
            Some(Opens::Answer(..) | Opens::TokenAnswer(_)) => assert!(page.contains("As taken from"), "{page}"),
            None => assert!(stage.app.overlay.is_none(), "step {at}: {page}"),
        }
        if stage.app.overlay.is_some() {
            assert!(matches!(stage.app.overlay, Some(Overlay::Message(_))));
            assert!(page.contains("Secrets are masked here") || page.contains("Nothing in it is masked"), "{page}");
            stage.press("esc");
        }
        stage.press("j");
    }
}

#[test]
fn it_is_told_while_it_happens_and_a_send_from_it_stays_on_it() {
    let mut stage = Stage::new(120, 40);
    stories::zoomed_flow(&mut stage);
    let order = stage.send();
    assert_eq!(stage.app.response.tab, Tab::Flow);
    assert_eq!(ways(&stage.app.sequence()), [(Party::You, Party::Authscope)]);
    let url = order.profile.token_url.clone();
    stage.flow(Some(order.id), authscope::domain::flow::FlowStep::TokenRequested { url, attempt: 1 });
    stage.tick(400);
    let text = stage.text();
    assert!(text.contains("+400 ms") && text.contains("the token endpoint has not answered yet"), "{text}");
    stage.answered(&order, 200, "{}");
    assert_eq!(stage.app.response.tab, Tab::Flow);
    assert_eq!(ways(&stage.app.sequence()).last(), Some(&(Party::Authscope, Party::You)));
}

#[test]
fn at_60_columns_it_has_lifelines_and_below_a_list() {
    for (columns, lifelines) in [(60, true), (59, false), (30, false)] {
        let mut stage = Stage::new(columns, 24);
        stories::zoomed_flow(&mut stage);
        let text = stage.text();
        assert_eq!(text.contains("─────►│"), lifelines, "{text}");
        assert_eq!(text.contains("► API"), !lifelines, "{text}");
    }
}
