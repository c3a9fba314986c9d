//! The browser: handed an address and nothing else, and left alone.

use std::{
    io,
    process::{Command, Stdio},
    thread,
};

use tokio::sync::mpsc::UnboundedSender;
use url::Url;

use crate::{app::message::Message, secrets::Hidden};

#[cfg(target_os = "macos")]
const OPENER: &[&str] = &["open"];
#[cfg(windows)]
const OPENER: &[&str] = &["rundll32", "url.dll,FileProtocolHandler"];
#[cfg(not(any(target_os = "macos", windows)))]
const OPENER: &[&str] = &["xdg-open"];

/// Opens an address, on a thread that waits for the opener; a message tells if that fails.
pub(super) fn opened(url: &Url, hidden: &Hidden, messages: UnboundedSender<Message>) -> io::Result<()> {
    let mut command = Command::new(OPENER[0]);
    command.args(&OPENER[1..]).arg(url.as_str());
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    for name in hidden.names() {
        command.env_remove(name);
    }
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt as _;

        // Keys that make signals, and the end of this program, are nothing to it.
        command.process_group(0);
    }
    let wait = move || {
        let why = match command.status() {
            Ok(status) if status.success() => return,
            Ok(status) => format!("`{}` ended with {status}: the address is not opened.", OPENER[0]),
            Err(error) => format!("`{}` cannot be started: {error}.", OPENER[0]),
        };
        let _ = messages.send(Message::Unpaged(why));
    };
    thread::Builder::new().name("browser".to_owned()).spawn(wait).map(drop)
}
