//! Encryption that is not to be had: silence, certificates that are not good, a machine without authorities.
//!
//! The authorities of a machine are named by its environment, so tests about them play their client in a child process.
#![cfg(target_os = "linux")]

use std::{
    fmt::Display,
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
    path::PathBuf,
    process::Stdio,
    sync::Arc,
};

use authscope::domain::{
    exchange::{Exchange, FailureKind, Outcome},
    flow::Refusal,
    origin::Origin,
    request::{Authorization, Prepared, Purpose, RequestBody},
    route::Identity,
};
use http::Method;
use rcgen::{BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::{
    RootCertStore, ServerConfig,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    server::WebPkiClientVerifier,
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpListener,
    process::Command,
};
use tokio_rustls::TlsAcceptor;
use url::Url;

use crate::{
    child, needs,
    raw_server::RawServer,
    world::{World, guarded, status},
};

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority(name: &str) -> Authority {
    let mut params = CertificateParams::new(vec![]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A certificate of `issuer` for `name` that ends in `until`, and its key.
fn leaf(issuer: &Authority, name: &str, until: i32) -> (Certificate, KeyPair) {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.not_before = date_time_ymd(2000, 1, 1);
    params.not_after = date_time_ymd(until, 1, 1);
    let key = KeyPair::generate().unwrap();
    (params.signed_by(&key, issuer).unwrap(), key)
}

/// A server whose certificate names `name` and ends in `until`; gives its port.
async fn server(issuer: &Authority, name: &str, until: i32) -> u16 {
    presenting(leaf(issuer, name, until), None, NO_CONTENT).await
}

/// In what a server says: how many `Authorization` fields it was sent.
const SECRETS: &str = "{secrets}";

const NO_CONTENT: &str = "HTTP/1.1 204 No Content\r\n\r\n";

/// A server with that certificate that says so; where `clients` is given, it lets in who shows a certificate of that
/// authority.
async fn presenting((certificate, key): (Certificate, KeyPair), clients: Option<&Authority>, said: &str) -> u16 {
    let said = said.to_owned();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions().unwrap();
    let builder = match clients {
        Some(clients) => {
            let mut roots = RootCertStore::empty();
            roots.add(clients.der().clone()).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
            builder.with_client_cert_verifier(verifier)
        }
        None => builder.with_no_client_auth(),
    };
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = builder.with_single_cert(vec![certificate.der().clone()], key).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let (acceptor, said) = (acceptor.clone(), said.clone());
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let mut head = [0; 4096];
                let _ = stream.read(&mut head).await;
                let secrets = String::from_utf8_lossy(&head).to_lowercase().matches("\r\nauthorization: ").count();
                let _ = stream.write_all(said.replace(SECRETS, &secrets.to_string()).as_bytes()).await;
                let _ = stream.flush().await;
            });
        }
    });
    port
}

async fn called(world: &World, port: impl Display) -> Exchange {
    let port = port.to_string();
    let url = Url::parse(&format!("https://127.0.0.1:{port}/x")).unwrap();
    let mut prepared = Prepared::new(Method::GET, url, vec![], RequestBody::Empty).unwrap();
    prepared.authorization = Authorization::OnPurpose(Purpose::NoToken);
    let (call, _) = world.start(world.call(prepared));
    if child::is_child() && port == child::told("SILENT") {
        world.pass(world.profile.limits.connect).await;
    }
    guarded(call).await.unwrap()
}

