//! `extractive_qa`: the stretch of a passage that answers a question. Stored: `{scheme: JSON text}` of `{"answer_text", "start",
//! "end", "unanswerable"}`; offsets count code points of the field as it is in the data, the end is not part of it; a question that the
//! passage does not answer has `""`, -1, -1, true.

use askama::Template;
use serde_json::Value;

use super::form::{Form, written};
use super::hidden::{self, accept_object};
use super::registry::Widget;
use super::{Accepted, Kind, Occasion, Refused, Scheme};
use crate::config::{ConfigError, Section};

pub(super) const KEYS: &[&str] =
    &["question_field", "passage_field", "allow_unanswerable", "highlight_color"];

const QUESTION: &str = "question";
const PASSAGE: &str = "passage";
const COLOR: &str = "255 235 59";

/// A question and its passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtractiveQa {
    question: String,
    passage: String,
    unanswerable: bool,
    rgb: String,
}

pub(super) fn read(section: &Section<'_>) -> Result<Kind, ConfigError> {
    let rgb = match section.text("highlight_color")? {
        None => COLOR.to_owned(),
        Some(color) => super::labels::rgb(&color).ok_or_else(|| {
            section.refuse("highlight_color", format!("must be #rgb, #rrggbb or rgb(r, g, b), got {color:?}"))
        })?,
    };
    Ok(Kind::ExtractiveQa(ExtractiveQa {
        question: section.text("question_field")?.unwrap_or_else(|| QUESTION.to_owned()),
        passage: section.text("passage_field")?.unwrap_or_else(|| PASSAGE.to_owned()),
        unanswerable: section.flag("allow_unanswerable")?.unwrap_or(true),
        rgb,
    }))
}

/// The code points of a stretch; none if it is empty or leaves the text.
pub(super) fn slice(text: &str, start: u64, end: u64) -> Option<String> {
    let (start, end) = (usize::try_from(start).ok()?, usize::try_from(end).ok()?);
    let found: String = text.chars().skip(start).take(end.checked_sub(start)?).collect();
    (start < end && found.chars().count() == end - start).then_some(found)
}

#[derive(Template)]
#[template(path = "extractive_qa.html")]
struct Page<'a> {
    question: String,
    passage: String,
    field: &'a str,
    hidden: String,
    id: String,
    unanswerable: bool,
    rgb: &'a str,
}

impl Widget for ExtractiveQa {
    fn class(&self) -> &'static str {
        "extractive-qa"
    }

    fn accept(&self, scheme: &Scheme, label: &str, value: &Value) -> Result<Accepted, Refused> {
        accept_object(scheme, label, value, |answer| {
            let words = hidden::text(answer, "answer_text")?;
            let none = answer.get("unanswerable").and_then(Value::as_bool);
            let none = none.ok_or_else(|| "unanswerable as true or false".to_owned())?;
            if none {
                let nowhere = ["start", "end"].iter().all(|key| answer.get(*key) == Some(&Value::from(-1)));
                return match (self.unanswerable, nowhere && words.is_empty()) {
                    (false, _) => Err("an answer; this scheme takes no unanswerable ones".to_owned()),
                    (true, false) => Err("\"\", -1 and -1 where unanswerable is true".to_owned()),
                    (true, true) => Ok(()),
                };
            }
            let (start, end) = (hidden::count(answer, "start")?, hidden::count(answer, "end")?);
            if start < end { Ok(()) } else { Err("an answer that is not empty".to_owned()) }
        })
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
        let answer = hidden::object(value).unwrap_or_default();
        if answer.get("unanswerable") == Some(&Value::Bool(true)) {
            return Ok(());
        }
        let (start, end) = (hidden::count(&answer, "start"), hidden::count(&answer, "end"));
        let found = slice(&occasion.text(&self.passage), start.unwrap_or(0), end.unwrap_or(0));
        if found.as_deref() == answer.get("answer_text").and_then(Value::as_str) && found.is_some() {
            return Ok(());
        }
        let allowed = format!("offsets in the item's {} and the words between them", self.passage);
        Err(scheme.refused(label, value, &allowed))
    }

    fn body(&self, form: &Form<'_>) -> String {
        written(&Page {
            question: form.occasion.text(&self.question),
            passage: form.occasion.text(&self.passage),
            field: &self.passage,
            hidden: hidden::field(form, &form.scheme.name),
            id: form.id("unanswerable", "checkbox"),
            unanswerable: self.unanswerable,
            rgb: &self.rgb,
        })
    }

    fn shows_item(&self, text_key: &str) -> bool {
        self.passage == text_key
    }
}
