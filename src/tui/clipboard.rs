//! Copying: the clipboard of the desktop, then that of tmux, then OSC 52, which asks the terminal itself.
//!
//! The first two have a thread of their own: a desktop may take its time, and on X11 whoever copied must stay to hand
//! the text out. The third goes the way of the screen, so the loop does it. What is said names the way and the size.

use std::{
    env,
    io::{self, Write as _},
    process::{Command, Stdio},
    sync::mpsc::{Receiver, Sender, channel},
    thread,
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use tokio::sync::mpsc::UnboundedSender;

use crate::{app::message::Message, domain::secret::Secret, secrets::Hidden};

/// What terminals take by OSC 52, in bytes of base64.
const MOST: usize = 74_994;

/// Something to copy.
pub(super) struct Piece {
    /// What it is.
    pub(super) what: String,
    /// Its text.
    pub(super) text: String,
}

impl Piece {
    /// A secret that a person asked for by a key of its own.
    pub(super) fn of(what: String, secret: &Secret) -> Self {
        Self { what, text: secret.expose().to_owned() }
    }
}

/// The thread that copies, from the first time on.
pub(super) struct Clipboard {
    messages: UnboundedSender<Message>,
    /// Variables that no program is handed.
    pub(super) hidden: Hidden,
    thread: Option<Sender<Piece>>,
}

impl Clipboard {
    pub(super) fn new(messages: UnboundedSender<Message>) -> Self {
        Self { messages, hidden: Hidden::default(), thread: None }
    }

    /// Begins to copy; a message tells how it went.
    ///
    /// Fails when the system gives no thread.
    pub(super) fn copy(&mut self, piece: Piece) -> io::Result<()> {
        let thread = match self.thread.take() {
            Some(thread) => thread,
            None => {
                let (give, pieces) = channel();
                let (messages, hidden) = (self.messages.clone(), self.hidden.clone());
                thread::Builder::new()
                    .name("clipboard".to_owned())
                    .spawn(move || copied(&pieces, &messages, &hidden))?;
                give
            }
        };
        // The thread ends with this end of the channel alone.
        let _ = thread.send(piece);
        self.thread = Some(thread);
        Ok(())
    }
}

fn copied(pieces: &Receiver<Piece>, messages: &UnboundedSender<Message>, hidden: &Hidden) {
    let mut desktop = None;
    for Piece { what, text } in pieces {
        let way = if by_desktop(&mut desktop, &text) {
            Some("the desktop's clipboard")
        } else if by_tmux(&text, hidden) {
            Some("tmux")
        } else {
            None
        };
        let size = text.len();
        let message = match way {
            Some(way) => Message::Copied(Ok(format!("Copied {what}, {size} bytes, by {way}."))),
            None => Message::Uncopied { what, text },
        };
        if messages.send(message).is_err() {
            return;
        }
    }
}

fn by_desktop(desktop: &mut Option<arboard::Clipboard>, text: &str) -> bool {
    let there =
        !cfg!(target_os = "linux") || ["WAYLAND_DISPLAY", "DISPLAY"].iter().any(|name| env::var_os(name).is_some());
    if there && desktop.is_none() {
        *desktop = arboard::Clipboard::new().ok();
    }
    desktop.as_mut().is_some_and(|desktop| desktop.set_text(text).is_ok())
}

fn by_tmux(text: &str, hidden: &Hidden) -> bool {
    if env::var_os("TMUX").is_none() {
        return false;
    }
    let quiet = || Stdio::null();
    let mut command = Command::new("tmux");
    for name in hidden.names() {
        command.env_remove(name);
    }
    let child = command.args(["load-buffer", "-w", "-"]).stdin(Stdio::piped()).stdout(quiet()).stderr(quiet()).spawn();
    let Ok(mut child) = child else { return false };
    let written = child.stdin.take().is_some_and(|mut input| input.write_all(text.as_bytes()).is_ok());
    child.wait().is_ok_and(|status| status.success()) && written
}

/// The text of the clipboard: of the desktop, else of tmux.
pub(super) fn text(hidden: &Hidden) -> Result<String, String> {
    let there =
        !cfg!(target_os = "linux") || ["WAYLAND_DISPLAY", "DISPLAY"].iter().any(|name| env::var_os(name).is_some());
    let desktop = there.then(|| arboard::Clipboard::new().and_then(|mut desktop| desktop.get_text()).ok()).flatten();
    if let Some(text) = desktop.filter(|text| !text.trim().is_empty()) {
        return Ok(text);
    }
    let none = "the clipboard holds no text that can be read from here: paste with the key of your terminal";
    if env::var_os("TMUX").is_none() {
        return Err(none.to_owned());
    }
    let mut command = Command::new("tmux");
    for name in hidden.names() {
        command.env_remove(name);
    }
    let output = command.args(["save-buffer", "-"]).stdin(Stdio::null()).stderr(Stdio::null()).output();
    let output = output.ok().filter(|output| output.status.success());
    let text = output.and_then(|output| String::from_utf8(output.stdout).ok()).filter(|text| !text.trim().is_empty());
    text.ok_or_else(|| none.to_owned())
}

/// Asks the terminal to copy; nobody tells whether it did.
pub(super) fn by_terminal(what: &str, text: &str) -> Result<String, String> {
    let size = text.len();
    let encoded = BASE64_STANDARD.encode(text);
    if encoded.len() > MOST {
        return Err(format!("Not copied: {size} bytes are more than a terminal takes by OSC 52."));
    }
    let written = super::terminal::sequence(format!("\u{1b}]52;c;{encoded}\u{1b}\\").as_bytes());
    match written {
        Ok(()) => Ok(format!("Copied {what}, {size} bytes, by OSC 52; a terminal may not take it.")),
        Err(error) => Err(format!("Not copied: the terminal cannot be written: {error}.")),
    }
}
