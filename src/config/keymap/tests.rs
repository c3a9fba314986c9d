use super::*;

fn chord(text: &str) -> Chord {
    Chord::parse(text).unwrap()
}

fn overridden(lines: &[(&str, &[&str])]) -> (Keymap, Vec<KeyProblem>) {
    let owned = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect();
    Keymap::with(&lines.iter().map(|(name, keys)| ((*name).to_owned(), owned(keys))).collect())
}

fn pressed(map: &Keymap, context: Context, keys: &str) -> Resolution {
    let keys = Chord::parse_sequence(keys).unwrap();
    let (last, pending) = keys.split_last().unwrap();
    map.resolve(context, pending, *last)
}

#[test]
fn no_default_key_has_two_meanings_or_begins_another_in_one_context() {
    let (map, problems) = Keymap::with(&Overrides::new());
    assert_eq!(problems, []);
    // Binding drops clashes without a word for defaults, so each is looked up where it should be.
    for spec in ACTIONS {
        for keys in spec.keys {
            let keys = sequence(keys).unwrap();
            for context in places(spec, &keys).0 {
                let (last, pending) = keys.split_last().unwrap();
                let resolution = map.resolve(context, pending, *last);
                assert_eq!(resolution, Resolution::Action(spec.action), "{} in {context:?}", shown(&keys));
            }
        }
    }
}

#[test]
fn every_action_has_a_key_in_the_panes_or_in_a_text_field() {
    let map = Keymap::default();
    for spec in ACTIONS {
        assert!(!map.keys_of(spec.action).is_empty(), "{}", spec.name);
        for context in spec.contexts.iter().filter(|context| **context != Context::Overlay) {
            let reached = map.hint(spec.action, *context).is_some();
            assert!(reached || spec.contexts.contains(&Context::Nav), "{} in {context:?}", spec.name);
        }
    }
}

#[test]
fn no_action_has_only_a_key_that_needs_altgr_on_some_keyboard() {
    let altgr = |chord: &Chord| chord.typed().is_some_and(|typed| "[]{}\\|@#~^`€".contains(typed));
    let map = Keymap::default();
    for spec in ACTIONS {
        for context in spec.contexts {
            let mut keys = map.chords_of(spec.action, *context).peekable();
            let unreachable = keys.peek().is_some() && keys.all(|keys| keys.iter().any(altgr));
            assert!(!unreachable, "{} in {context:?}", spec.name);
        }
    }
}

#[test]
fn keys_of_terminals_and_multiplexers_stay_theirs() {
    for spec in ACTIONS {
        for written in spec.keys {
            let keys = Chord::parse_sequence(written).unwrap();
            assert!(keys.iter().all(|chord| chord.never_bound().is_none()), "{written}");
            if keys.iter().any(|chord| chord.is_multiplexer_prefix()) {
                assert_eq!(spec.contexts, [Context::Edit], "{written}");
            }
        }
    }
}

#[test]
fn letters_are_commands_in_the_panes_and_text_in_fields() {
    let map = Keymap::default();
    assert_eq!(pressed(&map, Context::Nav, "s"), Resolution::Action(Action::Send));
    assert_eq!(pressed(&map, Context::Edit, "s"), Resolution::Unbound);
    assert_eq!(pressed(&map, Context::Overlay, "s"), Resolution::Unbound);
    assert_eq!(pressed(&map, Context::Edit, "f5"), Resolution::Action(Action::Send));
    assert_eq!(pressed(&map, Context::Nav, "S"), Resolution::Action(Action::SendOnPurpose));
    assert_eq!(pressed(&map, Context::Edit, "ctrl-u"), Resolution::Action(Action::DeleteToLineStart));
    assert_eq!(pressed(&map, Context::Nav, "ctrl-u"), Resolution::Action(Action::PageUp));
}

