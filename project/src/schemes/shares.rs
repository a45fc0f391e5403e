//! An amount that is shared out among labels: what `constant_sum` and `soft_label` have in common. Stored: `{label: "25", …}`.

use askama::Template;
use serde_json::Value;

use super::form::{Form, written};
use super::labels::{self, Choice};
use super::registry::Widget;
use super::slider::accept_number;
use super::{Accepted, Labels, Refused, Scheme};
use crate::config::{ConfigError, Section};

const TOTAL: f64 = 100.0;
/// Amounts are typed by people: what differs by less is equal.
const TOLERANCE: f64 = 0.01;

/// An amount for each label.
#[derive(Debug, Clone, PartialEq)]
pub struct Shares {
    choices: Vec<Choice>,
    total: f64,
    min: f64,
    /// The type of the inputs.
    input: &'static str,
    /// What each has at first; nothing where people type.
    initial: Option<f64>,
    class: &'static str,
}

/// The keys under which a type names its amounts.
pub(super) struct Names {
    pub(super) class: &'static str,
    pub(super) total: &'static str,
    pub(super) min: &'static str,
}

impl Shares {
    pub(super) fn read(section: &Section<'_>, names: &Names, slides: bool) -> Result<Self, ConfigError> {
        let choices = labels::read(section)?;
        let total = section.number(names.total)?.unwrap_or(TOTAL);
        if total <= 0.0 {
            return Err(section.refuse(names.total, format!("must be more than 0, got {total}")));
        }
        let min = section.number(names.min)?.unwrap_or(0.0);
        let count = u32::try_from(choices.len()).map_or(f64::MAX, f64::from);
        if min < 0.0 || min * count > total {
            let problem =
                format!("must be 0 or more, and for all labels together no more than {total}, got {min}");
            return Err(section.refuse(names.min, problem));
        }
        let initial = slides.then(|| (total / count).round());
        let input = if slides { "range" } else { "number" };
        Ok(Self { choices, total, min, input, initial, class: names.class })
    }
}

#[derive(Template)]
#[template(path = "shares.html")]
struct Page<'a> {
    scheme: &'a str,
    description: &'a str,
    input: &'a str,
    min: f64,
    total: f64,
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    id: String,
    name: String,
    label: &'a str,
    shown: &'a str,
    tooltip: Option<&'a str>,
    rgb: String,
    value: String,
    set: bool,
    validation: &'static str,
}

impl Widget for Shares {
    fn class(&self) -> &'static str {
        self.class
    }

    fn accept(&self, scheme: &Scheme, label: &str, value: &Value) -> Result<Accepted, Refused> {
        if !self.choices.iter().any(|choice| choice.name == label) {
            let names: Vec<&str> = self.choices.iter().map(|choice| choice.name.as_str()).collect();
            return Err(scheme.refused(label, value, &format!("the labels {}", names.join(", "))));
        }
        accept_number(scheme, label, value, Some(self.min), Some(self.total))
    }

    fn body(&self, form: &Form<'_>) -> String {
        let rows = self.choices.iter().enumerate().map(|(position, choice)| {
            let stored = form.stored(&choice.name);
            Row {
                id: form.id(&choice.name, self.input),
                name: form.name(&choice.name),
                label: &choice.name,
                shown: &choice.shown,
                tooltip: choice.tooltip.as_deref(),
                rgb: labels::css_rgb(choice, position),
                set: stored.is_some(),
                value: stored.or_else(|| self.initial.map(|initial| initial.to_string())).unwrap_or_default(),
                validation: form.validation(&choice.name),
            }
        });
        written(&Page {
            scheme: &form.scheme.name,
            description: &form.scheme.description,
            input: self.input,
            min: self.min,
            total: self.total,
            rows: rows.collect(),
        })
    }

    fn choices(&self) -> &[Choice] {
        &self.choices
    }

    fn key_labels(&self) -> Vec<String> {
        Vec::new()
    }

    /// The amounts make the total.
    fn answered(&self, labels: &Labels) -> bool {
        let amounts = labels.values().filter_map(|value| value.as_str()?.parse::<f64>().ok());
        !labels.is_empty() && (amounts.sum::<f64>() - self.total).abs() < TOLERANCE
    }
}
