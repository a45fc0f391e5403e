//! `select`: one of a list that folds down. Stored: `{"select-one": "v"}`.

use std::collections::HashSet;

use askama::Template;
use serde_json::Value;

use super::form::{Form, written};
use super::labels::{self, Choice};
use super::registry::Widget;
use super::slider::only;
use super::{Accepted, Kind, Refused, Scheme};
use crate::config::{ConfigError, Section};
use crate::yaml::Yaml;

pub(super) const KEYS: &[&str] =
    &["labels", "use_predefined_labels", "dynamic_options", "dynamic_options_field", "codebook"];

/// The only label.
const LABEL: &str = "select-one";

/// One of a list that folds down.
#[derive(Debug, Clone, PartialEq)]
pub struct Select {
    choices: Vec<Choice>,
}

pub(super) fn read(section: &Section<'_>) -> Result<Kind, ConfigError> {
    let choices = match section.get("labels").map(|node| &node.value) {
        Some(Yaml::Text(name)) => from_file(section, name)?,
        _ => labels::read(section)?,
    };
    Ok(Kind::Select(Select { choices }))
}

/// One label a line; blank lines are skipped.
fn from_file(section: &Section<'_>, name: &str) -> Result<Vec<Choice>, ConfigError> {
    let text = labels::read_text(section, "labels", name)?;
    let mut seen = HashSet::new();
    let mut choices = Vec::new();
    for line in text.trim_start_matches('\u{feff}').lines().map(str::trim).filter(|line| !line.is_empty()) {
        if !seen.insert(line) {
            return Err(section.refuse("labels", format!("{name:?} has the label {line:?} twice")));
        }
        choices.push(Choice {
            name: line.to_owned(),
            shown: line.to_owned(),
            tooltip: None,
            key: None,
            abbreviation: None,
            color: None,
        });
    }
    if choices.is_empty() {
        return Err(section.refuse("labels", format!("{name:?} has no label; one is expected on each line")));
    }
    Ok(choices)
}

#[derive(Template)]
#[template(path = "select.html")]
struct Menu<'a> {
    scheme: &'a str,
    id: String,
    name: String,
    choices: Vec<&'a Choice>,
    chosen: Option<String>,
    description: &'a str,
    validation: &'static str,
}

impl Widget for Select {
    fn class(&self) -> &'static str {
        "select"
    }

    fn accept(&self, scheme: &Scheme, label: &str, value: &Value) -> Result<Accepted, Refused> {
        only(scheme, LABEL, label, value)?;
        if super::is_removal(value) {
            return Ok(Accepted::Remove);
        }
        match value.as_str() {
            Some(chosen) if self.choices.iter().any(|choice| choice.name == chosen) => {
                Ok(Accepted::Store(Value::from(chosen)))
            }
            _ => Err(scheme.refused(label, value, &format!("one of {}", self.option_order().join(", ")))),
        }
    }

    fn body(&self, form: &Form<'_>) -> String {
        written(&Menu {
            scheme: &form.scheme.name,
            id: form.id(LABEL, "select"),
            name: form.name(LABEL),
            choices: form.presented(&self.choices).into_iter().map(|(_, choice)| choice).collect(),
            chosen: form.stored(LABEL),
            description: &form.scheme.description,
            validation: form.validation(LABEL),
        })
    }

    fn key_labels(&self) -> Vec<String> {
        Vec::new()
    }

    fn option_order(&self) -> Vec<String> {
        self.choices.iter().map(|choice| choice.name.clone()).collect()
    }
}
