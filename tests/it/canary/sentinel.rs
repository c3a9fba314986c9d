//! A secret and a token that are like nothing else, and what finds them wherever they stand and however they are written.

use std::{collections::HashSet, fs, path::Path};

use base64::{Engine as _, prelude::BASE64_STANDARD, prelude::BASE64_URL_SAFE};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};

/// A client secret of every kind of character that one may have (RFC 6749 appendix A.2), but for the blank.
pub const SECRET: &str = r#"sEcReT/0123+abcd"efgh&IJKL%mnop~QRST"#;
/// An opaque token of every kind of character that one may have (RFC 6750 §2.1).
pub const TOKEN: &str = "tOkEn/9876+zyxw-vuts.RQPO_lkji~HGFE==";

/// Bytes in a row that give a sentinel away.
pub const WINDOW: usize = 12;

/// The encodings that are looked for, each with its name.
pub fn forms(text: &str) -> Vec<(String, String)> {
    let json = serde_json::to_string(text).unwrap();
    let json = json[1..json.len() - 1].to_owned();
    let percent = percent_encode(text.as_bytes(), NON_ALPHANUMERIC).to_string();
    let mut forms = vec![
        ("raw".to_owned(), text.to_owned()),
        ("JSON with escaped slashes".to_owned(), json.replace('/', "\\/")),
        ("JSON-escaped".to_owned(), json),
        ("percent-encoded in small letters".to_owned(), lowered(&percent)),
        ("percent-encoded".to_owned(), percent),
    ];
    for ahead in 0..3 {
        let bytes = [&vec![0; ahead], text.as_bytes()].concat();
        for (name, encoded) in [("", BASE64_STANDARD.encode(&bytes)), (" for URLs", BASE64_URL_SAFE.encode(&bytes))] {
            // Without the characters that bytes before and behind have a part in.
            let inner = &encoded[(ahead * 8).div_ceil(6)..bytes.len() * 8 / 6];
            forms.push((format!("base64{name} behind {ahead} bytes"), inner.to_owned()));
        }
    }
    forms
}

/// The escapes of a percent-encoded text in small letters.
fn lowered(percent: &str) -> String {
    let mut parts = percent.split('%');
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |text, part| format!("{text}%{}{}", part[..2].to_lowercase(), &part[2..]))
}

/// What finds them.
pub struct Scanner(HashSet<Vec<u8>>);

impl Scanner {
    pub fn new() -> Self {
        let forms = [SECRET, TOKEN].into_iter().flat_map(forms);
        let windows =
            forms.flat_map(|(_, form)| form.as_bytes().windows(WINDOW).map(<[u8]>::to_vec).collect::<Vec<_>>());
        Self(windows.collect())
    }

    /// How many windows of a sentinel stand there.
    pub fn hits(&self, bytes: &[u8]) -> usize {
        bytes.windows(WINDOW).filter(|window| self.0.contains(*window)).count()
    }

    /// Fails where one does, and shows where.
    pub fn clean(&self, place: &str, bytes: impl AsRef<[u8]>) {
        let bytes = bytes.as_ref();
        if let Some(at) = bytes.windows(WINDOW).position(|window| self.0.contains(window)) {
            let around = &bytes[at.saturating_sub(80)..bytes.len().min(at + 80)];
            panic!("{place} shows a sentinel: {}", String::from_utf8_lossy(around));
        }
    }

    /// The same for every file in a folder and below it, the names too; gives how many there are.
    pub fn clean_folder(&self, folder: &Path) -> usize {
        let mut count = 0;
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            self.clean("the name of a file", path.as_os_str().as_encoded_bytes());
            if path.is_dir() {
                count += self.clean_folder(&path);
            } else if let Ok(bytes) = fs::read(&path) {
                // One that went in between is nothing left behind.
                self.clean(&path.display().to_string(), bytes);
                count += 1;
            }
        }
        count
    }
}

#[test]
fn each_encoding_of_a_sentinel_is_found_by_any_twelve_bytes_of_it() {
    let scanner = Scanner::new();
    for text in [SECRET, TOKEN] {
        assert_eq!(forms(text).len(), 11);
        for (name, form) in forms(text) {
            for at in 0..=form.len() - WINDOW {
                let planted = format!("some {} thing", &form[at..at + WINDOW]);
                assert!(scanner.hits(planted.as_bytes()) > 0, "{name} from {at}: {planted}");
                let less = format!("some {} thing", &form[at..at + WINDOW - 1]);
                assert_eq!(scanner.hits(less.as_bytes()), 0, "{name} from {at}: {less}");
            }
        }
        // What a library encodes with something before it, as Basic does.
        for id in ["a:", "ab:", "abc:"] {
            let basic = BASE64_STANDARD.encode(format!("{id}{text}"));
            assert!(scanner.hits(basic.as_bytes()) > 20, "{basic}");
        }
    }
}
