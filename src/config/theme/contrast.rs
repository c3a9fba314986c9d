//! How well a role can be read on what it is drawn on (WCAG 2.2, 1.4.3 and 1.4.11).

use std::fmt;

use ratatui::style::Color;

use super::{Role, Surface, Theme};

/// What a text must have.
const TEXT: f64 = 4.5;
/// What is enough for a mark, whose meaning is its shape.
const MARK: f64 = 3.0;

/// The least contrast that a role has anywhere, and where.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contrast {
    /// The role, as theme files name it.
    pub role: &'static str,
    /// What it is drawn on: a surface, the top line of production, or its own background.
    pub on: &'static str,
    /// From 1 to 21.
    pub ratio: f64,
    /// What it must be for the role to be read.
    pub enough: f64,
}

impl fmt::Display for Contrast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Cut, not rounded: 4.49 is not 4.5.
        let ratio = (self.ratio * 10.0).floor() / 10.0;
        write!(f, "{} {ratio:.1} on {}", self.role, self.on)
    }
}

impl Theme {
    /// The least contrast of each role that has to be read; of none whose colours are the terminal's own.
    pub fn contrasts(&self) -> impl Iterator<Item = Contrast> + '_ {
        Role::NAMES.into_iter().filter_map(|(role, name)| {
            let enough = enough(role)?;
            let style = self.style(role);
            let fg = style.fg?;
            let surfaces = Surface::NAMES.map(|(surface, name)| (name, self.surface(surface).bg));
            let production = ("production_line", self.style(Role::ProductionLine).bg.filter(|_| enough >= TEXT));
            let under = match style.bg {
                Some(own) => vec![("its own background", Some(own))],
                None => surfaces.into_iter().chain([production]).collect(),
            };
            under
                .into_iter()
                .filter_map(|(on, bg)| Some(Contrast { role: name, on, ratio: ratio(fg, bg?)?, enough }))
                .min_by(|one, other| one.ratio.total_cmp(&other.ratio))
        })
    }

    /// The sentence about every text of the theme, which is called so, that is hard to read; `None` without any.
    pub fn hard_to_read(&self, name: &str) -> Option<String> {
        let poor = |contrast: &Contrast| contrast.enough >= TEXT && contrast.ratio < TEXT;
        let poor: Vec<_> = self.contrasts().filter(poor).map(|contrast| contrast.to_string()).collect();
        let poor = (!poor.is_empty()).then(|| poor.join(", "))?;
        Some(format!("Theme {name} is hard to read: {poor}. Text wants a contrast of {TEXT}."))
    }
}

/// The contrast a role must have; `None` where it carries no meaning alone.
fn enough(role: Role) -> Option<f64> {
    match role {
        Role::Rule | Role::LifeSpent | Role::Behind => None,
        Role::Faint | Role::RuleFocus | Role::ScrollThumb => Some(MARK),
        _ => Some(TEXT),
    }
}

/// The contrast of two colours, from 1 to 21.
pub(super) fn ratio(one: Color, other: Color) -> Option<f64> {
    let (one, other) = (luminance(one)?, luminance(other)?);
    Some((one.max(other) + 0.05) / (one.min(other) + 0.05))
}

/// Relative luminance; of a colour that is the terminal's own nobody knows.
fn luminance(colour: Color) -> Option<f64> {
    let Color::Rgb(red, green, blue) = colour else { return None };
    let linear = |byte: u8| {
        let part = f64::from(byte) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    Some(0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue))
}
