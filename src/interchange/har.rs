//! HAR 1.2, the archive that browsers save: its requests. The answers in it are not taken.

use serde_json::Value;

use super::{Import, title};
use crate::domain::request::{Draft, Pair};

/// Header fields that each call gets anew.
const ANEW: [&str; 6] = ["host", "content-length", "connection", "transfer-encoding", "expect", "proxy-connection"];

/// The requests of an archive.
pub fn imported(text: &str) -> Import {
    let mut import = Import::default();
    let json: Value = match serde_json::from_str(text) {
        Ok(json) => json,
        Err(error) => {
            import.leave("the archive", format!("it is no JSON: {error}"));
            return import;
        }
    };
    let Some(entries) = json.pointer("/log/entries").and_then(Value::as_array) else {
        import.leave("the archive", "it has no `log.entries`");
        return import;
    };
    for (at, entry) in entries.iter().enumerate() {
        let Some(request) = entry.get("request") else {
            import.leave(format!("entry {}", at + 1), "it has no request");
            continue;
        };
        if entry.get("response").is_some_and(|response| response.get("status").is_some()) {
            import.leave("the answers", "an import takes requests: their answers come when they are sent");
        }
        let text = |name: &str| request.get(name).and_then(Value::as_str).unwrap_or_default();
        let url = text("url");
        if !url.starts_with("http://") && !url.starts_with("https://") {
            let shown: String = title(url).chars().take(60).collect();
            import.leave(format!("entry {}: `{shown}`", at + 1), "it is not an http or https address");
            continue;
        }
        let mut draft = Draft {
            method: text("method").to_owned(),
            url: url.split('#').next().unwrap_or_default().to_owned(),
            headers: pairs(request.get("headers")),
            ..Draft::default()
        };
        draft.headers.retain(|row| !row.name.starts_with(':') && !ANEW.contains(&row.name.to_lowercase().as_str()));
        if let Some(data) = request.get("postData") {
            body(&mut draft, data, at, &mut import);
        }
        draft.name = title(&super::curl::name_of(&draft));
        import.push(Vec::new(), draft);
    }
    import
}

fn body(draft: &mut Draft, data: &Value, at: usize, import: &mut Import) {
    let text = |name: &str| data.get(name).and_then(Value::as_str).unwrap_or_default();
    let (kind, written) = (text("mimeType"), text("text"));
    let params = pairs(data.get("params"));
    if written.is_empty() && !params.is_empty() {
        if kind.starts_with("multipart/") {
            return import.leave(format!("entry {}: its form", at + 1), "the archive has its parts but not its text");
        }
        let encoded = params.iter().map(|row| (row.name.as_str(), row.value.as_str()));
        draft.body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(encoded).finish();
    } else if data.get("encoding").and_then(Value::as_str).is_some_and(|encoding| !encoding.is_empty()) {
        return import.leave(format!("entry {}: its body", at + 1), "it is encoded, and may be no text");
    } else {
        written.clone_into(&mut draft.body);
    }
    if !kind.is_empty() && !draft.headers.iter().any(|row| row.name.eq_ignore_ascii_case("content-type")) {
        draft.headers.push(Pair::new("Content-Type", kind));
    }
}

fn pairs(rows: Option<&Value>) -> Vec<Pair> {
    let rows = rows.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let text = |row: &Value, name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
    rows.iter().filter_map(|row| Some(Pair::new(text(row, "name")?, text(row, "value").unwrap_or_default()))).collect()
}
