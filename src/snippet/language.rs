//! The languages there are: those of the program, and those a person adds or changes.

use std::sync::{Arc, OnceLock};

use serde::Deserialize;

use super::{
    Kind, Snippet, SnippetError, Subject,
    context::Context,
    escape::{self, Escape},
    limits::{self, Limit},
    template::Templates,
};

/// A folder of templates, as files of a name and a text.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    /// Its name, which names the language on the command line.
    pub name: String,
    /// `language.toml`, and the templates.
    pub files: Vec<(String, String)>,
}

/// What is wrong with a folder.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("snippets/{folder}/{file}: {why}")]
pub struct Broken {
    /// The folder.
    pub folder: String,
    /// The file.
    pub file: String,
    /// What is wrong, and what to do.
    pub why: String,
}

/// Whether tests run the snippets of a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Proof {
    /// They are run against the sandbox.
    Run,
    /// They are parsed, not run.
    Parsed,
    /// A person's own: neither.
    #[default]
    Own,
}

impl Proof {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Run => "run by tests",
            Self::Parsed => "parsed, not run",
            Self::Own => "your own",
        }
    }
}

/// What a language says of itself in `language.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct About {
    /// Its name for people.
    pub name: String,
    /// The escaper of its literals: the folder of a built-in language.
    pub escaper: String,
    /// The client it calls with.
    #[serde(default)]
    pub library: String,
    /// What its files end in.
    #[serde(default)]
    pub extension: String,
    /// What begins a comment, up to the end of its line.
    pub comment: String,
    /// Whether tests run it.
    #[serde(default)]
    pub proof: Proof,
    /// What has to be installed beside it, and how.
    #[serde(default)]
    pub needs: String,
    /// What its client adds to a request by itself.
    #[serde(default)]
    pub adds: Vec<String>,
    /// What its client cannot send as it is.
    #[serde(default)]
    pub cannot: Vec<String>,
    /// Words that are coloured.
    #[serde(default)]
    pub keywords: Vec<String>,
}

/// A language.
pub struct Language {
    /// Its name on the command line.
    pub id: String,
    /// What it says of itself.
    pub about: About,
    limit: Limit,
    templates: Templates,
}

/// A row: a folder of the program, its escaper, and what its client cannot send.
struct Row {
    folder: &'static str,
    files: &'static [(&'static str, &'static str)],
    escape: &'static dyn Escape,
    limit: Limit,
}

macro_rules! row {
    ($folder:literal, $escape:expr, $limit:expr) => {
        Row {
            folder: $folder,
            files: row!($folder, files "language.toml" "head.jinja" "foot.jinja" "send.jinja" "fetch.jinja" "token.jinja"
                "call.jinja" "flow.jinja"),
            escape: &$escape,
            limit: $limit,
        }
    };
    ($folder:literal, files $($file:literal)*) => {
        &[$(($file, include_str!(concat!("../../assets/snippets/", $folder, "/", $file)))),*]
    };
}

/// Every language of the program, in the order it is listed.
const ROWS: &[Row] = &[
    row!("curl", escape::Shell, limits::curl),
    row!("javascript", escape::JavaScript, limits::fetch),
    row!("python", escape::Python, limits::requests),
    row!("java", escape::Java, limits::java),
    row!("go", escape::Go, limits::go),
    row!("ruby", escape::Ruby, limits::none),
    row!("csharp", escape::CSharp, limits::none),
    row!("httpie", escape::Shell, limits::httpie),
    row!("powershell", escape::PowerShell, limits::none),
    row!("rust", escape::Rust, limits::none),
];

/// The languages at hand. Those of the program alone are read when one is first asked for: a start waits for none.
#[derive(Clone, Default)]
pub struct Snippets(OnceLock<Vec<Arc<Language>>>);

impl Snippets {
    /// Those of the program, and a person's own over them; with what is wrong with one of those, which counts as not there.
    pub fn with(own: &[Folder]) -> (Self, Vec<Broken>) {
        let mut broken = Vec::new();
        let mut languages = Vec::new();
        for row in ROWS {
            let files: Vec<_> = row.files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
            let mut over = own.iter().find(|folder| folder.name == row.folder).cloned().unwrap_or_default().files;
            let built_in = |over: Vec<(String, String)>| {
                let mut files = files.clone();
                files.retain(|(name, _)| over.iter().all(|(own, _)| own != name));
                files.extend(over);
                Language::new(row.folder, files, row.limit)
            };
            let read = built_in(std::mem::take(&mut over)).or_else(|why| {
                broken.push(why);
                built_in(Vec::new())
            });
            languages.extend(read.ok().map(Arc::new));
        }
        for folder in own.iter().filter(|folder| ROWS.iter().all(|row| row.folder != folder.name)) {
            match Language::new(&folder.name, folder.files.clone(), limits::none) {
                Ok(language) => languages.push(Arc::new(language)),
                Err(why) => broken.push(why),
            }
        }
        (Self(languages.into()), broken)
    }

    /// All of them, in order.
    pub fn all(&self) -> &[Arc<Language>] {
        self.0.get_or_init(|| Self::with(&[]).0.0.into_inner().unwrap_or_default())
    }

    /// The one of that name.
    pub fn named(&self, id: &str) -> Option<&Arc<Language>> {
        self.all().iter().find(|language| language.id.eq_ignore_ascii_case(id))
    }
}

impl Language {
    fn new(id: &str, mut files: Vec<(String, String)>, limit: Limit) -> Result<Self, Broken> {
        let broken = |file: &str, why: String| Broken { folder: id.to_owned(), file: file.to_owned(), why };
        let at = files.iter().position(|(name, _)| name == "language.toml");
        let at = at.ok_or_else(|| broken("language.toml", "it is not there".to_owned()))?;
        let (_, text) = files.swap_remove(at);
        let about: About = toml::from_str(&text).map_err(|error| broken("language.toml", error.to_string()))?;
        let escape = ROWS.iter().find(|row| row.folder == about.escaper).map(|row| row.escape);
        let escape = escape.ok_or_else(|| {
            let known: Vec<_> = ROWS.iter().map(|row| row.folder).collect();
            broken("language.toml", format!("there is no escaper `{}`: there are {}", about.escaper, known.join(", ")))
        })?;
        let templates = Templates::new(files, escape).map_err(|(file, why)| broken(&file, why))?;
        Ok(Self { id: id.to_owned(), about, limit, templates })
    }

    /// The code for a subject.
    pub fn snippet(&self, kind: Kind, subject: &Subject<'_>) -> Result<Snippet, SnippetError> {
        let not_expressible = subject.request.filter(|_| kind != Kind::Token).and_then(|request| (self.limit)(request));
        let (context, variables) = Context::new(kind, subject, not_expressible)?;
        let text = self.templates.filled_in(kind, &context).map_err(|(template, why)| SnippetError::Template {
            language: self.about.name.clone(),
            template,
            why,
        })?;
        Ok(Snippet { text, variables, not_expressible: not_expressible.map(str::to_owned) })
    }
}
