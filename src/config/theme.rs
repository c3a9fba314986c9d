//! How the explorer looks: the roles a screen is drawn with, and the four themes that give each role its style.
//!
//! Owns the parsing of theme files, a person's own too, and the built-in ones. Refuses colours by place: a view names a [`Role`], never a
//! colour. [`Look`] is a theme with signs, chosen for a terminal; views read it. Pure values, no terminal.

mod contrast;
mod look;
mod role;
mod sign;

pub use contrast::Contrast;
pub use look::{Background, Depth, Facts, Look, Wish};
pub use role::{Role, Surface};
pub use sign::{Sign, Signs};

use std::{collections::BTreeMap, path::Path};

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;
use toml::Spanned;

use super::{
    flaw::{Flaw, line_and_column},
    nearest::{nearest, not_allowed},
};

/// The word that leaves a choice to the program.
pub const AUTO: &str = "auto";

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
    pub fn source(self) -> &'static str {
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
    base: ThemeName,
    paints_background: bool,
    roles: [Style; Role::NAMES.len()],
    surfaces: [Style; Surface::NAMES.len()],
}

/// Why a theme file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Everything that is wrong with it, in its order; at least one.
    pub flaws: Vec<Flaw>,
    /// The theme it is based on, where that could be read.
    pub base: Option<ThemeName>,
}

/// The shape of a theme file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table")]
struct ThemeFile {
    based_on: Option<Spanned<String>>,
    paint_background: Option<bool>,
    #[serde(default)]
    surface: BTreeMap<Spanned<String>, Spanned<String>>,
    #[serde(default)]
    role: BTreeMap<Spanned<String>, Paint>,
}

/// What a file says of a role; what it leaves out stays as it is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table such as `{ fg = \"#8ab4f8\", mod = [\"bold\"] }`")]
struct Paint {
    fg: Option<Spanned<String>>,
    bg: Option<Spanned<String>>,
    #[serde(rename = "mod")]
    attributes: Option<Vec<Spanned<String>>>,
}

impl Theme {
    /// A theme that comes with the program.
    pub fn built_in(name: ThemeName) -> Self {
        let mut theme = Self {
            base: name,
            paints_background: false,
            roles: [Style::new(); Role::NAMES.len()],
            surfaces: [Style::new(); Surface::NAMES.len()],
        };
        // The four files are part of the program and read whole by a test.
        if let Ok(file) = toml::from_str(name.source()) {
            theme.take(&file);
        }
        theme
    }

    /// Reads a theme file, which `file` names in messages. What it leaves out is as in the built-in theme that it is
    /// based on: the dark one, unless it says.
    pub fn parse(text: &str, file: &Path) -> Result<Self, Broken> {
        let flaw = |at: Option<usize>, key: String, what: String| {
            let place = at.map(|at| line_and_column(text, at));
            Flaw { file: file.to_owned(), place, key, what }
        };
        let written: ThemeFile = toml::from_str(text).map_err(|error| {
            let at = error.span().map(|span| span.start);
            Broken { flaws: vec![flaw(at, String::new(), error.message().to_owned())], base: None }
        })?;
        let base = match &written.based_on {
            None => ThemeName::Dark,
            Some(name) => ThemeName::named(name.get_ref()).ok_or_else(|| {
                let what = not_allowed(name.get_ref(), &ThemeName::ALL.map(ThemeName::name));
                Broken { flaws: vec![flaw(Some(name.span().start), "based_on".to_owned(), what)], base: None }
            })?,
        };
        let mut theme = Self::built_in(base);
        let mut wrong = theme.take(&written);
        wrong.sort_by_key(|wrong| wrong.at);
        if wrong.is_empty() {
            return Ok(theme);
        }
        let flaws = wrong.into_iter().map(|Wrong { at, key, what }| flaw(Some(at), key, what)).collect();
        Err(Broken { flaws, base: Some(base) })
    }

