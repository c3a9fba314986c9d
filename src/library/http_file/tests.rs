use super::*;
use crate::domain::request::Pair;

const FILE: &str = include_str!("../../../tests/http/jetbrains.http");

fn named(text: &str, name: &str) -> Block {
    blocks(text).into_iter().find(|block| block.id() == name || block.draft.name == name).unwrap()
}

#[test]
fn requests_are_told_apart_with_their_settings_headers_and_bodies() {
    let text =
        "# a file\n\n### One\n# @group A b\n// a remark\nPOST {{u}}/x\nA: 1\nB:2\n\n{\n  1\n}\n\n###\nhttp://h/\n";
    let found = blocks(text);
    assert_eq!(found.len(), 2);
    let one = &found[0];
    assert_eq!(
        (one.draft.name.as_str(), one.draft.method.as_str(), one.draft.url.as_str()),
        ("One", "POST", "{{u}}/x")
    );
    assert_eq!(one.draft.headers, [Pair::new("A", "1"), Pair::new("B", "2")]);
    assert_eq!(one.draft.body, "{\n  1\n}");
    assert_eq!((one.setting("group"), one.setting("sandbox")), (Some("A b"), None));
    assert_eq!((found[1].draft.method.as_str(), found[1].draft.url.as_str()), ("GET", "http://h/"));
}

#[test]
fn a_text_without_a_request_has_none() {
    for text in [
        "",
        "###",
        "# only\n### remarks\n# here",
        "\n\n",
        "words that are no request",
        include_str!("../../../tests/http/odd.http"),
    ] {
        assert_eq!(blocks(text), [], "{text:?}");
    }
}

#[test]
fn what_jetbrains_writes_is_understood() {
    let names: Vec<_> = blocks(FILE).into_iter().map(|block| block.draft.name).collect();
    assert_eq!(
        names,
        ["Create a payment", "Check its status", "A file as it is", "Parts of several kinds", "The short form"]
    );
    let create = named(FILE, "Create a payment");
    assert_eq!(create.draft.url, "{{base_url}}/api/v1/transactions");
    assert!(create.draft.body.starts_with("{\n") && create.draft.body.ends_with("\n}"));
    assert_eq!(create.gives, [("txNo".to_owned(), "body.transactionId".to_owned())]);
    let status = named(FILE, "Check its status");
    assert_eq!(status.draft.url, "{{base_url}}/api/v1/transactions/{{txNo}}/status");
    assert_eq!(status.draft.query, [Pair::new("expand", "provider"), Pair::new("language", "en GB")]);
    assert_eq!(status.draft.body, "");
    assert_eq!(named(FILE, "A file as it is").draft.body, "< ./payload.bin");
    let parts = named(FILE, "Parts of several kinds").draft.body;
    assert!(parts.contains("\n< ./data.json\n") && parts.ends_with("--WebAppBoundary--"));
    assert_eq!(HttpFile::parse(FILE).variables()[0], ("reference".to_owned(), "ORDER-1042".to_owned()));
}

#[test]
fn what_rest_client_kulala_and_httpyac_write_is_understood() {
    let text = include_str!("../../../tests/http/rest-client.http");
    let status = named(text, "status");
    assert_eq!(status.draft.query.len(), 2);
    assert_eq!(status.setting("no-redirect"), Some(""));
    assert!(status.draft.url.contains("{{create.response.body.$.transactionId}}"));
    let create = named(text, "create");
    assert_eq!(create.draft.headers[2], Pair { on: false, ..Pair::new("X-Trace", "off-for-now") });
    assert!(named(text, "login").draft.body.contains("\n&client_id=demo"));
    assert_eq!(named(text, "four of them").draft.body.lines().count(), 4);

    let text = include_str!("../../../tests/http/kulala.http");
    let search = named(text, "SEARCH");
    assert_eq!(search.draft.url, "http://127.0.0.1:8080/search?q=a b");
    assert_eq!(named(text, "GRAPHQL").draft.method, "GRAPHQL");
    assert_eq!(named(text, "with a script in place").gives, [("first".to_owned(), "body.a[0]".to_owned())]);
    assert_eq!(named(text, "with a script in place").draft.body, "{\"a\": [1, 2, 3]}");

    let text = include_str!("../../../tests/http/httpyac.http");
    let second = named(text, "second");
    assert_eq!((second.setting("ref"), second.draft.body.as_str()), (Some("json"), "{\"order\": \"{{order}}\"}"));
    assert_eq!(named(text, "json").draft.body, "");
    assert_eq!(named(text, "third").draft.body, "");
}

