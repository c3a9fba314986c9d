//! The `.http` format, without loss: requests as text, as JetBrains' client, VS Code's REST Client, kulala and httpyac
//! write them.
//!
//! ```text
//! @host = http://127.0.0.1                a variable of the file
//! ### Check its status                    what parts requests, and a name
//! # @name status                          a setting
//! GET {{host}}/x/{{id}} HTTP/1.1          method and address
//!     ?page=1                             the address, continued
//! Accept: application/json                header fields, up to a blank line
//! # X-Trace: 7                            one that is switched off
//!
//! {"a": 1}                                the body, up to the next ###; `< ./file` stands for a file's bytes
//!
//! > {% client.global.set("id", response.body.id) %}
//! ```
//!
//! A [`HttpFile`] is its lines, each with what it is and every byte it came with, line end included; printing is putting
//! them one after another. A change of a request touches the lines whose meaning changes and no other, and is refused
//! where the file would not say afterwards what was asked. Owns the format; reads and writes no file. The catalogue, the
//! collections and the interchange with other programs call it.

mod change;
mod lines;
mod meaning;

use crate::domain::request::Draft;
use lines::{Kind, Line};

pub use change::Unwritable;

/// A `.http` file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HttpFile {
    bom: bool,
    parts: Vec<Part>,
}

/// What stands between two `###`, the one before it included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Part {
    lines: Vec<Line>,
}

/// One request of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The request.
    pub draft: Draft,
    /// Its settings, `# @name value`, in order; a setting without a value has an empty one.
    pub settings: Vec<(String, String)>,
    /// Variables that its answer gives a value to, each with the path of the value, as
    /// `client.global.set("id", response.body.id)` in a response handler says it.
    pub gives: Vec<(String, String)>,
}

impl Block {
    /// The value of a setting, if it stands there.
    pub fn setting(&self, name: &str) -> Option<&str> {
        self.settings.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// What other requests call it by: its setting `@name`, else its title.
    pub fn id(&self) -> &str {
        self.setting("name").filter(|name| !name.is_empty()).unwrap_or(&self.draft.name)
    }
}

impl HttpFile {
    /// Reads a text; no text is wrong.
    pub fn parse(text: &str) -> Self {
        let (bom, text) = text.strip_prefix('\u{feff}').map_or((false, text), |rest| (true, rest));
        let mut parts: Vec<Part> = Vec::new();
        for line in lines::of(text) {
            if line.kind == Kind::Separator || parts.is_empty() {
                parts.push(Part::default());
            }
            if let Some(part) = parts.last_mut() {
                part.lines.push(line);
            }
        }
        Self { bom, parts }
    }

    /// A file of these requests.
    pub fn of<'a>(drafts: impl IntoIterator<Item = &'a Draft>) -> Result<Self, Unwritable> {
        let mut file = Self::default();
        for draft in drafts {
            file.push(draft)?;
        }
        Ok(file)
    }

    /// The text, byte for byte as it was read where nothing was changed.
    pub fn text(&self) -> String {
        let bom = if self.bom { "\u{feff}" } else { "" };
        let lines = self.parts.iter().flat_map(|part| &part.lines);
        std::iter::once(bom).chain(lines.map(|line| line.text.as_str())).collect()
    }

    /// Its requests in order, each with its place for [`HttpFile::change`]. A part without a request line is none.
    pub fn requests(&self) -> impl Iterator<Item = (usize, Block)> {
        self.parts.iter().enumerate().filter_map(|(at, part)| Some((at, part.block()?)))
    }

    /// The request at a place.
    pub fn request(&self, at: usize) -> Option<Block> {
        self.parts.get(at)?.block()
    }

    /// The variables it gives values to, in order; they count in all of it.
    pub fn variables(&self) -> Vec<(String, String)> {
        let rows = self.parts.iter().flat_map(Part::variables);
        rows.filter(|row| row.on).map(|row| (row.name, row.value)).collect()
    }

    /// The text of a part, to be kept elsewhere.
    pub fn part(&self, at: usize) -> Option<String> {
        self.parts.get(at).map(|part| part.lines.iter().map(|line| line.text.as_str()).collect())
    }
}

/// The requests of a text, in order.
pub fn blocks(text: &str) -> Vec<Block> {
    HttpFile::parse(text).requests().map(|(_, block)| block).collect()
}

#[cfg(test)]
mod tests;