    /// Takes what a file says, and gives what of it cannot be taken.
    fn take(&mut self, file: &ThemeFile) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        self.paints_background = file.paint_background.unwrap_or(self.paints_background);
        for (name, written) in &file.surface {
            let key = format!("surface.{}", name.get_ref());
            match (named(name, &Surface::NAMES), colour(written.get_ref())) {
                (Err(what), _) => wrong.push(Wrong { at: name.span().start, key, what }),
                (_, Err(what)) => wrong.push(Wrong { at: written.span().start, key, what }),
                // Text on an unpainted surface keeps whatever lies under it.
                (Ok(surface), Ok(Color::Reset)) => self.surfaces[surface as usize] = Style::new(),
                (Ok(surface), Ok(painted)) => self.surfaces[surface as usize] = Style::new().bg(painted),
            }
        }
        if self.paints_background {
            // Where surfaces are painted, the selected row is the surface of that name, unless it is styled below.
            self.roles[Role::RowSelect as usize] = self.surface(Surface::Select);
        }
        for (name, paint) in &file.role {
            let key = || format!("role.{}", name.get_ref());
            match named(name, &Role::NAMES) {
                Err(what) => wrong.push(Wrong { at: name.span().start, key: key(), what }),
                Ok(role) => {
                    let refused = paint.lay_over(&mut self.roles[role as usize]);
                    wrong.extend(refused.into_iter().map(|(at, what)| Wrong { at, key: key(), what }));
                }
            }
        }
        wrong
    }

    /// The built-in theme it is, or is based on.
    pub fn base(&self) -> ThemeName {
        self.base
    }

    /// The colours that a terminal needs to draw it.
    pub fn depth(&self) -> Depth {
        let styles = self.roles.iter().chain(&self.surfaces);
        let needed = |colour| match colour {
            Color::Reset => Depth::None,
            Color::Rgb(..) => Depth::True,
            _ => Depth::Sixteen,
        };
        styles.flat_map(|style| [style.fg, style.bg]).flatten().map(needed).max().unwrap_or(Depth::None)
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

/// What cannot be taken of a theme file: where its text begins, its key, and why.
struct Wrong {
    at: usize,
    key: String,
    what: String,
}

/// What a name of a theme file stands for.
fn named<T: Copy>(name: &Spanned<String>, known: &[(T, &'static str)]) -> Result<T, String> {
    let name = name.get_ref();
    let found = known.iter().find(|(_, known)| known == name).map(|(value, _)| *value);
    found.ok_or_else(|| {
        let hint = match nearest(&name.replace('-', "_"), known.iter().map(|(_, known)| *known)) {
            Some(known) => format!("did you mean `{known}`?"),
            None => "`authscope config theme dark` prints all there are".to_owned(),
        };
        format!("this name is not known: {hint}")
    })
}

impl Paint {
    /// Changes what it names of a style; gives what cannot be, and where that is written.
    fn lay_over(&self, style: &mut Style) -> Vec<(usize, String)> {
        let mut wrong = Vec::new();
        let mut read = |written: &Option<Spanned<String>>| {
            let written = written.as_ref()?;
            colour(written.get_ref()).map_err(|what| wrong.push((written.span().start, what))).ok()
        };
        let (fg, bg) = (read(&self.fg), read(&self.bg));
        style.fg = fg.or(style.fg);
        // Without a background of its own, what a role is drawn on shows through.
        style.bg = bg.or(style.bg).filter(|colour| *colour != Color::Reset);
        let Some(attributes) = &self.attributes else { return wrong };
        style.add_modifier = Modifier::empty();
        for attribute in attributes {
            style.add_modifier |= match attribute.get_ref().as_str() {
                "bold" => Modifier::BOLD,
                "dim" => Modifier::DIM,
                "underline" => Modifier::UNDERLINED,
                "reverse" => Modifier::REVERSED,
                other => {
                    wrong.push((attribute.span().start, not_allowed(other, &["bold", "dim", "underline", "reverse"])));
                    continue;
                }
            };
        }
        wrong
    }
}

/// `#rrggbb`, `reset`, or one of the sixteen colours that every palette has.
fn colour(written: &str) -> Result<Color, String> {
    let unknown = || {
        let written = written.escape_debug();
        format!(
            "`{written}` is no colour: write `#rrggbb`, `reset`, or one of the sixteen such as `red` or `red_bright`"
        )
    };
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
