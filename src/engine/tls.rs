//! The TLS configuration: the platform's verifier and roots, TLS 1.2 and 1.3, ALPN for HTTP/2 and HTTP/1.1.

use std::sync::Arc;

use rustls::{
    ClientConfig, RootCertStore,
    client::{ClientSessionMemoryCache, Resumption},
    crypto::aws_lc_rs,
};
use rustls_platform_verifier::BuilderVerifierExt as _;

use super::timing::TimedSessions;

/// The configuration for https calls, or why this machine has none. Reads the system's roots: some milliseconds.
pub(super) fn system() -> Result<ClientConfig, String> {
    let missing = |error: rustls::Error| {
        format!(
            "no certificate authorities were found on this machine ({error}); install them (Debian: the package `ca-certificates`)"
        )
    };
    let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(missing)?;
    let config = builder.with_platform_verifier().map_err(missing)?.with_no_client_auth();
    Ok(finished(config))
}

/// A configuration that trusts nobody, for a client that makes plain calls only.
pub(super) fn nobody() -> Result<ClientConfig, rustls::Error> {
    let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?;
    Ok(finished(builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth()))
}

fn finished(mut config: ClientConfig) -> ClientConfig {
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config.resumption = Resumption::store(Arc::new(TimedSessions::new(ClientSessionMemoryCache::new(32))));
    config
}
