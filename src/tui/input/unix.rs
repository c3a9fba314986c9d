//! Reads the terminal where it is a file.

use std::{
    io::{self, PipeReader, PipeWriter},
    thread::{self, JoinHandle},
    time::Duration,
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
    stdio::stdin,
};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::{Listener, Read, parser::Parser};
use crate::app::message::Message;

/// How long the rest of a sequence may take. An Esc that nothing follows is the key, after that.
const TORN: Duration = Duration::from_millis(30);
/// How long a paste waits for what is directly behind it.
const BEHIND: Duration = Duration::from_millis(1);

/// The thread, and the pipe whose end it takes for its own.
pub(super) struct Reader {
    stop: Option<PipeWriter>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Reader {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // It waits for nothing but the terminal and the pipe.
            let _ = thread.join();
        }
    }
}

/// Reads the terminal from now on; the channel closes after an error.
pub(in crate::tui) fn listen() -> io::Result<(Listener, UnboundedReceiver<Read>)> {
    let (told, inputs) = unbounded_channel();
    let (stopped, stop) = io::pipe()?;
    let work = move || {
        if let Err(error) = read(&stopped, &told) {
            let _ = told.send(Err(error));
        }
    };
    let thread = thread::Builder::new().name("input".to_owned()).spawn(work)?;
    Ok((Listener { _thread: Reader { stop: Some(stop), thread: Some(thread) } }, inputs))
}

enum Ready {
    Input,
    Nothing,
    Stop,
}

fn read(stopped: &PipeReader, told: &UnboundedSender<Read>) -> io::Result<()> {
    let mut parser = Parser::default();
    let mut buffer = [0; 1 << 14];
    let mut take = |parser: &mut Parser, messages: &mut Vec<Message>| match rustix::io::read(stdin(), &mut buffer) {
        Ok(0) => Err(io::Error::from(io::ErrorKind::UnexpectedEof)),
        Ok(count) => {
            parser.feed(&buffer[..count], messages);
            Ok(())
        }
        Err(Errno::INTR | Errno::AGAIN) => Ok(()),
        Err(error) => Err(error.into()),
    };
    loop {
        let mut messages = Vec::new();
        match ready(stopped, parser.is_torn().then_some(TORN))? {
            Ready::Stop => return Ok(()),
            Ready::Nothing => parser.rest(&mut messages),
            Ready::Input => take(&mut parser, &mut messages)?,
        }
        while messages.iter().any(|message| matches!(message, Message::Pasted(_)))
            && let Ready::Input = ready(stopped, Some(BEHIND))?
        {
            take(&mut parser, &mut messages)?;
        }
        if !messages.is_empty() && told.send(Ok(messages)).is_err() {
            return Ok(());
        }
    }
}

/// Waits for the terminal, for the end of the pipe, or for the time to be over.
fn ready(stopped: &PipeReader, limit: Option<Duration>) -> io::Result<Ready> {
    let limit = limit.and_then(|limit| Timespec::try_from(limit).ok());
    let stdin = stdin();
    let mut waited = [PollFd::new(&stdin, PollFlags::IN), PollFd::new(stopped, PollFlags::IN)];
    let count = loop {
        match poll(&mut waited, limit.as_ref()) {
            Err(Errno::INTR) => {}
            count => break count?,
        }
    };
    let [input, stop] = waited.map(|waited| !waited.revents().is_empty());
    Ok(match (stop, input) {
        (true, _) => Ready::Stop,
        (false, true) if count > 0 => Ready::Input,
        _ => Ready::Nothing,
    })
}
