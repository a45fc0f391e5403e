//! `ranking`: labels in an order, the first the best. Stored: `{"rank_order": "b,a,c"}`.

use askama::Template;
use serde_json::Value;

use super::form::{Form, written};
use super::labels::{self, Choice};
use super::registry::Widget;
use super::slider::only;
use super::{Accepted, Kind, Refused, Scheme, is_removal};
use crate::config::{ConfigError, Section};

pub(super) const KEYS: &[&str] = &["allow_ties"];

const LABEL: &str = "rank_order";

/// Labels to be put in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    choices: Vec<Choice>,
}

pub(super) fn read(section: &Section<'_>) -> Result<Kind, ConfigError> {
    if section.flag("allow_ties")?.unwrap_or(false) {
        return Err(section.refuse("allow_ties", "is not built here yet; there is: an order without ties"));
    }
    let choices = labels::read(section)?;
    if let Some(choice) = choices.iter().find(|choice| choice.name.contains(',')) {
        let problem = format!("{:?} holds a comma, which parts the labels of a stored order", choice.name);
        return Err(section.refuse("labels", problem));
    }
    Ok(Kind::Ranking(Ranking { choices }))
}

#[derive(Template)]
#[template(path = "ranking.html")]
struct Page<'a> {
    scheme: &'a str,
    description: &'a str,
    id: String,
    name: String,
    value: String,
    validation: &'static str,
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    name: &'a str,
    shown: &'a str,
    tooltip: Option<&'a str>,
    rgb: String,
}

impl Ranking {
    /// Whether it names each label once.
    fn is_order(&self, text: &str) -> bool {
        let ranked: Vec<&str> = text.split(',').collect();
        ranked.len() == self.choices.len()
            && self.choices.iter().all(|choice| ranked.contains(&choice.name.as_str()))
    }
}

impl Widget for Ranking {
    fn class(&self) -> &'static str {
        "ranking"
    }

    fn accept(&self, scheme: &Scheme, label: &str, value: &Value) -> Result<Accepted, Refused> {
        only(scheme, LABEL, label, value)?;
        match value {
            _ if is_removal(value) => Ok(Accepted::Remove),
            Value::String(text) if self.is_order(text) => Ok(Accepted::Store(value.clone())),
            _ => {
                let names: Vec<&str> = self.choices.iter().map(|choice| choice.name.as_str()).collect();
                Err(scheme.refused(
                    label,
                    value,
                    &format!("each of {} once, with commas between", names.join(", ")),
                ))
            }
        }
    }

    fn body(&self, form: &Form<'_>) -> String {
        let value = form.stored(LABEL).filter(|value| self.is_order(value)).unwrap_or_default();
        let mut rows: Vec<Row<'_>> = self
            .choices
            .iter()
            .enumerate()
            .map(|(position, choice)| Row {
                name: &choice.name,
                shown: &choice.shown,
                tooltip: choice.tooltip.as_deref(),
                rgb: labels::css_rgb(choice, position),
            })
            .collect();
        rows.sort_by_key(|row| value.split(',').position(|name| name == row.name));
        written(&Page {
            scheme: &form.scheme.name,
            description: &form.scheme.description,
            id: form.id(LABEL, "hidden"),
            name: form.name(LABEL),
            value,
            validation: form.validation(LABEL),
            rows,
        })
    }

    fn choices(&self) -> &[Choice] {
        &self.choices
    }

    fn key_labels(&self) -> Vec<String> {
        Vec::new()
    }
}
