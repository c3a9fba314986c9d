use std::sync::Arc;

use http::Method;
use url::Url;

use super::*;
use crate::domain::{
    credential::SecretSource,
    request::{RequestBody, header_field},
};

fn profile() -> Profile {
    let address = |text| Url::parse(text).unwrap();
    let mut profile = Profile::new("p", address("https://api.example"), address("https://api.example/api/token"));
    profile.credentials = vec![Credential::new("me", SecretSource::Environment("MINE".to_owned()))];
    profile
}

fn request(target: &str, headers: &[(&str, &str)], body: &str) -> Prepared {
    let url = Url::parse("https://api.example").unwrap().join(target).unwrap();
    let headers = headers.iter().map(|(name, value)| header_field(name, value).unwrap()).collect();
    let body = if body.is_empty() { RequestBody::Empty } else { RequestBody::Bytes(body.to_owned().into()) };
    Prepared::new(Method::POST, url, headers, body).unwrap()
}

fn written(language: &str, kind: Kind, request: &Prepared, revealed: Option<&Revealed>) -> Snippet {
    let (profile, snippets) = (profile(), Snippets::default());
    let credential = profile.credentials.first();
    let subject = Subject { request: Some(request), profile: &profile, credential, revealed };
    snippets.named(language).unwrap().snippet(kind, &subject).unwrap()
}

#[test]
fn every_folder_of_the_program_is_a_language() {
    let (snippets, broken) = Snippets::with(&[]);
    assert_eq!(broken, []);
    let ids: Vec<_> = snippets.all().iter().map(|language| language.id.as_str()).collect();
    let all = ["curl", "javascript", "python", "java", "go", "ruby", "csharp", "httpie", "powershell", "rust"];
    assert_eq!(ids, all);
}

#[test]
fn no_secret_is_text_in_any_language_unless_it_is_revealed() {
    let headers = [("Cookie", "sentinel-1"), ("X-Api-Key", "sentinel-2"), ("X-Session-Token", "sentinel-3")];
    let body = r#"{"password": "sentinel-4", "a": {"client_secret" : "sentinel\"-5"}, "b": "ok"}"#;
    let request = request("/x?api_key=sentinel-6&b=1", &headers, body);
    let secret = || Some(Arc::new(Secret::new("sentinel-7")));
    let revealed = Revealed { token: secret(), client_secret: secret() };
    for language in Snippets::default().all() {
        for kind in Kind::ALL {
            let snippet = written(&language.id, kind, &request, None);
            assert!(!snippet.text.contains("sentinel"), "{}", snippet.text);
            assert!(!format!("{snippet:?}").contains("sentinel"));
            let wanted = if kind == Kind::Call { "TOKEN" } else { "MINE" };
            assert!(snippet.text.contains(wanted), "{}", snippet.text);
            let shown = written(&language.id, kind, &request, Some(&revealed));
            assert!(shown.text.contains("sentinel-7") && shown.variables.is_empty(), "{}", shown.text);
        }
    }
}

#[test]
fn what_a_client_cannot_send_is_said_in_the_code() {
    let mut get = request("/x", &[], "a");
    get.method = Method::GET;
    let snippet = written("javascript", Kind::Call, &get, None);
    assert!(
        snippet.text.contains("// Not expressible here: fetch sends no body with GET or HEAD."),
        "{}",
        snippet.text
    );
    for (language, request) in [
        ("java", request("/x", &[("X-A", "\u{e9}")], "")),
        ("httpie", request("/a%2fb", &[], "")),
        ("httpie", request("/a%41b", &[], "")),
        ("httpie", request("/x", &[("X-A", "a\\:b")], "")),
        ("python", request("https://api.example//x", &[], "")),
        ("go", request("/x", &[("User-Agent", "")], "")),
    ] {
        let snippet = written(language, Kind::Call, &request, None);
        assert!(snippet.not_expressible.is_some_and(|why| snippet.text.contains(&why)), "{}", snippet.text);
    }
    assert_eq!(written("python", Kind::Call, &request("/a%2fb%41?", &[], ""), None).not_expressible, None);
}

