//! The options of one part of a command, and the requests that they come to.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::{address, form};
use crate::{
    domain::request::{Draft, Pair},
    interchange::{
        Files, Found, Import,
        multipart::{self, Part},
    },
};

/// What RFC 3986 §2.3 does not call unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// See the module.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) addresses: Vec<String>,
    /// Another scheme than Basic proves who calls, so that a password is not sent in the clear.
    pub(super) other_scheme: bool,
    uploads: Vec<String>,
    method: Option<String>,
    headers: Vec<String>,
    data: Option<String>,
    json: bool,
    get: bool,
    head: bool,
    globoff: bool,
    escaped_form: bool,
    query: Option<String>,
    form: Vec<Part>,
    agent: Option<String>,
    referer: Option<String>,
    cookies: Vec<String>,
    user: Option<String>,
    bearer: Option<String>,
    range: Option<String>,
    fields: Vec<(&'static str, String)>,
    scheme: Option<String>,
    target: Option<String>,
}

impl Parts {
    pub(super) fn take(
        &mut self,
        option: &str,
        value: &str,
        off: bool,
        files: &Files,
        import: &mut Import,
    ) -> Result<(), String> {
        let text = || Some(value.to_owned());
        match option {
            "url" => self.addresses.push(value.to_owned()),
            "request" => self.method = text(),
            "header" => match value.strip_prefix('@') {
                None => self.headers.push(value.to_owned()),
                Some(file) => {
                    let text = import.read_text(files, file, "header fields").unwrap_or_default();
                    self.headers.extend(text.lines().map(str::to_owned));
                }
            },
            "data" | "data-ascii" | "data-binary" | "json" => {
                let as_it_is = matches!(option, "data-binary" | "json");
                self.json |= option == "json";
                let data = match value.strip_prefix('@') {
                    None => value.to_owned(),
                    Some(file) => {
                        let text = import.read_text(files, file, "the body").unwrap_or_default();
                        if as_it_is { text } else { text.replace(['\r', '\n', '\0'], "") }
                    }
                };
                self.add_data(&data, option != "json");
            }
            "data-raw" => self.add_data(value, true),
            "data-urlencode" => {
                let data = encoded(value, files, import);
                self.add_data(&data, true);
            }
            "url-query" => {
                let part = match value.strip_prefix('+') {
                    Some(written) => written.to_owned(),
                    None => encoded(value, files, import),
                };
                joined(&mut self.query, &part, true);
            }
            "form" | "form-string" => form::add(&mut self.form, value, option == "form", files, import)?,
            "form-escape" => self.escaped_form = !off,
            "get" => self.get = !off,
            "head" => self.head = !off,
            "globoff" => self.globoff = !off,
            "basic" => self.other_scheme = false,
            "user-agent" => self.agent = text(),
            "referer" => self.referer = Some(value.strip_suffix(";auto").unwrap_or(value).to_owned()),
            "cookie" if value.contains('=') => self.cookies.push(value.to_owned()),
            "cookie" if value.is_empty() => {}
            "cookie" => import.leave(
                format!("the cookie file `{value}`"),
                "cookies are shown, never kept: write the ones wanted as `-b 'name=value'`",
            ),
            "user" => self.user = text(),
            "oauth2-bearer" => self.bearer = text(),
            "range" => self.range = text(),
            "continue-at" if value == "-" => import.leave("--continue-at -", "it looks at a file that was begun"),
            "continue-at" => self.range = Some(format!("{value}-")),
            "time-cond" => match moment(value.trim_start_matches(['-', '+'])) {
                Some(date) if value.starts_with('-') => self.fields.push(("If-Unmodified-Since", date)),
                Some(date) => self.fields.push(("If-Modified-Since", date)),
                None => import.leave(
                    format!("--time-cond `{value}`"),
                    "it is a file, or a date that is not understood: write the header If-Modified-Since",
                ),
            },
            "etag-compare" => {
                if let Some(tag) = import.read_text(files, value, "an entity tag") {
                    let tag = tag.lines().next().unwrap_or_default().trim();
                    self.fields.push(("If-None-Match", if tag.is_empty() { "\"\"" } else { tag }.to_owned()));
                }
            }
            "proto-default" => self.scheme = text(),
            "request-target" => self.target = text(),
            "upload-file" => self.uploads.push(value.to_owned()),
            other => import.leave(format!("--{other}"), "it is not understood"),
        }
        Ok(())
    }

