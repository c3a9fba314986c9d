//! What a person does, as messages: key presses in canonical form, pastes as one piece, a new size.
//!
//! A thread of its own reads the terminal: once a sequence has begun, the library waits for its end and lets nobody go
//! on until it comes, and a paste whose end is lost must not keep a signal from ending the program. Changes of focus are
//! never asked for, so they do not arrive.

use std::{io, thread, time::Duration};

use crossterm::event::{
    self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::{
    app::message::Message,
    config::chord::{Chord, Key, Mods},
};

/// What was read at once: one event, or a paste and what was there directly behind it.
pub(super) type Read = io::Result<Vec<Event>>;

/// Reads the terminal from now on; the channel closes after an error.
pub(super) fn listen() -> io::Result<UnboundedReceiver<Read>> {
    let (told, inputs) = unbounded_channel();
    let work = move || {
        loop {
            let read = read();
            let failed = read.is_err();
            if told.send(read).is_err() || failed {
                return;
            }
        }
    };
    thread::Builder::new().name("input".to_owned()).spawn(work)?;
    Ok(inputs)
}

/// How long a paste waits for what is directly behind it. Without any wait the library does not look.
const BEHIND: Duration = Duration::from_millis(1);

fn read() -> Read {
    let first = event::read()?;
    let pasted = matches!(first, Event::Paste(_));
    let mut events = vec![first];
    while pasted && event::poll(BEHIND)? {
        events.push(event::read()?);
    }
    Ok(events)
}

/// Makes messages of events, and text of the keys behind a paste.
///
/// A paste that carries the mark of its end inside arrives as a paste and keys; taken as keys, the rest of it would be
/// commands. What is there as soon as the paste is belongs to it.
#[derive(Debug, Default)]
pub(super) struct Pasting {
    text: Option<String>,
}

impl Pasting {
    /// What an event means now; nothing for what is no news, or part of a paste.
    pub(super) fn message(&mut self, event: Event) -> Option<Message> {
        match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => {
                let chord = chord(key)?;
                let Some(text) = &mut self.text else { return Some(Message::Key(chord)) };
                match chord.key() {
                    Key::Enter => text.push('\n'),
                    Key::Tab => text.push('\t'),
                    _ => text.extend(chord.typed()),
                }
                None
            }
            Event::Paste(pasted) => {
                self.text.get_or_insert_default().push_str(&pasted);
                None
            }
            Event::Resize(width, height) => Some(Message::Resized(width, height)),
            Event::Mouse(mouse) => pointed(mouse),
            Event::Key(_) | Event::FocusGained | Event::FocusLost => None,
        }
    }

    /// Nothing more is there: what was pasted.
    pub(super) fn end(&mut self) -> Option<Message> {
        self.text.take().map(Message::Pasted)
    }
}

fn pointed(MouseEvent { kind, column, row, .. }: MouseEvent) -> Option<Message> {
    let turned = |down| Message::Turned { x: column, y: row, down };
    match kind {
        MouseEventKind::Down(MouseButton::Left) => Some(Message::Clicked(column, row)),
        MouseEventKind::ScrollDown => Some(turned(true)),
        MouseEventKind::ScrollUp => Some(turned(false)),
        _ => None,
    }
}

fn chord(event: KeyEvent) -> Option<Chord> {
    let KeyEvent { code, modifiers, .. } = event;
    let mut mods = Mods {
        ctrl: modifiers.contains(KeyModifiers::CONTROL),
        alt: modifiers.contains(KeyModifiers::ALT),
        shift: modifiers.contains(KeyModifiers::SHIFT),
    };
    let key = match code {
        KeyCode::Char(typed) => Key::Char(typed),
        KeyCode::F(number) => Key::F(number),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => {
            mods.shift = true;
            Key::Tab
        }
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        KeyCode::Insert => Key::Insert,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        _ => return None,
    };
    Some(Chord::new(key, mods))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(code: KeyCode, modifiers: KeyModifiers) -> Event {
        Event::Key(KeyEvent::new(code, modifiers))
    }

    fn keys(events: impl IntoIterator<Item = Event>) -> Vec<String> {
        let mut pasting = Pasting::default();
        let messages = events.into_iter().filter_map(|event| pasting.message(event));
        let name = |message| match message {
            Message::Key(chord) => chord.name(),
            other => format!("{other:?}"),
        };
        messages.map(name).collect()
    }

    #[test]
    fn keys_come_in_their_one_form_and_only_when_pressed() {
        let none = KeyModifiers::NONE;
        let released = KeyEvent::new_with_kind(KeyCode::Char('q'), none, KeyEventKind::Release);
        let repeated = KeyEvent::new_with_kind(KeyCode::Down, none, KeyEventKind::Repeat);
        let told = keys([
            press(KeyCode::Char('S'), KeyModifiers::SHIFT),
            press(KeyCode::BackTab, KeyModifiers::SHIFT),
            press(KeyCode::BackTab, none),
            press(KeyCode::Char('7'), KeyModifiers::CONTROL),
            press(KeyCode::Enter, KeyModifiers::ALT),
            Event::Key(released),
            Event::Key(repeated),
            press(KeyCode::CapsLock, none),
            Event::FocusGained,
            Event::Resize(3, 4),
        ]);
        assert_eq!(told, ["S", "shift-tab", "shift-tab", "ctrl-_", "alt-enter", "down", "Resized(3, 4)"]);
    }

    #[test]
    fn keys_that_are_there_as_soon_as_a_paste_are_text_of_it() {
        let mut pasting = Pasting::default();
        let none = KeyModifiers::NONE;
        let events = [
            Event::Paste("curl ".to_owned()),
            press(KeyCode::Char('q'), none),
            press(KeyCode::Char('c'), KeyModifiers::CONTROL),
            press(KeyCode::Esc, none),
            press(KeyCode::Enter, none),
            Event::Paste("x".to_owned()),
        ];
        for event in events {
            assert!(pasting.message(event).is_none());
        }
        assert!(matches!(pasting.end(), Some(Message::Pasted(text)) if text == "curl q\nx"));
        assert!(pasting.end().is_none());
        assert!(matches!(pasting.message(press(KeyCode::Char('q'), none)), Some(Message::Key(_))));
    }
}
