//! The README says what the program says.

use std::{env, fs, path::Path};

use authscope::config::keymap::Keymap;

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
