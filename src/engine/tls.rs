//! The TLS configuration: the platform's verifier and roots or authorities of one's own, TLS 1.2 and 1.3, ALPN for
//! HTTP/2 and HTTP/1.1, and a client certificate where a profile has one. Nothing turns the checks off.

use std::{path::Path, sync::Arc};

use rustls::{
    ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier,
    client::{ClientSessionMemoryCache, Resumption, WantsClientCert, WebPkiServerVerifier, danger::ServerCertVerifier},
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use rustls_platform_verifier::Verifier;

use super::error::failure;
use super::timing::TimedSessions;
use super::witness::Witnessed;
use crate::{
    domain::{
        exchange::{Failure, FailureKind},
        route::Identity,
    },
    secrets,
};

/// The configuration for https calls, or why there is none. Reads files, such as the system's roots: some milliseconds.
pub(super) fn trusting(
    authorities: Option<&Path>,
    identity: Option<&Identity>,
    witnessed: &Arc<Witnessed>,
) -> Result<ClientConfig, Failure> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = match authorities {
        Some(file) => WebPkiServerVerifier::builder_with_provider(Arc::new(store(file)?), provider)
            .build()
            .map_err(|error| unusable(file, &error.to_string()))?,
        None => Arc::new(Verifier::new(provider).map_err(|error| {
            let text = format!(
                "no certificate authorities were found on this machine ({error}); install them (Debian: the package `ca-certificates`)"
            );
            failure(FailureKind::Tls, text)
        })?),
    };
    let builder = builder().map_err(|error| impossible(&error))?;
    // The library calls every verifier of one's own dangerous; this one asks those above, and keeps to what they say.
    let builder = builder.dangerous().with_custom_certificate_verifier(witnessed.clone().beside(verifier));
    presenting(builder, identity).map(finished)
}

/// A version as people write it.
pub(super) fn named(version: reqwest::tls::Version) -> String {
    use reqwest::tls::Version;

    let known = [(Version::TLS_1_2, "TLS 1.2"), (Version::TLS_1_3, "TLS 1.3")];
    known
        .iter()
        .find(|(known, _)| *known == version)
        .map_or_else(|| format!("{version:?}"), |(_, name)| (*name).to_owned())
}

/// A configuration that trusts nobody, for a client that makes plain calls only.
pub(super) fn nobody() -> Result<ClientConfig, Failure> {
    let builder = builder().map_err(|error| impossible(&error))?;
    Ok(finished(builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth()))
}

fn builder() -> Result<ConfigBuilder<ClientConfig, WantsVerifier>, rustls::Error> {
    ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider())).with_safe_default_protocol_versions()
}

/// The authorities of a PEM file.
fn store(file: &Path) -> Result<RootCertStore, Failure> {
    let mut store = RootCertStore::empty();
    for certificate in certificates(file)? {
        store.add(certificate).map_err(|error| unusable(file, &error.to_string()))?;
    }
    Ok(store)
}

fn presenting(
    builder: ConfigBuilder<ClientConfig, WantsClientCert>,
    identity: Option<&Identity>,
) -> Result<ClientConfig, Failure> {
    let Some(Identity { certificate, key }) = identity else { return Ok(builder.with_no_client_auth()) };
    let chain = certificates(certificate)?;
    let bytes = secrets::guarded(key).map_err(|flaw| {
        let failure = unusable(key, &flaw.why);
        Failure { hint: Some(flaw.mend), ..failure }
    })?;
    let private = PrivateKeyDer::from_pem_slice(&bytes).map_err(|error| unusable(key, &error.to_string()))?;
    builder.with_client_auth_cert(chain, private).map_err(|error| unusable(certificate, &error.to_string()))
}

/// The certificates of a PEM file, at least one.
fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, Failure> {
    let bytes = std::fs::read(file).map_err(|error| unusable(file, &error.to_string()))?;
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    match all {
        Ok(all) if !all.is_empty() => Ok(all),
        Ok(_) => Err(unusable(file, "there is no certificate in it; it is to be a PEM file")),
        Err(error) => Err(unusable(file, &error.to_string())),
    }
}

fn unusable(file: &Path, why: &str) -> Failure {
    let hint = Some("name another file in the profile, or mend this one".to_owned());
    Failure { hint, ..failure(FailureKind::Tls, format!("`{}` cannot be used: {why}", file.display())) }
}

fn impossible(error: &rustls::Error) -> Failure {
    failure(FailureKind::Tls, error.to_string())
}

fn finished(mut config: ClientConfig) -> ClientConfig {
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config.resumption = Resumption::store(Arc::new(TimedSessions::new(ClientSessionMemoryCache::new(32))));
    config
}
