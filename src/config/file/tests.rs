use std::time::Duration;

use super::*;
use crate::config::action::ACTIONS;
use crate::config::keymap::{Keymap, Overrides};
use crate::config::profiles::{self, PAYSECUREZ};
use crate::config::theme::{Background, Signs};
use crate::domain::profile::{Colour, Place, TokenRequest};
use crate::domain::route::Proxies;
use crate::domain::token::TokenPolicy;
use crate::domain::token_answer::ExpiryIs;

fn read(text: &str) -> Config {
    parse(text.as_bytes(), Path::new("config.toml")).unwrap()
}

fn refused(text: &str) -> String {
    parse(text.as_bytes(), Path::new("config.toml")).unwrap_err().to_string()
}

fn warned(text: &str) -> Vec<String> {
    read(text).warnings.iter().map(ToString::to_string).collect()
}

/// The example with its settings that have no default switched on.
fn whole_example() -> String {
    let setting = |line: &str| line.starts_with('#') && line[1..].starts_with(|c: char| c == '[' || c.is_alphabetic());
    EXAMPLE.lines().map(|line| if setting(line) { &line[1..] } else { line }).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_example_equals_the_defaults() {
    let example = read(EXAMPLE);
    let default = Config::default();
    assert_eq!(example.warnings, []);
    assert_eq!((example.theme, example.signs, example.background), (None, None, Background::Painted));
    assert_eq!(example.level, default.level);
    assert_eq!(example.profile.as_deref(), Some(profiles::SANDBOX));
    assert_eq!(example.later_version, None);
    assert_eq!(example.keymap.markdown(), Keymap::default().markdown());
    assert_eq!(format!("{:?}", example.profiles), format!("{:?}", [profiles::paysecurez()]));
}

#[test]
fn the_example_names_every_key_and_every_action_at_its_default() {
    let whole = whole_example();
    assert_eq!(warned(&whole), Vec::<String>::new());
    let table: toml::Table = whole.parse().unwrap();
    let keys: Overrides = table["keys"].clone().try_into().unwrap();
    for spec in ACTIONS {
        assert_eq!(keys.get(spec.name).map(Vec::as_slice), Some(spec.keys.map_owned().as_slice()), "{}", spec.name);
    }
    let profile = ["profiles", PAYSECUREZ];
    let credential = [&profile[..], &["credentials", "default"]].concat();
    let inner = ["limits", "header", "token-answer"].map(|table| [&profile[..], &[table]].concat());
    let inner = inner.iter().map(Vec::as_slice);
    for path in
        [&[][..], &["look"], &["log"], &["history"], &["format"], &profile, &credential].into_iter().chain(inner)
    {
        let at = path.iter().fold(&table, |table, key| table[*key].as_table().unwrap());
        for known in shape::known_keys(path) {
            assert!(at.contains_key(*known), "{path:?} {known}");
        }
        let unknown = at.keys().find(|key| !shape::known_keys(path).contains(&key.as_str()));
        assert_eq!(unknown, None, "{path:?}");
    }
}

trait MapOwned {
    fn map_owned(&self) -> Vec<String>;
}

impl MapOwned for [&str] {
    fn map_owned(&self) -> Vec<String> {
        self.iter().map(|word| (*word).to_owned()).collect()
    }
}

#[test]
fn an_empty_file_is_the_defaults() {
    let config = read("");
    assert_eq!(format!("{config:?}"), format!("{:?}", Config::default()));
    read("\u{feff}version = 1\r\nprofile = \"paysecurez\"\r\n");
}

#[test]
fn every_key_is_read() {
    let config = read(
        r#"
        profile = "zeta"
        [log]
        level = "debug"
        [look]
        theme = "light"
        signs = "ascii"
        background = "terminal"
        [profiles.zeta]
        base-url = "https://api.example/v2/"
        token-url = "https://login.example/token?tenant=1"
        token-request = "form-basic"
        policy = "per-transaction"
        production = true
        allowed-origins = ["https://files.example:8443"]
        scope = "read"
        expected-lifetime = 90
        ca-file = "ca.pem"
        client-certificate = "/tls/me.pem"
        client-key = "/tls/me.key"
        proxy = "none"
        renewal-lead = "5 min"
        colour = "magenta"
        [profiles.zeta.header]
        name = "X-Api-Token"
        prefix = ""
        [profiles.zeta.token-answer]
        token = "/data/token"
        type = "kind"
        expiry = "/data/until"
        expiry-is = "rfc3339"
        [profiles.zeta.token-fields]
        tenant = "7"
        region = "eu"
        [profiles.zeta.token-request-headers]
        X-Api-Version = "2"
        [profiles.zeta.limits]
        total-timeout = "2 min"
        max-body = "1 MiB"
        [profiles.zeta.credentials.two]
        client-id = "second"
        secret = { env = "TWO" }
        scope = "write"
        token-fields = { tenant = "8", zone = "b" }
        [profiles.zeta.credentials.one]
        client-id = "first"
        [profiles.alpha]
        base-url = "http://127.0.0.1:1"
        "#,
    );
    assert_eq!(config.warnings, []);
    assert_eq!(config.level, Level::Debug);
    assert_eq!(config.theme, Some(NamedTheme { name: "light".to_owned(), place: Some((6, 9)) }));
    assert_eq!((config.signs, config.background), (Some(Signs::Ascii), Background::Terminal));
    let [zeta, alpha] = &config.profiles[..] else { panic!("two profiles, in the order of the file") };
    assert_eq!(zeta.base(), "https://api.example/v2");
    assert_eq!(zeta.token_url.as_str(), "https://login.example/token?tenant=1");
    assert_eq!(
        (zeta.wire, zeta.policy, zeta.place),
        (TokenRequest::FormBasic, TokenPolicy::PerTransaction, Place::Production)
    );
    assert_eq!(zeta.allowed_origins[0].to_string(), "https://files.example:8443");
    assert_eq!(zeta.expected_life, Some(Duration::from_secs(90)));
    assert_eq!((zeta.limits.total, zeta.limits.max_body), (Duration::from_secs(120), 1 << 20));
    let ids: Vec<_> = zeta
        .credentials
        .iter()
        .map(|who| (who.client_id.as_str(), who.secret.origin(), who.scope.as_deref().unwrap_or_default()))
        .collect();
    assert_eq!(ids, [("second", "$TWO".to_owned(), "write"), ("first", "not given".to_owned(), "read")]);
    assert_eq!(zeta.route.authorities.as_deref(), Some(Path::new("ca.pem")));
    assert_eq!(zeta.route.identity.as_ref().map(|identity| identity.key.as_path()), Some(Path::new("/tls/me.key")));
    assert_eq!((&zeta.route.proxies, &alpha.route.proxies), (&Some(Proxies::default()), &None));
    assert_eq!((zeta.renewal_lead, zeta.colour), (Some(Duration::from_secs(300)), Some(Colour::Magenta)));
    assert_eq!((zeta.header.name.as_str(), zeta.header.prefix.as_str()), ("x-api-token", ""));
    let members = [&zeta.answer.token, &zeta.answer.kind, &zeta.answer.expiry].map(ToString::to_string);
    assert_eq!(
        (members, zeta.answer.expiry_is),
        (["/data/token", "kind", "/data/until"].map(str::to_owned), ExpiryIs::Rfc3339)
    );
    let extra = |at: usize| {
        zeta.credentials[at].extra.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>()
    };
    assert_eq!(
        (extra(0), extra(1)),
        (
            vec!["region=eu".to_owned(), "tenant=8".to_owned(), "zone=b".to_owned()],
            vec!["region=eu".to_owned(), "tenant=7".to_owned()]
        )
    );
    assert_eq!(
        zeta.token_headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect::<Vec<_>>(),
        [("x-api-version", "2")]
    );
    assert_eq!(alpha.name, "alpha");
    assert_eq!(alpha.token_url.as_str(), "http://127.0.0.1:1/api/token");
    assert_eq!(alpha.place, Place::Ordinary);
}

#[test]
fn the_built_in_api_needs_no_more_than_credentials() {
    let config = read("[profiles.paysecurez.credentials.me]\nclient-id = \"me\"\nsecret = { env = \"S\" }\n");
    let mut expected = profiles::paysecurez();
    expected.credentials.clone_from(&config.profiles[0].credentials);
    assert_eq!(format!("{:?}", config.profiles[0]), format!("{expected:?}"));
}

#[test]
fn what_is_wrong_is_told_with_file_line_column_key_and_what_is_allowed() {
    let profile = "[profiles.mine]\nbase-url = \"https://api.example\"\n";
    let said = [
        (
            format!("{profile}policy = \"sometimes\"\n"),
            "config.toml:3:10: `profiles.mine.policy`: `sometimes` is not allowed: \
             write `reuse`, `per-transaction` or `manual`",
        ),
        (
            "[look]\nsigns = \"pink\"\n".to_owned(),
            "config.toml:2:9: `look.signs`: `pink` is not allowed: write `auto`, `unicode` or `ascii`",
        ),
        (
            format!("{profile}production = \"yes\"\n"),
            "config.toml:3:14: `profiles.mine.production`: expected a boolean, found string",
        ),
        (
            "[profiles.mine]\npolicy = \"reuse\"\n".to_owned(),
            "config.toml:1:11: `profiles.mine`: `base-url` is missing: write where calls go, \
             such as `https://api.example`",
        ),
        (
            "[profiles.mine]\nbase-url = \"api.example\"\n".to_owned(),
            "config.toml:2:12: `profiles.mine.base-url`: this is no address: relative URL without a base; \
             write one such as `https://api.example`",
        ),
        (
            format!("{profile}token-url = \"ftp://api.example\"\n"),
            "config.toml:3:1: `profiles.mine.token-url`: `ftp` addresses cannot be called: write one with `https`",
        ),
        (
            format!("{profile}[profiles.mine.credentials.me]\nscope = \"x\"\n"),
            "config.toml:3:1: `profiles.mine.credentials.me`: missing field `client-id`",
        ),
        (
            format!("{profile}[profiles.mine.limits]\nidle-timeout = 0\n"),
            "config.toml:4:16: `profiles.mine.limits.idle-timeout`: a time must be more than zero",
        ),
        (
            format!("{profile}[profiles.mine.limits]\nmax-body = true\n"),
            "config.toml:4:12: `profiles.mine.limits.max-body`: expected a whole number, \
             or text such as \"30 s\" or \"64 MiB\"",
        ),
        (
            format!("{profile}colour = \"pink\"\n"),
            "config.toml:3:10: `profiles.mine.colour`: `pink` is not allowed: \
             write `red`, `yellow`, `green`, `cyan`, `blue` or `magenta`",
        ),
        (
            format!("{profile}[profiles.mine.header]\nname = \"Host\"\n"),
            "config.toml:4:8: `profiles.mine.header.name`: the header field `host` follows from the message itself",
        ),
        (
            format!("{profile}[profiles.mine.header]\nprefix = \"a b\"\n"),
            "config.toml:4:10: `profiles.mine.header.prefix`: a prefix is a word such as `Bearer`, or empty",
        ),
        (
            format!("{profile}[profiles.mine.token-answer]\nexpiry-is = \"hours\"\n"),
            "config.toml:4:13: `profiles.mine.token-answer.expiry-is`: `hours` is not allowed: \
             write `seconds`, `epoch`, `rfc3339` or `jwt`",
        ),
        (
            format!("{profile}[profiles.mine.token-answer]\ntoken = \"\"\n"),
            "config.toml:4:9: `profiles.mine.token-answer.token`: write the name of a member, \
             or a pointer such as `/data/token`",
        ),
        (
            format!("{profile}token-fields = {{ client_secret = \"x\" }}\n"),
            "config.toml:3:16: `profiles.mine.token-fields`: the field `client_secret` follows from the credential: \
             leave it out",
        ),
        (
            format!("{profile}token-request-headers = {{ Authorization = \"x\" }}\n"),
            "config.toml:3:25: `profiles.mine.token-request-headers`: the header field `authorization` follows from \
             the token call: leave it out",
        ),
        (
            format!("{profile}client-certificate = \"a\"\n"),
            "config.toml:3:1: `profiles.mine.client-certificate`: `client-key` is missing: \
             the file with the private key of this certificate",
        ),
        (
            format!("{profile}proxy = \"socks5://a\"\n"),
            "config.toml:3:9: `profiles.mine.proxy`: proxies of the kind `socks5` are not supported: \
             name one with `http`",
        ),
        ("version = 0\n".to_owned(), "config.toml:1:1: `version`: there is no version 0: write 1"),
        (
            "profile = \"payscurez\"\n".to_owned(),
            "config.toml:1:1: `profile`: no profile is named `payscurez`, did you mean `paysecurez`: \
             there are sandbox, paysecurez",
        ),
        (
            "[profiles.sandbox]\n".to_owned(),
            "config.toml:1:11: `profiles.sandbox`: the profile `sandbox` is the program's own: \
             give this one another name",
        ),
    ];
    for (text, expected) in said {
        assert_eq!(refused(&text), expected, "{text}");
    }
    assert!(refused("a = \n").starts_with("config.toml:1:"), "{}", refused("a = \n"));
}

#[test]
fn a_secret_at_the_wrong_place_is_never_repeated() {
    let me = "[profiles.m]\nbase-url = \"https://a.example\"\n[profiles.m.credentials.me]\nclient-id = \"me\"\n";
    let wrong = [
        format!("{me}secret = \"hunter2\"\n"),
        format!("{me}secret = 'hunter2\n"),
        format!("{me}secret = [\"hunter2\"]\n"),
        format!("{me}secret = {{ env = [\"hunter2\"] }}\n"),
        format!("{me}secret = {{ value = \"hunter2\" }}\n"),
        format!("{me}scope = {{ a = \"hunter2\" }}\n"),
        "[profiles.m]\nbase-url = \"https://me:hunter2@a.example\"\n".to_owned(),
        "[profiles.m]\nbase-url = \"https//hunter2@\"\n".to_owned(),
        "[profiles.m]\nbase-url = \"https://a.example\"\nproxy = \"http://me:hunter2@proxy\"\n".to_owned(),
        "[profiles.m]\nbase-url = \"https://a.example\"\nproxy = \"x://hunter2@proxy\"\n".to_owned(),
        "[profiles.m]\nbase-url = \"https://a.example\"\ncredentials.me = \"hunter2\"\n".to_owned(),
        "[profiles.m]\nbase-url = \"https://a.example\"\ncredentials.me = hunter2\n".to_owned(),
    ];
    for text in wrong {
        let error = parse(text.as_bytes(), Path::new("config.toml")).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
    assert_eq!(
        refused(&format!("{me}secret = \"hunter2\"\n")),
        "config.toml:5:10: `profiles.m.credentials.me.secret`: a secret does not stand in this file: \
         write `secret = { env = \"NAME\" }`, `{ file = \"PATH\" }`, \
         `{ command = [\"pass\", \"show\", \"NAME\"] }`, `{ keyring = true }` or `{ prompt = true }`"
    );
    assert!(
        warned(&format!("{me}client-secret = \"hunter2\"\n"))[0].contains("`profiles.m.credentials.me.client-secret`")
    );
    assert!(refused(&format!("{me}secret = {{ vault = \"x\" }}\n")).contains("`vault` is no source of secrets"));
}

#[test]
fn a_secret_has_one_of_five_sources_and_its_paths_are_found_from_home_or_the_file() {
    let source = |written: &str| {
        let text = format!(
            "[profiles.m]\nbase-url = \"https://a.example\"\n[profiles.m.credentials.me]\nclient-id = \"me\"\nsecret = {written}\n"
        );
        let config = parse(text.as_bytes(), Path::new("/etc/authscope/config.toml"));
        config.map(|config| config.profiles[0].credentials[0].secret.origin()).map_err(|error| error.to_string())
    };
    let home = directories::BaseDirs::new().unwrap();
    let home = home.home_dir().display();
    for (written, told) in [
        (r#"{ env = "NAME" }"#, "$NAME".to_owned()),
        (r#"{ file = "/run/secret" }"#, "file /run/secret".to_owned()),
        (r#"{ file = "~/secret" }"#, format!("file {home}/secret")),
        (r#"{ file = "secret" }"#, "file /etc/authscope/secret".to_owned()),
        (r#"{ command = ["pass", "show", "a b"] }"#, "command pass show a b".to_owned()),
        ("{ keyring = true }", "keyring m/me".to_owned()),
        (r#"{ keyring = "bank" }"#, "keyring bank".to_owned()),
        ("{ prompt = true }", "asked for".to_owned()),
    ] {
        assert_eq!(source(written).unwrap(), told);
    }
    for (written, told) in [
        (r#"{ env = "A=B" }"#, "name of a variable"),
        (r#"{ file = "" }"#, "path of a file"),
        (r#"{ command = "pass show x" }"#, "without a shell"),
        ("{ command = [] }", "without a shell"),
        (r#"{ command = ["pass", 7] }"#, "without a shell"),
        ("{ keyring = false }", "name of an entry"),
        (r#"{ keyring = "" }"#, "name of an entry"),
        ("{ prompt = false }", "is true or not there"),
        (r#"{ env = "A", file = "b" }"#, "one source"),
        ("{}", "one source"),
    ] {
        let error = source(written).unwrap_err();
        assert!(error.contains(told) && error.contains(":5:"), "{error}");
    }
}

#[test]
fn unknown_keys_and_keys_that_cannot_be_bound_are_warnings_in_the_order_of_the_file() {
    let warnings = warned(
        r#"colour = 1
[look]
teme = "dark"
[keys]
sned = ["x"]
send = ["f11", "s"]
[profiles.mine]
base-url = "https://api.example"
base_url = "https://api.example"
[profiles.mine.limits]
total = 3
"#,
    );
    assert_eq!(
        warnings,
        [
            "config.toml:1:1: `colour`: this key is not known and was passed over",
            "config.toml:3:1: `look.teme`: this key is not known and was passed over, did you mean `theme`?",
            "config.toml:5:1: `keys.sned`: no action is named `sned`, did you mean `send`?",
            "config.toml:6:1: `keys.send`: a key of `send`: `F11` cannot be bound: \
             desktops keep it for menus and full screen",
            "config.toml:9:1: `profiles.mine.base_url`: this key is not known and was passed over, \
             did you mean `base-url`?",
            "config.toml:11:1: `profiles.mine.limits.total`: this key is not known and was passed over",
        ]
    );
}

#[test]
fn a_later_version_is_read_as_far_as_known_and_flagged() {
    let config = read("version = 7\nnovelty = true\nprofile = \"paysecurez\"\n");
    assert_eq!(config.later_version, Some(7));
    assert_eq!(config.profile.as_deref(), Some("paysecurez"));
    assert_eq!(config.warnings.len(), 2);
    assert!(config.warnings[0].what.contains("never written"));
}

#[test]
fn what_is_no_config_file_is_refused_before_it_is_parsed() {
    let huge = vec![b'#'; usize::try_from(LARGEST).unwrap() + 1];
    let error = parse(&huge, Path::new("config.toml")).unwrap_err();
    assert!(matches!(error, FileError::TooLarge { .. }));
    let error = parse(b"profile = \"\xff\"", Path::new("config.toml")).unwrap_err();
    assert!(matches!(error, FileError::NotText { offset: 11, .. }), "{error}");
    let deep = format!("x = {}", "[".repeat(100_000));
    assert!(refused(&deep).starts_with("config.toml:1:"));
}

#[test]
fn a_file_full_of_unknown_keys_is_still_read() {
    let lines: Vec<_> = (0..20_000).map(|at| format!("k{at} = 1\n")).collect();
    let text = lines.concat();
    let warnings = read(&text).warnings;
    assert_eq!(warnings.len(), 20_000);
    assert_eq!(warnings[19_999].place, Some((20_000, 1)));
}

#[test]
fn a_missing_file_is_none_and_a_folder_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    assert!(load(&folder.path().join("none.toml")).unwrap().is_none());
    assert!(matches!(load(folder.path()).unwrap_err(), FileError::Unreadable { .. }));
    let file = folder.path().join("config.toml");
    std::fs::write(&file, EXAMPLE).unwrap();
    assert_eq!(load(&file).unwrap().unwrap().warnings, []);
}
