//! How the explorer looks: the roles a screen is drawn with, and the four themes that give each role its style.
//!
//! Owns the parsing of theme files and the built-in ones. Refuses colours by place: a view names a [`Role`], never a
//! colour. [`Look`] is a theme with signs, chosen for a terminal; views read it. Pure values, no terminal.

mod look;
mod role;
mod sign;

pub use look::{Background, Depth, Facts, Look, Wish};
pub use role::{Role, Surface};
pub use sign::{Sign, Signs};

use std::collections::BTreeMap;

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;

/// The built-in themes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ThemeName {
    /// 24-bit colours on a dark background.
    Dark,
    /// 24-bit colours on a light background.
    Light,
    /// The terminal's own sixteen colours, on its own background.
    Ansi16,
    /// No colour at all.
    Mono,
}

impl ThemeName {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 4] = [Self::Dark, Self::Light, Self::Ansi16, Self::Mono];

    /// As written in the config file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
            Self::Ansi16 => "ansi16",
            Self::Mono => "mono",
        }
    }

    /// The theme of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }

    /// The file it is built from.
    fn source(self) -> &'static str {
        match self {
            Self::Dark => include_str!("../../assets/themes/dark.toml"),
            Self::Light => include_str!("../../assets/themes/light.toml"),
            Self::Ansi16 => include_str!("../../assets/themes/ansi16.toml"),
            Self::Mono => include_str!("../../assets/themes/mono.toml"),
        }
    }
}

/// A style for every role and surface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    name: String,
    paints_background: bool,
    roles: [Style; Role::NAMES.len()],
    /// In the order of [`Surface`].
    surfaces: [Style; 4],
}

/// Why a theme file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ThemeError {
    /// It is not TOML of the right shape; the text names the line.
    #[error("{0}")]
    Syntax(#[from] toml::de::Error),
    /// It styles something that does not exist.
    #[error("no role is named `{0}`")]
    UnknownRole(String),
    /// It leaves a role without a style.
    #[error("role `{0}` has no style")]
    MissingRole(&'static str),
    /// It names a colour that is neither `#rrggbb` nor one of the sixteen.
    #[error("`{0}` is no colour: write `#rrggbb`, `reset`, or one of the sixteen such as `red` and `red_bright`")]
    UnknownColour(String),
    /// It names an attribute that does not exist.
    #[error("`{0}` is no attribute: there are `bold`, `dim`, `underline` and `reverse`")]
    UnknownAttribute(String),
}

/// The shape of a theme file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ThemeFile {
    name: String,
    paint_background: bool,
    surface: SurfaceTable,
    role: BTreeMap<String, Paint>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SurfaceTable {
    background: String,
    raised: String,
    select: String,
    field: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Paint {
    fg: Option<String>,
    bg: Option<String>,
    #[serde(default, rename = "mod")]
    attributes: Vec<String>,
}

impl Theme {
    /// A theme that comes with the program.
    pub fn built_in(name: ThemeName) -> Self {
        // The four files are part of the program and parsed by a test; without one, everything is plain.
        Self::parse(name.source()).unwrap_or_else(|_| Self {
            name: name.name().to_owned(),
            paints_background: false,
            roles: [Style::new(); Role::NAMES.len()],
            surfaces: [Style::new(); 4],
        })
    }

    /// Reads a theme file. Every role must have a style, save `row_select`, which is the select surface without one.
    pub fn parse(text: &str) -> Result<Self, ThemeError> {
        let file: ThemeFile = toml::from_str(text)?;
        if let Some(name) = file.role.keys().find(|name| Role::NAMES.iter().all(|(_, known)| known != name)) {
            return Err(ThemeError::UnknownRole(name.clone()));
        }
        let SurfaceTable { background, raised, select, field } = &file.surface;
        let mut surfaces = [Style::new(); 4];
        for (style, written) in surfaces.iter_mut().zip([background, raised, select, field]) {
            // Text on an unpainted surface keeps whatever lies under it.
            *style = match colour(written)? {
                Color::Reset => Style::new(),
                painted => Style::new().bg(painted),
            };
        }
        let mut roles = [Style::new(); Role::NAMES.len()];
        for (style, (role, name)) in roles.iter_mut().zip(Role::NAMES) {
            *style = match file.role.get(name) {
                Some(paint) => paint.style()?,
                None if role == Role::RowSelect => surfaces[Surface::Select as usize],
                None => return Err(ThemeError::MissingRole(name)),
            };
        }
        Ok(Self { name: file.name, paints_background: file.paint_background, roles, surfaces })
    }

    /// Its name, as its file says.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The style of a role.
    pub fn style(&self, role: Role) -> Style {
        self.roles[role as usize]
    }

    /// The background of a surface; nothing on themes that leave it to the terminal.
    pub fn surface(&self, surface: Surface) -> Style {
        self.surfaces[surface as usize]
    }

    /// Whether it paints the whole screen.
    pub fn paints_background(&self) -> bool {
        self.paints_background
    }
}

impl Paint {
    fn style(&self) -> Result<Style, ThemeError> {
        let mut style = Style::new();
        if let Some(fg) = &self.fg {
            style = style.fg(colour(fg)?);
        }
        if let Some(bg) = &self.bg {
            style = style.bg(colour(bg)?);
        }
        for attribute in &self.attributes {
            style = style.add_modifier(match attribute.as_str() {
                "bold" => Modifier::BOLD,
                "dim" => Modifier::DIM,
                "underline" => Modifier::UNDERLINED,
                "reverse" => Modifier::REVERSED,
                _ => return Err(ThemeError::UnknownAttribute(attribute.clone())),
            });
        }
        Ok(style)
    }
}

/// `#rrggbb`, `reset`, or one of the sixteen colours that every palette has.
fn colour(written: &str) -> Result<Color, ThemeError> {
    let unknown = || ThemeError::UnknownColour(written.to_owned());
    if let Some(digits) = written.strip_prefix('#') {
        let rgb = u32::from_str_radix(digits, 16).ok().filter(|_| digits.len() == 6);
        return rgb.map(Color::from_u32).ok_or_else(unknown);
    }
    Ok(match written {
        "reset" => Color::Reset,
        "black" => Color::Black,
        "red" => Color::Red,
        "green" => Color::Green,
        "yellow" => Color::Yellow,
        "blue" => Color::Blue,
        "magenta" => Color::Magenta,
        "cyan" => Color::Cyan,
        "white" => Color::Gray,
        "black_bright" => Color::DarkGray,
        "red_bright" => Color::LightRed,
        "green_bright" => Color::LightGreen,
        "yellow_bright" => Color::LightYellow,
        "blue_bright" => Color::LightBlue,
        "magenta_bright" => Color::LightMagenta,
        "cyan_bright" => Color::LightCyan,
        "white_bright" => Color::White,
        _ => return Err(unknown()),
    })
}

#[cfg(test)]
mod tests;
