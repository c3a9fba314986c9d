//! The templates of a language, and the filters they write its literals with.
//!
//! | filter | writes |
//! |---|---|
//! | `code` | a text as an expression of the language |
//! | `lines(INDENT)` | the same, a line of the text on a line of its own, so many blanks in |
//! | `field` | the value of a header field, in the form that its client takes for any byte |
//! | `after(TEXT)` | a text that has another before it |
//! | `item` | the value of a header field as HTTPie takes it behind the colon |
//! | `json` | a text as a JSON string |
//! | `jq` | the names that lead to a member, as jq writes them |
//! | `comment` | a text that cannot leave its comment |

use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, Value};

use super::{
    Kind,
    context::Context,
    escape::Escape,
    pieces::{Piece, Pieces},
};

/// What a template may do: enough for any snippet, and it ends.
const FUEL: u64 = 1_000_000;

/// See the module.
pub(super) struct Templates(Environment<'static>);

impl Templates {
    /// Reads them; gives the file that is wrong, and why.
    pub(super) fn new(files: Vec<(String, String)>, escape: &'static dyn Escape) -> Result<Self, (String, String)> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_trim_blocks(true);
        environment.set_lstrip_blocks(true);
        environment.set_keep_trailing_newline(true);
        environment.set_fuel(Some(FUEL));
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        environment.add_filter("code", move |value: Value| escape.expression(&Pieces::of(&value)));
        environment.add_filter("lines", move |value: Value, indent: usize| {
            escape.lines(&Pieces::of(&value), &" ".repeat(indent))
        });
        environment.add_filter("field", move |value: Value| escape.field(&Pieces::of(&value)));
        environment.add_filter("after", |value: Value, before: String| {
            let mut pieces = Pieces::text(before);
            pieces.extend(&Pieces::of(&value));
            pieces.value()
        });
        environment.add_filter("item", |value: Value| {
            let pieces = Pieces::of(&value);
            let marked = pieces.literal().starts_with(['=', '@']) && matches!(pieces.0.first(), Some(Piece::Text(_)));
            let mut item = Pieces::text(if marked { "\\" } else { "" });
            item.extend(&pieces);
            item.value()
        });
        environment.add_filter("json", |text: String| serde_json::to_string(&text).unwrap_or_default());
        environment.add_filter("jq", |path: Value| jq(&path));
        environment.add_filter("comment", move |text: String| escape.comment(&text));
        for (name, text) in files {
            let known = name.clone();
            environment.add_template_owned(name, text).map_err(|error| (known, why(&error)))?;
        }
        for kind in Kind::ALL {
            let name = file(kind);
            environment.get_template(&name).map_err(|_| (name.clone(), "it is not there".to_owned()))?;
        }
        Ok(Self(environment))
    }

    /// The text of a kind; or the template that is wrong, and why.
    pub(super) fn filled_in(&self, kind: Kind, context: &Context) -> Result<String, (String, String)> {
        let name = file(kind);
        let template = self.0.get_template(&name).map_err(|error| (name.clone(), why(&error)))?;
        template.render(context).map_err(|error| (error.name().unwrap_or(&name).to_owned(), why(&error)))
    }
}

/// A path as jq writes it.
fn jq(path: &Value) -> Result<String, Error> {
    let mut written = String::new();
    for step in path.try_iter()? {
        let name = step.get_attr("name")?.to_string();
        let is_word = !name.starts_with(|first: char| first.is_ascii_digit())
            && !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let part = match step.get_attr("index")?.is_true() {
            true if written.is_empty() => format!(".[{name}]"),
            true => format!("[{name}]"),
            false if is_word => format!(".{name}"),
            false => format!(".{}", serde_json::to_string(&name).unwrap_or_default()),
        };
        written.push_str(&part);
    }
    Ok(written)
}

fn file(kind: Kind) -> String {
    format!("{kind}.jinja")
}

fn why(error: &Error) -> String {
    let line = error.line().map_or(String::new(), |line| format!("line {line}: "));
    let detail = match (error.kind(), error.detail()) {
        (ErrorKind::OutOfFuel, _) => "it does not come to an end".to_owned(),
        (kind, Some(detail)) => format!("{kind}: {detail}"),
        (kind, None) => kind.to_string(),
    };
    format!("{line}{detail}")
}
