//! Tests that need something of the machine which a person may not have: a program, a library of another language.

use std::{
    env,
    io::{self, Write as _},
    thread,
};

/// Says that this test is skipped and why, past the capture of its output. Where `AUTHSCOPE_SKIP_NOTHING` is set, as at the
/// gate, it fails.
pub fn skipped(why: &str) {
    let test = thread::current().name().unwrap_or_default().to_owned();
    assert!(env::var_os("AUTHSCOPE_SKIP_NOTHING").is_none(), "{test} is not to be skipped here: {why}");
    io::stderr().write_all(format!("skipped: {test}: {why}\n").as_bytes()).unwrap();
}
