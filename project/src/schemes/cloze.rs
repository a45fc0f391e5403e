//! `cloze`: gaps in a text, each filled with words. Stored: `{"blank_1": "words", …}`, counted from 1.
//!
//! A gap is `___` (three underscores or more), `[blank]` or `{{…}}`.

use askama::Template;
use serde_json::Value;

use super::form::{Form, written};
use super::radio::accept_text;
use super::registry::Widget;
use super::{Accepted, Kind, Labels, Occasion, Refused, Scheme, is_given};
use crate::config::{ConfigError, Section};

pub(super) const KEYS: &[&str] = &["text", "source_field", "answer_field", "scoring", "input_width"];

const LABEL: &str = "blank_";
/// Most gaps of a text.
const MAX_GAPS: usize = 200;
/// Width of a gap, in characters.
const WIDTH: i64 = 14;

/// Gaps to fill.
#[derive(Debug, Clone, PartialEq)]
pub struct Cloze {
    text: Option<String>,
    field: Option<String>,
    width: i64,
}

pub(super) fn read(section: &Section<'_>) -> Result<Kind, ConfigError> {
    let (text, field) = (section.text("text")?, section.text("source_field")?);
    if text.is_none() && field.is_none() {
        return Err(section.refuse("text", "is missing; give the text with its gaps, or source_field"));
    }
    if let Some(text) = &text
        && gaps(text).is_empty()
    {
        return Err(section.refuse("text", "has no gap; a gap is ___, [blank] or {{…}}"));
    }
    for key in ["answer_field", "scoring"] {
        if section.has(key) {
            section.warn(key, "has no effect here: answers are stored as they are written");
        }
    }
    let width = match section.get("input_width").map(crate::yaml::Node::scalar_text) {
        None => WIDTH,
        Some(text) => {
            let number = text.unwrap_or_default().trim_end_matches(char::is_alphabetic).parse::<i64>().ok();
            match number {
                Some(width) if (1..=1000).contains(&width) => width,
                _ => return Err(section.refuse("input_width", "must be a width such as 14 or 120px")),
            }
        }
    };
    Ok(Kind::Cloze(Cloze { text, field, width }))
}

/// Where the gaps are: byte ranges.
fn gaps(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut gaps = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty() && gaps.len() < MAX_GAPS) {
        let length = if rest.starts_with("___") {
            rest.len() - rest.trim_start_matches('_').len()
        } else if rest.starts_with("[blank]") {
            "[blank]".len()
        } else if rest.starts_with("{{") {
            rest.find("}}").map_or(0, |end| end + 2)
        } else {
            0
        };
        if length > 0 {
            gaps.push(at..at + length);
            at += length;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    gaps
}

/// The label of a gap, from 0.
fn label(gap: usize) -> String {
    format!("{LABEL}{}", gap + 1)
}

#[derive(Template)]
#[template(path = "cloze.html")]
struct Page<'a> {
    scheme: &'a str,
    description: &'a str,
    width: i64,
    pieces: Vec<Piece<'a>>,
    rest: &'a str,
}

/// Words, and the gap after them.
struct Piece<'a> {
    before: &'a str,
    label: String,
    number: usize,
    id: String,
    name: String,
    validation: &'static str,
    value: String,
}

impl Cloze {
    fn text<'a>(&'a self, occasion: &Occasion<'a>) -> &'a str {
        let of_item = self.field.as_ref().and_then(|field| occasion.field(field)?.as_str());
        of_item.or(self.text.as_deref()).unwrap_or_default()
    }
}

impl Widget for Cloze {
    fn class(&self) -> &'static str {
        "cloze"
    }

    fn accept(&self, scheme: &Scheme, label: &str, value: &Value) -> Result<Accepted, Refused> {
        let number = label.strip_prefix(LABEL).and_then(|number| number.parse::<usize>().ok());
        match number {
            Some(number) if (1..=MAX_GAPS).contains(&number) && label == self::label(number - 1) => {
                accept_text(scheme, label, value)
            }
            _ => Err(scheme.refused(label, value, "the labels blank_1, blank_2, …")),
        }
    }

    fn depends_on_item(&self) -> bool {
        true
    }

    fn fits(
        &self,
        scheme: &Scheme,
        label: &str,
        value: &Value,
        occasion: &Occasion<'_>,
    ) -> Result<(), Refused> {
        let there = gaps(self.text(occasion)).len();
        if (0..there).any(|gap| self::label(gap) == label) {
            return Ok(());
        }
        Err(scheme.refused(label, value, &format!("one of the {there} gaps of the text")))
    }

    fn body(&self, form: &Form<'_>) -> String {
        let text = self.text(form.occasion);
        let mut at = 0;
        let mut pieces = Vec::new();
        for (place, gap) in gaps(text).into_iter().enumerate() {
            let label = label(place);
            pieces.push(Piece {
                before: &text[at..gap.start],
                number: place + 1,
                id: form.id(&label, "text"),
                name: form.name(&label),
                validation: form.validation(&label),
                value: form.stored(&label).unwrap_or_default(),
                label,
            });
            at = gap.end;
        }
        written(&Page {
            scheme: &form.scheme.name,
            description: &form.scheme.description,
            width: self.width,
            pieces,
            rest: &text[at..],
        })
    }

    /// Every gap of the config's text is filled; of an item's text one at least.
    fn answered(&self, labels: &Labels) -> bool {
        let filled = labels.values().filter(|value| is_given(value)).count();
        let needed = match (&self.field, &self.text) {
            (None, Some(text)) => gaps(text).len(),
            _ => 1,
        };
        filled >= needed
    }
}

#[cfg(test)]
mod tests {
    use super::gaps;

    #[test]
    fn gaps_are_found_in_all_three_ways() {
        let text = "Ein ___ ä [blank], {{x}} und ____.";
        let found: Vec<&str> = gaps(text).into_iter().map(|gap| &text[gap]).collect();
        assert_eq!(found, ["___", "[blank]", "{{x}}", "____"]);
        assert!(gaps("snake_case __ {{open").is_empty());
    }
}
