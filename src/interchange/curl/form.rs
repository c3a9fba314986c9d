//! `-F`: the parts of a multipart form, as curl reads them.

use crate::interchange::{Files, Import, multipart::Part};

/// Adds what one option says. With `syntax`, `@`, `<` and `;type=…` mean something.
pub(super) fn add(
    parts: &mut Vec<Part>,
    written: &str,
    syntax: bool,
    files: &Files,
    import: &mut Import,
) -> Result<(), String> {
    let (name, rest) = written.split_once('=').ok_or("-F wants `name=content`")?;
    if !syntax {
        parts.push(Part { name: name.to_owned(), content: rest.to_owned(), ..Part::default() });
        return Ok(());
    }
    if rest.starts_with('(') || name.is_empty() {
        import.leave(format!("-F `{written}`"), "parts within parts are not taken");
        return Ok(());
    }
    let sign = rest.chars().next().filter(|sign| matches!(sign, '@' | '<'));
    let rest = if sign.is_some() { rest.get(1..).unwrap_or_default() } else { rest };
    let mut reader = Words { rest };
    let content = reader.word(if sign == Some('@') { &[';', ','] } else { &[';'] });
    let mut part = Part { name: name.to_owned(), ..Part::default() };
    while let Some(end) = reader.take() {
        if end == ',' {
            import.leave(format!("-F `{written}`"), "one file a part is taken, not several");
            break;
        }
        setting(&mut part, &mut reader, files, import);
    }
    match sign {
        None => part.content = content,
        Some(sign) => {
            part.content = import.read_text(files, &content, "a part of the form").unwrap_or_default();
            if sign == '@' {
                part.is_file = true;
                part.file_name.get_or_insert_with(|| content.rsplit('/').next().unwrap_or_default().to_owned());
            }
        }
    }
    parts.push(part);
    Ok(())
}

fn setting(part: &mut Part, reader: &mut Words, files: &Files, import: &mut Import) {
    reader.rest = reader.rest.trim_start();
    let before = reader.rest;
    let Some((name, rest)) = before.split_once('=') else { return reader.rest = "" };
    reader.rest = rest;
    match name.trim() {
        // The parameters of a media type are parted by `;` too.
        "type" => {
            let mut kind = reader.word(&[';', ',']);
            while reader.rest.starts_with(';') && !is_setting(reader.rest) {
                reader.take();
                kind = format!("{kind};{}", reader.word(&[';', ',']));
            }
            part.kind = Some(kind.trim().to_owned());
        }
        "filename" => part.file_name = Some(reader.word(&[';', ','])),
        "headers" => match reader.rest.strip_prefix('@') {
            None => part.headers.push(reader.word(&[';', ','])),
            Some(rest) => {
                reader.rest = rest;
                let file = reader.word(&[';', ',']);
                let text = import.read_text(files, &file, "header fields").unwrap_or_default();
                part.headers.extend(text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned));
            }
        },
        "encoder" => {
            let encoder = reader.word(&[';', ',']);
            if ["base64", "binary", "8bit"].contains(&encoder.as_str()) {
                part.encoder = Some(encoder);
            } else {
                import.leave(format!("`;encoder={encoder}` of a form"), "base64, binary and 8bit are taken");
            }
        }
        other => {
            let value = reader.word(&[';', ',']);
            import.leave(format!("`;{other}={value}` of a form"), "curl knows type, filename, headers and encoder");
        }
    }
}

fn is_setting(rest: &str) -> bool {
    let rest = rest.trim_start_matches([';', ' ']);
    ["type=", "filename=", "headers=", "encoder="].iter().any(|name| rest.starts_with(name))
}

struct Words<'a> {
    rest: &'a str,
}

impl Words<'_> {
    fn take(&mut self) -> Option<char> {
        let letter = self.rest.chars().next()?;
        self.rest = self.rest.get(letter.len_utf8()..).unwrap_or_default();
        Some(letter)
    }

    /// Up to one of the ends; within quotes they are characters like others.
    fn word(&mut self, ends: &[char]) -> String {
        if let Some(quoted) = self.rest.strip_prefix('"') {
            let (mut word, mut letters) = (String::new(), quoted.char_indices());
            while let Some((at, letter)) = letters.next() {
                match letter {
                    '"' => {
                        let rest = quoted.get(at + 1..).unwrap_or_default();
                        self.rest = rest.trim_start();
                        return word;
                    }
                    '\\' => match letters.next() {
                        Some((_, escaped @ ('"' | '\\'))) => word.push(escaped),
                        other => {
                            word.push('\\');
                            word.extend(other.map(|(_, letter)| letter));
                        }
                    },
                    letter => word.push(letter),
                }
            }
        }
        let end = self.rest.find(ends).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word.to_owned()
    }
}
