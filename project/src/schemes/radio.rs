//! `radio`: one of several labels. Stored: `{label: label}`, and `{free_response: text}` where offered and given.

use askama::Template;
use serde_json::Value;

use super::form::{Form, written};
use super::labels::{self, Choice};
use super::registry::Widget;
use super::{Accepted, FREE_RESPONSE, Kind, MAX_TEXT_CHARS, Refused, Scheme};
use crate::config::{ConfigError, Section};
use crate::yaml::Yaml;

pub(super) const KEYS: &[&str] = &[
    "labels",
    "horizontal",
    "has_free_response",
    "dynamic_options",
    "dynamic_options_field",
    "codebook",
    "lextale",
];

/// What stands beside the box for a free response that has no instruction of its own.
const OTHER: &str = "Other (please specify)";

/// One of several labels.
#[derive(Debug, Clone, PartialEq)]
pub struct Radio {
    pub(super) choices: Vec<Choice>,
    pub(super) horizontal: bool,
    pub(super) free_response: Option<String>,
}

pub(super) fn read(section: &Section<'_>) -> Result<Kind, ConfigError> {
    Ok(Kind::Radio(Radio {
        choices: labels::read(section)?,
        horizontal: section.flag("horizontal")?.unwrap_or(false),
        free_response: free_response(section)?,
    }))
}

/// `has_free_response`: true, or a mapping with the instruction beside the box.
pub(super) fn free_response(section: &Section<'_>) -> Result<Option<String>, ConfigError> {
    match section.get("has_free_response").map(|node| &node.value) {
        None | Some(Yaml::Bool(false)) => Ok(None),
        Some(Yaml::Bool(true)) => Ok(Some(OTHER.to_owned())),
        Some(Yaml::Map(_)) => {
            let instruction =
                section.section("has_free_response")?.map(|inner| inner.text("instruction")).transpose()?;
            Ok(Some(
                instruction
                    .flatten()
                    .filter(|text| !text.trim().is_empty())
                    .unwrap_or_else(|| OTHER.to_owned()),
            ))
        }
        Some(_) => {
            Err(section.refuse("has_free_response", "must be true, false or a mapping with instruction"))
        }
    }
}

/// A choice or a free response; the value of a choice is its label.
pub(super) fn accept_choice(
    scheme: &Scheme,
    choices: &[Choice],
    has_free_response: bool,
    label: &str,
    value: &Value,
) -> Result<Accepted, Refused> {
    if has_free_response && label == FREE_RESPONSE {
        return accept_text(scheme, label, value);
    }
    if !choices.iter().any(|choice| choice.name == label) {
        return Err(scheme.refused(
            label,
            value,
            &format!("the labels {}", names(choices, has_free_response)),
        ));
    }
    if super::is_removal(value) {
        return Ok(Accepted::Remove);
    }
    if value.as_str() == Some(label) {
        return Ok(Accepted::Store(Value::from(label)));
    }
    Err(scheme.refused(label, value, &format!("the label itself, {label:?}, or \"\" to remove it")))
}

/// Any text up to [`MAX_TEXT_CHARS`].
pub(super) fn accept_text(scheme: &Scheme, label: &str, value: &Value) -> Result<Accepted, Refused> {
    match value {
        _ if super::is_removal(value) => Ok(Accepted::Remove),
        Value::String(text) if text.chars().count() <= MAX_TEXT_CHARS => Ok(Accepted::Store(value.clone())),
        _ => Err(scheme.refused(label, value, &format!("text of up to {MAX_TEXT_CHARS} characters"))),
    }
}

fn names(choices: &[Choice], has_free_response: bool) -> String {
    let names = choices.iter().map(|choice| choice.name.as_str());
    names.chain(has_free_response.then_some(FREE_RESPONSE)).collect::<Vec<_>>().join(", ")
}

/// The rows of choices, for radio buttons and check boxes.
#[derive(Template)]
#[template(path = "choices.html")]
struct Choices<'a> {
    scheme: &'a str,
    input: &'a str,
    horizontal: bool,
    columns: u8,
    rows: Vec<Row<'a>>,
    free: Option<Free<'a>>,
}

struct Row<'a> {
    id: String,
    name: String,
    label: &'a str,
    shown: &'a str,
    tooltip: Option<&'a str>,
    rgb: String,
    key: Option<char>,
    validation: &'static str,
    checked: bool,
}

struct Free<'a> {
    id: String,
    name: String,
    instruction: &'a str,
    text: String,
}

/// How a list of choices is drawn.
pub(super) struct Drawn<'a> {
    pub(super) choices: &'a [Choice],
    /// Several can be chosen.
    pub(super) several: bool,
    pub(super) horizontal: bool,
    pub(super) columns: u8,
    pub(super) free_response: Option<&'a str>,
}

pub(super) fn draw<'a>(form: &Form<'a>, drawn: &Drawn<'a>) -> String {
    let kind = if drawn.several { "checkbox" } else { "radio" };
    let rows = form.presented(drawn.choices).into_iter().map(|(position, choice)| Row {
        id: form.id(&choice.name, kind),
        name: if drawn.several { form.name(&choice.name) } else { form.scheme.name.clone() },
        label: &choice.name,
        shown: &choice.shown,
        tooltip: choice.tooltip.as_deref(),
        rgb: labels::css_rgb(choice, position),
        key: form.key(&choice.name),
        validation: form.validation(&choice.name),
        checked: form.stored(&choice.name).is_some_and(|value| !value.is_empty()),
    });
    let free = drawn.free_response.map(|instruction| Free {
        id: form.id(FREE_RESPONSE, "text"),
        name: form.name(FREE_RESPONSE),
        instruction,
        text: form.stored(FREE_RESPONSE).unwrap_or_default(),
    });
    written(&Choices {
        scheme: &form.scheme.name,
        input: kind,
        horizontal: drawn.horizontal,
        columns: drawn.columns,
        rows: rows.collect(),
        free,
    })
}

impl Widget for Radio {
    fn class(&self) -> &'static str {
        "radio"
    }

    fn accept(&self, scheme: &Scheme, label: &str, value: &Value) -> Result<Accepted, Refused> {
        accept_choice(scheme, &self.choices, self.free_response.is_some(), label, value)
    }

    fn body(&self, form: &Form<'_>) -> String {
        let drawn = Drawn {
            choices: &self.choices,
            several: false,
            horizontal: self.horizontal,
            columns: 1,
            free_response: self.free_response.as_deref(),
        };
        draw(form, &drawn)
    }

    fn exclusive(&self) -> bool {
        true
    }

    fn choices(&self) -> &[Choice] {
        &self.choices
    }

    fn keys_if_alone(&self) -> bool {
        true
    }
}
