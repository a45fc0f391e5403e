//! `multiselect`: any of several labels. Stored: `{label: label, …}`, and `{free_response: text}` where offered and given.

use serde_json::Value;

use super::form::Form;
use super::labels::{self, Choice};
use super::radio::{self, Drawn};
use super::registry::Widget;
use super::{Accepted, Kind, Refused, Scheme};
use crate::config::{ConfigError, Section};

pub(super) const KEYS: &[&str] = &[
    "labels",
    "display_config",
    "has_free_response",
    "video_as_label",
    "dynamic_options",
    "dynamic_options_field",
    "codebook",
];

/// Most columns of check boxes.
const MAX_COLUMNS: i64 = 12;

/// Any of several labels.
#[derive(Debug, Clone, PartialEq)]
pub struct Multiselect {
    choices: Vec<Choice>,
    columns: u8,
    free_response: Option<String>,
}

pub(super) fn read(section: &Section<'_>) -> Result<Kind, ConfigError> {
    Ok(Kind::Multiselect(Multiselect {
        choices: labels::read(section)?,
        columns: columns(section)?,
        free_response: radio::free_response(section)?,
    }))
}

/// `display_config.num_columns`
fn columns(section: &Section<'_>) -> Result<u8, ConfigError> {
    let Some(display) = section.section("display_config")? else { return Ok(1) };
    display.warn_unknown(&[&["num_columns", "custom_css"]]);
    match display.integer("num_columns")? {
        None => Ok(1),
        Some(number @ 1..=MAX_COLUMNS) => Ok(u8::try_from(number).unwrap_or(1)),
        Some(number) => {
            Err(display.refuse("num_columns", format!("must be 1 to {MAX_COLUMNS}, got {number}")))
        }
    }
}

impl Widget for Multiselect {
    fn class(&self) -> &'static str {
        "multiselect"
    }

    fn accept(&self, scheme: &Scheme, label: &str, value: &Value) -> Result<Accepted, Refused> {
        radio::accept_choice(scheme, &self.choices, self.free_response.is_some(), label, value)
    }

    fn body(&self, form: &Form<'_>) -> String {
        let drawn = Drawn {
            choices: &self.choices,
            several: true,
            horizontal: false,
            columns: self.columns,
            free_response: self.free_response.as_deref(),
        };
        radio::draw(form, &drawn)
    }

    fn full_set(&self) -> bool {
        true
    }

    fn choices(&self) -> &[Choice] {
        &self.choices
    }
}