#[tokio::test]
async fn encryption_that_cannot_be_had_is_told_with_its_reason_and_silence_ends_at_the_limit() {
    if !child::is_child() {
        let (known, unknown) = (authority("known"), authority("unknown"));
        let folder = tempfile::tempdir().unwrap();
        let roots = folder.path().join("roots.pem");
        fs::write(&roots, known.pem()).unwrap();
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let told = [
            ("SSL_CERT_FILE", roots.display().to_string()),
            ("GOOD", server(&known, "127.0.0.1", 4000).await.to_string()),
            ("EXPIRED", server(&known, "127.0.0.1", 2001).await.to_string()),
            ("MISNAMED", server(&known, "else.example", 4000).await.to_string()),
            ("UNKNOWN", server(&unknown, "127.0.0.1", 4000).await.to_string()),
            ("SILENT", silent.local_addr().unwrap().port().to_string()),
        ];
        let test = "tls::encryption_that_cannot_be_had_is_told_with_its_reason_and_silence_ends_at_the_limit";
        child::passed(&child::run(test, None, told.into()).await);
        return;
    }
    let world = World::new();
    let good = called(&world, &child::told("GOOD")).await;
    let tls = good.attempts[0].hops[0].tls.clone().unwrap();
    assert_eq!((good.status().unwrap().as_u16(), tls.version.as_deref()), (204, Some("TLS 1.3")));
    let [own] = &tls.chain[..] else { panic!("{:?}", tls.chain) };
    assert_eq!((own.names.as_slice(), own.issuer.as_str()), (["127.0.0.1".to_owned()].as_slice(), "CN=known"));
    assert_eq!(
        (own.from.to_string().as_str(), own.until.to_string().as_str()),
        ("2000-01-01T00:00:00Z", "4000-01-01T00:00:00Z")
    );
    let cases = [
        ("EXPIRED", FailureKind::Tls, "expired", "clock"),
        ("MISNAMED", FailureKind::Tls, "name", "host name"),
        ("UNKNOWN", FailureKind::Tls, "UnknownIssuer", "certificate"),
        ("SILENT", FailureKind::ConnectTimeout, "no connection within 5 s", ""),
    ];
    for (server, kind, said, hint) in cases {
        let exchange = called(&world, &child::told(server)).await;
        let Outcome::Failed(failure) = &exchange.outcome else { panic!("{server}: {:?}", exchange.outcome) };
        assert_eq!(failure.kind, kind, "{server}");
        assert!(failure.text.contains(said), "{server}: {}", failure.text);
        assert!(failure.hint.as_deref().unwrap_or_default().contains(hint), "{server}: {:?}", failure.hint);
    }
}

#[tokio::test]
async fn a_machine_without_authorities_starts_and_its_first_https_call_names_the_package() {
    if !child::is_child() {
        let nowhere = ["SSL_CERT_FILE", "SSL_CERT_DIR"].map(|name| (name, "/nonexistent".to_owned()));
        let told = nowhere.into_iter().chain([("SILENT", String::new())]).collect();
        let test = "tls::a_machine_without_authorities_starts_and_its_first_https_call_names_the_package";
        child::passed(&child::run(test, None, told).await);
        return;
    }
    let world = World::new();
    world.engine.warm_up().await;
    let plain = world.send(world.get("/_sandbox/open")).await;
    assert_eq!(plain.status().unwrap().as_u16(), 200);
    let exchange = called(&world, "1").await;
    let Outcome::Failed(failure) = &exchange.outcome else { panic!("{:?}", exchange.outcome) };
    assert_eq!(failure.kind, FailureKind::Tls);
    assert!(failure.text.contains("ca-certificates"), "{}", failure.text);
}

/// Why a call failed.
fn refused(exchange: &Exchange) -> (FailureKind, &str, &str) {
    let Outcome::Failed(failure) = &exchange.outcome else { panic!("{:?}", exchange.outcome) };
    (failure.kind, &failure.text, failure.hint.as_deref().unwrap_or_default())
}

/// A file of that text beside the others.
fn file(folder: &tempfile::TempDir, name: &str, text: &str) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    path
}

