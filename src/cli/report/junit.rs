//! JUnit XML, as build servers read it: a suite, a case a step. A step that was not judged is a skipped one.

use std::{fmt::Write as _, time::Duration};

use super::{Step, Verdict};

/// The whole report.
pub(super) fn text(suite: &str, steps: &[Step]) -> String {
    let count = |verdict| steps.iter().filter(|step| step.verdict == verdict).count();
    let time: Duration = steps.iter().map(|step| step.took).sum();
    let suite = escaped(suite);
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"{suite}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\" time=\"{:.3}\">\n",
        steps.len(),
        count(Verdict::Failed),
        count(Verdict::NotJudged),
        time.as_secs_f64()
    );
    for step in steps {
        let (name, seen) = (escaped(&step.name), escaped(&step.text));
        let inside = match step.verdict {
            Verdict::Good => format!("<system-out>{seen}</system-out>"),
            Verdict::Failed => format!("<failure message=\"{seen}\"/>"),
            Verdict::NotJudged => format!("<skipped message=\"{seen}\"/>"),
        };
        let time = step.took.as_secs_f64();
        // Writing into a text cannot fail.
        let _ = writeln!(
            text,
            "    <testcase classname=\"{suite}\" name=\"{name}\" time=\"{time:.3}\">{inside}</testcase>"
        );
    }
    text + "  </testsuite>\n</testsuites>\n"
}

/// Text as XML has it; what no XML may hold (XML 1.0 §2.2) becomes a replacement character.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            '\t' => escaped.push('\t'),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            letter if letter.is_control() => escaped.push('\u{fffd}'),
            letter => escaped.push(letter),
        }
    }
    escaped
}
