//! An address as curl takes it: without a scheme, with a user, standing for many.

use percent_encoding::percent_decode_str;

use crate::domain::template;

/// Requests that one address may stand for.
const MOST: usize = 100;

/// An address in its parts.
pub(super) struct Address {
    scheme: String,
    user: Option<String>,
    host: String,
    path: String,
    query: Option<String>,
}

impl Address {
    pub(super) fn new(written: &str, scheme: Option<&str>) -> Result<Self, String> {
        let written = written.split('#').next().unwrap_or_default();
        if written.contains(|letter: char| letter.is_control() || letter == ' ') {
            return Err("an address has no blanks and no control characters".to_owned());
        }
        let is_variable = written.starts_with("{{");
        let (scheme, rest) = match written.split_once("://") {
            Some((scheme, rest)) if !is_variable => (scheme.to_ascii_lowercase(), rest),
            _ if is_variable => (String::new(), written),
            _ => (scheme.unwrap_or("http").to_ascii_lowercase(), written.trim_start_matches("//")),
        };
        if !["", "http", "https"].contains(&scheme.as_str()) {
            return Err(format!("`{scheme}` is another protocol than HTTP, and nothing is fetched or read by it"));
        }
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        let (user, host) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(percent_decode_str(user).decode_utf8_lossy().into_owned()), host),
            None => (None, authority),
        };
        if host.is_empty() {
            return Err("it names no host".to_owned());
        }
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (rest, None),
        };
        let path = if path.is_empty() && !is_variable { "/" } else { path };
        Ok(Self { scheme, user, host: host.to_owned(), path: path.to_owned(), query })
    }

    pub(super) fn take_user(&mut self) -> Option<String> {
        self.user.take()
    }

    pub(super) fn add_query(&mut self, more: &str) {
        match &mut self.query {
            Some(query) if !query.is_empty() => {
                query.push('&');
                query.push_str(more);
            }
            query => *query = Some(more.to_owned()),
        }
    }

    /// A file that is sent to a folder has its own name there.
    pub(super) fn name_upload(&mut self, file: &str) {
        let name = file.rsplit('/').next().unwrap_or_default();
        if self.path.ends_with('/') && self.query.is_none() && file != "-" {
            self.path.push_str(name);
        }
    }

    pub(super) fn set_target(&mut self, target: &str) -> Result<(), String> {
        if !target.starts_with('/') {
            return Err(format!("the target `{target}` is no path: a request goes to its address"));
        }
        let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
        path.clone_into(&mut self.path);
        self.query = query.map(str::to_owned);
        Ok(())
    }

    pub(super) fn text(&self) -> String {
        let scheme = if self.scheme.is_empty() { String::new() } else { format!("{}://", self.scheme) };
        let query = self.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
        format!("{scheme}{}{}{query}", self.host, self.path)
    }
}

/// The addresses that one with `{a,b}` and `[1-3]` stands for.
pub(super) fn globbed(written: &str) -> Result<Vec<String>, String> {
    let variables: Vec<_> = template::mentions(written).into_iter().map(|(_, range)| range).collect();
    let mut found = vec![String::new()];
    let mut at = 0;
    while let Some(rest) = written.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some(range) = variables.iter().find(|range| range.start == at) {
            for address in &mut found {
                address.push_str(written.get(range.clone()).unwrap_or_default());
            }
            at = range.end;
            continue;
        }
        let letter = rest.chars().next().unwrap_or_default();
        let (parts, size) = match letter {
            '\\' if rest.get(1..).is_some_and(|rest| rest.starts_with(['{', '}', '[', ']'])) => {
                (vec![rest.get(1..2).unwrap_or_default().to_owned()], 2)
            }
            '{' => {
                let end = rest.find('}').ok_or("a `{` is not closed: -g takes it as it is")?;
                (rest.get(1..end).unwrap_or_default().split(',').map(str::to_owned).collect(), end + 1)
            }
            '[' if is_ip6(rest) => {
                let end = rest.find(']').unwrap_or_default();
                (vec![rest.get(..=end).unwrap_or_default().to_owned()], end + 1)
            }
            '[' => {
                let end = rest.find(']').ok_or("a `[` is not closed: -g takes it as it is")?;
                let range = rest.get(1..end).unwrap_or_default();
                (ranged(range).ok_or_else(|| format!("`[{range}]` is no range: -g takes it as it is"))?, end + 1)
            }
            '}' | ']' => return Err(format!("a `{letter}` closes nothing: -g takes it as it is")),
            letter => (vec![letter.to_string()], letter.len_utf8()),
        };
        if found.len() * parts.len() > MOST {
            return Err(format!("it stands for more than {MOST} requests"));
        }
        at += size;
        if let [part] = parts.as_slice() {
            for address in &mut found {
                address.push_str(part);
            }
            continue;
        }
        found = found.iter().flat_map(|address| parts.iter().map(move |part| format!("{address}{part}"))).collect();
    }
    Ok(found)
}

fn is_ip6(rest: &str) -> bool {
    rest.find(']').and_then(|end| rest.get(..=end)).is_some_and(|host| url::Host::parse(host).is_ok())
}

/// `1-10`, `001-100:10` or `a-z`.
fn ranged(range: &str) -> Option<Vec<String>> {
    let (range, step) =
        range.split_once(':').map_or(Some((range, 1)), |(range, step)| Some((range, step.parse().ok()?)))?;
    let (from, to) = range.split_once('-')?;
    if let (Ok(first), Ok(last)) = (from.parse::<u64>(), to.parse::<u64>()) {
        let width = if from.starts_with('0') { from.len() } else { 0 };
        let numbers = (first..=last).step_by(step).take(MOST + 1);
        return (first <= last && step > 0).then(|| numbers.map(|number| format!("{number:0width$}")).collect());
    }
    let letter = |text: &str| text.parse::<char>().ok().filter(char::is_ascii_alphabetic);
    let (first, last) = (letter(from)?, letter(to)?);
    (first <= last && step > 0).then(|| (first..=last).step_by(step).map(String::from).collect())
}
