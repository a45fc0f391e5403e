//! Words as a regular expression.

use std::cmp::Reverse;

use regex::{Regex, RegexBuilder};

/// Bytes that a compiled pattern may take; lists of words have some thousand entries.
const SIZE_BYTES: usize = 64 << 20;

/// Any of the words, whole; the longest comes first.
pub(super) fn of(words: &[String]) -> Result<Regex, regex::Error> {
    let mut words: Vec<&String> = words.iter().collect();
    words.sort_by_key(|word| Reverse(word.len()));
    let any: Vec<String> = words.into_iter().map(|word| one(word)).collect();
    RegexBuilder::new(&any.join("|")).case_insensitive(true).size_limit(SIZE_BYTES).build()
}

fn one(word: &str) -> String {
    let mut pattern = String::new();
    if word.starts_with(bounded) {
        pattern.push_str(r"\b");
    }
    let phrase = word.split_whitespace().map(|word| regex::escape(word).replace(r"\*", r"\w*"));
    pattern.push_str(&phrase.collect::<Vec<_>>().join(r"\s+"));
    if word.ends_with(bounded) {
        pattern.push_str(r"\b");
    }
    pattern
}

/// Whether a word that begins or ends with it has a border there; scripts without spaces have none.
fn bounded(c: char) -> bool {
    let unspaced = matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}');
    (c.is_alphanumeric() || c == '_' || c == '*') && !unspaced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole_and_with_wildcards() {
        for (word, text, found) in [
            ("good", "Good, goods and for-good", vec!["Good", "good"]),
            ("certain*", "uncertain CERTAINLY certain.", vec!["CERTAINLY", "certain"]),
            ("*ing", "going ring, inge", vec!["going", "ring"]),
            ("new  york", "in New\nYork", vec!["New\nYork"]),
            ("c++ (a.b)", "C++ (a.b) c++ (aXb)", vec!["C++ (a.b)"]),
            ("#tag", "a #TAG #tags", vec!["#TAG"]),
            ("é", "É café é", vec!["É", "é"]),
            ("東京", "私は東京に", vec!["東京"]),
        ] {
            let pattern = of(&[word.to_owned()]).unwrap();
            assert_eq!(
                pattern.find_iter(text).map(|found| found.as_str()).collect::<Vec<_>>(),
                found,
                "{word}"
            );
        }
        let both = of(&["new".to_owned(), "new york".to_owned()]).unwrap();
        assert_eq!(both.find("new york").unwrap().as_str(), "new york", "the longest first");
    }
}
