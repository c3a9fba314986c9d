//! From the words of the command line to a request that can be sent, and again if need be.

use std::{
    fs::File,
    io::{self, BufReader, Read},
    path::{Path, PathBuf},
};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, header};
use serde::de::IgnoredAny;
use tokio::task;
use url::Url;

use crate::{
    body::{Body, BodyWriter},
    cli::exit::Stop,
    config::profiles,
    domain::{
        profile::Profile,
        request::{Prepared, RequestBody, header_field, is_secret_bearing},
    },
};

/// Bytes of standard input that are kept for a second send.
const SPOOLED: u64 = 64 << 20;

/// A request as words of the command line.
#[derive(Clone, Copy)]
pub(in crate::cli) struct Words<'a> {
    /// The address, or a method and an address.
    pub(in crate::cli) target: &'a [String],
    /// Header fields, or files of them.
    pub(in crate::cli) headers: &'a [String],
    /// The body, or where it is.
    pub(in crate::cli) data: Option<&'a str>,
    /// Whether redirects are followed.
    pub(in crate::cli) follow: bool,
}

/// Reads what has to be read; standard input on a thread of its own, so that a signal is heard meanwhile.
pub(in crate::cli) async fn prepared(
    words: Words<'_>,
    profile: &Profile,
    cache: Option<PathBuf>,
) -> anyhow::Result<Prepared> {
    let (method, url) = target(words, profile)?;
    let mut headers = headers(words.headers)?;
    let data = words.data.map(str::to_owned);
    let body = task::spawn_blocking(move || body(data.as_deref(), cache.as_deref())).await??;
    let typed = headers.iter().any(|(name, _)| name == header::CONTENT_TYPE);
    if !typed && is_json(&body) {
        headers.push((header::CONTENT_TYPE, HeaderValue::from_static("application/json")));
    }
    let mut prepared = Prepared::new(method, url, headers, body).map_err(|error| Stop::usage(error.to_string()))?;
    prepared.follow = words.follow;
    Ok(prepared)
}

fn target(words: Words<'_>, profile: &Profile) -> Result<(Method, Url), Stop> {
    let (method, written) = match words.target {
        [method, url] => (method.to_ascii_uppercase(), url),
        [url] => (if words.data.is_some() { "POST" } else { "GET" }.to_owned(), url),
        _ => return Err(Stop::usage("there is no address")),
    };
    let method = Method::from_bytes(method.as_bytes())
        .map_err(|_| Stop::usage(format!("`{method}` is not a method: write `[METHOD] URL`")))?;
    let url = profiles::under(&profile.base_url, written)
        .map_err(|wrong| Stop::usage(format!("URL: {wrong}")).hint("a path after the base URL begins with `/`"))?;
    Ok((method, url))
}

pub(in crate::cli) fn headers(written: &[String]) -> Result<Vec<(HeaderName, HeaderValue)>, Stop> {
    let mut headers = Vec::new();
    for written in written {
        match written.strip_prefix('@') {
            None => headers.push(header_of(written).map_err(|wrong| Stop::usage(format!("-H: {wrong}")))?),
            Some(path) => {
                let text = std::fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
                for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
                    let wrong = |wrong| Stop::usage(format!("{path}, line {}: {wrong}", at + 1));
                    headers.push(header_of(line).map_err(wrong)?);
                }
            }
        }
    }
    Ok(headers)
}

/// The line itself is not repeated in an error: a secret may stand in it.
fn header_of(line: &str) -> Result<(HeaderName, HeaderValue), String> {
    let (name, value) = line.split_once(':').ok_or("write a header field as `Name: value`")?;
    header_field(name, value)
}

fn body(data: Option<&str>, cache: Option<&Path>) -> Result<RequestBody, Stop> {
    let Some(data) = data else { return Ok(RequestBody::Empty) };
    if data == "-" {
        return spooled(io::stdin().lock(), "standard input", cache);
    }
    let Some(path) = data.strip_prefix('@') else { return Ok(RequestBody::Bytes(Bytes::from(data.to_owned()))) };
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let facts = file.metadata().map_err(|error| unreadable(path, &error))?;
    if facts.is_dir() {
        return Err(Stop::usage(format!("`{path}` is a folder")));
    }
    if !facts.is_file() {
        // A pipe by name can be read once only.
        return spooled(file, path, cache);
    }
    Ok(RequestBody::File { path: path.into(), size: facts.len(), modified: facts.modified().ok() })
}

fn unreadable(path: &str, error: &io::Error) -> Stop {
    Stop::usage(format!("`{path}` cannot be read: {error}"))
}

/// Keeps what can be read once, so that it can be sent twice.
fn spooled(mut from: impl Read, name: &str, cache: Option<&Path>) -> Result<RequestBody, Stop> {
    let mut writer = BodyWriter::new(cache);
    let body = writer.body();
    let mut buffer = vec![0; 64 << 10];
    loop {
        let count = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(unreadable(name, &error)),
        };
        let chunk = Bytes::copy_from_slice(buffer.get(..count).unwrap_or_default());
        if body.len() + chunk.len() as u64 > SPOOLED {
            let text = format!("{name} holds more than {} MiB, too much to keep for a second send", SPOOLED >> 20);
            return Err(Stop::usage(text).hint("put it into a file: `-d @FILE` takes any size"));
        }
        writer.push(&chunk).map_err(|error| Stop::usage(format!("{name} cannot be kept: {error}")))?;
    }
    writer.complete();
    Ok(if body.is_empty() { RequestBody::Empty } else { RequestBody::Spooled(body) })
}

/// Whether a body is one JSON value, read piece by piece.
fn is_json(body: &RequestBody) -> bool {
    let read = |from: &mut dyn Read| serde_json::from_reader::<_, IgnoredAny>(BufReader::new(from)).is_ok();
    match body {
        RequestBody::Empty | RequestBody::Unread(_) => false,
        RequestBody::Bytes(bytes) => read(&mut bytes.as_ref()),
        RequestBody::File { path, .. } => File::open(path).is_ok_and(|mut file| read(&mut file)),
        RequestBody::Spooled(body) => read(&mut Reading { body, offset: 0 }),
    }
}

/// A body read from its start to its end.
struct Reading<'a> {
    body: &'a Body,
    offset: u64,
}

impl Read for Reading<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.body.read_at(self.offset, buffer)?;
        self.offset += count as u64;
        Ok(count)
    }
}

/// Whether a word of the command line looks like a secret: everybody on the machine can read it there.
pub(in crate::cli) fn shows_a_secret(words: Words<'_>) -> bool {
    let telling = ["secret=", "secret\"", "password", "access_token", "refresh_token", "api_key", "apikey"];
    let tells = |text: &str| {
        let text = text.to_ascii_lowercase();
        telling.iter().any(|word| text.contains(word))
    };
    let is_secret_header = |line: &String| {
        let Some((name, value)) = line.split_once(':').filter(|_| !line.starts_with('@')) else { return false };
        !value.trim().is_empty() && name.trim().parse().is_ok_and(|name| is_secret_bearing(&name))
    };
    let has_user = |word: &String| {
        let host = word.split_once("://").map(|(_, rest)| rest.split('/').next().unwrap_or_default());
        host.is_some_and(|host| host.contains('@'))
    };
    words.headers.iter().any(is_secret_header)
        || words.data.is_some_and(|data| !data.starts_with('@') && tells(data))
        || words.target.iter().any(|word| tells(word) || has_user(word))
}
