use std::collections::BTreeSet;

use super::*;

/// Marks carry meaning as a shape; 3.0 is enough for them (WCAG 1.4.11).
const MARKS: [Role; 3] = [Role::Faint, Role::RuleFocus, Role::ScrollThumb];
/// These carry no meaning alone.
const FREE: [Role; 3] = [Role::Rule, Role::LifeSpent, Role::Behind];
const SURFACES: [Surface; 4] = [Surface::Background, Surface::Raised, Surface::Select, Surface::Field];

/// Relative luminance (WCAG 2.2).
fn luminance(colour: Color) -> f64 {
    let Color::Rgb(red, green, blue) = colour else { panic!("{colour} is not 24-bit") };
    let linear = |byte: u8| {
        let part = f64::from(byte) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

fn contrast(one: Color, other: Color) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn text_has_a_contrast_of_four_and_a_half_and_marks_of_three_on_every_surface() {
    for name in [ThemeName::Dark, ThemeName::Light] {
        let theme = Theme::built_in(name);
        for (role, word) in Role::NAMES.into_iter().filter(|(role, _)| !FREE.contains(role)) {
            let style = theme.style(role);
            let enough = if MARKS.contains(&role) { 3.0 } else { 4.5 };
            let Some(fg) = style.fg else { continue };
            let production = theme.style(Role::ProductionLine).bg;
            let under = match style.bg {
                Some(own) => vec![own],
                None => SURFACES.iter().filter_map(|surface| theme.surface(*surface).bg).collect(),
            };
            assert!(style.bg.is_some() || under.len() == SURFACES.len());
            for bg in under {
                let contrast = contrast(fg, bg);
                assert!(contrast >= enough, "{name:?} {word}: {fg} on {bg} is {contrast:.2}");
            }
            if style.bg.is_none() && enough > 4.0 {
                assert!(contrast(fg, production.unwrap()) >= 4.5, "{name:?} {word} on the top line of production");
            }
        }
    }
}

#[test]
fn the_four_files_name_the_same_roles() {
    let known: BTreeSet<_> = Role::NAMES.iter().map(|(_, name)| (*name).to_owned()).collect();
    for name in ThemeName::ALL {
        let file: ThemeFile = toml::from_str(name.source()).unwrap();
        assert_eq!(file.name, name.name());
        let mut roles: BTreeSet<_> = file.role.keys().cloned().collect();
        let extra = !roles.insert("row_select".to_owned());
        assert_eq!(roles, known, "{name:?}");
        assert_eq!(extra, !file.paint_background, "only unpainted themes style the selected row");
        Theme::parse(name.source()).unwrap();
    }
}

#[test]
fn roles_stand_in_the_order_of_the_enum() {
    for (at, (role, _)) in Role::NAMES.iter().enumerate() {
        assert_eq!(*role as usize, at, "{role:?}");
    }
}

#[test]
fn mono_carries_no_colour_and_ansi16_none_beyond_the_sixteen() {
    let colours = |name| {
        let theme = Theme::built_in(name);
        let roles = Role::NAMES.map(|(role, _)| theme.style(role));
        let surfaces = SURFACES.map(|surface| theme.surface(surface));
        let styles = roles.into_iter().chain(surfaces);
        styles.flat_map(|style| [style.fg, style.bg]).flatten().collect::<Vec<_>>()
    };
    assert!(colours(ThemeName::Mono).iter().all(|colour| *colour == Color::Reset));
    let rich = |colour: &Color| matches!(colour, Color::Rgb(..) | Color::Indexed(_));
    assert!(!colours(ThemeName::Ansi16).iter().any(rich));
}

#[test]
fn fill_and_reverse_belong_to_the_badge_the_signs_and_the_current_hit() {
    let filled = [
        Role::BadgeNone,
        Role::BadgeBusy,
        Role::BadgeLive,
        Role::BadgeExpiring,
        Role::BadgeExpired,
        Role::BadgeRefused,
        Role::Production,
        Role::ProductionLine,
        Role::Match,
        Role::MatchCurrent,
        Role::DiffAdd,
        Role::DiffDel,
        Role::Cursor,
        Role::RowSelect,
    ];
    for name in ThemeName::ALL {
        let theme = Theme::built_in(name);
        for (role, word) in Role::NAMES.into_iter().filter(|(role, _)| !filled.contains(role)) {
            let style = theme.style(role);
            assert!(style.bg.is_none(), "{name:?} {word}");
            assert!(!style.add_modifier.contains(Modifier::REVERSED), "{name:?} {word}");
        }
    }
}

#[test]
fn what_is_wrong_with_a_theme_is_named() {
    let mono = ThemeName::Mono.source();
    let said = |text: String| Theme::parse(&text).unwrap_err().to_string();
    assert_eq!(said(format!("{mono}\nblink = {{ }}\n")), "no role is named `blink`");
    assert_eq!(said(mono.replace("cursor ", "# ")), "role `cursor` has no style");
    assert!(said(mono.replace("accent        = { }", "accent = { fg = \"#12\" }")).starts_with("`#12` is no colour"));
    assert!(said(mono.replace("\"dim\"", "\"blink\"")).starts_with("`blink` is no attribute"));
    assert!(said("name = 3".to_owned()).contains("line 1"));
}

#[test]
fn the_selected_row_is_tinted_where_surfaces_are_painted() {
    let dark = Theme::built_in(ThemeName::Dark);
    assert_eq!(dark.style(Role::RowSelect), dark.surface(Surface::Select));
    let mono = Theme::built_in(ThemeName::Mono);
    assert_eq!(mono.style(Role::RowSelect), Style::new().bold().underlined());
}
