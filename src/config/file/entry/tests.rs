//! A form and the text of the file before and after it.

use std::path::Path;

use super::*;
use crate::{config::file, domain::profile::Profile};

const WRITTEN: &str = "\
# mine
version = 1
profile = \"b\" # the usual

[profiles.b] # bee
base-url = \"https://b.example\" # where
ca-file = \"b.pem\"

[profiles.b.credentials.one]
client-id = \"b1\"
secret = { file = \"~/b\" } # there

# keys, last
[keys]
send = [\"x\"]
";

fn profile(text: &str, name: &str) -> Profile {
    let config = file::parse(text.as_bytes(), Path::new("/h/config.toml")).unwrap();
    config.profiles.into_iter().find(|profile| profile.name == name).unwrap()
}

fn of_b(fields: &[(Field, &str)]) -> Entry {
    let profile = profile(WRITTEN, "b");
    let before = Written::of(&profile, profile.credentials.first());
    filled(Origin::Of("b".to_owned(), Some("one".to_owned())), before, fields)
}

fn filled(origin: Origin, before: Written, fields: &[(Field, &str)]) -> Entry {
    let mut now = before.clone();
    for (field, text) in fields {
        now.set(*field, *text);
    }
    Entry { origin, before, now }
}

fn text(entry: Entry) -> Result<String, ChangeError> {
    changed(WRITTEN, &Change::Write(Box::new(entry)))
}

#[test]
fn what_was_not_changed_in_the_form_stands_as_it_stood() {
    assert_eq!(text(of_b(&[])).unwrap(), WRITTEN);
    let fields = [(Field::BaseUrl, "https://c.example"), (Field::ClientId, "b2"), (Field::Place, PRODUCTION)];
    let expected = WRITTEN
        .replace("https://b.example", "https://c.example")
        .replace("\"b1\"", "\"b2\"")
        .replace("ca-file = \"b.pem\"\n", "ca-file = \"b.pem\"\nproduction = true\n");
    assert_eq!(text(of_b(&fields)).unwrap(), expected);
}

#[test]
fn a_token_url_below_the_base_url_follows_it_however_it_was_written() {
    let text = WRITTEN.replace("# where\n", "# where\ntoken-url = \"https://b.example/oauth\"\n");
    let profile = profile(&text, "b");
    let before = Written::of(&profile, profile.credentials.first());
    let origin = Origin::Of("b".to_owned(), Some("one".to_owned()));
    let entry = filled(origin, before, &[(Field::BaseUrl, "https://c.example")]);
    let text = changed(&text, &Change::Write(Box::new(entry))).unwrap();
    assert_eq!(self::profile(&text, "b").token_url.as_str(), "https://c.example/oauth");
}

#[test]
fn a_source_is_written_in_the_place_of_another_and_what_is_emptied_is_taken_out() {
    let fields = [(Field::Source, "command"), (Field::Secret, "pass show 'a b'")];
    let command = text(of_b(&fields)).unwrap();
    assert_eq!(command, WRITTEN.replace("{ file = \"~/b\" }", "{ command = [\"pass\", \"show\", \"a b\"] }"));
    let none = text(of_b(&[(Field::Source, NONE), (Field::Secret, "")])).unwrap();
    assert_eq!(none, WRITTEN.replace("secret = { file = \"~/b\" } # there\n", ""));
}

#[test]
fn a_new_name_moves_with_its_comments_and_its_choice() {
    let renamed = text(of_b(&[(Field::Name, "c"), (Field::Credential, "two")])).unwrap();
    let expected = WRITTEN
        .replace("profile = \"b\"", "profile = \"c\"")
        .replace("[profiles.b", "[profiles.c")
        .replace("credentials.one", "credentials.two");
    assert_eq!(renamed, expected);
}

#[test]
fn a_secret_in_a_keyring_is_found_by_another_name_of_its_profile_too() {
    let text = WRITTEN.replace("{ file = \"~/b\" }", "{ keyring = true }");
    let profile = profile(&text, "b");
    let before = Written::of(&profile, profile.credentials.first());
    let origin = Origin::Of("b".to_owned(), Some("one".to_owned()));
    let entry = filled(origin, before, &[(Field::Name, "c")]);
    let text = changed(&text, &Change::Write(Box::new(entry))).unwrap();
    assert_eq!(self::profile(&text, "c").credentials[0].secret, profile.credentials[0].secret);
}

#[test]
fn a_new_profile_has_what_was_filled_in_and_no_more() {
    let fields = [
        (Field::Name, "a"),
        (Field::BaseUrl, "https://a.example"),
        (Field::ClientId, "me"),
        (Field::Source, "env"),
        (Field::Secret, "MINE"),
        (Field::Origins, "https://x.example, https://y.example"),
    ];
    let new = filled(Origin::New, Written::default(), &fields);
    let expected = "version = 1

[profiles.a]
base-url = \"https://a.example\"
allowed-origins = [\"https://x.example\", \"https://y.example\"]

[profiles.a.credentials.default]
client-id = \"me\"
secret = { env = \"MINE\" }
";
    assert_eq!(changed("", &Change::Write(Box::new(new.clone()))).unwrap(), expected);
    let there = filled(Origin::New, Written::default(), &[(Field::Name, "b"), (Field::BaseUrl, "https://a.example")]);
    assert_eq!(text(there), Err(ChangeError::There("profiles.b".to_owned())));
    assert!(text(new).unwrap().contains("[keys]\nsend = [\"x\"]"));
}

#[test]
fn a_copy_has_what_the_form_does_not_show_too() {
    let profile = profile(WRITTEN, "b");
    let shown = Written::of(&profile, profile.credentials.first());
    let mut now = shown.clone();
    now.set(Field::Name, "c");
    let copy = Entry { origin: Origin::CopyOf("b".to_owned()), before: Written::default(), now };
    let text = text(copy).unwrap();
    assert!(text.starts_with(&WRITTEN[..WRITTEN.find("\n# keys").unwrap()]), "{text}");
    let copied = self::profile(&text, "c");
    assert_eq!((copied.route, copied.credentials), (profile.route, profile.credentials));
    assert_eq!(text.matches("# bee").count(), 1, "{text}");
}

#[test]
fn a_credential_more_and_a_credential_less_leave_the_profile_alone() {
    let fields = [(Field::Credential, "two"), (Field::ClientId, "b2"), (Field::Source, "prompt")];
    let more = text(filled(Origin::Beside("b".to_owned()), Written::default(), &fields)).unwrap();
    let added = "\n[profiles.b.credentials.two]\nclient-id = \"b2\"\nsecret = { prompt = true }\n";
    assert_eq!(more, WRITTEN.replace("\n# keys", &format!("{added}\n# keys")));
    let twice = filled(
        Origin::Beside("b".to_owned()),
        Written::default(),
        &[(Field::Credential, "one"), (Field::ClientId, "x")],
    );
    assert_eq!(text(twice), Err(ChangeError::There("profiles.b.credentials.one".to_owned())));
    let less = changed(&more, &Change::RemoveCredential("b".to_owned(), "two".to_owned())).unwrap();
    assert_eq!(less, WRITTEN);
    let gone = changed(WRITTEN, &Change::RemoveCredential("b".to_owned(), "two".to_owned()));
    assert_eq!(gone, Err(ChangeError::NotThere("profiles.b.credentials.two".to_owned())));
}

#[test]
fn what_the_file_would_refuse_is_said_at_its_field() {
    for (field, value) in [
        (Field::Name, "a/b"),
        (Field::BaseUrl, "b.example"),
        (Field::TokenUrl, "ftp://b.example"),
        (Field::Lead, "soon"),
        (Field::Origins, "https://b.example/path"),
        (Field::Credential, "a/b"),
        (Field::ClientId, "ü"),
    ] {
        let entry = of_b(&[(field, value)]);
        let text = text(entry.clone()).unwrap();
        let Err(file::FileError::Invalid(flaw)) = file::parse(text.as_bytes(), Path::new("x.toml")) else {
            panic!("{field:?}: {text}")
        };
        let fault = fault(&flaw, &entry);
        assert_eq!(fault.field, Some(field), "{flaw}");
        assert!(!fault.text.contains("x.toml"), "{fault:?}");
    }
}
