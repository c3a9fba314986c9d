//! `authscope sandbox`: the embedded API alone, for a client of one's own, until a signal ends it.

use std::{
    io::{self, Write as _},
    net::Ipv4Addr,
    path::Path,
    time::Duration,
};

use clap::Args;
use tempfile::NamedTempFile;

use super::{
    exit::{Exit, Stop},
    printer,
    signals::Signals,
    start,
};
use crate::{config::quantity, domain::clock::Clock, sandbox::Sandbox};

const EXAMPLES: &str = "\
Examples:
  authscope sandbox --port 18500
  authscope sandbox --port 18500 --ttl 30s
  authscope sandbox --tls
  authscope sandbox --strict";

/// Runs the built-in API on 127.0.0.1 until Ctrl-C
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The port; 0 takes any free one
    #[arg(long, value_name = "N", default_value = "0")]
    port: u16,
    /// How long a token lives, as documented unless given
    #[arg(long, value_name = "TIME", default_value = "1800s", value_parser = ttl)]
    ttl: Duration,
    /// The address; no other than this one is taken
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1", value_parser = address)]
    address: Ipv4Addr,
    /// Speak https, with a certificate of an authority made at this start; its file is printed
    #[arg(long)]
    tls: bool,
    /// Give tokens as a standard OAuth 2 server does: a JSON body, an empty scope and anything else that RFC 6749 does
    /// not allow is refused
    #[arg(long)]
    strict: bool,
}

fn ttl(written: &str) -> Result<Duration, String> {
    let life = quantity::duration(written)?;
    if life < Duration::from_secs(1) { Err("a token lives for a second at least".to_owned()) } else { Ok(life) }
}

fn address(written: &str) -> Result<Ipv4Addr, String> {
    match written.parse() {
        Ok(Ipv4Addr::LOCALHOST) => Ok(Ipv4Addr::LOCALHOST),
        _ => Err("the sandbox listens on 127.0.0.1 only, since nothing of it is meant for others".to_owned()),
    }
}

/// Serves until a signal comes.
pub(super) async fn run(arguments: &Arguments) -> anyhow::Result<Exit> {
    let signals = Signals::listen()?;
    let Arguments { port, ttl, address, tls, strict } = *arguments;
    let taken = |error: io::Error| {
        Stop::usage(format!("the sandbox cannot listen on {address}:{port}: {error}"))
            .hint("choose another port, or 0 for any free one")
    };
    let bound = start::bound(&Clock::system(), port, ttl, tls, strict).map_err(taken)?;
    // Gone with this command.
    let authority = bound.authority().map(authority).transpose()?;
    printer::line(&greeting(&bound.handle(), arguments, authority.as_ref().map(NamedTempFile::path)))?;
    match signals.or(bound.serve(std::future::pending())).await {
        Ok(ended) => ended.map(|()| Exit::Done).map_err(Into::into),
        Err(exit) => Ok(exit),
    }
}

/// A file with the certificate of its authority, for clients to trust.
fn authority(pem: &str) -> io::Result<NamedTempFile> {
    let mut file = tempfile::Builder::new().prefix("authscope-sandbox-").suffix(".pem").tempfile()?;
    file.write_all(pem.as_bytes())?;
    Ok(file)
}

/// How to use it, as lines for a shell. Each secret stands here once, and nowhere else.
fn greeting(sandbox: &Sandbox, arguments: &Arguments, authority: Option<&Path>) -> String {
    let base = sandbox.base_url();
    let trust = authority.map(|file| format!(" --cacert {}", file.display())).unwrap_or_default();
    let way = if arguments.strict { " AUTHSCOPE_TOKEN_REQUEST=form-basic" } else { "" };
    let life = arguments.ttl.as_secs();
    let mut lines = vec![format!("# The sandbox listens on {base}; its tokens live {life} s. Ctrl-C ends it.")];
    lines.push("# In another terminal, as the one client or the other:".to_owned());
    for client in sandbox.clients() {
        let (id, secret) = (&client.id, &client.secret);
        lines.push(format!(
            "export AUTHSCOPE_BASE_URL={base} AUTHSCOPE_CLIENT_ID={id} AUTHSCOPE_CLIENT_SECRET={secret}{way}"
        ));
    }
    lines.push(format!("authscope send /api/v1/transactions/txn_demo0001/status -v{trust}"));
    lines.push("# To refuse every token issued so far, and to see what was received:".to_owned());
    lines.push(format!("curl{trust} -H 'X-Authscope-Sandbox: 1' -X POST {base}/_sandbox/control/revoke-all"));
    lines.push(format!("curl{trust} -H 'X-Authscope-Sandbox: 1' {base}/_sandbox/journal"));
    lines.join("\n")
}
