//! Keywords as `<mark>` in the text that is shown. Tags count nothing, so that the places of spans stay.

use std::fmt::Write;

use askama::filters::{Html, escape};

use super::{Found, Keywords};
use crate::markup::{Piece, pieces};
use crate::text;

impl Keywords {
    /// Sanitised HTML with its keywords marked, and the groups that occur, each once, in the order of the file.
    pub fn mark(&self, html: &str) -> (String, Vec<usize>) {
        let found = self.find(&text::page_text(html));
        let mut occurring: Vec<usize> = found.iter().map(|found| found.group).collect();
        occurring.sort_unstable();
        occurring.dedup();
        if found.is_empty() {
            return (html.to_owned(), occurring);
        }
        let last = last_parts(html, &found);
        let mut marked = String::with_capacity(html.len() * 2);
        let mut coming = found.iter().zip(last).peekable();
        let mut at = 0;
        let mut open = false;
        for piece in pieces(html) {
            match piece {
                Piece::Tag(tag) => {
                    // A mark must not cross a border of an element; it goes on behind it.
                    if std::mem::take(&mut open) {
                        marked.push_str("</mark>");
                    }
                    marked.push_str(tag);
                }
                Piece::Char(written, _) => {
                    if let Some((found, last)) = coming.peek().filter(|(found, _)| !open && at >= found.start)
                    {
                        self.open(found.group, at >= *last, &mut marked);
                        open = true;
                    }
                    marked.push_str(written);
                    at += 1;
                    if coming.next_if(|(found, _)| at >= found.end).is_some() {
                        marked.push_str("</mark>");
                        open = false;
                    }
                }
            }
        }
        (marked, occurring)
    }

    /// The last part of a word carries the number of its label, which says it without colour.
    fn open(&self, group: usize, last: bool, into: &mut String) {
        let super::Group { label, rgb, .. } = &self.groups[group];
        let label = escape(label, Html).map(|label| label.to_string()).unwrap_or_default();
        // Writing into memory does not fail.
        let _ = write!(into, "<mark class=\"keyword\" style=\"--label-color: {rgb}\" title=\"{label}\"");
        if last {
            let _ = write!(into, " data-number=\"{}\"", group + 1);
        }
        into.push('>');
    }
}

/// Where the last part of each word begins, which tags may cut.
fn last_parts(html: &str, found: &[Found]) -> Vec<usize> {
    let mut last: Vec<usize> = found.iter().map(|found| found.start).collect();
    let mut at = 0;
    let mut current = 0;
    for piece in pieces(html) {
        match piece {
            Piece::Char(..) => at += 1,
            Piece::Tag(_) => {
                while found.get(current).is_some_and(|found| found.end <= at) {
                    current += 1;
                }
                if found.get(current).is_some_and(|found| found.start < at) {
                    last[current] = at;
                }
            }
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use super::super::{Group, pattern};
    use super::*;

    fn keywords() -> Keywords {
        let group = |label: &str, words: &[&str]| Group {
            label: label.to_owned(),
            scheme: None,
            rgb: "1 2 3".to_owned(),
            pattern: pattern::of(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>()).unwrap(),
        };
        Keywords {
            groups: vec![group("a & \"b\"", &["likes", "R&D"]), group("place", &["pizza hut", "pizza"])],
        }
    }

    #[test]
    fn words_are_marked_and_the_text_stays_as_it_is() {
        let keywords = keywords();
        let html = "Tom <b>li</b>kes R&amp;D at <i title=\"likes\">Pizza</i> <br>hut.";
        let (marked, occurring) = keywords.mark(html);
        assert_eq!(text::page_text(&marked), text::page_text(html));
        assert_eq!(occurring, [0, 1]);
        let plain = marked
            .replace(
                "<mark class=\"keyword\" style=\"--label-color: 1 2 3\" title=\"a &#38; &#34;b&#34;\"",
                "[1",
            )
            .replace("<mark class=\"keyword\" style=\"--label-color: 1 2 3\" title=\"place\"", "[2")
            .replace("</mark>", "]");
        assert_eq!(
            plain,
            "Tom <b>[1>li]</b>[1 data-number=\"1\">kes] [1 data-number=\"1\">R&amp;D] at \
             <i title=\"likes\">[2>Pizza]</i>[2> ]<br>[2 data-number=\"2\">hut]."
        );
        assert_eq!(keywords.mark("nothing here").1, Vec::<usize>::new());
    }

    #[test]
    fn places_count_code_points_and_overlaps_are_settled() {
        let found = keywords().find("é😀 likes pizza hut");
        assert_eq!(found, [Found { start: 3, end: 8, group: 0 }, Found { start: 9, end: 18, group: 1 }]);
    }
}
