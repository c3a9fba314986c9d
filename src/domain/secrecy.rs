//! What is a secret by its name or by its look, in the text of a request.

/// What is in the name of a secret, its case and all but letters and digits left out.
const IN_NAMES: [&str; 13] = [
    "token",
    "secret",
    "password",
    "passwd",
    "passphrase",
    "apikey",
    "authorization",
    "privatekey",
    "clientassertion",
    "sessionid",
    "signature",
    "cvv",
    "cardnumber",
];

/// Whether a parameter, a member or a variable of that name holds a secret, as far as a name can tell.
pub fn is_secret_by_name(name: &str) -> bool {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    let name: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
    name == "pin" || IN_NAMES.iter().any(|word| name.contains(word))
}

/// Whether a text holds what is a secret by its look: a JWT, what follows `Bearer` or `Basic`, a long mix of letters and
/// digits that is no UUID.
pub fn looks_secret(text: &str) -> bool {
    let words = text
        .split(|letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.' | '~' | '+' | '=')));
    let mut after = false;
    words.filter(|word| !word.is_empty()).any(|word| {
        let follows = after;
        after = word.eq_ignore_ascii_case("bearer") || word.eq_ignore_ascii_case("basic");
        let mixed = |part: &str| {
            part.len() >= 20
                && part.bytes().any(|byte| byte.is_ascii_digit())
                && part.bytes().any(|byte| byte.is_ascii_alphabetic())
                && !ends_in_uuid(part)
        };
        follows || word.starts_with("eyJ") || word.split('.').any(mixed)
    })
}

/// Whether a name ends as the ids of most APIs do.
fn ends_in_uuid(word: &str) -> bool {
    let tail = word.len().checked_sub(36).and_then(|from| word.get(from..)).unwrap_or_default();
    tail.split('-').map(str::len).eq([8, 4, 4, 4, 12])
        && tail.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}
