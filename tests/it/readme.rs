//! The README says what the program says.

use std::{env, fs, path::Path};

use authscope::config::{
    keymap::Keymap,
    theme::{Role, Theme, ThemeName},
};

const BEGIN: &str = "<!-- keys -->\n";
const END: &str = "<!-- /keys -->\n";

/// `AUTHSCOPE_BLESS=1` in the environment of the test run writes the table instead of comparing it.
#[test]
fn the_readme_prints_the_keys_of_the_one_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(BEGIN).unwrap();
    let (printed, after) = rest.split_once(END).unwrap();
    let table = Keymap::default().markdown();
    if env::var_os("AUTHSCOPE_BLESS").is_some() {
        fs::write(path, format!("{before}{BEGIN}{table}{END}{after}")).unwrap();
    } else {
        assert!(printed == table, "run this test with AUTHSCOPE_BLESS=1 to print the keys into README.md");
    }
}

#[test]
fn the_theme_of_the_readme_is_one() {
    let readme = include_str!("../../README.md");
    let theme = readme.split("```toml\n").find(|block| block.starts_with("based_on")).unwrap();
    let theme = Theme::parse(theme.split("```").next().unwrap(), Path::new("README.md")).unwrap();
    assert_eq!(theme.base(), ThemeName::Dark);
    assert_ne!(theme.style(Role::Focus), Theme::built_in(ThemeName::Dark).style(Role::Focus));
    assert_eq!(theme.hard_to_read("amber"), None);
}
