//! Texts that mean harm: no network, no file without a yes, an end in reasonable time.

use authscope::interchange::{Files, format::Format};

use crate::world::Guard;

/// What an import may never do is seen from outside: the room names no file, no socket and no program, which another
/// test holds. Here: it ends, and says what it left.
fn survives(format: Format, text: &str) -> authscope::interchange::Import {
    let guard = Guard::new();
    let import = format.imported(text, &Files::new());
    guard.check();
    import
}

#[test]
fn references_in_a_circle_come_to_an_end() {
    let text = r##"{"openapi":"3.1.0","paths":{
        "/a":{"$ref":"#/paths/~1a"},
        "/b":{"post":{"requestBody":{"$ref":"#/components/requestBodies/B"}}},
        "/c":{"get":{"parameters":[{"$ref":"#/nowhere"},{"$ref":"#/paths/~1c/get/parameters/1"}]}}},
        "components":{"requestBodies":{"B":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/S"}}}}},
        "schemas":{"S":{"allOf":[{"$ref":"#/components/schemas/S"},{"$ref":"#/components/schemas/S"}],"properties":{
            "a":{"$ref":"#/components/schemas/S"},"b":{"$ref":"#/components/schemas/S"},"c":{"type":"array","items":{"$ref":"#/components/schemas/S"}}}}}}}"##;
    let import = survives(Format::OpenApi, text);
    assert_eq!(import.requests.len(), 2);
    assert!(import.left.iter().any(|left| left.why.contains("circle")), "{:?}", import.left);
    assert!(import.left.iter().any(|left| left.why.contains("leads nowhere")), "{:?}", import.left);
}

#[test]
fn addresses_of_files_and_of_the_network_are_left() {
    let text = r#"{"swagger":"2.0","paths":{"/a":{"get":{"parameters":[
        {"$ref":"http://evil.example/p.json"},{"$ref":"file:///etc/passwd"},{"$ref":"/etc/passwd"},{"$ref":"../../secret.yaml#/x"}]}}}}"#;
    let import = survives(Format::OpenApi, text);
    let asked: Vec<_> = import.asks.iter().map(|ask| ask.file.as_str()).collect();
    assert_eq!(asked, ["../../secret.yaml", "/etc/passwd"]);
    let fetched = import.left.iter().filter(|left| left.why.contains("nothing is fetched")).count();
    assert_eq!(fetched, 2, "{:?}", import.left);
}

#[test]
fn what_is_deep_huge_or_broken_is_left_with_a_reason() {
    let deep = format!("{{\"openapi\":\"3.0.0\",\"paths\":{}{}}}", "{\"a\":".repeat(100_000), "}".repeat(100_001));
    let deep_yaml = format!("openapi: 3.0.0\npaths: {}", "[".repeat(100_000));
    let bomb = "openapi: 3.0.0\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f]\nh: &h [*g,*g,*g,*g,*g,*g,*g,*g,*g]\npaths: *h\n";
    for text in [deep.as_str(), &deep_yaml, bomb, "openapi: [", "{\"openapi\":", "", "\u{0}", "openapi: 9.0.0"] {
        let import = survives(Format::OpenApi, text);
        assert!(import.requests.is_empty() && !import.left.is_empty(), "{}", &text[..text.len().min(40)]);
    }
    for format in [Format::Har, Format::Postman] {
        for text in [deep.as_str(), "{", "", "{\"log\":7}", "{\"item\":[{\"item\":[{}]}]}"] {
            assert!(survives(format, text).requests.is_empty());
        }
    }
    let folders = format!("{{\"info\":{{}},\"item\":[{}{}]}}", "{\"item\":[".repeat(40), "]}".repeat(40));
    assert!(survives(Format::Postman, &folders).left.iter().any(|left| left.why.contains("too deep")));
    let many: Vec<_> = (0..6000).map(|at| format!("{{\"name\":\"{at}\",\"request\":\"http://h/{at}\"}}")).collect();
    let import = survives(Format::Postman, &format!("{{\"info\":{{}},\"item\":[{}]}}", many.join(",")));
    assert_eq!(import.requests.len(), 5000);
    assert!(import.left.iter().any(|left| left.what.contains("after the first 5000")));
}

#[test]
fn a_command_line_of_a_megabyte_comes_to_an_end() {
    let long = "x".repeat(1 << 20);
    for text in [
        format!("curl http://h/{long}"),
        format!("curl http://h/ -d '{long}'"),
        format!("curl http://h/{}", "[1-9]".repeat(100_000)),
        format!("curl http://h/{}", "{".repeat(1 << 20)),
        format!("curl {}", "$(".repeat(1 << 19)),
        format!("curl http://h/ {}", "-F a=b ".repeat(50_000)),
        format!("curl http://h/ -F 'a=b{}'", ";type=x".repeat(50_000)),
        format!("curl ^\"{}", "^\\^\"".repeat(200_000)),
        format!("curl -d @- http://h/ {}", "<<A ".repeat(1000)),
        "curl http://h/\n".repeat(10_000),
    ] {
        survives(Format::Curl, &text);
    }
}

#[test]
fn control_characters_never_reach_a_name() {
    let name = "a\u{1b}]0;title\u{7}\r\n### injected\nGET http://evil/";
    let json = serde_json::json!({ "info": {}, "item": [{ "name": name, "item": [{ "name": name, "request": "http://h/" }] }] });
    let import = survives(Format::Postman, &json.to_string());
    let found = &import.requests[0];
    for name in [&found.draft.name, &found.folders[0]] {
        assert!(!name.contains(char::is_control), "{name:?}");
    }
    let har = serde_json::json!({ "log": { "entries": [{ "request": { "method": "GET", "url": format!("http://h/{name}") } }] } });
    let import = survives(Format::Har, &har.to_string());
    assert!(import.requests.iter().all(|found| !found.draft.name.contains(char::is_control)));
}

#[test]
fn scripts_of_a_collection_are_named_and_not_run() {
    let json = r#"{"info":{},"event":[{"listen":"prerequest","script":{"exec":["process.exit()"]}}],"item":[]}"#;
    let import = survives(Format::Postman, json);
    assert!(import.left.iter().any(|left| left.what.contains("script") && left.why == "nothing is run"));
}
