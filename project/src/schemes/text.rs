//! `text`: one box, or one for each label. Stored: `{"text_box": "…"}`, or the labels in its place.

use askama::Template;
use serde_json::Value;

use super::form::{Form, written};
use super::labels::{self, Choice};
use super::radio::accept_text;
use super::registry::Widget;
use super::{Accepted, Kind, Labels, Refused, Scheme};
use crate::config::{ConfigError, Section};
use crate::yaml::Yaml;

pub(super) const KEYS: &[&str] = &[
    "labels",
    "multiline",
    "textarea",
    "rows",
    "cols",
    "placeholder",
    "min_chars",
    "show_char_count",
    "collapsible",
    "target_schema",
    "allow_paste",
    "display_config",
];

/// The label where the config names none.
const TEXT_BOX: &str = "text_box";
const DEFAULT_ROWS: u32 = 3;
const DEFAULT_COLS: u32 = 40;

/// One or several boxes for text.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// Empty: one box, under the label `text_box`.
    boxes: Vec<Choice>,
    /// Rows and columns of a text area; `None`: one line.
    area: Option<(u32, u32)>,
    placeholder: String,
    min_chars: u32,
    counted: bool,
    paste: bool,
}

pub(super) fn read(section: &Section<'_>) -> Result<Kind, ConfigError> {
    let boxes = if section.has("labels") { labels::read(section)? } else { Vec::new() };
    Ok(Kind::Text(Text {
        boxes,
        area: area(section)?,
        placeholder: section.text("placeholder")?.unwrap_or_default(),
        min_chars: count(section, "min_chars")?.unwrap_or(0),
        counted: section.flag("show_char_count")?.unwrap_or(false),
        paste: section.flag("allow_paste")?.unwrap_or(true),
    }))
}

/// `multiline`, or `textarea` (true, or a mapping with on, rows and cols).
fn area(section: &Section<'_>) -> Result<Option<(u32, u32)>, ConfigError> {
    let mut on = section.flag("multiline")?.unwrap_or(false);
    let mut rows = count(section, "rows")?;
    let mut cols = count(section, "cols")?;
    if let Some(Yaml::Map(_)) = section.get("textarea").map(|node| &node.value) {
        if let Some(inner) = section.section("textarea")? {
            inner.warn_unknown(&[&["on", "rows", "cols"]]);
            on |= inner.flag("on")?.unwrap_or(false);
            rows = count(&inner, "rows")?.or(rows);
            cols = count(&inner, "cols")?.or(cols);
        }
    } else {
        on |= section.flag("textarea")?.unwrap_or(false);
    }
    Ok(on.then(|| (rows.unwrap_or(DEFAULT_ROWS), cols.unwrap_or(DEFAULT_COLS))))
}

fn count(section: &Section<'_>, key: &str) -> Result<Option<u32>, ConfigError> {
    match section.integer(key)? {
        None => Ok(None),
        Some(number) => match u32::try_from(number) {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(section.refuse(key, format!("must be 0 or more, got {number}"))),
        },
    }
}

#[derive(Template)]
#[template(path = "text.html")]
struct Fields<'a> {
    scheme: &'a str,
    text: &'a Text,
    boxes: Vec<TextBox<'a>>,
    description: &'a str,
}

struct TextBox<'a> {
    id: String,
    name: String,
    label: &'a str,
    shown: Option<&'a str>,
    tooltip: Option<&'a str>,
    value: String,
    validation: &'static str,
}

impl Text {
    fn labels(&self) -> Vec<&str> {
        if self.boxes.is_empty() {
            vec![TEXT_BOX]
        } else {
            self.boxes.iter().map(|choice| choice.name.as_str()).collect()
        }
    }
}

impl Widget for Text {
    fn class(&self) -> &'static str {
        "textbox"
    }

    fn accept(&self, scheme: &Scheme, label: &str, value: &Value) -> Result<Accepted, Refused> {
        if !self.labels().contains(&label) {
            return Err(scheme.refused(label, value, &format!("the labels {}", self.labels().join(", "))));
        }
        accept_text(scheme, label, value)
    }

    fn body(&self, form: &Form<'_>) -> String {
        let boxes = self.labels().into_iter().enumerate().map(|(i, label)| TextBox {
            id: form.id(label, "text"),
            name: form.name(label),
            label,
            shown: self.boxes.get(i).map(|choice| choice.shown.as_str()),
            tooltip: self.boxes.get(i).and_then(|choice| choice.tooltip.as_deref()),
            value: form.stored(label).unwrap_or_default(),
            validation: form.validation(label),
        });
        written(&Fields {
            scheme: &form.scheme.name,
            text: self,
            boxes: boxes.collect(),
            description: &form.scheme.description,
        })
    }

    fn option_order(&self) -> Vec<String> {
        self.boxes.iter().map(|choice| choice.name.clone()).collect()
    }

    fn answered(&self, labels: &Labels) -> bool {
        let enough = |text: &str| text.trim().chars().count() >= self.min_chars.max(1) as usize;
        labels.values().any(|value| value.as_str().is_some_and(enough))
    }
}
