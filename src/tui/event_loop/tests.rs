use std::{future::poll_fn, pin::pin, sync::Arc, task::Poll};

use jiff::Timestamp;
use ratatui::backend::TestBackend;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::*;
use crate::{
    app::Start,
    config::{
        chord::{Chord, Key, Mods},
        keymap::Keymap,
        profiles,
        theme::{Signs, ThemeName},
    },
    domain::{clock::ManualClock, flow::Refusal, secret::Secret},
    engine::{Engine, Setup},
    sandbox::{Endpoint, Options, Order, Sandbox, Wait},
    store::log::Log,
    tui::{Signal, effects, record::Record},
};

/// A loop on a screen of 120x40 whose clock a test turns, and everything that feeds it.
struct Desk {
    event_loop: EventLoop<TestBackend>,
    sources: Sources,
    hands: ManualClock,
    interrupt: UnboundedSender<Interruption>,
    input: UnboundedSender<Read>,
    tell: UnboundedSender<Message>,
}

impl Desk {
    fn new() -> Self {
        Self::at("http://127.0.0.1:43117", "demo-client", "a secret of the desk")
    }

    /// One whose calls go there.
    fn at(base: &str, client: &str, secret: &str) -> Self {
        let (clock, hands) = Clock::manual(Timestamp::UNIX_EPOCH);
        let (interrupt, interruptions) = unbounded_channel();
        let (input, inputs) = unbounded_channel();
        let (tell, messages) = unbounded_channel();
        let record = Record::new(Log::default(), clock.clone());
        let engine = Engine::new(Setup {
            clock: clock.clone(),
            observer: effects::observer(tell.clone(), record.clone()),
            dice: Arc::new(|| 0.5),
            cache: None,
            secrets: crate::secrets::Secrets::default(),
            timer: true,
        });
        let client = (client.to_owned(), Arc::new(Secret::new(secret)));
        let sandbox = profiles::sandbox(base.parse().unwrap(), [client]);
        let app = App::new(Start {
            now: now(&clock),
            zone: TimeZone::UTC,
            size: (120, 40),
            keymap: Keymap::default(),
            profiles: vec![Arc::new(sandbox), Arc::new(profiles::paysecurez())],
            active: 0,
            trouble: None,
        });
        let effects = Effects::new(engine, clock.clone(), Box::new(|_| Vec::new()), tell.clone(), record);
        let look = Look::new(ThemeName::Dark, Signs::Unicode);
        let mut event_loop = EventLoop::new(TestBackend::new(120, 40), look, app, effects, clock).unwrap();
        event_loop.draw_if_due().unwrap();
        Self { event_loop, sources: Sources { interruptions, inputs, messages }, hands, interrupt, input, tell }
    }

    fn press(&self, key: char) {
        self.arrive(Message::Key(Chord::plain(Key::Char(key))));
    }

    fn press_ctrl(&self, key: char) {
        self.arrive(Message::Key(Chord::new(Key::Char(key), Mods { ctrl: true, ..Mods::default() })));
    }

    fn arrive(&self, read: Message) {
        self.input.send(Ok(vec![read])).unwrap();
    }

    /// Something that only tells progress.
    fn progress(&self) {
        self.tell.send(Message::Ticked).unwrap();
    }

    /// Lets the loop go on until it waits, and gives why it stands still, if it does.
    async fn settle(&mut self) -> Option<Pause> {
        let mut run = pin!(self.event_loop.run(&mut self.sources));
        match poll_fn(|context| Poll::Ready(run.as_mut().poll(context))).await {
            Poll::Ready(pause) => Some(pause.unwrap()),
            Poll::Pending => None,
        }
    }

    /// How many frames are drawn between two looks, when the loop goes on.
    async fn frames(&mut self) -> usize {
        let before = self.drawn();
        assert!(self.settle().await.is_none());
        self.drawn() - before
    }

    fn drawn(&mut self) -> usize {
        self.event_loop.screen.get_frame().count()
    }

    /// When the loop wakes up though nothing comes.
    async fn wake_ups(&mut self) -> Vec<Duration> {
        let now = self.event_loop.clock.boot();
        // While it waits, its waits are known to the clock.
        let mut run = pin!(self.event_loop.run(&mut self.sources));
        poll_fn(|context| Poll::Ready(run.as_mut().poll(context).is_pending())).await;
        self.hands.deadlines().into_iter().map(|at| at.since(now)).collect()
    }
}