#[test]
fn a_sequence_is_pending_until_it_ends_or_leads_nowhere() {
    let map = Keymap::default();
    assert_eq!(pressed(&map, Context::Nav, "g"), Resolution::Pending);
    assert_eq!(pressed(&map, Context::Nav, "g g"), Resolution::Action(Action::Top));
    assert_eq!(pressed(&map, Context::Nav, "g d"), Resolution::Unbound);
    assert_eq!(pressed(&map, Context::Edit, "g"), Resolution::Unbound);
}

#[test]
fn own_keys_replace_the_defaults_of_their_action() {
    let (map, problems) = overridden(&[("send", &["x", "ctrl-g"]), ("quit", &[])]);
    assert_eq!(problems, []);
    assert_eq!(pressed(&map, Context::Nav, "x"), Resolution::Action(Action::Send));
    assert_eq!(pressed(&map, Context::Edit, "ctrl-g"), Resolution::Action(Action::Send));
    for gone in ["s", "f5", "q"] {
        assert_eq!(pressed(&map, Context::Nav, gone), Resolution::Unbound, "{gone}");
    }
    assert_eq!(map.hint(Action::Send, Context::Nav).as_deref(), Some("x"));
    assert_eq!(map.hint(Action::Quit, Context::Nav), None);
}

#[test]
fn an_own_key_is_taken_from_a_default_and_the_loser_is_named_when_it_has_none_left() {
    let (map, problems) = overridden(&[("send", &["e"])]);
    assert_eq!(problems, [], "`edit` still has `i`");
    assert_eq!(pressed(&map, Context::Nav, "e"), Resolution::Action(Action::Send));
    assert_eq!(map.keys_of(Action::Edit), ["i"]);

    let (_, problems) = overridden(&[("send", &["z"])]);
    assert_eq!(problems, [KeyProblem::Unreachable { action: "zoom" }]);
}

#[test]
fn what_cannot_be_bound_is_explained_and_the_rest_stands() {
    let (map, problems) = overridden(&[
        ("sendd", &["x"]),
        ("send", &["x", "ctrl-v", "nokey", "ctrl-b"]),
        ("repeat", &["x", "U"]),
        ("undo", &["u", "alt-u"]),
        ("zoom", &["esc", "W"]),
        ("top", &["g"]),
    ]);
    let said: Vec<_> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "no action is named `sendd`, did you mean `send`?",
            "a key of `send`: `Ctrl-V` cannot be bound: terminals paste with it",
            "a key of `send`: `nokey` is no key: write a character, f1 to f12, or a name such as `enter`, `space`, \
             `left`, `pageup`, after `ctrl-`, `alt-` or `shift-`",
            "`x` of `repeat` is or begins a key of `send` in panes, which keeps it",
            "`Esc` of `zoom` is or begins a key of `back` in panes, which keeps it",
            "`u` of `undo` can be used nowhere: it types a character there",
        ]
    );
    assert_eq!(pressed(&map, Context::Nav, "U"), Resolution::Action(Action::Repeat));
    assert_eq!(pressed(&map, Context::Nav, "g"), Resolution::Action(Action::Top));
    assert_eq!(pressed(&map, Context::Edit, "ctrl-b"), Resolution::Action(Action::Send));
}

#[test]
fn nobody_is_locked_in() {
    let (map, problems) = overridden(&[("back", &[]), ("cancel-or-quit", &["x"]), ("send", &["esc", "ctrl-c", "s"])]);
    assert_eq!(problems.len(), 6, "two keys in three contexts: {problems:?}");
    for context in Context::ALL {
        assert_eq!(map.resolve(context, &[], chord("esc")), Resolution::Action(Action::Back));
        assert_eq!(map.resolve(context, &[], chord("ctrl-c")), Resolution::Action(Action::CancelOrQuit));
    }
}

#[test]
fn tables_name_every_action() {
    let map = Keymap::default();
    let (text, table) = (map.text(), map.markdown());
    for spec in ACTIONS {
        assert!(text.contains(spec.sentence) && text.contains(spec.name));
        assert!(table.contains(spec.sentence) && table.contains(spec.name));
    }
    assert!(table.contains("| `s` `F5` `Alt-Enter` `Ctrl-Enter` | `send` |"), "{table}");
    assert!(text.contains("  top  "), "{text}");
}