#[test]
fn a_request_with_credentials_of_its_own_has_no_flow() {
    let typed = request("/x", &[("Authorization", "Basic c2VudGluZWw6eA==")], "");
    let (profile, snippets) = (profile(), Snippets::default());
    let subject =
        Subject { request: Some(&typed), profile: &profile, credential: profile.credentials.first(), revealed: None };
    let curl = snippets.named("curl").unwrap();
    assert_eq!(curl.snippet(Kind::Flow, &subject).unwrap_err(), SnippetError::TypedAuthorization);
    let call = curl.snippet(Kind::Call, &subject).unwrap();
    assert!(call.text.contains("\"Authorization: Basic $AUTHORIZATION\""), "{}", call.text);
    let nobody = Subject { request: None, credential: None, ..subject };
    assert_eq!(curl.snippet(Kind::Token, &nobody).unwrap_err(), SnippetError::NoCredential("p".to_owned()));
    assert_eq!(curl.snippet(Kind::Call, &nobody).unwrap_err(), SnippetError::NoRequest(Kind::Call));
}

#[test]
fn a_person_changes_a_language_or_adds_one_and_a_broken_one_is_told() {
    let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let folder = |name: &str, files| Folder { name: name.to_owned(), files };
    let about = "name = \"Fish\"\nescaper = \"curl\"\ncomment = \"#\"";
    let kinds = ["token", "call", "flow"].map(|kind| file(&format!("{kind}.jinja"), "mine {{ kind }}"));
    let own = [
        folder("curl", vec![file("call.jinja", "{{ request.method | code }} mine\n")]),
        folder("fish", [vec![file("language.toml", about)], kinds.to_vec()].concat()),
        folder("python", vec![file("call.jinja", "{% if %}")]),
        folder("empty", Vec::new()),
    ];
    let (snippets, broken) = Snippets::with(&own);
    let request = request("/x", &[], "");
    let profile = profile();
    let subject =
        Subject { request: Some(&request), profile: &profile, credential: profile.credentials.first(), revealed: None };
    let text = |id: &str, kind| snippets.named(id).unwrap().snippet(kind, &subject).unwrap().text;
    assert_eq!(text("curl", Kind::Call), "POST mine\n");
    assert!(text("curl", Kind::Token).contains("fetch_token"), "the rest of it is as it was");
    assert_eq!(text("fish", Kind::Flow), "mine flow");
    assert!(text("python", Kind::Call).contains("requests"), "the built-in one stands in");
    let told: Vec<_> = broken.iter().map(ToString::to_string).collect();
    assert!(told[0].starts_with("snippets/python/call.jinja: line 1: syntax error"), "{told:?}");
    assert_eq!(told[1], "snippets/empty/language.toml: it is not there");
    let endless = "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}";
    let [token, _, flow] = kinds;
    let files = vec![file("language.toml", about), token, file("call.jinja", endless), flow];
    let endless = folder("fish", files);
    let (snippets, _) = Snippets::with(&[endless]);
    let error = snippets.named("fish").unwrap().snippet(Kind::Call, &subject).unwrap_err();
    assert!(error.to_string().contains("does not come to an end"), "{error}");
}

#[test]
fn a_comment_cannot_be_left() {
    let mut request = request("/x", &[], "");
    request.name = "a\nb \\u000a*/ \u{2028}\u{202e}c".to_owned();
    for language in Snippets::default().all() {
        let snippet = written(&language.id, Kind::Call, &request, None);
        let line = snippet.text.lines().next().unwrap();
        let comment = &language.about.comment;
        assert!(line.starts_with(comment.as_str()) && line.ends_with("c: POST api.example"), "{line}");
    }
}
