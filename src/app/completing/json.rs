//! Members that the body being typed could have: those of earlier answers and requests of the same endpoint.

use url::Url;

use super::Candidate;
use crate::{app::App, domain::template};

/// Bytes of an answer that are looked through for its members.
const LOOKED_THROUGH: usize = 64 << 10;
/// Answers that are looked through, the newest ones.
const ANSWERS: usize = 8;

/// The begun member before the cursor, and those it could be; nothing where no member can stand.
pub(super) fn members<'l>(app: &App, line: &'l str, behind: &str) -> Option<(&'l str, Vec<Candidate>)> {
    let quotes = line.match_indices('"').filter(|(at, _)| !line.get(..*at).unwrap_or_default().ends_with('\\')).count();
    let (word, open) = if quotes % 2 == 1 {
        let at = line.rfind('"')?;
        (line.get(at..)?, true)
    } else {
        let at = line
            .rfind(|letter: char| !letter.is_alphanumeric() && letter != '_')
            .map_or(0, |at| at + line.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8));
        (line.get(at..)?, false)
    };
    let above = line.strip_suffix(word)?.trim_end();
    if !(above.is_empty() || above.ends_with(['{', ','])) {
        return None;
    }
    // A quote that closes the name already stays where it is.
    let closed = open && behind.starts_with('"');
    let mut offers: Vec<Candidate> = Vec::new();
    for (name, about) in known(app) {
        let text = if closed { format!("\"{name}") } else { format!("\"{name}\": ") };
        if offers.iter().all(|offer| offer.text != text) {
            offers.push(Candidate::new(text, about));
        }
    }
    Some((word, offers))
}

/// Members of the newest answers of the same endpoint, and of the requests that go there.
fn known(app: &App) -> Vec<(String, String)> {
    let entry = app.requests.entry();
    let path = path(app);
    let same = |method: &str, url: &Url| method == entry.draft.method && Some(url.path()) == path.as_deref();
    let answered = app.timeline.flows().iter().rev();
    let answered = answered.filter(|flow| flow.name == entry.draft.name || same(flow.method.as_str(), &flow.url));
    let answers = answered.filter_map(|flow| flow.exchange.as_ref()?.answer()).take(ANSWERS);
    let mut found = Vec::new();
    for answer in answers {
        let bytes = answer.body.bytes(0, LOOKED_THROUGH).unwrap_or_default();
        let names = names(&String::from_utf8_lossy(&bytes));
        found.extend(names.into_iter().map(|name| (name, "of an answer".to_owned())));
    }
    let requests = app.requests.entries().filter(|other| other.draft.url == entry.draft.url);
    for other in requests {
        let body = other.draft.body.get(..other.draft.body.floor_char_boundary(LOOKED_THROUGH)).unwrap_or_default();
        found.extend(names(body).into_iter().map(|name| (name, format!("of {}", other.draft.name))));
    }
    found.retain(|(name, _)| !app.masks.finds(name));
    found
}

/// Where the request in hand goes, as far as its variables have values.
fn path(app: &App) -> Option<String> {
    let url = template::resolved(&app.requests.entry().draft.url, &app.variables()).ok()?;
    Url::parse(&url).ok().map(|url| url.path().to_owned())
}

/// The names of the members of a JSON text, in order, each once; the text may be cut.
pub(in crate::app) fn names(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('"') {
        let inside = rest.get(open + 1..).unwrap_or_default();
        let mut escaped = false;
        let end = inside.char_indices().find(|(_, letter)| {
            let ends = *letter == '"' && !escaped;
            escaped = *letter == '\\' && !escaped;
            ends
        });
        let Some((end, _)) = end else { break };
        let name = inside.get(..end).unwrap_or_default();
        rest = inside.get(end + 1..).unwrap_or_default();
        let is_member = rest.trim_start().starts_with(':') && !name.is_empty() && !name.contains(['\\', '{']);
        if is_member && name.len() <= 64 && found.iter().all(|known| known != name) {
            found.push(name.to_owned());
        }
        if found.len() >= super::MOST {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_members_of_a_text_are_its_names_before_a_colon_each_once() {
        let text = r#"{"a": "b: \"c\"", "list": [{"x" : 1}, {"x": 2}], "cut": "with"#;
        assert_eq!(names(text), ["a", "list", "x", "cut"]);
    }
}
