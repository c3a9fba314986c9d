//! Everything is shown but secrets, and those have names.

use authscope::{app::focus::Pane, domain::credential::SecretSource};

use ratatui::style::Color;

use crate::{
    screens::stories::{self, crowded, secretless},
    stage::{self, Stage},
};

#[test]
fn a_refused_token_call_is_in_the_timeline_with_what_was_answered() {
    let mut stage = Stage::new(120, 40);
    stories::credentials_refused(&mut stage);
    let row = stage.text().lines().find(|line| line.contains("POST /api/token")).unwrap().to_owned();
    assert!(row.contains("! 401") && row.contains("no token"), "{row}");
    stage.press("6 enter");
    assert_eq!(stage.app.focus, Pane::Response);
    assert!(stage.text().contains("Invalid client credentials"), "{}", stage.text());
}

#[test]
fn a_token_has_the_same_name_wherever_it_is_drawn() {
    let mut stage = Stage::new(200, 60);
    stories::healed(&mut stage);
    stage.press("3 [ [ [");
    let text = stage.text();
    let at = |part: &str| assert!(text.contains(part), "{part}:\n{text}");
    at("LIVE  29:59   tok#2");
    at("4 Token ──────────────────────── tok#2");
    at("healed, sent with tok#2");
    at("Bearer •••••••• tok#2");
    at("→ tok#2  issued");
    at("tok#2  replayed");
}

#[test]
fn no_character_of_a_secret_is_drawn_in_any_story() {
    for story in crate::screens::stories() {
        let mut stage = Stage::new(200, 60);
        story(&mut stage);
        let secrets = stage.app.environment.profile().credentials.iter();
        let secrets: Vec<String> = secrets
            .filter_map(|credential| match &credential.secret {
                SecretSource::Sandbox(secret) => Some(secret.expose().to_owned()),
                _ => None,
            })
            .collect();
        let text = stage.text();
        assert!(secrets.iter().all(|secret| !text.contains(secret.get(..6).unwrap())), "{text}");
    }
}

#[test]
fn each_credential_says_where_its_secret_comes_from_and_where_it_rests() {
    for profile in [stage::sandbox(), crowded(), secretless()] {
        let mut stage = Stage::of(profile.clone(), (200, 60));
        stage.press("5 z");
        // A thumb may stand at the end of a row.
        let text = stage.text().replace('▐', "");
        for (at, credential) in profile.credentials.iter().take(8).enumerate() {
            let mut rows = text.lines().map(str::trim_end).skip_while(|row| !row.ends_with(&credential.client_id));
            let given = !matches!(credential.secret, SecretSource::Missing);
            let name = if given { format!("•••••••• sec#{}", at + 1) } else { "not given".to_owned() };
            if !given {
                assert!(rows.nth(1).unwrap().ends_with(&name));
                assert!(rows.next().unwrap().ends_with("`secret` in the config file names its source."));
                continue;
            }
            for fact in [credential.client_id.clone(), name, credential.secret.origin()] {
                let row = rows.next().unwrap();
                assert!(row.ends_with(&fact), "{fact}: {row}");
            }
            assert!(rows.next().unwrap().ends_with(credential.secret.resting_place()));
        }
    }
}

#[test]
fn a_proxy_in_use_is_on_the_top_line_at_every_width_that_has_room_and_a_colour_is_that_of_the_name() {
    for (width, said) in [(200, "via proxy.example:3128"), (120, "via proxy.example:3128"), (80, "via proxy")] {
        let mut stage = Stage::new(width, 40);
        stories::kept_in_a_file(&mut stage);
        let text = stage.text();
        let top = text.lines().next().unwrap();
        assert!(top.contains("staging") && top.contains(said), "{width}: {top}");
        let buffer = stage.buffer();
        let at = (0..width).find(|x| buffer[(*x, 0)].symbol() == "s" && buffer[(*x + 6, 0)].symbol() == "g").unwrap();
        assert_eq!(buffer[(at, 0)].fg, Color::Magenta);
    }
}
