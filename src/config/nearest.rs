//! "Did you mean": the known name nearest to one that is not known, and the sentence about a word that is none of a few.
//! Called wherever a written name is looked up.

/// The candidate that differs least from `name`, if it differs by no more than a third of its length.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let written = name.trim().to_lowercase().replace('_', "-");
    let longest = written.chars().count();
    candidates
        .into_iter()
        .map(|candidate| (distance(&written, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= longest.max(candidate.len()).div_ceil(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Levenshtein's distance: insertions, deletions and replacements between two words.
fn distance(from: &str, to: &str) -> usize {
    // A name longer than this is no slip of the finger, and the work is quadratic.
    const LONGEST: usize = 64;
    let to: Vec<char> = to.chars().take(LONGEST).collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (above, letter) in from.chars().take(LONGEST).enumerate() {
        let mut diagonal = above;
        row[0] = above + 1;
        for (at, other) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[at + 1];
            row[at + 1] = replaced.min(diagonal + 1).min(row[at] + 1);
        }
    }
    row[to.len()]
}

/// The sentence about a word that is none of `allowed`.
pub fn not_allowed(written: &str, allowed: &[&str]) -> String {
    format!("`{}` is not allowed: write {}", written.escape_debug(), list(allowed))
}

/// `a`, `b` or `c`.
fn list(words: &[impl AsRef<str>]) -> String {
    let words: Vec<_> = words.iter().map(|word| format!("`{}`", word.as_ref())).collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_finds_its_name_and_another_word_finds_none() {
        let known = ["base-url", "token-url", "policy", "production"];
        assert_eq!(nearest("base_url", known), Some("base-url"));
        assert_eq!(nearest("tokenurl", known), Some("token-url"));
        assert_eq!(nearest("polcy", known), Some("policy"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(nearest("", known), None);
    }

    #[test]
    fn distance_counts_changes() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("same", "same"), 0);
    }
}
