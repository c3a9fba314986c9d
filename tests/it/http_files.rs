//! `.http` files: read and printed without a byte changed, whoever wrote them; and a change that touches its request alone.

use std::{fs, path::Path};

use authscope::{
    domain::request::{Draft, Pair},
    library::http_file::HttpFile,
};
use proptest::{prelude::*, sample::select};

/// Every `.http` file below a folder, with its text.
fn files(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|kind| kind == "http") {
            found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

fn every_file() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = files(&root.join("tests"));
    found.extend(files(&root.join("assets")));
    found
}

#[test]
fn every_http_file_of_the_tests_is_printed_as_it_was_read() {
    let files = every_file();
    assert!(files.len() >= 7, "{}", files.len());
    for (path, text) in files {
        assert_eq!(HttpFile::parse(&text).text(), text, "{path}");
    }
}

#[test]
fn saying_a_request_as_it_is_changes_no_byte_of_any_file() {
    for (path, text) in every_file() {
        let mut file = HttpFile::parse(&text);
        let requests: Vec<_> = file.requests().collect();
        for (at, block) in requests {
            file.change(at, &block.draft).unwrap();
            assert_eq!(file.text(), text, "{path}, “{}”", block.draft.name);
        }
    }
}

#[test]
fn a_change_of_one_request_of_any_file_leaves_the_bytes_of_the_others() {
    for (path, text) in every_file() {
        let requests: Vec<_> = HttpFile::parse(&text).requests().collect();
        for (at, block) in requests {
            let mut file = HttpFile::parse(&text);
            let own = file.part(at).unwrap();
            let mut draft = block.draft;
            draft.headers.push(Pair::new("X-Added", "1"));
            draft.url.push_str("/more");
            file.change(at, &draft).unwrap_or_else(|error| panic!("{path}: {error}"));
            let changed = file.part(at).unwrap();
            assert_eq!(file.text().replacen(&changed, &own, 1), text, "{path}, “{}”", draft.name);
            let lines: Vec<_> = own.split_inclusive('\n').collect();
            let kept = changed.split_inclusive('\n').filter(|line| lines.contains(line)).count();
            assert!(kept + 4 >= lines.len(), "{path}: one line is another, one is new:\n{changed}");
        }
    }
}

fn line() -> impl Strategy<Value = String> {
    let written = select(vec![
        "### A title",
        "###",
        "#### x",
        "# a remark",
        "// a remark",
        "# @name a",
        "# @policy manual",
        "@v = 1",
        "# @v = 1",
        "GET http://127.0.0.1/{{v}}",
        "POST {{base_url}}/x HTTP/1.1",
        "http://127.0.0.1/",
        "get /x",
        "Accept: */*",
        "# X-Off: 1",
        "X:",
        "    ?a=b",
        "    &c=d%20e",
        "\t/more",
        "{",
        "  \"a\": {{v}}",
        "}",
        "< ./file",
        "<@ file",
        "> {% x %}",
        "> {%",
        "%}",
        "{{",
        "}}",
        ">> out.json",
        "<> told.json",
        "HTTP/1.1 200 OK",
        "?? status == 200",
        "--boundary",
        "",
        " ",
        "import x",
    ]);
    prop_oneof![8 => written.prop_map(str::to_owned), 1 => "[ -~äß]{0,12}", 1 => "[#<>{}@:= ?&/]{0,6}"]
}

fn text() -> impl Strategy<Value = String> {
    let ends = select(vec!["\n", "\n", "\r\n"]);
    let lines = prop::collection::vec((line(), ends), 0..40);
    (any::<bool>(), lines, any::<bool>()).prop_map(|(bom, lines, ended)| {
        let mut text: String = lines.iter().flat_map(|(line, end)| [line.as_str(), end]).collect();
        if !ended {
            text.truncate(text.trim_end_matches(['\r', '\n']).len());
        }
        if bom { format!("\u{feff}{text}") } else { text }
    })
}

fn row() -> impl Strategy<Value = Pair> {
    ("[A-Za-z][A-Za-z0-9-]{0,6}", "[ -~]{0,10}", any::<bool>())
        .prop_map(|(name, value, on)| Pair { on, ..Pair::new(name, value.trim()) })
}

fn draft() -> impl Strategy<Value = Draft> {
    let rows = || prop::collection::vec(row(), 0..4);
    let body =
        prop::collection::vec("[ -\"$-;=?-~]{0,10}", 0..5).prop_map(|lines| lines.join("\n").trim_end().to_owned());
    let method = select(vec!["GET", "POST", "QUERY", "DELETE"]);
    let variable = ("[a-z]{1,5}", "[a-z0-9]{0,5}", any::<bool>());
    let variables =
        prop::collection::vec(variable.prop_map(|(name, value, on)| Pair { on, ..Pair::new(name, value) }), 0..3);
    (("[A-Za-z][A-Za-z ]{0,8}", method, "/[a-z{}]{1,8}"), rows(), rows(), body, variables).prop_map(
        |((name, method, url), query, headers, body, variables)| Draft {
            name: name.trim().to_owned(),
            method: method.to_owned(),
            url,
            query,
            headers,
            body,
            // One called `name` would be a name.
            variables: variables.into_iter().filter(|row| row.name != "name").collect(),
        },
    )
}

proptest! {
    #[test]
    fn any_text_is_printed_as_it_was_read_and_says_the_same_again(text in text()) {
        let mut file = HttpFile::parse(&text);
        prop_assert_eq!(file.text(), text.clone());
        let requests: Vec<_> = file.requests().collect();
        for (at, block) in requests {
            if file.change(at, &block.draft).is_ok() {
                prop_assert_eq!(file.text(), text.clone());
            }
        }
    }

    #[test]
    fn a_draft_that_is_written_is_read_as_it_was_or_refused(text in text(), draft in draft()) {
        let mut file = HttpFile::parse(&text);
        let before: Vec<_> = file.requests().map(|(_, block)| block.draft).collect();
        match file.push(&draft) {
            Ok(at) => {
                let read = HttpFile::parse(&file.text());
                prop_assert_eq!(read.request(at).map(|block| block.draft), Some(draft));
                let others: Vec<_> = read.requests().filter(|(place, _)| *place != at).map(|(_, block)| block.draft).collect();
                prop_assert_eq!(others, before);
            }
            Err(_) => prop_assert_eq!(file.text(), text),
        }
    }

    #[test]
    fn a_changed_request_says_what_was_asked_and_the_others_keep_their_bytes(text in text(), draft in draft()) {
        let file = HttpFile::parse(&text);
        for (at, _) in file.requests() {
            let mut changed = file.clone();
            let own = changed.part(at).unwrap();
            match changed.change(at, &draft) {
                Ok(()) => {
                    let read = HttpFile::parse(&changed.text());
                    prop_assert_eq!(read.request(at).map(|block| block.draft), Some(draft.clone()));
                    let new = changed.part(at).unwrap();
                    prop_assert_eq!(changed.text().replacen(&new, &own, 1), text.clone());
                }
                Err(_) => prop_assert_eq!(changed.text(), text.clone()),
            }
        }
    }
}
