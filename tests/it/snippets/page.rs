//! The page of the languages is what the languages say of themselves.

use std::{env, fmt::Write as _, fs, path::Path};

use authscope::snippet::{Proof, Snippets};

use super::toolchains::TOOLCHAINS;

fn page() -> String {
    let mut page = "# Languages of snippets\n\n\
        `authscope snippet` writes a request, its token call or the whole flow in these. *Run* says that tests run every kind\n\
        of it against the sandbox and compare what arrived with what authscope itself sends; *parsed, not run* that a grammar\n\
        finds no error in it, since Debian has no runtime of it. What a client adds beside what the request names, and what it\n\
        cannot send as it is, is what those tests saw. Redirects are followed where the client does so by itself.\n\n\
        | `--lang` | language | calls with | needs | proof | adds by itself | cannot send |\n\
        |---|---|---|---|---|---|---|\n"
        .to_owned();
    for language in Snippets::default().all() {
        let about = &language.about;
        let proof = if about.proof == Proof::Run { "run" } else { about.proof.words() };
        let list = |all: &[String]| if all.is_empty() { "nothing".to_owned() } else { all.join("; ") };
        let (adds, cannot) = match about.proof {
            Proof::Run => (list(&about.adds), list(&about.cannot)),
            _ => (format!("{}, unseen", list(&about.adds)), list(&about.cannot)),
        };
        let _ = writeln!(
            page,
            "| `{}` | {} | {} | {} | {proof} | {adds} | {cannot} |",
            language.id, about.name, about.library, about.needs
        );
    }
    page.push_str(
        "\n## One of your own\n\n\
        A folder in `snippets` beside the config file is a language: `language.toml` (`name`, `comment` and `escaper`, which is a\n\
        `--lang` of the table) and the templates `token.jinja`, `call.jinja`, `flow.jinja`, in the language of Jinja. A folder of the\n\
        name of a built-in language needs those files only that it changes. The built-in folders stand beside this page, to begin\n\
        from; the filters they use are listed in `src/snippet/template.rs`.\n",
    );
    page
}

/// `AUTHSCOPE_BLESS=1` in the environment of the test run writes the page instead of comparing it.
#[test]
fn the_page_of_languages_says_what_they_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/snippets/README.md");
    if env::var_os("AUTHSCOPE_BLESS").is_some() {
        fs::write(path, page()).unwrap();
    } else {
        assert!(fs::read_to_string(path).unwrap() == page(), "run this test with AUTHSCOPE_BLESS=1 to write the page");
    }
}

#[test]
fn every_language_that_says_it_is_run_is_run() {
    let snippets = Snippets::default();
    let run = snippets.all().iter().filter(|language| language.about.proof == Proof::Run);
    assert!(run.map(|language| language.id.as_str()).eq(TOOLCHAINS.iter().map(|toolchain| toolchain.id)));
}
