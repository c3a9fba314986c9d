//! Text laid out to be read: a tag of XML or HTML a line, indented; a field of a form a line, decoded.
//!
//! Nothing here fails: what breaks the grammar is kept as text, in its order. It goes through the text once and holds no
//! more than the names of the elements that are open.

use std::fmt::Write as _;

use url::form_urlencoded;

/// Levels of indentation; what is deeper stands there.
const INDENTS: usize = 40;
/// Elements of HTML that have no end.
const VOID: [&str; 14] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];
/// Elements of HTML whose content stays as it is.
const AS_IT_IS: [&str; 4] = ["script", "style", "pre", "textarea"];

/// A form, a field a line.
pub(super) fn form(text: &str) -> String {
    let mut out = String::new();
    for (name, value) in form_urlencoded::parse(text.trim_ascii().as_bytes()) {
        for (at, part) in [name, value].iter().enumerate() {
            out.push_str(if at == 0 { "" } else { " = " });
            for letter in part.chars() {
                match letter {
                    '\n' => out.push_str("%0A"),
                    letter => out.push(letter),
                }
            }
        }
        out.push('\n');
    }
    out
}

/// XML, or HTML, a tag a line.
pub(super) fn markup(text: &str, html: bool) -> String {
    let mut layout =
        Layout { out: String::with_capacity(text.len() + text.len() / 4), open: Vec::new(), inline: false };
    let mut rest = text;
    while !rest.is_empty() {
        let (token, after) = rest.split_at(end_of(rest));
        rest = after;
        let name = name(token, html);
        match kind(token) {
            Token::Text => layout.text(token),
            Token::Other => layout.line(token),
            Token::Close => layout.close(token, &name),
            Token::Open => {
                let alone = token.ends_with("/>") || html && VOID.contains(&name.as_str());
                layout.line(token);
                if alone {
                    continue;
                }
                if html && AS_IT_IS.contains(&name.as_str()) {
                    let end = close_of(rest, &name);
                    let (content, after) = rest.split_at(end);
                    layout.out.push_str(content);
                    rest = after;
                }
                layout.open.push(name);
                layout.inline = true;
            }
        }
    }
    layout.out.push('\n');
    layout.out
}

enum Token {
    Text,
    Open,
    Close,
    Other,
}

fn kind(token: &str) -> Token {
    match token.as_bytes() {
        [b'<', .., b'>'] if token.starts_with("</") => Token::Close,
        [b'<', b'!' | b'?', .., b'>'] => Token::Other,
        [b'<', first, .., b'>'] if first.is_ascii_alphabetic() || *first == b'_' || !first.is_ascii() => Token::Open,
        _ => Token::Text,
    }
}

/// The name of the element of a tag.
fn name(token: &str, html: bool) -> String {
    let name = token.trim_start_matches(['<', '/']);
    let name = name.split(|letter: char| letter.is_whitespace() || matches!(letter, '>' | '/')).next();
    let name = name.unwrap_or_default();
    if html { name.to_ascii_lowercase() } else { name.to_owned() }
}

/// Where the first token of a text ends.
fn end_of(text: &str) -> usize {
    let until = |end: &str| text.find(end).map(|at| at + end.len());
    let tag = if !text.starts_with('<') {
        // A `<` that begins no tag is text.
        text.find('<')
    } else if text.starts_with("<!--") {
        until("-->")
    } else if text.starts_with("<![CDATA[") {
        until("]]>")
    } else if text.starts_with("<?") {
        until("?>")
    } else {
        end_of_tag(text)
    };
    tag.unwrap_or(text.len())
}

/// Behind the `>` that ends a tag, which is not one in quotes.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'<') => return Some(at),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if byte == open => quote = None,
            _ => {}
        }
    }
    // A quote that is not closed belongs to the text.
    text.get(1..)?.find('<').map(|at| at + 1)
}

/// Where `</name` begins.
fn close_of(text: &str, name: &str) -> usize {
    let is_close = |at: &usize| {
        let tag = text.get(at + 2..).unwrap_or_default();
        tag.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
    };
    text.match_indices("</").map(|(at, _)| at).find(is_close).unwrap_or(text.len())
}

struct Layout {
    out: String,
    open: Vec<String>,
    /// Whether nothing but one text came since the last element was opened.
    inline: bool,
}

impl Layout {
    fn text(&mut self, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        if self.inline && !text.contains('\n') {
            self.out.push_str(text);
        } else {
            self.line(text);
        }
    }

    fn line(&mut self, text: &str) {
        self.inline = false;
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        let indent = 2 * self.open.len().min(INDENTS);
        let _ = write!(self.out, "{:indent$}{text}", "");
    }

    fn close(&mut self, token: &str, name: &str) {
        // One that was never opened closes nothing; one further out closes those within.
        let level = self.open.iter().rposition(|open| open == name);
        let own = level.is_some_and(|level| level + 1 == self.open.len());
        if let Some(level) = level {
            self.open.truncate(level);
        }
        if own && self.inline {
            self.out.push_str(token);
            self.inline = false;
        } else {
            self.line(token);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_a_line_and_short_content_beside_it() {
        let text = "<?xml version=\"1.0\"?><a x='1>2'><b>one</b><c/> two\n<!-- <d> --><e><![CDATA[</e>]]></e></a>";
        let laid = "<?xml version=\"1.0\"?>\n<a x='1>2'>\n  <b>one</b>\n  <c/>\n  two\n  <!-- <d> -->\n  <e>\n    <![CDATA[</e>]]>\n  </e>\n</a>\n";
        assert_eq!(markup(text, false), laid);
    }

    #[test]
    fn html_has_elements_without_an_end_and_some_whose_content_is_not_touched() {
        let text = "<!DOCTYPE html><P>a<BR>b</p><script>if (a</b) {}\n</SCRIPT><pre> x\n  y</pre>";
        let laid = "<!DOCTYPE html>\n<P>a\n  <BR>\n  b\n</p>\n<script>if (a</b) {}\n</SCRIPT>\n<pre> x\n  y</pre>\n";
        assert_eq!(markup(text, true), laid);
    }

    #[test]
    fn what_breaks_the_grammar_is_kept_as_text() {
        for text in
            ["<a><b></a>", "</a></b>", "a < b > c", "<a x=\"", "<", "<>", "<!--", "<a<b>", "\u{e9}<\u{e9}>\u{e9}"]
        {
            let laid = markup(text, false);
            let letters = |text: &str| text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>();
            assert_eq!(letters(&laid), letters(text));
        }
    }

    #[test]
    fn ten_thousand_levels_take_room_in_proportion() {
        let text = format!("{}{}", "<a>".repeat(10_000), "</a>".repeat(10_000));
        assert!(markup(&text, false).len() < 20_000 * 100);
    }

    #[test]
    fn fields_of_a_form_are_decoded_and_stay_one_a_line() {
        assert_eq!(form("a=1&b+c=%C3%A9%20%3D&d&e=x%0Ay\r\n"), "a = 1\nb c = é =\nd = \ne = x%0Ay\n");
    }
}
