//! The loop: one fact after another goes into the state, and what is out of date on screen is drawn once a round.
//!
//! A round waits for the first of whatever comes, takes everything else that is there, at most [`MOST`], and draws. A
//! frame that a person waits for is drawn at the end of its round; one that only tells progress waits until the frame
//! before has stood for [`FRAME`]. Nothing out of date: no byte for the terminal. Nothing counting: no wake-up.
//!
//! It is fed by channels and draws on any backend, so a test drives it by hand, on a manual clock.

use std::{io, time::Duration};

use jiff::tz::TimeZone;
use ratatui::{Terminal, TerminalOptions, Viewport, backend::Backend, layout::Rect};
use tokio::{select, sync::mpsc::UnboundedReceiver};

use super::{
    Ending,
    effects::Effects,
    input::{Pasting, Read},
    interruption::Interruption,
    standing::Standing,
};
use crate::{
    app::{
        self, App, Now, Stale,
        effect::{Effect, Errand},
        message::Message,
    },
    body::Body,
    config::theme::Look,
    domain::{
        clock::{Boot, Clock},
        record::Retention,
        redact::Redactor,
    },
    engine::timer,
    store::{Store, history::Writer, ledger::LedgerWriter},
    view,
};

/// How many arrivals a round takes before it draws.
const MOST: usize = 256;
/// How long a frame stands before one that only tells progress takes its place.
const FRAME: Duration = Duration::from_millis(16);

/// Why the loop stands still.
#[derive(Debug)]
pub(super) enum Pause {
    /// For good.
    Ended(Ending),
    /// For good, since there was a panic.
    Crashed,
    /// The program is to stop as a shell's job.
    Suspended,
    /// The program stood still, and whatever is on the terminal now is not ours.
    Continued,
    /// Another program is to have the terminal for a while.
    Outside(Errand),
}

/// Where everything comes from, what goes first first.
pub(super) struct Sources {
    pub(super) interruptions: UnboundedReceiver<Interruption>,
    pub(super) inputs: UnboundedReceiver<Read>,
    pub(super) messages: UnboundedReceiver<Message>,
}

enum Arrival {
    Interruption(Interruption),
    Input(Read),
    Message(Message),
}

impl Sources {
    async fn next(&mut self) -> Arrival {
        select! {
            biased;
            Some(interruption) = self.interruptions.recv() => Arrival::Interruption(interruption),
            input = self.inputs.recv() => Arrival::Input(input.unwrap_or_else(|| Err(io::ErrorKind::UnexpectedEof.into()))),
            Some(message) = self.messages.recv() => Arrival::Message(message),
        }
    }

    fn ready(&mut self) -> Option<Arrival> {
        let Self { interruptions, inputs, messages } = self;
        let interruption = interruptions.try_recv().map(Arrival::Interruption);
        let or_input = interruption.or_else(|_| inputs.try_recv().map(Arrival::Input));
        or_input.or_else(|_| messages.try_recv().map(Arrival::Message)).ok()
    }
}

/// The time, for the state.
pub(super) fn now(clock: &Clock) -> Now {
    Now { boot: clock.boot(), wall: clock.wall() }
}

/// See the module.
pub(super) struct EventLoop<B: Backend> {
    app: App,
    look: Look,
    screen: Terminal<B>,
    effects: Effects,
    clock: Clock,
    standing: Standing,
    pasting: Pasting,
    /// Whether the tokens may stand otherwise than the state knows.
    news: bool,
    stale: Stale,
    /// When the frame on screen was drawn.
    drawn: Boot,
}

