//! How the tabs beside the body come to each state: cookies, and how a call was encrypted.

use std::sync::Arc;

use authscope::domain::exchange::{Certificate, HeaderField, TlsFacts};

use super::answered;
use crate::stage::{self, Stage};

fn with_cookies(stage: &mut Stage, cookies: impl IntoIterator<Item = impl AsRef<str>>) {
    let field = |cookie: &str| -> HeaderField { stage::field("set-cookie", cookie) };
    stage.more_headers = cookies.into_iter().map(|cookie| field(cookie.as_ref())).collect();
    answered(stage);
}

/// A cookie with nothing in it.
pub fn empty_cookie(stage: &mut Stage) {
    with_cookies(stage, ["seen="]);
}

/// Two cookies, one of them for long.
pub fn two_cookies(stage: &mut Stage) {
    let session = "session=8c1f0e; Path=/; HttpOnly; Secure; SameSite=Lax";
    with_cookies(stage, [session, "lang=en; Domain=example.com; Max-Age=31536000"]);
}

/// More cookies, and longer ones, than there is room for.
pub fn too_many_cookies(stage: &mut Stage) {
    let name = "a-cookie-with-quite-a-long-name-of-its-own";
    with_cookies(stage, (0..30).map(|at| format!("{name}-{at}={}; Path=/{at}", "v".repeat(300))));
    stage.press("3 G");
}

/// Fields that set no cookie.
pub fn no_cookie(stage: &mut Stage) {
    with_cookies(stage, ["Secure; Path=/", "=nameless"]);
}

fn certificate(subject: &str, names: &[&str], issuer: &str, until: &str) -> Certificate {
    Certificate {
        subject: subject.to_owned(),
        issuer: issuer.to_owned(),
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        from: "2026-01-01T00:00:00Z".parse().unwrap(),
        until: until.parse().unwrap(),
    }
}

fn encrypted(stage: &mut Stage, version: Option<&str>, chain: Vec<Certificate>) {
    let chain: Arc<[Certificate]> = chain.into();
    stage.tls = Some(TlsFacts { version: version.map(str::to_owned), chain });
    answered(stage);
}

const AUTHORITY: &str = "C=US, O=Example Authority, CN=Example R3";

/// Of the encryption nothing is known but that there is one.
pub fn barely_encrypted(stage: &mut Stage) {
    encrypted(stage, None, Vec::new());
}

/// A server, and who vouches for it.
pub fn well_encrypted(stage: &mut Stage) {
    let own = certificate("CN=api.example", &["api.example", "*.api.example"], AUTHORITY, "2027-03-01T00:00:00Z");
    let authority = certificate(AUTHORITY, &[], "C=US, O=Example Authority, CN=Example Root", "2030-01-01T00:00:00Z");
    encrypted(stage, Some("TLS 1.3"), vec![own, authority]);
}

/// A long chain with long names.
pub fn long_chain(stage: &mut Stage) {
    let names: Vec<String> = (0..40).map(|at| format!("shop-{at}.a-host-with-a-long-name.example")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let of = |at| format!("C=AU, ST=Queensland, O=An authority with a long name of its own, CN=Level {at}");
    let chain = (0..6).map(|at| certificate(&of(at), &names, &of(at + 1), "2027-03-01T00:00:00Z"));
    let chain = chain.collect();
    encrypted(stage, Some("TLS 1.2"), chain);
    stage.press("3 G");
}

/// A certificate that was over by now.
pub fn certificate_over(stage: &mut Stage) {
    encrypted(
        stage,
        Some("TLS 1.3"),
        vec![certificate("CN=old.example", &["old.example"], AUTHORITY, "2026-11-20T00:00:00Z")],
    );
}
