//! A body put into lines: JSON is arranged and nothing in it sorted or rewritten, fields of a form stand a line each; any
//! kind by a program that a person names in the config file.

use super::{
    App, EditTarget, Stale,
    composer::{Target, fault},
    effect::Effect,
    notice::{Notice, sentences},
};
use crate::domain::{request::Kind, template::mentions};

/// Formats the body of the request in hand, as it is typed by now.
pub(super) fn body(app: &mut App) -> Vec<Effect> {
    let text = now(app);
    let mut draft = app.requests.entry().draft.clone();
    draft.body.clone_from(&text);
    let kind = Kind::of(&draft);
    if let Some(words) = app.formatters.of(kind) {
        return vec![Effect::Format { words: words.clone(), text }];
    }
    let outcome = match kind {
        Kind::Json => arranged(&text),
        Kind::Form => Ok(in_lines(&text)),
        Kind::None => Err("there is no body to format".to_owned()),
        Kind::Text | Kind::Multipart | Kind::File => {
            Err(format!("a body of the kind {} has no arrangement that could be told here", kind.name()))
        }
    };
    done(app, &text, outcome);
    Vec::new()
}

/// A body was formatted, or why not. What was typed since is never overwritten.
pub(super) fn done(app: &mut App, before: &str, outcome: Result<String, String>) {
    app.touch(Stale::Now);
    match outcome {
        Err(why) => app.say(Notice::attention(sentences(&format!("nothing was formatted: {why}"), None))),
        Ok(_) if now(app) != before => {
            app.say(Notice::attention("The body was changed meanwhile: it stays as it is."));
        }
        Ok(text) if text == before => app.say(Notice::good("The body is arranged already.", app.now.boot)),
        Ok(text) => match app.editing.as_mut().filter(|editing| is_body(editing.target)) {
            Some(editing) => editing.editor.set_text(&text),
            None => app.requests.entry_mut().change(|draft| draft.body = text),
        },
    }
}

fn is_body(target: EditTarget) -> bool {
    target == EditTarget::Composer(Target::Body)
}

/// The body as it is typed by now.
fn now(app: &App) -> String {
    let editing = app.editing.as_ref().filter(|editing| is_body(editing.target));
    editing.map_or_else(|| app.requests.entry().draft.body.clone(), |editing| editing.editor.text())
}

/// Fields of a form, a line each.
fn in_lines(text: &str) -> String {
    let joined: String = text.lines().map(str::trim).collect();
    joined.split('&').filter(|field| !field.is_empty()).collect::<Vec<_>>().join("\n&")
}

/// JSON arranged, if it is JSON.
pub(super) fn json(text: &str) -> Option<String> {
    text.trim_start().starts_with(['{', '[']).then(|| arranged(text).ok()).flatten()
}

/// JSON with a line for each value, two blanks for each level; strings, numbers and variables as they were written.
fn arranged(text: &str) -> Result<String, String> {
    if let Some(fault) = fault(text) {
        return Err(fault.to_string());
    }
    let mut variables = mentions(text).into_iter().map(|(_, range)| range).peekable();
    let mut out = String::with_capacity(text.len() * 2);
    let mut level = 0;
    let mut at = 0;
    while let Some(letter) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let end = match letter {
            '"' => at + string(text.get(at..).unwrap_or_default()),
            _ => match variables.peek().filter(|range| range.start == at) {
                Some(range) => range.end,
                None => at + letter.len_utf8(),
            },
        };
        while variables.peek().is_some_and(|range| range.start < end) {
            variables.next();
        }
        let piece = text.get(at..end).unwrap_or_default();
        match piece {
            "{" | "[" => {
                let rest = text.get(end..).unwrap_or_default().trim_start();
                out.push_str(piece);
                level += 1;
                if !rest.starts_with(if piece == "{" { '}' } else { ']' }) {
                    line(&mut out, level);
                }
            }
            "}" | "]" => {
                level = usize::saturating_sub(level, 1);
                if !out.ends_with(['{', '[']) || out.ends_with("{{") {
                    line(&mut out, level);
                }
                out.push_str(piece);
            }
            "," => {
                out.push(',');
                line(&mut out, level);
            }
            ":" => out.push_str(": "),
            blank if blank.trim().is_empty() => {}
            other => out.push_str(other),
        }
        at = end;
    }
    if text.ends_with('\n') {
        out.push('\n');
    }
    Ok(out)
}

fn line(out: &mut String, level: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", level));
}

/// Bytes of the string that a text begins with, its quotes included.
fn string(text: &str) -> usize {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, letter)| {
        let ends = *letter == '"' && !escaped;
        escaped = *letter == '\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_arranged_and_nothing_of_it_is_sorted_or_rewritten() {
        let text = r#"{"b":25.00,"a":[1,{"x":{}}, [ ]],"s":"a, \"{{x}}\": b","n":{{amount}},"e":1E2}"#;
        let expected = "{\n  \"b\": 25.00,\n  \"a\": [\n    1,\n    {\n      \"x\": {}\n    },\n    []\n  ],\n  \
                        \"s\": \"a, \\\"{{x}}\\\": b\",\n  \"n\": {{amount}},\n  \"e\": 1E2\n}";
        assert_eq!(arranged(text).as_deref(), Ok(expected));
        assert_eq!(arranged(expected).as_deref(), Ok(expected));
        assert!(arranged("{\"a\": }").is_err());
    }

    #[test]
    fn fields_of_a_form_stand_a_line_each() {
        assert_eq!(in_lines("a=1&b=2\n&c=3"), "a=1\n&b=2\n&c=3");
    }
}
