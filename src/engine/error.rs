//! What went wrong on the way, in the words of [`Failure`]: read off the chain of causes, never off an error's text.

use std::{error::Error, io};

use super::{
    client::MOST_FIELDS,
    timing::{NoAddress, TooLate},
};
use crate::domain::{
    exchange::{Failure, FailureKind},
    origin::Origin,
};

/// A failure of that kind, with the hint of all of them.
pub(super) fn failure(kind: FailureKind, text: impl Into<String>) -> Failure {
    Failure { kind, text: text.into(), hint: Some(kind.hint().to_owned()) }
}

/// A failure of a call that goes through a proxy names it.
pub(super) fn through(via: Option<&str>, failure: Failure) -> Failure {
    let Some(via) = via else { return failure };
    Failure { text: format!("{}; the call goes through the proxy {via}", failure.text), ..failure }
}

/// A bug of ours.
pub(super) fn internal(text: impl Into<String>) -> Failure {
    failure(FailureKind::Internal, text)
}

/// What an error of the HTTP library means, for a request to `origin`.
pub(super) fn of_library(error: &reqwest::Error, origin: &Origin) -> Failure {
    let place = origin.to_string();
    let chain = || causes(error);
    if let Some(missing) = chain().find_map(|cause| cause.downcast_ref::<NoAddress>()) {
        return failure(FailureKind::Dns, missing.to_string());
    }
    if let Some(late) = chain().find_map(|cause| cause.downcast_ref::<TooLate>()) {
        return failure(FailureKind::ConnectTimeout, format!("{late} to {place}"));
    }
    if let Some(tls) = chain().find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
        return of_tls(tls, &place);
    }
    if chain().filter_map(|cause| cause.downcast_ref::<hyper::Error>()).any(hyper::Error::is_parse_too_large) {
        let text = format!(
            "the head of the answer of {place} is too large: more than {MOST_FIELDS} header fields, or more than fits"
        );
        let hint = Some("the server has to send fewer or shorter header fields".to_owned());
        return Failure { hint, ..failure(FailureKind::TooLarge, text) };
    }
    let io = chain().find_map(io_cause);
    if error.is_connect() {
        let why = io.map_or_else(|| last_text(error), |io| plain(io.kind(), io));
        let failed = failure(FailureKind::Connect, format!("cannot connect to {place}: {why}"));
        let hint = io.filter(|io| is_out_of_files(io)).map(|_| FEWER_AT_ONCE.to_owned());
        return Failure { hint: hint.or(failed.hint), ..failed };
    }
    let why = io.map_or_else(|| last_text(error), |io| plain(io.kind(), io));
    failure(FailureKind::Broken, format!("the connection to {place} ended without a whole answer: {why}"))
}

const FEWER_AT_ONCE: &str = "make fewer calls at once, or raise the limit of open files (`ulimit -n`)";

/// `EMFILE` and `ENFILE`, by their numbers on every Unix.
fn is_out_of_files(error: &io::Error) -> bool {
    cfg!(unix) && matches!(error.raw_os_error(), Some(23 | 24))
}

/// A TLS error hides inside an `io::Error` on its way up.
fn of_tls(error: &rustls::Error, place: &str) -> Failure {
    use rustls::{
        AlertDescription::{CertificateRequired, HandshakeFailure, ProtocolVersion},
        CertificateError::{Expired, ExpiredContext, NotValidYet, NotValidYetContext, UnknownIssuer},
        Error::{AlertReceived, InvalidCertificate, PeerIncompatible},
    };
    let hint = match error {
        InvalidCertificate(Expired | ExpiredContext { .. } | NotValidYet | NotValidYetContext { .. }) => {
            "check this machine's clock first, then the certificate"
        }
        InvalidCertificate(UnknownIssuer) => {
            "check the host name and the certificate; a private authority is trusted by `--cacert FILE`, or `ca-file` of the profile"
        }
        InvalidCertificate(_) => "check the host name and the certificate",
        PeerIncompatible(_) | AlertReceived(ProtocolVersion) => "TLS 1.2 and 1.3 are spoken here, and nothing older",
        AlertReceived(CertificateRequired | HandshakeFailure) => {
            "the server may want a client certificate: `client-certificate` and `client-key` of the profile name one"
        }
        _ => FailureKind::Tls.hint(),
    };
    Failure {
        hint: Some(hint.to_owned()),
        ..failure(FailureKind::Tls, format!("no encrypted connection to {place}: {error}"))
    }
}

/// An error and all its causes, those inside an `io::Error` too.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| {
        let error: &'a (dyn Error + 'static) = *error;
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        }
    })
}

fn io_cause<'a>(cause: &'a (dyn Error + 'static)) -> Option<&'a io::Error> {
    cause.downcast_ref::<io::Error>()
}

fn plain(kind: io::ErrorKind, error: &io::Error) -> String {
    match kind {
        io::ErrorKind::ConnectionRefused => "nobody listens there (connection refused)".to_owned(),
        io::ErrorKind::ConnectionReset => "the other side reset it".to_owned(),
        io::ErrorKind::UnexpectedEof => "it was closed in the middle".to_owned(),
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable => {
            "there is no way to it from here".to_owned()
        }
        _ => error.to_string(),
    }
}

fn last_text(error: &reqwest::Error) -> String {
    causes(error).last().map_or_else(|| "no reason given".to_owned(), ToString::to_string)
}

/// Whether a connection died before an answer began: only then may an idempotent request go out once more. A head that
/// was cut off counts as none: the library does not tell the two apart.
pub(super) fn died_unanswered(error: &reqwest::Error) -> bool {
    !error.is_connect()
        && causes(error).any(|cause| {
            let hyper = cause.downcast_ref::<hyper::Error>();
            let died = [io::ErrorKind::ConnectionReset, io::ErrorKind::BrokenPipe, io::ErrorKind::ConnectionAborted];
            hyper.is_some_and(|error| error.is_incomplete_message() || error.is_canceled())
                || io_cause(cause).is_some_and(|error| died.contains(&error.kind()))
        })
}