#[tokio::test]
async fn all_that_is_there_makes_one_frame() {
    let mut desk = Desk::new();
    for key in "jkjkjk".chars() {
        desk.press(key);
        desk.progress();
    }
    assert_eq!(desk.frames().await, 1);
}

#[tokio::test]
async fn a_flood_is_drawn_every_256_arrivals() {
    let mut desk = Desk::new();
    for _ in 0..300 {
        desk.press('j');
    }
    assert_eq!(desk.frames().await, 2);
}

#[tokio::test]
async fn nothing_out_of_date_is_no_frame_and_nothing_counting_is_no_wake_up() {
    let mut desk = Desk::new();
    assert_eq!(desk.wake_ups().await, [Duration::ZERO; 0], "after the first frame");
    desk.press('~');
    desk.arrive(Message::Focused(true));
    assert_eq!(desk.frames().await, 0);
    assert_eq!(desk.wake_ups().await, [Duration::ZERO; 0]);
}

#[tokio::test]
async fn progress_waits_until_a_frame_has_stood_for_16_milliseconds() {
    let mut desk = Desk::new();
    for _ in 0..3 {
        desk.progress();
        assert_eq!(desk.frames().await, 0);
        assert_eq!(desk.wake_ups().await, [FRAME]);
        desk.hands.advance(FRAME / 2);
        desk.progress();
        assert_eq!(desk.frames().await, 0);
        desk.hands.advance(FRAME / 2);
        assert_eq!(desk.frames().await, 1);
        assert_eq!(desk.wake_ups().await, [Duration::ZERO; 0]);
    }
}

#[tokio::test]
async fn a_key_is_drawn_at_once_and_takes_the_progress_along() {
    let mut desk = Desk::new();
    desk.progress();
    desk.press('j');
    assert_eq!(desk.frames().await, 1);
    assert_eq!(desk.wake_ups().await, [Duration::ZERO; 0]);
}

#[tokio::test]
async fn every_key_is_a_frame_of_its_own_while_200_calls_are_in_flight_and_a_renewal_hangs() {
    const CALLS: u64 = 200;
    let bound = Sandbox::bind(Options {
        port: 0,
        lifetime: Duration::from_mins(30),
        now: Arc::new(|| Duration::ZERO),
        sleep: Arc::new(|_| Box::pin(std::future::pending())),
        clients: None,
        tls: false,
        strict: false,
    })
    .unwrap();
    let sandbox = bound.handle();
    tokio::spawn(bound.serve(std::future::pending()));
    let hang = |endpoint| sandbox.order(Order::Wait { endpoint, wait: Wait::Hang, times: None });
    let client = &sandbox.clients()[0];
    let mut desk = Desk::at(sandbox.base_url(), &client.id, &client.secret);
    hang(Endpoint::Api);
    for _ in 0..CALLS {
        desk.press('s');
    }
    let in_flight = || (sandbox.journal().counts().in_flight, sandbox.journal().counts().token_in_flight);
    while in_flight().0 < CALLS {
        desk.frames().await;
        tokio::task::yield_now().await;
    }
    hang(Endpoint::Token);
    desk.press('R');
    while in_flight().1 < 1 {
        desk.frames().await;
        tokio::task::yield_now().await;
    }
    let row = desk.event_loop.app.requests.row();
    for key in "jk".repeat(100).chars() {
        desk.press(key);
        assert_eq!(desk.frames().await, 1);
        assert_eq!(desk.event_loop.app.requests.row(), row + usize::from(key == 'j'));
        tokio::task::yield_now().await;
    }
    assert_eq!((in_flight(), desk.event_loop.app.sending.running().len()), ((CALLS, 1), 200));
}

#[tokio::test]
async fn a_tick_is_one_frame() {
    let mut desk = Desk::new();
    desk.press_ctrl('c');
    assert_eq!(desk.frames().await, 1);
    let [tick] = desk.wake_ups().await[..] else { panic!("one wake-up") };
    desk.hands.advance(tick);
    assert_eq!(desk.frames().await, 1);
    assert_eq!(desk.wake_ups().await, [Duration::ZERO; 0]);
}