#[tokio::test]
async fn an_authority_of_ones_own_is_trusted_by_its_file_and_nobody_else_is() {
    let folder = tempfile::tempdir().unwrap();
    let (own, other) = (authority("own"), authority("other"));
    let mut world = World::new();
    world.change(|profile| profile.route.authorities = Some(file(&folder, "ca.pem", &own.pem())));
    assert_eq!(called(&world, server(&own, "127.0.0.1", 4000).await).await.status().unwrap().as_u16(), 204);
    let self_signed = {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        presenting((params.self_signed(&key).unwrap(), key), None, NO_CONTENT).await
    };
    let cases = [
        (server(&own, "127.0.0.1", 2001).await, "expired", "clock"),
        (server(&own, "else.example", 4000).await, "else.example", "host name"),
        (self_signed, "UnknownIssuer", "--cacert FILE"),
        (server(&other, "127.0.0.1", 4000).await, "UnknownIssuer", "--cacert FILE"),
    ];
    for (port, said, hint) in cases {
        let exchange = called(&world, port).await;
        let told = refused(&exchange);
        assert!(told.0 == FailureKind::Tls && told.1.contains(said) && told.2.contains(hint), "{told:?}");
    }
    for (text, said) in [("", "no certificate"), ("-----BEGIN CERTIFICATE-----\nAAAA", "cannot be used")] {
        world.change(|profile| profile.route.authorities = Some(file(&folder, "bad.pem", text)));
        let exchange = called(&world, self_signed).await;
        assert!(refused(&exchange).1.contains(said), "{:?}", refused(&exchange));
    }
    // What was in the way is looked at again.
    fs::write(folder.path().join("bad.pem"), own.pem()).unwrap();
    assert_eq!(called(&world, server(&own, "127.0.0.1", 4000).await).await.status().unwrap().as_u16(), 204);
}

#[tokio::test]
async fn a_client_certificate_is_shown_to_its_own_origins_and_its_key_is_nobody_elses_to_read() {
    let folder = tempfile::tempdir().unwrap();
    let own = authority("own");
    let port = presenting(leaf(&own, "127.0.0.1", 4000), Some(&own), NO_CONTENT).await;
    let mut world = World::new();
    world.change(|profile| {
        profile.base_url = Url::parse(&format!("https://127.0.0.1:{port}")).unwrap();
        profile.route.authorities = Some(file(&folder, "ca.pem", &own.pem()));
    });
    let without = called(&world, port).await;
    let told = refused(&without);
    assert!(told.1.contains("CertificateRequired") && told.2.contains("`client-certificate`"), "{told:?}");

    let (certificate, key) = leaf(&own, "me", 4000);
    let key = file(&folder, "me.key", &key.serialize_pem());
    let certificate = file(&folder, "me.pem", &certificate.pem());
    world.change(|profile| profile.route.identity = Some(Identity { certificate, key: key.clone() }));
    assert_eq!(called(&world, port).await.status().unwrap().as_u16(), 204);

    let foreign = presenting(leaf(&own, "127.0.0.1", 4000), Some(&own), NO_CONTENT).await;
    assert!(refused(&called(&world, foreign).await).1.contains("CertificateRequired"));

    fs::set_permissions(&key, Permissions::from_mode(0o640)).unwrap();
    let exchange = world.send(world.get("/x")).await;
    let Outcome::Refused(Refusal::SecretUnavailable { what, why, mend, .. }) = &exchange.outcome else {
        panic!("{:?}", exchange.outcome)
    };
    assert_eq!((*what, why.contains("mode 0640")), ("client key", true));
    assert_eq!(mend, &format!("type: chmod 600 {}", key.display()));
}

#[tokio::test]
async fn a_server_of_tls_1_1_is_refused() {
    // The server's first message of TLS 1.1 (RFC 4346 §7.4.1.3): version 3.2, 32 random bytes, no session, AES-128-CBC.
    let hello = [&[22, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2][..], &[7; 32], &[0, 0x00, 0x2f, 0]].concat();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 4096]).await;
        let _ = stream.write_all(&hello).await;
        while stream.read(&mut [0; 4096]).await.is_ok_and(|count| count > 0) {}
    });
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::new();
    world.change(|profile| profile.route.authorities = Some(file(&folder, "ca.pem", &authority("any").pem())));
    let exchange = called(&world, port).await;
    let told = refused(&exchange);
    assert!(told.0 == FailureKind::Tls && told.2.contains("nothing older"), "{told:?}");
}