#[test]
fn one_changed_line_is_one_changed_line() {
    let mut file = HttpFile::parse(FILE);
    let (at, block) = file.requests().next().unwrap();
    let mut draft = block.draft;
    draft.body = draft.body.replace("25.00", "30.00");
    file.change(at, &draft).unwrap();
    assert_eq!(file.text(), FILE.replace("25.00", "30.00"));
    draft.headers[1].on = false;
    file.change(at, &draft).unwrap();
    assert_eq!(file.text(), FILE.replace("25.00", "30.00").replace("X-Request-Id", "# X-Request-Id"));
}

#[test]
fn new_lines_end_as_those_of_the_file_do() {
    let text = "### A\r\nGET http://h/\r\n";
    let mut file = HttpFile::parse(text);
    let mut draft = file.request(0).unwrap().draft;
    draft.headers.push(Pair::new("A", "1"));
    draft.query.push(Pair::new("q", "a b&c"));
    draft.body = "{\n}".to_owned();
    file.change(0, &draft).unwrap();
    assert_eq!(file.text(), "### A\r\nGET http://h/\r\n    ?q=a%20b%26c\r\nA: 1\r\n\r\n{\r\n}\r\n");
    draft.body.clear();
    draft.headers.clear();
    file.change(0, &draft).unwrap();
    assert_eq!(file.text(), "### A\r\nGET http://h/\r\n    ?q=a%20b%26c\r\n\r\n");
}

#[test]
fn what_a_file_cannot_say_is_refused_and_nothing_is_changed() {
    let mut file = HttpFile::parse("### A\nGET http://h/\n");
    let right = file.request(0).unwrap().draft;
    let mut body = right.clone();
    body.body = "a\n### b\nGET x".to_owned();
    let mut header = right.clone();
    header.headers.push(Pair::new("a b", "1"));
    let mut answer = right.clone();
    answer.body = "x\nHTTP/1.1 200 OK".to_owned();
    for (draft, why) in [(body, "parts requests"), (header, "header field"), (answer, "something else")] {
        let refused = file.change(0, &draft).unwrap_err();
        assert!(refused.to_string().contains(why), "{refused}");
        assert_eq!(file.text(), "### A\nGET http://h/\n");
    }
}

#[test]
fn a_request_that_is_taken_out_goes_back_as_it_was() {
    let mut file = HttpFile::parse(FILE);
    let (at, _) = file.requests().nth(1).unwrap();
    let part = file.remove(at).unwrap();
    assert!(file.requests().all(|(_, block)| block.draft.name != "Check its status"));
    file.put_part(at, &part);
    assert_eq!(file.text(), FILE);
}

#[test]
fn a_name_goes_where_the_name_was() {
    for (text, named) in [
        ("### A\nGET /x\n", "### New\nGET /x\n"),
        ("###\n# @name a\nGET /x\n", "### New\n# @name a\nGET /x\n"),
        ("# @name a\nGET /x\n", "# @name New\nGET /x\n"),
        ("GET /x\n", "# @name New\nGET /x\n"),
    ] {
        let mut file = HttpFile::parse(text);
        let mut draft = file.request(0).unwrap().draft;
        draft.name = "New".to_owned();
        file.change(0, &draft).unwrap();
        assert_eq!(file.text(), named);
    }
}