    fn add_data(&mut self, data: &str, with_and: bool) {
        joined(&mut self.data, data, with_and);
    }

    /// One for each address, and for each that an address stands for.
    pub(super) fn requests(mut self, files: &Files, import: &mut Import) {
        if self.addresses.is_empty() {
            return import.leave("the command", "it has no address");
        }
        if self.data.is_some() && !self.form.is_empty() {
            return import.leave("the body", "curl takes -d or -F, not both");
        }
        let mut uploads = std::mem::take(&mut self.uploads).into_iter();
        for written in std::mem::take(&mut self.addresses) {
            let upload = uploads.next();
            let addresses = if self.globoff { Ok(vec![written.clone()]) } else { address::globbed(&written) };
            match addresses {
                Ok(addresses) => {
                    for address in addresses {
                        match self.request(&address, upload.as_deref(), files, import) {
                            Ok(draft) => import.requests.push(Found { folders: Vec::new(), draft }),
                            Err(why) => import.leave(format!("`{address}`"), why),
                        }
                    }
                }
                Err(why) => import.leave(format!("`{written}`"), why),
            }
        }
    }

    fn request(
        &self,
        written: &str,
        upload: Option<&str>,
        files: &Files,
        import: &mut Import,
    ) -> Result<Draft, String> {
        let mut address = address::Address::new(written, self.scheme.as_deref())?;
        let mut draft = Draft::default();
        let mut typed = self.typed(import);
        let mut fallback: Vec<(&str, String)> = self.fields.clone();
        let mut method = "GET";
        let in_query = if self.get { self.data.as_ref() } else { None };
        if let Some(query) = in_query.or(self.query.as_ref()) {
            address.add_query(query);
        }
        if let Some(file) = upload {
            method = "PUT";
            address.name_upload(file);
            draft.body = import.read_text(files, file, "the body").unwrap_or_default();
        } else if !self.form.is_empty() {
            method = "POST";
            let boundary = multipart::boundary(&self.form);
            let own = typed.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
            let is_form = own.as_ref().is_none_or(|(_, kind)| kind.starts_with("multipart/form-data"));
            let disposition = if is_form { "form-data" } else { "attachment" };
            draft.body = multipart::text(&self.form, &boundary, self.escaped_form, disposition);
            match own {
                Some((_, kind)) => *kind = format!("{kind}; boundary={boundary}"),
                None => fallback.push(("Content-Type", format!("multipart/form-data; boundary={boundary}"))),
            }
        } else if let Some(data) = self.data.as_ref().filter(|_| !self.get) {
            method = "POST";
            draft.body.clone_from(data);
            let kind = if self.json { "application/json" } else { "application/x-www-form-urlencoded" };
            fallback.push(("Content-Type", kind.to_owned()));
        }
        if self.json {
            fallback.push(("Accept", "application/json".to_owned()));
        }
        let method = if self.head { "HEAD" } else { method };
        draft.method = self.method.clone().unwrap_or_else(|| method.to_owned());
        let user = self.user.clone().or_else(|| address.take_user());
        if let Some(token) = self.bearer.as_ref().filter(|_| !self.other_scheme) {
            fallback.push(("Authorization", format!("Bearer {token}")));
        } else if let Some(user) = user {
            if self.other_scheme {
                import.leave("the user and password", "they are for a way to prove who calls that is not taken");
            } else {
                let user = if user.contains(':') { user } else { format!("{user}:") };
                fallback.push(("Authorization", format!("Basic {}", BASE64_STANDARD.encode(user))));
            }
        }
        let referer = self.referer.iter().filter(|referer| !referer.is_empty());
        fallback.extend(referer.map(|referer| ("Referer", referer.clone())));
        fallback.extend(self.agent.iter().filter(|agent| !agent.is_empty()).map(|agent| ("User-Agent", agent.clone())));
        fallback.extend(self.range.iter().map(|range| ("Range", format!("bytes={range}"))));
        if !self.cookies.is_empty() {
            fallback.push(("Cookie", self.cookies.join(";")));
        }
        let typed_names: Vec<String> = self.named();
        for (name, value) in fallback {
            if !typed_names.iter().any(|typed| typed.eq_ignore_ascii_case(name)) {
                typed.push((name.to_owned(), value));
            }
        }
        draft.headers = typed.into_iter().map(|(name, value)| Pair::new(name, value)).collect();
        if let Some(target) = &self.target {
            address.set_target(target)?;
        }
        draft.url = address.text();
        Ok(draft)
    }

