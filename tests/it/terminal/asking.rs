//! A secret that the explorer asks for.

use std::fs;

use super::window::Window;
use crate::world::World;

#[tokio::test]
async fn a_secret_is_asked_for_when_a_token_needs_it_and_no_character_of_it_is_shown() {
    let world = World::new();
    let home = tempfile::tempdir().unwrap();
    let (base, client) = (world.sandbox.base_url(), &world.sandbox.clients()[0]);
    let config = format!(
        "profile = \"mine\"\n[profiles.mine]\nbase-url = \"{base}\"\n\
         [profiles.mine.credentials.default]\nclient-id = \"{}\"\nsecret = {{ prompt = true }}\n",
        client.id
    );
    fs::create_dir(home.path().join("authscope")).unwrap();
    fs::write(home.path().join("authscope/config.toml"), config).unwrap();
    let (folder, secret) = (home.path().display().to_string(), client.secret.clone());
    let typed = move || {
        let mut window = Window::open_with(&[("XDG_CONFIG_HOME", &folder)]);
        window.press("R");
        window.until_shown("Client secret of mine, default");
        window.press("\x1b");
        window.until_shown("it was not given");
        window.press("R");
        window.until_shown("type or paste it");
        window.press(&format!("\x1b[200~{secret}\n\x1b[201~"));
        // What comes directly behind a paste is part of it.
        window.until_shown("secret    ••••••••");
        window.press("\r");
        window.until_shown("● LIVE");
        window.press("R");
        window.until_shown("tok#2");
        window.press("q");
        assert!(!String::from_utf8_lossy(window.bytes()).contains(&secret[..8]));
        assert_eq!(window.end(), 0);
    };
    tokio::task::spawn_blocking(typed).await.unwrap();
    assert_eq!(world.sandbox.journal().counts().token_calls, 2);
}