#[tokio::test]
async fn a_server_of_openssl_that_speaks_tls_1_1_only_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let own = authority("own");
    let (certificate, key) = leaf(&own, "127.0.0.1", 4000);
    let openssl = |words: &[&str]| {
        let mut command = Command::new("openssl");
        command.args(words).args(["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"]).kill_on_drop(true);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        command
    };
    let server = openssl(&["s_server", "-accept", "127.0.0.1:0", "-www"])
        .arg("-cert")
        .arg(file(&folder, "leaf.pem", &certificate.pem()))
        .arg("-key")
        .arg(file(&folder, "leaf.key", &key.serialize_pem()))
        .spawn();
    let Ok(mut server) = server else { return needs::skipped("there is no `openssl`") };
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let listening = loop {
        match guarded(lines.next_line()).await.unwrap() {
            Some(line) if line.starts_with("ACCEPT ") => break line,
            Some(_) => {}
            None => return needs::skipped("this `openssl` serves no TLS 1.1"),
        }
    };
    let port = listening.rsplit(':').next().unwrap();
    let client = openssl(&["s_client", "-connect", &format!("127.0.0.1:{port}")]).output();
    let spoken = String::from_utf8_lossy(&guarded(client).await.unwrap().stdout).into_owned();
    if !spoken.contains("Protocol  : TLSv1.1") || spoken.contains("Cipher is (NONE)") {
        return needs::skipped("this `openssl` speaks no TLS 1.1");
    }
    let mut world = World::new();
    world.change(|profile| profile.route.authorities = Some(file(&folder, "ca.pem", &own.pem())));
    let exchange = called(&world, port).await;
    let told = refused(&exchange);
    assert!(told.0 == FailureKind::Tls && told.2.contains("nothing older"), "{told:?}");
}

#[tokio::test]
async fn a_token_does_not_follow_a_redirect_from_http_to_https() {
    let folder = tempfile::tempdir().unwrap();
    let own = authority("own");
    let said = format!("HTTP/1.1 204 No Content\r\nx-secrets: {SECRETS}\r\n\r\n");
    let port = presenting(leaf(&own, "127.0.0.1", 4000), None, &said).await;
    let encrypted = Url::parse(&format!("https://127.0.0.1:{port}/")).unwrap();
    let mut world = World::new();
    world.change(|profile| profile.route.authorities = Some(file(&folder, "ca.pem", &own.pem())));
    world.change(|profile| profile.allowed_origins = Origin::of(&encrypted).into_iter().collect());
    let redirect = format!("/_sandbox/redirect?to={encrypted}&code=307");
    for (url, secrets) in [(encrypted.as_str(), "1"), (&redirect, "0")] {
        let exchange = world.send(world.get(url)).await;
        let answer = exchange.attempts[0].hops.last().unwrap().answer.as_ref().unwrap();
        let seen = answer.headers.iter().find(|field| field.name == "x-secrets").unwrap().text();
        assert_eq!((status(&exchange), seen), (204, Some(secrets)), "{url}");
    }
}

#[tokio::test]
async fn a_redirect_from_https_to_http_is_refused_and_nothing_goes_there() {
    let folder = tempfile::tempdir().unwrap();
    let own = authority("own");
    let sink = RawServer::new(|mut line| async move {
        line.request().await;
        line.answer("200 OK", "").await;
    });
    let mut world = World::new();
    world.change(|profile| profile.route.authorities = Some(file(&folder, "ca.pem", &own.pem())));
    for code in [301, 302, 303, 307, 308] {
        let said = format!("HTTP/1.1 {code} Moved\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n", sink.url("/"));
        let exchange = called(&world, presenting(leaf(&own, "127.0.0.1", 4000), None, &said).await).await;
        let told = refused(&exchange);
        assert!(told.0 == FailureKind::Redirect && told.1.contains("from https to plain"), "{told:?}");
    }
    assert_eq!(sink.connections(), 0);
}
