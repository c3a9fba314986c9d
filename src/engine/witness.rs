//! A verifier beside the one that decides: it keeps the chains that were trusted, so that they can be looked at.
//!
//! Refuses to judge: whatever the other one says is what counts. A connection that is resumed shows no chain again, so
//! what a server showed is found by its own certificate, which the HTTP library tells of every answer.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;
use rustls::{
    DigitallySignedStruct, DistinguishedName, Error, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use x509_parser::prelude::{FromDer as _, GeneralName, X509Certificate};

use crate::domain::exchange::Certificate;

/// Chains that are kept; with more of them it begins anew.
const MOST: usize = 200;

/// The chains that were trusted, by the certificate of the server.
#[derive(Debug, Default)]
pub(super) struct Witnessed(Mutex<HashMap<Vec<u8>, Arc<[Certificate]>>>);

impl Witnessed {
    /// The chain of a server, its own certificate first; that one alone where the chain was not seen.
    pub(super) fn chain(&self, own: &[u8]) -> Arc<[Certificate]> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(own).cloned();
        known.unwrap_or_else(|| read(own).into_iter().collect())
    }

    fn keep(&self, own: &[u8], others: &[CertificateDer<'_>]) {
        let mut chains = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if chains.contains_key(own) {
            return;
        }
        if chains.len() >= MOST {
            chains.clear();
        }
        let others = others.iter().map(|other| &other[..]);
        chains.insert(own.to_vec(), std::iter::once(own).chain(others).filter_map(read).collect());
    }

    /// A verifier that decides as that one does.
    pub(super) fn beside(self: Arc<Self>, judge: Arc<dyn ServerCertVerifier>) -> Arc<dyn ServerCertVerifier> {
        Arc::new(Witness { judge, witnessed: self })
    }
}

/// What a certificate says, as far as it concerns people.
fn read(der: &[u8]) -> Option<Certificate> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let names = certificate.subject_alternative_name().ok().flatten();
    let names = names.iter().flat_map(|names| &names.value.general_names).filter_map(|name| match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => match **bytes {
            [a, b, c, d] => Some(std::net::Ipv4Addr::new(a, b, c, d).to_string()),
            _ => Some(std::net::Ipv6Addr::from(<[u8; 16]>::try_from(*bytes).ok()?).to_string()),
        },
        _ => None,
    });
    let at = |time: i64| Timestamp::from_second(time).unwrap_or(Timestamp::MAX);
    Some(Certificate {
        subject: certificate.subject().to_string(),
        issuer: certificate.issuer().to_string(),
        names: names.collect(),
        from: at(certificate.validity().not_before.timestamp()),
        until: at(certificate.validity().not_after.timestamp()),
    })
}

#[derive(Debug)]
struct Witness {
    judge: Arc<dyn ServerCertVerifier>,
    witnessed: Arc<Witnessed>,
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        own: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verdict = self.judge.verify_server_cert(own, others, name, ocsp, now)?;
        self.witnessed.keep(own, others);
        Ok(verdict)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.judge.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.judge.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.judge.supported_verify_schemes()
    }

    fn requires_raw_public_keys(&self) -> bool {
        self.judge.requires_raw_public_keys()
    }

    fn root_hint_subjects(&self) -> Option<&[DistinguishedName]> {
        self.judge.root_hint_subjects()
    }
}
