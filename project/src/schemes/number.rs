//! `number`: a number that is typed. Stored: `{"number": "3"}`.

use askama::Template;
use serde_json::Value;

use super::form::{Form, written};
use super::registry::Widget;
use super::slider::{accept_number, only};
use super::{Accepted, Kind, Refused, Scheme};
use crate::config::{ConfigError, Section};

pub(super) const KEYS: &[&str] = &["min", "max", "min_value", "max_value", "step", "custom_css"];

/// The only label.
const LABEL: &str = "number";

/// A number that is typed.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    min: Option<f64>,
    max: Option<f64>,
    step: Option<f64>,
}

pub(super) fn read(section: &Section<'_>) -> Result<Kind, ConfigError> {
    let either = |first, second| Ok(section.number(first)?.or(section.number(second)?));
    let (min, max): (_, Option<f64>) = (either("min", "min_value")?, either("max", "max_value")?);
    if let (Some(min), Some(max)) = (min, max)
        && min > max
    {
        return Err(section.refuse("min", format!("must not be more than max ({max}), got {min}")));
    }
    let step = section.number("step")?;
    if let Some(step) = step.filter(|step| *step <= 0.0) {
        return Err(section.refuse("step", format!("must be more than 0, got {step}")));
    }
    Ok(Kind::Number(Number { min, max, step }))
}

#[derive(Template)]
#[template(path = "number.html")]
struct Field<'a> {
    scheme: &'a str,
    id: String,
    name: String,
    min: Option<f64>,
    max: Option<f64>,
    step: Option<f64>,
    value: String,
    description: &'a str,
    validation: &'static str,
}

impl Widget for Number {
    fn class(&self) -> &'static str {
        "number"
    }

    fn accept(&self, scheme: &Scheme, label: &str, value: &Value) -> Result<Accepted, Refused> {
        only(scheme, LABEL, label, value)?;
        accept_number(scheme, label, value, self.min, self.max)
    }

    fn body(&self, form: &Form<'_>) -> String {
        written(&Field {
            scheme: &form.scheme.name,
            id: form.id(LABEL, "number"),
            name: form.name(LABEL),
            min: self.min,
            max: self.max,
            step: self.step,
            value: form.stored(LABEL).unwrap_or_default(),
            description: &form.scheme.description,
            validation: form.validation(LABEL),
        })
    }
}