    /// The header fields that were typed and can be sent.
    fn typed(&self, import: &mut Import) -> Vec<(String, String)> {
        let mut typed = Vec::new();
        for line in &self.headers {
            let line = line.trim_end_matches(['\r', '\n']);
            let (name, value) = match (line.split_once(':'), line.strip_suffix(';')) {
                (Some((name, value)), _) => (name, value.trim()),
                (None, Some(name)) => (name, ""),
                (None, None) => continue,
            };
            let lower = name.trim().to_ascii_lowercase();
            if ["host", "content-length", "transfer-encoding", "connection", "expect"].contains(&lower.as_str())
                || name.trim().is_empty()
            {
                import.leave(format!("the header `{}`", line.trim()), "it follows from the address and the body");
            } else if value.is_empty() && line.contains(':') {
                // `Name:` takes away what curl would add by itself.
                if ["accept", "user-agent"].contains(&lower.as_str()) {
                    import.leave(format!("leaving out `{name}`"), "it is always sent");
                }
            } else {
                typed.push((name.to_owned(), value.to_owned()));
            }
        }
        typed
    }

    /// The names of header fields that were typed, taken away ones too.
    fn named(&self) -> Vec<String> {
        let names = self.headers.iter().filter_map(|line| line.split([':', ';']).next());
        names.map(|name| name.trim().to_owned()).collect()
    }
}

fn joined(data: &mut Option<String>, more: &str, with_and: bool) {
    match data {
        None => *data = Some(more.to_owned()),
        Some(data) => {
            if with_and {
                data.push('&');
            }
            data.push_str(more);
        }
    }
}

/// `content`, `=content`, `name=content`, `@file` or `name@file`, its content percent-encoded.
fn encoded(value: &str, files: &Files, import: &mut Import) -> String {
    let Some(at) = value.find(['=', '@']) else { return percent(value) };
    let (name, rest) = value.split_at(at);
    let content = match rest.strip_prefix('@') {
        None => rest.get(1..).unwrap_or_default().to_owned(),
        Some(file) => import.read_text(files, file, "a value").unwrap_or_default(),
    };
    if name.is_empty() { percent(&content) } else { format!("{name}={}", percent(&content)) }
}

fn percent(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string().replace("%20", "+")
}

/// A date as mail and HTTP write it, as RFC 9110 §5.6.7 has it.
fn moment(text: &str) -> Option<String> {
    let moment = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    Some(moment.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
}

/// What an address is called: its method and path.
pub(in crate::interchange) fn name_of(draft: &Draft) -> String {
    let rest = draft.url.split_once("://").map_or(draft.url.as_str(), |(_, rest)| rest);
    let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/");
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let path = percent_decode_str(path).decode_utf8_lossy();
    format!("{} {path}", draft.method)
}
