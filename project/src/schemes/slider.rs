//! `slider`: a number on a line. Stored once it was moved: `{"slider": "7"}`. With `labels` it is a radio.

use askama::Template;
use serde_json::Value;

use super::form::{Form, written};
use super::registry::Widget;
use super::{Accepted, Kind, Refused, Scheme, common};
use crate::config::{ConfigError, Section};

pub(super) const KEYS: &[&str] = &[
    "min_value",
    "max_value",
    "starting_value",
    "step",
    "show_labels",
    "maxTick",
    "horizontal",
    "has_free_response",
];

/// The only label.
const LABEL: &str = "slider";

/// A number on a line.
#[derive(Debug, Clone, PartialEq)]
pub struct Slider {
    min: f64,
    max: f64,
    start: f64,
    step: f64,
    ends_shown: bool,
}

pub(super) fn read(section: &Section<'_>) -> Result<Kind, ConfigError> {
    if common::is_labelled(section) {
        return common::as_radio(section);
    }
    let needed =
        |key| section.number(key)?.ok_or_else(|| section.refuse(key, "is missing and must be a number"));
    let (min, max, start) = (needed("min_value")?, needed("max_value")?, needed("starting_value")?);
    if min >= max {
        return Err(section.refuse("min_value", format!("must be less than max_value ({max}), got {min}")));
    }
    if !(min..=max).contains(&start) {
        return Err(section.refuse("starting_value", format!("must be {min} to {max}, got {start}")));
    }
    let step = step(section)?;
    let ends_shown = section.flag("show_labels")?.unwrap_or(true);
    Ok(Kind::Slider(Slider { min, max, start, step, ends_shown }))
}

const MIN: f64 = 0.0;
const MAX: f64 = 100.0;

/// `min_value` and `max_value`, 0 and 100 where they are not given.
pub(super) fn ends(section: &Section<'_>) -> Result<(f64, f64), ConfigError> {
    let (min, max) =
        (section.number("min_value")?.unwrap_or(MIN), section.number("max_value")?.unwrap_or(MAX));
    if min >= max {
        return Err(section.refuse("min_value", format!("must be less than max_value ({max}), got {min}")));
    }
    Ok((min, max))
}

/// `step`, 1 where it is not given.
pub(super) fn step(section: &Section<'_>) -> Result<f64, ConfigError> {
    match section.number("step")?.unwrap_or(1.0) {
        step if step > 0.0 => Ok(step),
        step => Err(section.refuse("step", format!("must be more than 0, got {step}"))),
    }
}

/// A finite number in `allowed`, sent as text or number; stored as text.
pub(super) fn accept_number(
    scheme: &Scheme,
    label: &str,
    value: &Value,
    min: Option<f64>,
    max: Option<f64>,
) -> Result<Accepted, Refused> {
    if super::is_removal(value) {
        return Ok(Accepted::Remove);
    }
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    let fits = text.parse::<f64>().is_ok_and(|number| {
        number.is_finite() && min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max)
    });
    if fits {
        return Ok(Accepted::Store(Value::from(text)));
    }
    let allowed = match (min, max) {
        (Some(min), Some(max)) => format!("a number from {min} to {max}"),
        (Some(min), None) => format!("a number of at least {min}"),
        (None, Some(max)) => format!("a number of at most {max}"),
        (None, None) => "a number".to_owned(),
    };
    Err(scheme.refused(label, value, &allowed))
}

/// That `label` is the only one.
pub(super) fn only(scheme: &Scheme, expected: &str, label: &str, value: &Value) -> Result<(), Refused> {
    if label == expected {
        Ok(())
    } else {
        Err(scheme.refused(label, value, &format!("the label {expected}")))
    }
}

/// A slider as it is drawn.
#[derive(Template)]
#[template(path = "slider.html")]
pub(super) struct Line<'a> {
    scheme: &'a str,
    /// What is stored.
    label: &'a str,
    id: String,
    name: String,
    min: f64,
    max: f64,
    step: f64,
    value: String,
    set: bool,
    /// What stands at its ends.
    ends: Option<(&'a str, &'a str)>,
    /// Whether its value is.
    shown: bool,
    description: &'a str,
    validation: &'static str,
}

impl<'a> Line<'a> {
    /// With the stored value of `label`, else at `start`; the numbers are the least, the most and the step.
    pub(super) fn new(
        form: &Form<'a>,
        label: &'a str,
        (min, max, step): (f64, f64, f64),
        start: f64,
    ) -> Self {
        let stored = form.stored(label);
        Self {
            scheme: &form.scheme.name,
            label,
            id: form.id(label, "range"),
            name: form.name(label),
            min,
            max,
            step,
            set: stored.is_some(),
            value: stored.unwrap_or_else(|| start.to_string()),
            ends: None,
            shown: true,
            description: &form.scheme.description,
            validation: form.validation(label),
        }
    }

    /// With words at its ends, and without its value where that is not to be seen.
    pub(super) fn draw(mut self, ends: Option<(&'a str, &'a str)>, shown: bool) -> String {
        (self.ends, self.shown) = (ends, shown);
        written(&self)
    }
}

impl Widget for Slider {
    fn class(&self) -> &'static str {
        "slider"
    }

    fn accept(&self, scheme: &Scheme, label: &str, value: &Value) -> Result<Accepted, Refused> {
        only(scheme, LABEL, label, value)?;
        accept_number(scheme, label, value, Some(self.min), Some(self.max))
    }

    fn body(&self, form: &Form<'_>) -> String {
        let (min, max) = (self.min.to_string(), self.max.to_string());
        let ends = self.ends_shown.then_some((min.as_str(), max.as_str()));
        Line::new(form, LABEL, (self.min, self.max, self.step), self.start).draw(ends, true)
    }
}
