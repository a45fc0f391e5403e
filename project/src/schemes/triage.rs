//! `triage`: keep, discard, or neither. Stored: `{"decision": "accept" | "reject" | "skip"}`.

use askama::Template;
use serde_json::Value;

use super::form::{Form, written};
use super::registry::Widget;
use super::slider::only;
use super::{Accepted, Kind, Refused, Scheme, is_removal};
use crate::config::{ConfigError, Section};

pub(super) const KEYS: &[&str] =
    &["accept_label", "reject_label", "skip_label", "auto_advance", "show_progress"];

const LABEL: &str = "decision";
/// What is stored, the key that names its words, the words where the config gives none, and the colour.
const DECISIONS: [(&str, &str, &str, &str); 3] = [
    ("accept", "accept_label", "Keep", "43 138 62"),
    ("reject", "reject_label", "Discard", "201 42 42"),
    ("skip", "skip_label", "Unsure", "73 80 87"),
];

/// Keep, discard, or neither.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Triage {
    /// In the order of the decisions.
    shown: Vec<String>,
    advances: bool,
}

pub(super) fn read(section: &Section<'_>) -> Result<Kind, ConfigError> {
    let words = |(_, key, default, _): &(&str, &str, &str, &str)| {
        Ok::<_, ConfigError>(section.text(key)?.unwrap_or_else(|| (*default).to_owned()))
    };
    Ok(Kind::Triage(Triage {
        shown: DECISIONS.iter().map(words).collect::<Result<_, _>>()?,
        advances: section.flag("auto_advance")?.unwrap_or(true),
    }))
}

#[derive(Template)]
#[template(path = "triage.html")]
struct Page<'a> {
    scheme: &'a str,
    description: &'a str,
    name: String,
    validation: &'static str,
    advances: bool,
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    id: String,
    value: &'static str,
    shown: &'a str,
    rgb: &'static str,
    key: usize,
    checked: bool,
}

impl Widget for Triage {
    fn class(&self) -> &'static str {
        "triage"
    }

    fn accept(&self, scheme: &Scheme, label: &str, value: &Value) -> Result<Accepted, Refused> {
        only(scheme, LABEL, label, value)?;
        match value {
            _ if is_removal(value) => Ok(Accepted::Remove),
            Value::String(text) if DECISIONS.iter().any(|(decision, ..)| decision == text) => {
                Ok(Accepted::Store(value.clone()))
            }
            _ => Err(scheme.refused(label, value, "accept, reject or skip")),
        }
    }

    fn body(&self, form: &Form<'_>) -> String {
        let stored = form.stored(LABEL);
        let rows =
            DECISIONS.iter().zip(&self.shown).enumerate().map(|(place, ((value, _, _, rgb), shown))| Row {
                id: form.id(value, "triage"),
                value,
                shown,
                rgb,
                key: place + 1,
                checked: stored.as_deref() == Some(*value),
            });
        written(&Page {
            scheme: &form.scheme.name,
            description: &form.scheme.description,
            name: form.name(LABEL),
            validation: form.validation(LABEL),
            advances: self.advances,
            rows: rows.collect(),
        })
    }
}
