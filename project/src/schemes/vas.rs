//! `vas`: a line without marks (visual analogue scale). Stored once it was touched: `{scheme name: "63.4"}`.

use serde_json::Value;

use super::form::Form;
use super::registry::Widget;
use super::slider::{self, Line, accept_number, only};
use super::{Accepted, Kind, Refused, Scheme};
use crate::config::{ConfigError, Section};

pub(super) const KEYS: &[&str] =
    &["min_value", "max_value", "precision", "show_value", "left_label", "right_label"];

const MOST_DIGITS: i64 = 6;

/// A line without marks.
#[derive(Debug, Clone, PartialEq)]
pub struct Vas {
    min: f64,
    max: f64,
    step: f64,
    shown: bool,
    left: String,
    right: String,
}

pub(super) fn read(section: &Section<'_>) -> Result<Kind, ConfigError> {
    let (min, max) = slider::ends(section)?;
    let digits = match section.integer("precision")?.unwrap_or(1) {
        digits @ 0..=MOST_DIGITS => i32::try_from(digits).unwrap_or(1),
        digits => {
            return Err(
                section.refuse("precision", format!("must be 0 to {MOST_DIGITS} digits, got {digits}"))
            );
        }
    };
    Ok(Kind::Vas(Vas {
        min,
        max,
        step: 10_f64.powi(-digits),
        shown: section.flag("show_value")?.unwrap_or(false),
        left: section.text("left_label")?.unwrap_or_default(),
        right: section.text("right_label")?.unwrap_or_default(),
    }))
}

impl Widget for Vas {
    fn class(&self) -> &'static str {
        "vas"
    }

    fn accept(&self, scheme: &Scheme, label: &str, value: &Value) -> Result<Accepted, Refused> {
        only(scheme, &scheme.name, label, value)?;
        accept_number(scheme, label, value, Some(self.min), Some(self.max))
    }

    fn body(&self, form: &Form<'_>) -> String {
        let middle = f64::midpoint(self.min, self.max);
        let line = Line::new(form, &form.scheme.name, (self.min, self.max, self.step), middle);
        line.draw(Some((&self.left, &self.right)), self.shown)
    }
}
