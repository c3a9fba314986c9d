//! Encryption that is not to be had: silence, certificates that are not good, a machine without authorities.
//!
//! The authorities of a machine are named by its environment, so each test plays its client in a child process.
#![cfg(target_os = "linux")]

use std::sync::Arc;

use authscope::domain::{
    exchange::{Exchange, FailureKind, Outcome},
    request::{Authorization, Prepared, Purpose, RequestBody},
};
use http::Method;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::{
    ServerConfig,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;
use url::Url;

use crate::{
    child,
    world::{World, guarded},
};

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority(name: &str) -> Authority {
    let mut params = CertificateParams::new(vec![]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A server whose certificate names `name` and ends in `until`; gives its port.
async fn server(issuer: &Authority, name: &str, until: i32) -> u16 {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.not_before = date_time_ymd(2000, 1, 1);
    params.not_after = date_time_ymd(until, 1, 1);
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, issuer).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await;
                let _ = stream.flush().await;
            });
        }
    });
    port
}

async fn called(world: &World, port: &str) -> Exchange {
    let url = Url::parse(&format!("https://127.0.0.1:{port}/x")).unwrap();
    let mut prepared = Prepared::new(Method::GET, url, vec![], RequestBody::Empty).unwrap();
    prepared.authorization = Authorization::OnPurpose(Purpose::NoToken);
    let (call, _) = world.start(world.call(prepared));
    if port == child::told("SILENT") {
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
        std::fs::write(&roots, known.pem()).unwrap();
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
    assert_eq!((good.status().unwrap().as_u16(), tls.version.is_some()), (204, true));
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
