//! A secret that is exchanged for another one in the explorer.

use std::{fs, os::unix::fs::PermissionsExt as _};

use super::window::Window;
use crate::world::World;

#[tokio::test]
async fn a_secret_is_exchanged_in_the_explorer_step_by_step_and_a_wrong_one_changes_nothing() {
    let world = World::new();
    let home = tempfile::tempdir().unwrap();
    let (base, clients) = (world.sandbox.base_url(), world.sandbox.clients());
    let folder = home.path().join("authscope");
    let file = folder.join("mine.secret");
    let config = format!(
        "profile = \"mine\"\n[profiles.mine]\nbase-url = \"{base}\"\n\
         [profiles.mine.credentials.default]\nclient-id = \"{}\"\nsecret = {{ file = \"{}\" }}\n",
        clients[0].id,
        file.display()
    );
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("config.toml"), config).unwrap();
    let old = "the-old-secret-that-is-known";
    let new = clients[0].secret.clone();
    fs::write(&file, old).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let former = folder.join("mine.secret.former");
    let place = home.path().display().to_string();
    let talk = move || {
        let held = |path: &std::path::Path| fs::read_to_string(path).ok();
        let mut window = Window::open_with(&[("XDG_CONFIG_HOME", &place)]);
        window.press("5\x14");
        window.until_shown("type or paste it");
        window.press("a wrong secret\r");
        window.until_shown("The new secret does not work");
        window.until_shown("nothing was changed");
        assert_eq!((held(&file).as_deref(), held(&former)), (Some(old), None));
        window.press("a");
        window.until_shown("type or paste it");
        window.press(&new);
        window.until_shown("new       ••••••••");
        window.press("\r");
        for step in ["1 of 4", "It works: a token that lives 1800 s", "2 of 4", "3 of 4", "Read from there", "4 of 4"] {
            window.until_shown(step);
        }
        window.until_shown("The old one is kept until you confirm");
        assert_eq!((held(&file), held(&former).as_deref()), (Some(new.clone()), Some(old)));
        // Left as it is, used, and taken up again.
        window.press("\x1b");
        window.until(|window| !window.text().contains("Rotate a secret"));
        window.press("R");
        window.until_shown("● LIVE");
        window.press("\x14");
        window.until_shown("b puts the old back");
        window.press("c");
        window.until_shown("Confirmed: the old secret is gone");
        assert_eq!((held(&file), held(&former)), (Some(new.clone()), None));
        window.press("\x1b");
        window.until(|window| !window.text().contains("Rotate a secret"));
        window.press("q");
        let told = String::from_utf8_lossy(window.bytes()).into_owned();
        assert!(!told.contains(&new[..8]) && !told.contains(&old[..8]) && !told.contains("wrong secret"));
        assert_eq!(window.end(), 0);
    };
    tokio::task::spawn_blocking(talk).await.unwrap();
    assert_eq!(world.sandbox.journal().counts().token_calls, 4);
}
