//! `keyword_highlights_file`: words that are pointed out in the text, each under a label.
//!
//! The file has a row for each word: the word or phrase, the label, and the scheme that the label is of, which may be missing; columns are
//! parted by tabs, in a `.csv` by commas. A first row that names its columns (`Word`, `Label`, `Schema`) may put them in another order. In a
//! word, `*` stands for any letters; capitals do not matter.

mod mark;
mod pattern;

use regex::Regex;

use crate::config::{ConfigError, Section, nearest};
use crate::schemes::{Scheme, palette};

const KEY: &str = "keyword_highlights_file";
/// What the column of the words may be called.
const WORDS: [&str; 5] = ["word", "keyword", "term", "phrase", "pattern"];
const SCHEMES: [&str; 2] = ["schema", "scheme"];

/// The words of a project, by label.
#[derive(Debug, Clone)]
pub struct Keywords {
    groups: Vec<Group>,
}

/// The words of one label.
#[derive(Debug, Clone)]
pub struct Group {
    /// Of these words.
    pub label: String,
    /// The scheme that the label is of, where the file names one.
    pub scheme: Option<String>,
    /// Three numbers for a CSS `rgb()`.
    pub rgb: String,
    pattern: Regex,
}

/// A word that was found; its place in code points of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Where it begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Its group, from 0.
    pub group: usize,
}

struct Row {
    word: String,
    label: String,
    scheme: Option<String>,
}

/// Reads the file, if there is one.
pub(crate) fn read(top: &Section<'_>, schemes: &[Scheme]) -> Result<Option<Keywords>, ConfigError> {
    let Some(name) = top.text(KEY)?.filter(|name| !name.trim().is_empty()) else { return Ok(None) };
    let path = top.resolve(KEY, &name)?;
    let text = std::fs::read_to_string(path)
        .map_err(|error| top.refuse(KEY, format!("{name:?} cannot be read as UTF-8 text: {error}")))?;
    let comma = name.to_lowercase().ends_with(".csv");
    let mut words: Vec<(String, Option<String>, Vec<String>)> = Vec::new();
    for row in rows(&text, comma).map_err(|problem| top.refuse(KEY, format!("{name:?}, {problem}")))? {
        match words.iter_mut().find(|(label, scheme, _)| *label == row.label && *scheme == row.scheme) {
            Some((.., group)) => group.push(row.word),
            None => words.push((row.label, row.scheme, vec![row.word])),
        }
    }
    let group = |(position, (label, scheme, words)): (usize, (String, Option<String>, Vec<String>))| {
        let of = scheme.as_ref().and_then(|name| schemes.iter().find(|scheme| scheme.name == *name));
        if let (Some(name), None) = (&scheme, of) {
            let known = nearest(name, schemes.iter().map(|scheme| scheme.name.as_str()));
            let advice = known.map_or_else(String::new, |known| format!("; did you mean {known}?"));
            top.warn(KEY, &format!("{name:?} is no scheme of this project{advice}"));
        }
        let pattern = pattern::of(&words)
            .map_err(|error| top.refuse(KEY, format!("the words of {label:?} make no pattern: {error}")))?;
        let rgb = of.and_then(|scheme| scheme.rgb(&label)).unwrap_or_else(|| palette(position));
        Ok(Group { label, scheme, rgb, pattern })
    };
    let groups = words.into_iter().enumerate().map(group).collect::<Result<_, ConfigError>>()?;
    Ok(Some(Keywords { groups }))
}

fn rows(text: &str, comma: bool) -> Result<Vec<Row>, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .quoting(comma)
        .delimiter(if comma { b',' } else { b'\t' })
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut places = [Some(0), Some(1), Some(2)];
    let mut rows = Vec::new();
    for (n, record) in reader.records().enumerate() {
        let record = record.map_err(|error| error.to_string())?;
        let line = record.position().map_or(0, csv::Position::line);
        let named =
            |names: &[&str]| record.iter().position(|cell| names.contains(&cell.to_lowercase().as_str()));
        if let (0, Some(word)) = (n, named(&WORDS)) {
            places = [Some(word), named(&["label"]), named(&SCHEMES)];
            continue;
        }
        let cell = |place: usize| {
            places[place]
                .and_then(|place| record.get(place))
                .filter(|cell| !cell.is_empty())
                .map(str::to_owned)
        };
        match (cell(0), cell(1)) {
            (None, None) => {}
            (Some(word), Some(label)) => rows.push(Row { word, label, scheme: cell(2) }),
            _ => {
                return Err(format!(
                    "line {line}: needs a word and its label, parted by a {}",
                    if comma { "comma" } else { "tab" }
                ));
            }
        }
    }
    Ok(rows)
}

impl Keywords {
    /// The labels, in the order of the file.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The words in a text from left to right; of those that overlap the first, and the longer of two that begin together.
    pub fn find(&self, text: &str) -> Vec<Found> {
        let mut matches: Vec<(usize, usize, usize)> = Vec::new();
        for (group, Group { pattern, .. }) in self.groups.iter().enumerate() {
            matches.extend(pattern.find_iter(text).map(|found| (found.start(), found.end(), group)));
        }
        matches.sort_by_key(|(start, end, group)| (*start, std::cmp::Reverse(*end), *group));
        let mut found: Vec<Found> = Vec::new();
        let (mut byte, mut point) = (0, 0);
        for (start, end, group) in matches {
            if start < byte || start == end {
                continue;
            }
            let first = point + text[byte..start].chars().count();
            point = first + text[start..end].chars().count();
            byte = end;
            found.push(Found { start: first, end: point, group });
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_with_and_without_a_head() {
        let read = |text: &str, comma| -> Vec<(String, String, Option<String>)> {
            rows(text, comma).unwrap().into_iter().map(|row| (row.word, row.label, row.scheme)).collect()
        };
        let row = |word: &str, label: &str, scheme: Option<&str>| {
            (word.to_owned(), label.to_owned(), scheme.map(str::to_owned))
        };
        let plain = read("good*\tjoy\tmood\n\n\"bad\tgrief\n", false);
        assert_eq!(plain, [row("good*", "joy", Some("mood")), row("\"bad", "grief", None)]);
        assert_eq!(read("\u{feff}Label,Word\njoy,\"a, b\"\n", true), [row("a, b", "joy", None)]);
        let error = rows("Word\tLabel\nalone\n", false).err().unwrap();
        assert!(error.contains("line 2") && error.contains("tab"), "{error}");
    }
}
