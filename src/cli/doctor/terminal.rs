//! The terminal: whether it can be drawn on, its colours and signs, its keys, and the ways to a clipboard. Judged by the
//! environment; nothing is asked of the terminal itself, which might answer into the next program.

use std::io::{self, IsTerminal as _};

use super::Finding;
use crate::config::theme::{Depth, Facts};

/// What the variables tell.
pub(super) fn findings(variable: &dyn Fn(&str) -> Option<String>) -> Vec<Finding> {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    let facts = Facts::of(variable);
    let term = set("TERM").unwrap_or_default();
    let tmux = set("TMUX").is_some();
    let both = io::stdin().is_terminal() && io::stdout().is_terminal();
    vec![
        screen(facts, &term, both),
        colours(facts),
        signs(facts),
        keys(&set, &term, tmux),
        clipboard(&set, tmux),
        outside(&set),
    ]
}

fn screen(facts: Facts, term: &str, both: bool) -> Finding {
    if !facts.screen {
        let text = format!("TERM is `{term}`: nothing can be drawn; every command works, the explorer does not");
        return Finding::note("terminal", text, "start it in a terminal that sets TERM, such as xterm-256color");
    }
    let text = if both { "input and output are one" } else { "this run has none, which no command needs" };
    Finding::good("terminal", format!("TERM is `{term}`; {text}"))
}

fn colours(facts: Facts) -> Finding {
    let depth = match facts.depth {
        Depth::None => "none",
        Depth::Sixteen => "16",
        Depth::TwoHundredFiftySix => "256",
        Depth::True => "24 bit",
    };
    if facts.no_color {
        return Finding::good("colours", format!("{depth}, and NO_COLOR asks for none: theme `mono`"));
    }
    match facts.depth {
        Depth::TwoHundredFiftySix | Depth::Sixteen => {
            let todo = "where it draws 24 bit: COLORTERM=truecolor, or `theme = \"dark\"` in [look]";
            Finding::note("colours", format!("{depth}: theme `ansi16`, in the terminal's own shades"), todo)
        }
        _ => Finding::good("colours", depth),
    }
}

fn signs(facts: Facts) -> Finding {
    if facts.signs {
        return Finding::good("signs", "the locale is UTF-8");
    }
    Finding::note(
        "signs",
        "the locale is not UTF-8: signs and frames are ASCII",
        "LANG=C.UTF-8, or `signs = \"unicode\"` in [look]",
    )
}

/// Terminals that speak the kitty keyboard protocol by themselves.
const KITTY: [&str; 5] = ["kitty", "ghostty", "foot", "wezterm", "alacritty"];

fn keys(set: &dyn Fn(&str) -> Option<String>, term: &str, tmux: bool) -> Finding {
    let program = set("TERM_PROGRAM").unwrap_or_default().to_lowercase();
    let knows = KITTY.iter().any(|name| term.contains(name) || program.contains(name));
    if knows && !tmux {
        return Finding::good("keys", "the kitty protocol is spoken: Ctrl-Enter sends too");
    }
    let why = if tmux { "tmux hands no Ctrl-Enter on" } else { "Ctrl-Enter may arrive as Enter" };
    Finding::good("keys", format!("{why}; `s`, F5 and Alt-Enter send everywhere"))
}

fn clipboard(set: &dyn Fn(&str) -> Option<String>, tmux: bool) -> Finding {
    let desktop =
        set("WAYLAND_DISPLAY").is_some() || set("DISPLAY").is_some() || cfg!(any(windows, target_os = "macos"));
    if desktop {
        return Finding::good("clipboard", "the desktop's");
    }
    if tmux {
        let todo = "`set -g set-clipboard on` in tmux.conf hands it on to the terminal";
        return Finding::note("clipboard", "that of tmux", todo);
    }
    let todo =
        "a terminal that refuses it says nothing: allow clipboard writes (OSC 52) in its settings, or use `:w FILE`";
    Finding::note("clipboard", "OSC 52 asks the terminal itself", todo)
}

fn outside(set: &dyn Fn(&str) -> Option<String>) -> Finding {
    let editor = set("VISUAL").or_else(|| set("EDITOR"));
    let pager = set("PAGER").unwrap_or_else(|| "less".to_owned());
    match editor {
        Some(editor) => Finding::good("programs", format!("F4 opens `{editor}`, F3 `{pager}`")),
        None => Finding::note("programs", format!("F4 has no editor, F3 opens `{pager}`"), "set VISUAL or EDITOR"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::State;

    fn seen(variables: &[(&str, &str)]) -> Vec<(&'static str, State)> {
        let variable =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        findings(&variable).into_iter().map(|finding| (finding.name, finding.state)).collect()
    }

    #[test]
    fn a_terminal_that_lacks_something_is_told_what_to_set_and_a_good_one_nothing() {
        let good = seen(&[
            ("TERM", "xterm-kitty"),
            ("COLORTERM", "truecolor"),
            ("LANG", "C.UTF-8"),
            ("WAYLAND_DISPLAY", "wayland-0"),
            ("EDITOR", "vi"),
        ]);
        assert!(good.iter().all(|(_, state)| *state == State::Good), "{good:?}");
        let poor = seen(&[("TERM", "dumb"), ("TMUX", "1")]);
        for name in ["terminal", "signs", "clipboard", "programs"] {
            assert!(poor.contains(&(name, State::Note)), "{name}: {poor:?}");
        }
    }
}