impl<B: Backend<Error: Send + Sync + 'static>> EventLoop<B> {
    /// A loop that has drawn nothing yet and takes whatever is on the terminal for not its own.
    pub(super) fn new(backend: B, look: Look, app: App, effects: Effects, clock: Clock) -> io::Result<Self> {
        // The state says how large the screen is. Were the library to ask the terminal too, the two could differ for
        // a frame, and the view would draw outside of it.
        let viewport = Viewport::Fixed(area(&app));
        let screen = Terminal::with_options(backend, TerminalOptions { viewport }).map_err(io::Error::other)?;
        let (standing, pasting, stale) = (Standing::default(), Pasting::default(), Stale::Everything);
        let drawn = clock.boot();
        Ok(Self { app, look, screen, effects, clock, standing, pasting, news: true, stale, drawn })
    }

    /// Runs until there is a reason to stand still.
    ///
    /// Fails when the terminal can no longer be read or drawn on.
    pub(super) async fn run(&mut self, sources: &mut Sources) -> io::Result<Pause> {
        loop {
            let tick = self.app.next_tick();
            let wake = tick.into_iter().chain(self.frame_due()).min();
            let first = select! {
                biased;
                arrival = sources.next() => Some(arrival),
                () = until(&self.clock, wake) => None,
            };
            self.effects.engine().look_at_clocks();
            let rest = (1..MOST).map_while(|_| sources.ready());
            let mut pause = None;
            for arrival in first.into_iter().chain(rest) {
                pause = self.arrived(arrival)?;
                if pause.is_some() {
                    break;
                }
            }
            if sources.inputs.is_empty()
                && let Some(pasted) = self.pasting.end()
            {
                pause = pause.or(self.told(pasted)?);
            }
            if tick.is_some_and(|tick| tick <= self.clock.boot()) {
                pause = pause.or(self.told(Message::Ticked)?);
            }
            if let Some(pause) = pause {
                return Ok(pause);
            }
            self.draw_if_due()?;
        }
    }

    /// Draws what is out of date, unless it may wait and the frame before is too young.
    pub(super) fn draw_if_due(&mut self) -> io::Result<()> {
        if let Some(standing) = self.standing.told(self.effects.engine(), &self.app, self.news) {
            self.told(standing)?;
        }
        self.news = false;
        self.stale = self.stale.max(self.app.take_stale());
        let due = match self.stale {
            Stale::Nothing => false,
            Stale::Progress => self.drawn + FRAME <= self.clock.boot(),
            Stale::Now | Stale::Everything => true,
        };
        if !due {
            return Ok(());
        }
        if self.stale == Stale::Everything {
            // Clears it, too, without asking the terminal for its cursor: the answer would be taken for keys.
            self.screen.resize(area(&self.app)).map_err(io::Error::other)?;
        }
        let (app, look) = (&self.app, &self.look);
        self.screen.draw(|frame| view::render(frame, app, look)).map_err(io::Error::other)?;
        (self.stale, self.drawn) = (Stale::Nothing, self.clock.boot());
        Ok(())
    }

    /// The terminal is ours again, and of this size: everything is drawn anew.
    pub(super) fn returned(&mut self, width: u16, height: u16) -> io::Result<()> {
        self.told(Message::Resized(width, height))?;
        self.draw_if_due()
    }

    /// Times are shown in that zone from the next frame on.
    pub(super) fn stand_in(&mut self, zone: TimeZone) {
        self.app.zone = zone;
    }

    /// Tells of what is looked at as it grows.
    pub(super) fn follow(&self, body: Body) -> io::Result<()> {
        self.effects.follow(body)
    }

    /// What changes is kept there from now on.
    pub(super) fn keep_in(&mut self, store: Store, masks: Redactor) {
        self.effects.keep_in(store, masks);
    }

    /// Calls are kept there from now on.
    pub(super) fn remember_in(&mut self, history: Writer, retention: Retention, masks: Redactor) {
        self.effects.remember_in(history, retention, masks);
    }

    /// Tokens are kept there, without their text, from now on.
    pub(super) fn account_in(&mut self, ledger: LedgerWriter) {
        self.effects.account_in(ledger);
    }

    /// Keeps what changed last, cancels what runs, and waits a moment for it to end.
    pub(super) async fn stop(&mut self) {
        self.app.now = now(&self.clock);
        if let Some(kept) = self.app.kept(true) {
            // Keeping asks for no thread and no pause.
            let _ = self.effects.carry_out(kept);
        }
        self.effects.stop().await;
    }

    /// When a frame that could wait is to be drawn.
    fn frame_due(&self) -> Option<Boot> {
        (self.stale == Stale::Progress).then(|| self.drawn + FRAME)
    }

    fn arrived(&mut self, arrival: Arrival) -> io::Result<Option<Pause>> {
        match arrival {
            Arrival::Interruption(Interruption::Ended(ending)) => Ok(Some(Pause::Ended(ending))),
            Arrival::Interruption(Interruption::Suspended) => Ok(Some(Pause::Suspended)),
            Arrival::Interruption(Interruption::Continued) => Ok(Some(Pause::Continued)),
            Arrival::Interruption(Interruption::Crashed) => Ok(Some(Pause::Crashed)),
            Arrival::Interruption(Interruption::Resized) => {
                let size = self.screen.backend().size().map_err(io::Error::other)?;
                self.told(Message::Resized(size.width, size.height))
            }
            Arrival::Interruption(Interruption::Failed(error)) => Err(error),
            Arrival::Message(message) => self.told(message),
            Arrival::Input(read) => {
                let mut pause = None;
                for message in read? {
                    if let Some(message) = self.pasting.message(message) {
                        pause = pause.or(self.told(message)?);
                    }
                }
                Ok(pause)
            }
        }
    }

    /// A fact goes in, and what follows from it is carried out.
    pub(super) fn told(&mut self, message: Message) -> io::Result<Option<Pause>> {
        self.app.now = now(&self.clock);
        self.news |= matches!(
            message,
            Message::Flowed(_)
                | Message::Settled(_)
                | Message::Renewed(_)
                | Message::RotationStood(..)
                | Message::TokenDropped(_)
                | Message::Ticked
        );
        if let Message::Settled(exchange) = &message {
            self.effects.settled(exchange);
        }
        let said = self.app.notice.clone();
        let mut pause = None;
        for effect in app::update(&mut self.app, message) {
            match effect {
                Effect::Theme(theme) => self.look = self.look.with_theme(theme.map(|theme| *theme)),
                effect => pause = pause.or(self.effects.carry_out(effect)?),
            }
        }
        if let Some(notice) = self.app.notice.as_ref().filter(|notice| said.as_ref() != Some(*notice)) {
            self.effects.record().notice(notice);
        }
        Ok(pause)
    }
}

fn area(app: &App) -> Rect {
    let (width, height) = app.size;
    Rect::new(0, 0, width, height)
}

async fn until(clock: &Clock, instant: Option<Boot>) {
    match instant {
        Some(instant) => timer::sleep_until(clock, instant).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests;
