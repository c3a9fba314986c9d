//! Choosing a look: a theme and a set of signs, from what is known of the terminal and what a person wishes.

use ratatui::style::Style;

use super::{Role, Sign, Signs, Surface, Theme, ThemeName};

/// How many colours a terminal draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// None.
    None,
    /// The sixteen of its palette.
    Sixteen,
    /// The fixed 256.
    TwoHundredFiftySix,
    /// 24-bit.
    True,
}

/// What is known of the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Whether it can be drawn on at all: not when `TERM` is unset or `dumb`.
    pub screen: bool,
    /// How many colours it draws.
    pub depth: Depth,
    /// Whether the person asked all programs for no colour (`NO_COLOR`).
    pub no_color: bool,
    /// Whether its locale is UTF-8 and its font has the signs.
    pub signs: bool,
    /// Whether its background is known to be light.
    pub light: bool,
}

impl Facts {
    /// Reads them from environment variables, which `variable` looks up.
    pub fn of(variable: &dyn Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let term = set("TERM").unwrap_or_default();
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set).unwrap_or_default().to_lowercase();
        Self {
            screen: cfg!(windows) || !matches!(term.as_str(), "" | "dumb"),
            depth: depth(&term, &set),
            no_color: set("NO_COLOR").is_some(),
            signs: term != "linux" && (cfg!(windows) || locale.contains("utf-8") || locale.contains("utf8")),
            light: set("COLORFGBG").is_some_and(|pair| matches!(pair.rsplit(';').next(), Some("7" | "15"))),
        }
    }
}

/// How many colours the terminal of these variables draws.
fn depth(term: &str, set: &dyn Fn(&str) -> Option<String>) -> Depth {
    let full = ["kitty", "ghostty", "alacritty", "wezterm", "foot", "-direct"];
    let told = set("COLORTERM").is_some_and(|told| matches!(told.as_str(), "truecolor" | "24bit"));
    // GNU screen hands COLORTERM on and does not draw what it promises.
    let screen = set("STY").is_some() && set("TMUX").is_none();
    if term.starts_with("vt") || term.ends_with("-mono") || (term == "dumb") || (term.is_empty() && !cfg!(windows)) {
        Depth::None
    } else if term == "linux" {
        Depth::Sixteen
    } else if !screen && (told || set("WT_SESSION").is_some() || full.iter().any(|word| term.contains(word))) {
        Depth::True
    } else if term.contains("256") {
        Depth::TwoHundredFiftySix
    } else {
        Depth::Sixteen
    }
}

/// Who paints the screen's background.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Background {
    /// The theme, so that its contrasts hold.
    #[default]
    Painted,
    /// Nobody: the terminal's own shows through.
    Terminal,
}

impl Background {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Painted, Self::Terminal];

    /// As written in the config file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Painted => "painted",
            Self::Terminal => "terminal",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|background| background.name() == name)
    }
}

/// What a person wishes; `None` leaves it to the facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// The theme.
    pub theme: Option<Theme>,
    /// The set of signs.
    pub signs: Option<Signs>,
    /// Who paints the background.
    pub background: Background,
}

/// A theme and a set of signs: all that a view needs to draw.
#[derive(Clone, Debug)]
pub struct Look {
    theme: Theme,
    signs: Signs,
    /// What it was chosen from, to choose anew.
    facts: Facts,
    wish: Wish,
}

impl Look {
    /// The look for a terminal.
    ///
    /// A wished theme wins over `NO_COLOR`, as no-color.org wants it of configuration, but not over what the terminal
    /// can draw. A terminal of 256 colours gets the sixteen, whose shades are the person's own, unless a 24-bit theme
    /// is wished: then it may well draw them and only not say so.
    pub fn choose(facts: &Facts, wish: &Wish) -> Self {
        use ThemeName::{Ansi16, Dark, Light, Mono};
        let drawn = if facts.depth == Depth::TwoHundredFiftySix { Depth::True } else { facts.depth };
        let theme = match (&wish.theme, facts.depth) {
            (Some(wished), _) if wished.depth() <= drawn => wished.clone(),
            (_, Depth::None) => Theme::built_in(Mono),
            (None, _) if facts.no_color => Theme::built_in(Mono),
            (Some(_), _) | (None, Depth::Sixteen | Depth::TwoHundredFiftySix) => Theme::built_in(Ansi16),
            (None, Depth::True) => Theme::built_in(if facts.light { Light } else { Dark }),
        };
        let signs = wish.signs.unwrap_or(if facts.signs { Signs::Unicode } else { Signs::Ascii });
        Self { theme, signs, facts: *facts, wish: wish.clone() }
    }

    /// The same terminal's look with another theme wished for, or none.
    #[must_use]
    pub fn with_theme(&self, theme: Option<Theme>) -> Self {
        Self::choose(&self.facts, &Wish { theme, ..self.wish.clone() })
    }

