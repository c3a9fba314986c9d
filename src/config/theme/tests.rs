use std::collections::BTreeSet;

use super::*;

const SURFACES: [Surface; 4] = [Surface::Background, Surface::Raised, Surface::Select, Surface::Field];

#[test]
fn text_has_a_contrast_of_four_and_a_half_and_marks_of_three_on_every_surface() {
    for name in [ThemeName::Dark, ThemeName::Light] {
        let theme = Theme::built_in(name);
        assert!(SURFACES.iter().all(|surface| theme.surface(*surface).bg.is_some()), "{name:?}");
        let contrasts: Vec<_> = theme.contrasts().collect();
        // Three carry no meaning alone, and two tint what lies under others.
        assert_eq!(contrasts.len(), Role::NAMES.len() - 5, "{name:?}");
        for contrast in contrasts {
            assert!(contrast.ratio >= contrast.enough, "{name:?}: {contrast}, {} is enough", contrast.enough);
        }
        assert_eq!(theme.hard_to_read(name.name()), None);
    }
}

#[test]
fn contrast_is_that_of_the_standard() {
    // The lightest grey that passes on white, and the one after it.
    let on_white = |grey| contrast::ratio(Color::from_u32(grey), Color::from_u32(0x00ff_ffff)).unwrap();
    assert!((on_white(0) - 21.0).abs() < 1e-9);
    assert!(on_white(0x0076_7676) >= 4.5 && on_white(0x0077_7777) < 4.5);
    assert_eq!(contrast::ratio(Color::Red, Color::Black), None, "of the terminal's own colours nobody knows");
}

#[test]
fn the_four_files_name_the_same_roles() {
    let known: BTreeSet<_> = Role::NAMES.iter().map(|(_, name)| (*name).to_owned()).collect();
    for name in ThemeName::ALL {
        let file: ThemeFile = toml::from_str(name.source()).unwrap();
        let mut roles: BTreeSet<_> = file.role.keys().map(|name| name.get_ref().clone()).collect();
        let extra = !roles.insert("row_select".to_owned());
        assert_eq!(roles, known, "{name:?}");
        assert_eq!(extra, file.paint_background == Some(false), "only unpainted themes style the selected row");
        own(name.source()).unwrap();
        assert_eq!(file.surface.len(), SURFACES.len(), "{name:?}");
    }
}

