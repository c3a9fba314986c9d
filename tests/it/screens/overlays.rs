//! Everything that can lie on top, at three sizes.

use authscope::app::overlay::Overlay;

use super::{pictures::Story, stories as told, whole::pictured};
use crate::stage::Stage;

/// Each opened by its key, or by what happened.
pub const OVERLAYS: &[(&str, Story)] = &[
    ("help", told::help),
    ("help_in_a_field", told::help_in_a_field),
    ("palette", told::palette),
    ("palette_nothing", told::palette_nothing),
    ("help_filtered", told::help_filtered),
    ("running", told::running),
    ("ask", told::ask),
    ("lab", told::lab),
    ("lab_misbehaving", told::lab_misbehaving),
    ("environment", told::environment),
    ("credential", told::credential),
    ("profile_new", told::profile_new),
    ("profile_faults", told::profile_faults),
    ("profile_production", told::profile_production),
    ("credential_new", told::credential_new),
    ("trial_running", told::trial_running),
    ("trial_works", told::trial_works),
    ("trial_refused", told::trial_refused),
    ("rotation_asking", told::rotation_asking),
    ("rotation_waiting", told::rotation_waiting),
    ("rotation_rolled_back", told::rotation_rolled_back),
    ("token_menu", told::token_menu),
    ("token_menu_empty", told::token_menu_empty),
    ("token_claims", told::token_claims),
    ("token_claims_since", told::token_claims_since),
    ("token_revealed", told::token_revealed),
    ("profile_delete", told::profile_delete),
    ("send_on_purpose", told::on_purpose),
    ("typed_token", told::typed_token),
    ("delete_request", told::delete_request),
    ("two_versions", told::two_versions),
    ("read_and_send", told::read_and_send),
    ("method", told::method),
    ("kind_of_body", told::kind_of_body),
    ("history", told::history),
    ("history_empty", told::history_empty),
    ("history_call", told::history_call),
    ("history_compared", told::history_compared),
    ("history_delete", told::history_delete),
    ("copy", told::copying),
    ("why_healed", told::why_healed),
    ("why_refused", told::why_refused),
    ("why_unanswered", told::why_unanswered),
    ("why_no_token", told::why_no_token),
    ("save_over", told::save_over),
    ("save_secret", told::save_secret),
    ("browse", told::browse),
    ("production", told::production),
    ("quit", told::quitting),
    ("pasted_address", told::pasted_address),
    ("pasted_body", told::pasted_body),
    ("pasted_curl", told::pasted_curl),
    ("pasted_openapi", told::pasted_openapi),
    ("log", told::log),
    ("ledger", told::ledger),
    ("message_sent", told::message_sent),
    ("message_taken", told::message_taken),
    ("message_token_call", told::message_token_call),
    ("trouble", told::trouble),
];

/// Which kind it is; a new kind has to be named here, and needs a row above.
pub fn kind(overlay: &Overlay) -> &'static str {
    match overlay {
        Overlay::Help { .. } => "help",
        Overlay::Palette(_) => "palette",
        Overlay::Running { .. } => "running",
        Overlay::Ask => "ask",
        Overlay::TypedToken(_) => "typed token",
        Overlay::Delete { .. } => "delete",
        Overlay::Agree(_) => "agree",
        Overlay::Conflict { .. } => "two versions",
        Overlay::Consent(_) => "consent",
        Overlay::Lab { .. } => "lab",
        Overlay::Environments { .. } => "environments",
        Overlay::Credentials { .. } => "credentials",
        Overlay::OnPurpose { .. } => "on purpose",
        Overlay::Pick { .. } => "pick",
        Overlay::History(_) => "history",
        Overlay::Copy { .. } => "copy",
        Overlay::Doctor { .. } => "doctor",
        Overlay::NoToken { .. } => "no token",
        Overlay::Quit { .. } => "quit",
        Overlay::Production(_) => "production",
        Overlay::Form(_) => "form",
        Overlay::Trial(_) => "trial",
        Overlay::Token(_) => "token",
        Overlay::Rotation(_) => "rotation",
        Overlay::Forget(_) => "forget",
        Overlay::Pasted(_) => "pasted",
        Overlay::Log { .. } => "log",
        Overlay::Message(_) => "message",
        Overlay::Ledger { .. } => "ledger",
        Overlay::Trouble(_) => "trouble",
    }
}

#[test]
fn everything_that_lies_on_top() {
    pictured(OVERLAYS);
}

#[test]
fn every_kind_of_overlay_has_its_row() {
    let mut kinds = std::collections::BTreeSet::new();
    for (name, story) in OVERLAYS {
        let mut stage = Stage::new(120, 40);
        story(&mut stage);
        kinds.insert(kind(stage.app.overlay.as_ref().unwrap_or_else(|| panic!("{name} opens nothing"))));
    }
    assert_eq!(kinds.len(), 30, "{kinds:?}");
}

#[test]
fn what_scrolls_on_top_stops_at_its_last_line() {
    for (story, size, last) in [
        (told::why_refused as Story, (80, 12), "401 Unauthorized, sent with tok#2"),
        (told::help, (80, 24), "terminal"),
        (told::log, (80, 24), "call 59"),
        (told::log, (40, 12), "38 ms"),
        (told::trouble, (40, 8), "Everything else of it counts."),
        (told::why_no_token, (40, 8), "for 8 s."),
    ] {
        let mut stage = Stage::new(size.0, size.1);
        story(&mut stage);
        stage.press(&"pagedown ".repeat(30));
        let end = stage.text();
        assert!(end.contains(last), "{end}");
        stage.press("k");
        assert_ne!(stage.text(), end, "the next key moves it");
        stage.press("j");
        assert_eq!(stage.text(), end);
    }
}
