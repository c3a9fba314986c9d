//! What looks like a secret by its name or its shape, whoever made it: for texts that outlive a run.

use super::{redact::dots, secrecy::is_secret_by_name};

/// A text without what looks like a secret in it: members of JSON and fields of forms by their names, JWTs by their
/// shape.
pub fn masked(text: &str) -> String {
    let stand_in = |_: &str| dots("hidden");
    without_jwts(&form_masked(&json_masked(text, stand_in), stand_in))
}

/// The text, with what `stand_in` gives for the name in the place of each text and number in JSON that has the name of a
/// secret. The JSON may be broken or cut off, or stand within a text of JSON itself, its quotes escaped.
pub fn json_masked(text: &str, mut stand_in: impl FnMut(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('"') {
        out.push_str(before);
        out.push('"');
        rest = after;
        // As many backslashes stand before each quote of a text as before the first.
        let level = escapes(before);
        let inside = before.get(..before.len() - level).unwrap_or_default();
        let quote = format!("{}\"", "\\".repeat(level));
        let colon = after.trim_start().strip_prefix(':').map(str::trim_start);
        let Some(value) = colon.filter(|_| is_secret_by_name(inside)) else { continue };
        if value.starts_with(|letter: char| letter.is_ascii_digit() || letter == '-') {
            out.push_str(after.get(..after.len() - value.len()).unwrap_or_default());
            out.push_str(&stand_in(inside));
            rest = value.trim_start_matches(|letter: char| letter.is_ascii_alphanumeric() || "+-.".contains(letter));
            continue;
        }
        let Some(value) = value.strip_prefix(&quote) else { continue };
        out.push_str(after.get(..after.len() - value.len()).unwrap_or_default());
        let quotes = value.match_indices('"').map(|(at, _)| at);
        let mut ends = quotes.filter(|at| escapes(value.get(..*at).unwrap_or_default()) == level);
        let (shown, behind) = value.split_at(ends.next().map_or(value.len(), |end| end - level));
        out.push_str(&if is_none(shown) { shown.to_owned() } else { stand_in(inside) });
        rest = behind;
        // The end of the value is the beginning of no name.
        if let Some(behind) = rest.strip_prefix(&quote) {
            out.push_str(&quote);
            rest = behind;
        }
    }
    out + rest
}

/// Whether a value is no secret, whatever its name: nothing, or a variable alone.
fn is_none(value: &str) -> bool {
    let variable = value.trim().strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}"));
    value.is_empty() || variable.is_some_and(|name| !name.contains(['{', '}']))
}

/// How many backslashes end a text.
fn escapes(text: &str) -> usize {
    text.len() - text.trim_end_matches('\\').len()
}

/// The same for `name=value` after a `?`, a `&` or at the start.
pub fn form_masked(text: &str, mut stand_in: impl FnMut(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    for part in text.split_inclusive(['?', '&', ' ', '\n', ';']) {
        let end = part.strip_suffix(['?', '&', ' ', '\n', ';']).unwrap_or(part);
        match end.split_once('=') {
            Some((name, value)) if is_secret_by_name(name) && !is_none(value) => {
                out.push_str(name);
                out.push('=');
                out.push_str(&stand_in(name));
                out.push_str(part.get(end.len()..).unwrap_or_default());
            }
            _ => out.push_str(part),
        }
    }
    out
}

/// Three parts of base64 with dots between, the first of which begins as JSON does (RFC 7519 §3).
fn without_jwts(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("eyJ") {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let of_jwt = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
        let end = from.find(|letter| !of_jwt(letter)).unwrap_or(from.len());
        let (word, after) = from.split_at(end);
        if word.split('.').count() >= 3 && word.len() > 20 {
            out.push_str(&dots("a JWT"));
        } else {
            out.push_str(word);
        }
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_the_name_or_the_shape_of_a_secret_is_masked() {
        let hidden = dots("hidden");
        for (text, shown) in [
            ("{\"client_secret\" : \"a\\\"b\", \"a\": 1}", format!("{{\"client_secret\" : \"{hidden}\", \"a\": 1}}")),
            ("{\"pin\": 1234, \"cvv\":-1.5e3}", format!("{{\"pin\": {hidden}, \"cvv\":{hidden}}}")),
            ("{\"password\":\"{{x}}y{{z}}\"}", format!("{{\"password\":\"{hidden}\"}}")),
            ("{\"password\":\"cut o", format!("{{\"password\":\"{hidden}")),
            (r#""{\"password\" : \"a b\"}""#, format!(r#""{{\"password\" : \"{hidden}\"}}""#)),
            ("http://h/?access_token=abc&x=1", format!("http://h/?access_token={hidden}&x=1")),
            ("a=1&password=x", format!("a=1&password={hidden}")),
            ("a eyJhbGciOiJub25lIn0.eyJhIjoxfQ.abcdef b", format!("a {} b", dots("a JWT"))),
        ] {
            assert_eq!(masked(text), shown);
        }
        for text in
            ["{\"password\":\"{{x}}\"}", "plain \"text\" = here", "eyJ.a", "\"", "{\"a\":\"b\"}", "?token=", "ü=ü"]
        {
            assert_eq!(masked(text), text);
        }
    }
}
