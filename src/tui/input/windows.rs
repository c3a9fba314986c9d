//! Reads the console.

use std::{io, thread};

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind, read,
};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::{Listener, Read};
use crate::{
    app::message::Message,
    config::chord::{Chord, Key, Mods},
};

/// Reads the console from now on; the channel closes after an error. The thread ends with the program.
pub(in crate::tui) fn listen() -> io::Result<(Listener, UnboundedReceiver<Read>)> {
    let (told, inputs) = unbounded_channel();
    let work = move || {
        loop {
            let read = read().map(|event| message(event).into_iter().collect());
            let failed = read.is_err();
            if told.send(read).is_err() || failed {
                return;
            }
        }
    };
    thread::Builder::new().name("input".to_owned()).spawn(work)?;
    Ok((Listener {}, inputs))
}

fn message(event: Event) -> Option<Message> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => chord(key).map(Message::Key),
        Event::Paste(text) => Some(Message::Pasted(text)),
        Event::Resize(width, height) => Some(Message::Resized(width, height)),
        Event::Mouse(mouse) => pointed(mouse),
        Event::FocusGained => Some(Message::Focused(true)),
        Event::FocusLost => Some(Message::Focused(false)),
        Event::Key(_) => None,
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