    /// A built-in theme with a set of signs, for tests and pictures.
    pub fn new(name: ThemeName, signs: Signs) -> Self {
        let facts = Facts { screen: true, depth: Depth::True, no_color: false, signs: true, light: false };
        let wish = Wish { theme: Some(Theme::built_in(name)), signs: Some(signs), background: Background::Painted };
        Self::choose(&facts, &wish)
    }

    /// The style of a role.
    pub fn style(&self, role: Role) -> Style {
        self.theme.style(role)
    }

    /// The background of a surface; an empty style where nothing is painted.
    pub fn surface(&self, surface: Surface) -> Style {
        if surface == Surface::Background && !self.paints_background() {
            return Style::new();
        }
        self.theme.surface(surface)
    }

    /// A sign, one column wide.
    pub fn sign(&self, sign: Sign) -> &'static str {
        sign.drawn(self.signs)
    }

    /// Which built-in theme it is, or is based on.
    pub fn theme(&self) -> ThemeName {
        self.theme.base()
    }

    /// Which signs it draws.
    pub fn signs(&self) -> Signs {
        self.signs
    }

    /// Whether the whole screen is painted.
    pub fn paints_background(&self) -> bool {
        self.wish.background == Background::Painted && self.theme.paints_background()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(variables: &[(&str, &str)]) -> Facts {
        Facts::of(&|name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
    }

    fn chosen(variables: &[(&str, &str)], theme: Option<ThemeName>) -> (ThemeName, Signs) {
        let look = Look::choose(&facts(variables), &Wish { theme: theme.map(Theme::built_in), ..Wish::default() });
        (look.theme(), look.signs())
    }

    const UTF8: (&str, &str) = ("LANG", "en_US.UTF-8");
    const RICH: (&str, &str) = ("COLORTERM", "truecolor");
    const XTERM: (&str, &str) = ("TERM", "xterm-256color");

    #[test]
    fn a_terminal_gets_the_richest_theme_it_draws() {
        assert_eq!(chosen(&[XTERM, RICH, UTF8], None), (ThemeName::Dark, Signs::Unicode));
        assert_eq!(chosen(&[XTERM, RICH, UTF8, ("COLORFGBG", "0;15")], None).0, ThemeName::Light);
        assert_eq!(chosen(&[("TERM", "xterm-kitty"), UTF8], None).0, ThemeName::Dark);
        assert_eq!(chosen(&[XTERM, UTF8], None).0, ThemeName::Ansi16);
        assert_eq!(chosen(&[("TERM", "screen"), RICH, ("STY", "1.pts")], None).0, ThemeName::Ansi16);
        assert_eq!(chosen(&[("TERM", "xterm")], None).0, ThemeName::Ansi16);
        assert_eq!(chosen(&[("TERM", "vt100")], None).0, ThemeName::Mono);
        assert_eq!(chosen(&[XTERM, RICH, ("NO_COLOR", "1")], None).0, ThemeName::Mono);
        assert_eq!(chosen(&[XTERM, RICH, ("NO_COLOR", "")], None).0, ThemeName::Dark, "empty is not set");
    }

    #[test]
    fn a_wish_wins_over_no_color_but_not_over_the_terminal() {
        let light = Some(ThemeName::Light);
        assert_eq!(chosen(&[XTERM, ("NO_COLOR", "1")], light).0, ThemeName::Light);
        assert_eq!(chosen(&[("TERM", "linux"), UTF8], light), (ThemeName::Ansi16, Signs::Ascii));
        assert_eq!(chosen(&[("TERM", "vt220")], light).0, ThemeName::Mono);
        assert_eq!(chosen(&[XTERM, RICH], Some(ThemeName::Mono)).0, ThemeName::Mono);
    }

    #[test]
    fn signs_follow_the_locale_in_its_own_order_unless_wished() {
        assert_eq!(chosen(&[XTERM], None).1, Signs::Ascii);
        assert_eq!(chosen(&[XTERM, ("LC_ALL", "C"), UTF8], None).1, Signs::Ascii);
        assert_eq!(chosen(&[XTERM, ("LC_CTYPE", "C.utf8")], None).1, Signs::Unicode);
        let wish = Wish { signs: Some(Signs::Ascii), ..Wish::default() };
        assert_eq!(Look::choose(&facts(&[XTERM, UTF8]), &wish).sign(Sign::Production), "#");
    }

    #[test]
    fn a_dumb_terminal_is_no_screen() {
        assert!(!facts(&[("TERM", "dumb")]).screen && !facts(&[]).screen);
        assert!(facts(&[XTERM]).screen);
    }

    #[test]
    fn the_background_can_be_left_to_the_terminal() {
        let wish =
            Wish { theme: Some(Theme::built_in(ThemeName::Dark)), background: Background::Terminal, ..Wish::default() };
        let look = Look::choose(&facts(&[XTERM, RICH]), &wish);
        assert!(!look.paints_background());
        assert_eq!(look.surface(Surface::Background), Style::new());
        assert_ne!(look.surface(Surface::Select), Style::new());
    }
}