#[tokio::test]
async fn a_tick_that_falls_due_together_with_something_else_is_not_lost() {
    let mut desk = Desk::new();
    desk.press_ctrl('c');
    desk.settle().await;
    let [tick] = desk.wake_ups().await[..] else { panic!("one wake-up") };
    desk.hands.advance(tick + FRAME);
    desk.progress();
    assert_eq!(desk.frames().await, 1);
    assert_eq!(desk.event_loop.app.quit_armed, None);
}

#[tokio::test]
async fn what_comes_from_outside_goes_first_and_draws_nothing_more() {
    let pauses = [
        (Interruption::Ended(Ending::Signal(Signal::Terminate)), Pause::Ended(Ending::Signal(Signal::Terminate))),
        (Interruption::Crashed, Pause::Crashed),
        (Interruption::Suspended, Pause::Suspended),
        (Interruption::Continued, Pause::Continued),
    ];
    for (interruption, pause) in pauses {
        let mut desk = Desk::new();
        let before = desk.drawn();
        desk.press('j');
        desk.interrupt.send(interruption).unwrap();
        assert_eq!(format!("{:?}", desk.settle().await.unwrap()), format!("{pause:?}"));
        assert_eq!(desk.drawn(), before);
    }
}

#[tokio::test]
async fn keys_quit_and_suspend() {
    let mut desk = Desk::new();
    desk.press_ctrl('z');
    assert!(matches!(desk.settle().await, Some(Pause::Suspended)));
    let before = desk.drawn();
    desk.event_loop.returned(80, 24).unwrap();
    assert_eq!((desk.drawn() - before, desk.event_loop.app.size), (1, (80, 24)));
    desk.press('q');
    assert!(matches!(desk.settle().await, Some(Pause::Ended(Ending::Quit))));
}

#[tokio::test]
async fn a_paste_and_what_is_directly_behind_it_is_no_command() {
    let mut desk = Desk::new();
    let key = Message::Key(Chord::plain(Key::Char('q')));
    desk.input.send(Ok(vec![Message::Pasted("q".repeat(10 << 20)), key])).unwrap();
    desk.press('q');
    assert!(desk.settle().await.is_none());
    desk.press('q');
    assert!(matches!(desk.settle().await, Some(Pause::Ended(Ending::Quit))));
}

#[tokio::test]
async fn a_paste_into_a_field_is_one_step_to_undo() {
    let mut desk = Desk::new();
    desk.press('k');
    desk.press('e');
    desk.settle().await;
    let text = |desk: &Desk| desk.event_loop.app.editing.as_ref().unwrap().editor.text();
    let before = text(&desk);
    let pasted = format!("{}\n", "q".repeat(127)).repeat(10 << 13);
    desk.arrive(Message::Pasted(pasted.clone()));
    desk.press('q');
    assert_eq!(desk.frames().await, 1);
    assert!(text(&desk) == format!("{pasted}q{before}"));
    desk.press_ctrl('7');
    desk.settle().await;
    assert_eq!(text(&desk), before);
}

#[tokio::test]
async fn a_storm_of_sizes_is_one_frame_of_the_last_one() {
    let mut desk = Desk::new();
    for (width, height) in [(1, 1), (0, 0), (1, 40), (120, 2), (30, 9)] {
        desk.arrive(Message::Resized(width, height));
    }
    assert_eq!(desk.frames().await, 1);
    assert_eq!(desk.event_loop.screen.get_frame().area(), Rect::new(0, 0, 30, 9));
    for (width, height) in [(1, 1), (0, 0), (1, 40), (120, 2), (0, 40), (120, 0)] {
        desk.arrive(Message::Resized(width, height));
        assert_eq!(desk.frames().await, 1);
    }
}

#[tokio::test]
async fn the_end_of_the_input_is_an_error_and_no_endless_loop() {
    let Desk { mut event_loop, mut sources, input, .. } = Desk::new();
    drop(input);
    assert_eq!(event_loop.run(&mut sources).await.unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
}

#[tokio::test]
async fn whoever_is_chosen_is_asked_about_in_the_same_round() {
    let mut desk = Desk::new();
    assert!(desk.event_loop.app.status.is_ok());
    desk.press('E');
    desk.press('j');
    desk.arrive(Message::Key(Chord::plain(Key::Enter)));
    assert_eq!(desk.frames().await, 1);
    assert_eq!(desk.event_loop.app.environment.profile().name, profiles::PAYSECUREZ);
    assert!(matches!(desk.event_loop.app.status, Err(Refusal::NoCredential { .. })));
}
