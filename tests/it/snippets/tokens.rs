//! The token calls that every language makes: three forms, and all that an id, a secret, a scope and a field may hold.

use std::sync::Arc;

use authscope::domain::{
    credential::{Credential, SecretSource},
    profile::{Profile, TokenRequest},
    request::header_field,
    secret::Secret,
    token_answer::{ExpiryIs, Member, TokenAnswer},
};
use url::Url;

/// What an id, a scope or a field may hold.
const TEXTS: [&str; 14] = [
    "plain",
    "two words",
    r#"'"`\"#,
    "$HOME ${X} $(id) `id`",
    "#{1+1} %s %d {0} !!",
    "a+b=c&d;e",
    "100% %41 %2f",
    "~!@#$%^&*()_-+=[]{}|<>?,./:;",
    "Jos\u{e9} \u{1f600} \u{65e5}\u{672c}",
    "\u{2028}\u{2029}\u{feff}",
    "</script>",
    "a\tb",
    "one\ntwo",
    "\u{2018}q\u{2019}",
];

/// What a secret may hold: printable ASCII (RFC 6749 appendix A.2), and letters of the world.
pub const SECRETS: [&str; 3] = ["s3cret", r#"~ a'b"c`d\e$f%g+h&i=j*k(l)!m<n>o/p?"#, "se cr\u{e9}t-\u{1f511}"];

/// One token call, its profile and the secret that the environment holds.
pub struct TokenCase {
    pub name: String,
    pub profile: Profile,
    pub secret: &'static str,
}

/// Every form with every text, secrets in turn.
pub fn cases(world: &Profile) -> Vec<TokenCase> {
    let mut cases = Vec::new();
    for (n, wire) in TokenRequest::ALL.into_iter().enumerate() {
        for (at, text) in TEXTS.into_iter().enumerate() {
            let secret = SECRETS[(n + at) % SECRETS.len()];
            let source = SecretSource::Sandbox(Arc::new(Secret::new(secret)));
            let mut credential = Credential::new(text, source);
            match at % 3 {
                0 => credential.scope = Some(text.to_owned()),
                1 => credential.extra = vec![(text.to_owned(), text.to_owned()), ("x".to_owned(), String::new())],
                _ => {}
            }
            // A path that is the sandbox's own for nobody, so that its journal knows the body.
            let token_url = world.base_url.join("/oauth/token?tenant=a%20b&x='y'").unwrap();
            let mut profile = Profile { wire, token_url, credentials: vec![credential], ..world.clone() };
            if at % 4 == 1 {
                profile.token_headers = vec![header_field("X-Tenant", r#"a'b"c$d"#).unwrap()];
            }
            cases.push(TokenCase { name: format!("{} {}", wire.name(), text.escape_debug()), profile, secret });
        }
    }
    cases
}

/// A profile whose answer is not the usual one, and what the sandbox is to answer.
pub fn mapped(world: &Profile, client: (&str, &str), until: ExpiryIs) -> (Profile, String) {
    let source = SecretSource::Sandbox(Arc::new(Secret::new(client.1)));
    let answer = TokenAnswer {
        token: Member::named("/data/0/the token"),
        kind: Member::named("kind"),
        expiry: Member::named("/data/0/until"),
        expiry_is: until,
    };
    let (name, _) = header_field("X-Auth-Token", "x").unwrap();
    let mut profile = world.clone();
    profile.token_url = Url::join(&profile.base_url, "/api/token").unwrap();
    profile.wire = TokenRequest::FormBasic;
    profile.answer = answer;
    profile.header.name = name;
    "Token".clone_into(&mut profile.header.prefix);
    profile.credentials = vec![Credential::new(client.0, source)];
    let until = match until {
        ExpiryIs::Seconds => "1800",
        ExpiryIs::Epoch => "4102444800000",
        ExpiryIs::Rfc3339 => r#""2100-01-01T00:00:00Z""#,
        ExpiryIs::Jwt => "null",
    };
    (profile, format!(r#"{{"data":[{{"the token":"{{{{token}}}}","until":{until}}}],"kind":"Bearer"}}"#))
}