#[test]
fn roles_stand_in_the_order_of_the_enum() {
    for (at, (role, _)) in Role::NAMES.iter().enumerate() {
        assert_eq!(*role as usize, at, "{role:?}");
    }
    for (at, (surface, _)) in Surface::NAMES.iter().enumerate() {
        assert_eq!(*surface as usize, at, "{surface:?}");
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

/// A theme of a person, and what is wrong with it, a line each.
fn own(text: &str) -> Result<Theme, String> {
    let said = |broken: Broken| broken.flaws.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    Theme::parse(text, Path::new("mine.toml")).map_err(said)
}

#[test]
fn a_theme_of_ones_own_names_only_what_it_changes() {
    let light = Theme::built_in(ThemeName::Light);
    let theme =
        own("based_on = \"light\"\n[surface]\nselect = \"#ffe0a0\"\n[role]\nstrong = { fg = \"#000000\" }\n").unwrap();
    assert_eq!((theme.base(), theme.paints_background()), (ThemeName::Light, true));
    assert_eq!(theme.style(Role::Strong), light.style(Role::Strong).fg(Color::from_u32(0)), "it stays bold");
    assert_eq!(theme.style(Role::Muted), light.style(Role::Muted));
    assert_eq!(theme.style(Role::RowSelect).bg, Some(Color::from_u32(0x00ff_e0a0)), "the row in hand has its surface");
    assert_eq!(own("").unwrap(), Theme::built_in(ThemeName::Dark));
    let bare =
        own("[role]\nstrong = { mod = [] }\nbadge_live = { bg = \"reset\" }\nrow_select = { bg = \"#000000\" }\n")
            .unwrap();
    assert_eq!(bare.style(Role::Strong).add_modifier, Modifier::empty());
    assert_eq!(bare.style(Role::BadgeLive).bg, None);
    assert_eq!(bare.style(Role::RowSelect).bg, Some(Color::from_u32(0)));
}

#[test]
fn everything_that_is_wrong_with_a_theme_is_told_with_its_place_and_what_to_do() {
    let wrong = "based_on = \"mono\"\n[surface]\nbackgrond = \"#000000\"\nfield = \"#12\"\n[role]\naccnt = { fg = \"red\" }\n\
                 muted = { fg = \"pink\", bg = \"#12345g\", mod = [\"blink\"] }\njson-key = {}\nwhatever = {}\n";
    let colour = "is no colour: write `#rrggbb`, `reset`, or one of the sixteen such as `red` or `red_bright`";
    let expected = [
        "mine.toml:3:1: `surface.backgrond`: this name is not known: did you mean `background`?".to_owned(),
        format!("mine.toml:4:9: `surface.field`: `#12` {colour}"),
        "mine.toml:6:1: `role.accnt`: this name is not known: did you mean `accent`?".to_owned(),
        format!("mine.toml:7:16: `role.muted`: `pink` {colour}"),
        format!("mine.toml:7:29: `role.muted`: `#12345g` {colour}"),
        "mine.toml:7:47: `role.muted`: `blink` is not allowed: write `bold`, `dim`, `underline` or `reverse`"
            .to_owned(),
        "mine.toml:8:1: `role.json-key`: this name is not known: did you mean `json_key`?".to_owned(),
        "mine.toml:9:1: `role.whatever`: this name is not known: `authscope config theme dark` prints all there are"
            .to_owned(),
    ];
    assert_eq!(own(wrong).unwrap_err().lines().collect::<Vec<_>>(), expected);
    assert_eq!(Theme::parse(wrong, Path::new("mine.toml")).unwrap_err().base, Some(ThemeName::Mono));
    let said = [
        (
            "based_on = \"drak\"",
            "mine.toml:1:12: `based_on`: `drak` is not allowed: write `dark`, `light`, `ansi16` or `mono`",
        ),
        (
            "[role]\ntext = 3\n",
            "mine.toml:2:8: invalid type: integer `3`, expected a table such as `{ fg = \"#8ab4f8\", mod = [\"bold\"] }`",
        ),
        ("[role]\ntext = { f = \"red\" }\n", "mine.toml:2:10: unknown field `f`, expected one of `fg`, `bg`, `mod`"),
        ("[role\n", "mine.toml:1:6: unclosed table, expected `]`"),
    ];
    for (text, expected) in said {
        assert_eq!(own(text).unwrap_err(), expected);
    }
}

#[test]
fn text_that_is_hard_to_read_is_told_with_role_and_figure_and_marks_are_not() {
    let hard =
        own("[role]\nmuted = { fg = \"#68748a\" }\nbadge_live = { fg = \"#4fcf90\" }\nfaint = { fg = \"#555555\" }\n")
            .unwrap();
    assert_eq!(
        hard.hard_to_read("mine").unwrap(),
        "Theme mine is hard to read: muted 3.0 on select, badge_live 1.1 on its own background. Text wants a contrast of 4.5."
    );
    let ground = own("[surface]\nfield = \"#8d98a9\"\n").unwrap().hard_to_read("mine").unwrap();
    assert!(ground.contains("muted 1.0 on field"), "{ground}");
    assert_eq!(
        own("based_on = \"ansi16\"\n[role]\nmuted = { fg = \"#000000\" }\n").unwrap().hard_to_read("mine"),
        None
    );
}

#[test]
fn a_theme_of_ones_own_needs_the_colours_it_uses() {
    assert_eq!(
        ThemeName::ALL.map(|name| Theme::built_in(name).depth()),
        [Depth::True, Depth::True, Depth::Sixteen, Depth::None]
    );
    let depth = |text| own(text).unwrap().depth();
    assert_eq!(depth("based_on = \"mono\"\n[role]\nok = { fg = \"green\" }\n"), Depth::Sixteen);
    assert_eq!(depth("based_on = \"ansi16\"\n[surface]\nraised = \"#000000\"\n"), Depth::True);
}

#[test]
fn the_selected_row_is_tinted_where_surfaces_are_painted() {
    let dark = Theme::built_in(ThemeName::Dark);
    assert_eq!(dark.style(Role::RowSelect), dark.surface(Surface::Select));
    let mono = Theme::built_in(ThemeName::Mono);
    assert_eq!(mono.style(Role::RowSelect), Style::new().bold().underlined());
}
