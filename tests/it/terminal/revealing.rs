//! A token that a person wants to see.

use super::window::Window;

#[test]
fn a_token_is_revealed_by_a_key_and_hidden_by_another_and_never_left_on_the_terminal() {
    let mut window = Window::open();
    window.press("R");
    window.until_shown("● LIVE");
    window.press("T");
    window.until_shown("reveal it for 10 s");
    assert!(!String::from_utf8_lossy(window.bytes()).contains("eyJ"));
    window.press("r");
    window.until_shown("eyJ");
    window.until_shown("hidden in ");
    window.press("X");
    window.until(|window| !window.text().contains("eyJ"));
    window.until_shown("Every secret is hidden");
    window.press("r");
    window.until_shown("eyJ");
    window.press("\x1b[O");
    window.until(|window| !window.text().contains("eyJ"));
    window.press("x");
    window.until_shown("tok#1 is dropped");
    window.until_shown("NO TOKEN");
    window.press("q");
    window.until(|window| !window.is_taken());
    assert!(!window.text().contains("eyJ"), "{}", window.text());
    assert_eq!(window.end(), 0);
}

#[test]
fn a_copied_token_says_that_it_is_a_secret() {
    let mut window = Window::open();
    window.press("R");
    window.until_shown("● LIVE");
    window.press("T");
    window.until_shown("copy it; whoever can paste");
    window.press("y");
    window.until_shown("Copied tok#1, which is a secret, ");
    window.until_shown("bytes, by OSC 52");
    let told = String::from_utf8_lossy(window.bytes()).into_owned();
    assert!(told.contains("\x1b]52;c;") && !told.contains("eyJ"), "in base64, and on no row");
    window.press("q");
    assert_eq!(window.end(), 0);
}
