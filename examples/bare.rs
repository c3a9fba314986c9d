//! The least that a program on a terminal can be: it draws a line with ratatui and waits for a key. `benches/program.rs`
//! measures the explorer beside it.

use crossterm::event::{self, Event, KeyCode};
use ratatui::widgets::Paragraph;

fn main() -> std::io::Result<()> {
    let mut terminal = ratatui::init();
    let mut keys = 0;
    let outcome = loop {
        let drawn = terminal.draw(|frame| frame.render_widget(Paragraph::new(format!("ready {keys}")), frame.area()));
        match drawn.and_then(|_| event::read()) {
            Ok(Event::Key(key)) if key.code == KeyCode::Char('q') => break Ok(()),
            Ok(Event::Key(_)) => keys += 1,
            Ok(_) => {}
            Err(error) => break Err(error),
        }
    };
    ratatui::restore();
    outcome
}
