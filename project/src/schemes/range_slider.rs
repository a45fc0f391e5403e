//! `range_slider`: the two ends of a range. Stored once it was touched: `{range_low: "20", range_high: "70"}`.

use askama::Template;
use serde_json::Value;

use super::form::{Form, written};
use super::registry::Widget;
use super::slider::{self, accept_number};
use super::{Accepted, Kind, Labels, Refused, Scheme, is_given};
use crate::config::{ConfigError, Section};

pub(super) const KEYS: &[&str] =
    &["min_value", "max_value", "step", "left_label", "right_label", "show_values"];

const LOW: &str = "range_low";
const HIGH: &str = "range_high";

/// Two ends of a range.
#[derive(Debug, Clone, PartialEq)]
pub struct RangeSlider {
    min: f64,
    max: f64,
    step: f64,
    values: bool,
    left: String,
    right: String,
}

pub(super) fn read(section: &Section<'_>) -> Result<Kind, ConfigError> {
    let (min, max) = slider::ends(section)?;
    Ok(Kind::RangeSlider(RangeSlider {
        min,
        max,
        step: slider::step(section)?,
        values: section.flag("show_values")?.unwrap_or(true),
        left: section.text("left_label")?.unwrap_or_default(),
        right: section.text("right_label")?.unwrap_or_default(),
    }))
}

#[derive(Template)]
#[template(path = "range_slider.html")]
struct Page<'a> {
    scheme: &'a str,
    ends: Option<(&'a str, &'a str)>,
    min: f64,
    max: f64,
    step: f64,
    values: bool,
    handles: [Handle; 2],
}

struct Handle {
    id: String,
    name: String,
    label: &'static str,
    shown: &'static str,
    value: String,
    set: bool,
    validation: &'static str,
}

impl Widget for RangeSlider {
    fn class(&self) -> &'static str {
        "range_slider"
    }

    fn accept(&self, scheme: &Scheme, label: &str, value: &Value) -> Result<Accepted, Refused> {
        if label != LOW && label != HIGH {
            return Err(scheme.refused(label, value, &format!("the labels {LOW} and {HIGH}")));
        }
        accept_number(scheme, label, value, Some(self.min), Some(self.max))
    }

    fn is_one_answer(&self) -> bool {
        true
    }

    fn check_all(&self, scheme: &Scheme, labels: &Labels) -> Result<(), Refused> {
        let end = |label: &str| labels.get(label)?.as_str()?.parse::<f64>().ok();
        match (end(LOW), end(HIGH)) {
            (Some(low), Some(high)) if low > high => {
                Err(scheme.refused(LOW, &labels[LOW], &format!("up to {HIGH}, which is {high}")))
            }
            _ => Ok(()),
        }
    }

    fn body(&self, form: &Form<'_>) -> String {
        let handle = |label: &'static str, shown: &'static str, start: f64| {
            let stored = form.stored(label);
            Handle {
                id: form.id(label, "range"),
                name: form.name(label),
                label,
                shown,
                set: stored.is_some(),
                value: stored.unwrap_or_else(|| start.to_string()),
                validation: form.validation(label),
            }
        };
        written(&Page {
            scheme: &form.scheme.name,
            ends: (!self.left.is_empty() || !self.right.is_empty()).then_some((&self.left, &self.right)),
            min: self.min,
            max: self.max,
            step: self.step,
            values: self.values,
            handles: [handle(LOW, "From", self.min), handle(HIGH, "To", self.max)],
        })
    }

    fn answered(&self, labels: &Labels) -> bool {
        [LOW, HIGH].iter().all(|label| labels.get(*label).is_some_and(is_given))
    }
}
