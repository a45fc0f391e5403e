//! `likert`: a point on a scale of 1 to `size`, or bad text. Stored: `{"4": "4"}`. With `labels` it is a radio.

use askama::Template;
use serde_json::Value;

use super::form::{Form, written};
use super::registry::Widget;
use super::{Accepted, Kind, Refused, Scheme, common};
use crate::config::{ConfigError, Section};
use crate::yaml::Yaml;

pub(super) const KEYS: &[&str] = &[
    "min_label",
    "max_label",
    "size",
    "displaying_score",
    "bad_text_label",
    "horizontal",
    "has_free_response",
];

/// Label and value of a text that cannot be rated.
const BAD_TEXT: &str = "bad_text";
/// What is shown for it where the config gives no words.
const BAD_TEXT_SHOWN: &str = "Bad text";
/// Longest scale that keys can choose on.
const MAX_KEYS: u32 = 10;
/// Longest scale.
const MAX_SIZE: i64 = 1000;

/// A scale of points.
#[derive(Debug, Clone, PartialEq)]
pub struct Likert {
    size: u32,
    low: String,
    high: String,
    numbered: bool,
    bad_text: Option<String>,
}

pub(super) fn read(section: &Section<'_>) -> Result<Kind, ConfigError> {
    if common::is_labelled(section) {
        return common::as_radio(section);
    }
    let size = match section.integer("size")? {
        Some(size @ 2..=MAX_SIZE) => u32::try_from(size).unwrap_or(2),
        Some(size) => return Err(section.refuse("size", format!("must be 2 to {MAX_SIZE}, got {size}"))),
        None => return Err(section.refuse("size", "is missing and must be an integer of at least 2")),
    };
    let end = |key| section.text(key)?.ok_or_else(|| section.refuse(key, "is missing and must be text"));
    Ok(Kind::Likert(Likert {
        size,
        low: end("min_label")?,
        high: end("max_label")?,
        numbered: section.flag("displaying_score")?.unwrap_or(true),
        bad_text: bad_text(section)?,
    }))
}

pub(super) fn bad_text(section: &Section<'_>) -> Result<Option<String>, ConfigError> {
    match section.get("bad_text_label").map(|node| &node.value) {
        Some(Yaml::Map(_)) => {
            let words =
                section.section("bad_text_label")?.map(|inner| inner.text("label_content")).transpose()?;
            Ok(Some(words.flatten().unwrap_or_else(|| BAD_TEXT_SHOWN.to_owned())))
        }
        _ => section.text("bad_text_label"),
    }
}

#[derive(Template)]
#[template(path = "likert.html")]
struct Scale<'a> {
    scheme: &'a str,
    low: &'a str,
    high: &'a str,
    numbered: bool,
    points: Vec<Point<'a>>,
    bad_text: Option<Point<'a>>,
}

struct Point<'a> {
    label: String,
    shown: &'a str,
    id: String,
    end: Option<&'a str>,
    key: Option<char>,
    validation: &'static str,
    checked: bool,
}

impl Likert {
    fn points(&self) -> impl Iterator<Item = String> {
        (1..=self.size).map(|point| point.to_string())
    }

    fn point<'a>(&'a self, form: &Form<'_>, label: String, shown: &'a str) -> Point<'a> {
        let end = match label.as_str() {
            "1" => Some(self.low.as_str()),
            _ if label == self.size.to_string() => Some(self.high.as_str()),
            _ => None,
        };
        Point {
            id: form.id(&label, "radio"),
            end,
            key: form.key(&label),
            validation: form.validation(&label),
            checked: form.stored(&label).is_some_and(|value| !value.is_empty()),
            shown,
            label,
        }
    }
}

impl Widget for Likert {
    fn class(&self) -> &'static str {
        "likert"
    }

    fn accept(&self, scheme: &Scheme, label: &str, value: &Value) -> Result<Accepted, Refused> {
        let known = self.bad_text.is_some() && label == BAD_TEXT || self.points().any(|point| point == label);
        if !known {
            let also = if self.bad_text.is_some() { ", or bad_text" } else { "" };
            return Err(scheme.refused(label, value, &format!("the labels 1 to {}{also}", self.size)));
        }
        let sent = match value {
            Value::Number(number) => number.to_string(),
            Value::String(text) => text.clone(),
            _ if super::is_removal(value) => String::new(),
            _ => return Err(scheme.refused(label, value, &format!("the label itself, {label:?}"))),
        };
        if sent.is_empty() {
            Ok(Accepted::Remove)
        } else if sent == label {
            Ok(Accepted::Store(Value::from(label)))
        } else {
            Err(scheme.refused(label, value, &format!("the label itself, {label:?}")))
        }
    }

    fn body(&self, form: &Form<'_>) -> String {
        written(&Scale {
            scheme: &form.scheme.name,
            low: &self.low,
            high: &self.high,
            numbered: self.numbered,
            points: self.points().map(|label| self.point(form, label, "")).collect(),
            bad_text: self.bad_text.as_deref().map(|shown| self.point(form, BAD_TEXT.to_owned(), shown)),
        })
    }

    fn exclusive(&self) -> bool {
        true
    }

    fn key_labels(&self) -> Vec<String> {
        if self.size <= MAX_KEYS { self.points().collect() } else { Vec::new() }
    }

    fn option_order(&self) -> Vec<String> {
        Vec::new()
    }
}
