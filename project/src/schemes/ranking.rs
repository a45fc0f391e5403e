//! `ranking`: labels in an order, the first the best. Stored: `{"rank_order": "b,a,c"}`; with `allow_ties` those that share a place are
//! joined by `=`: `"b=d,a,c"`.

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
/// Between labels that share a place.
const TIE: char = '=';

/// Labels to be put in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    choices: Vec<Choice>,
    ties: bool,
}

pub(super) fn read(section: &Section<'_>) -> Result<Kind, ConfigError> {
    let ties = section.flag("allow_ties")?.unwrap_or(false);
    let choices = labels::read(section)?;
    for (mark, does) in [(',', "parts"), (TIE, "ties")] {
        let held = choices.iter().find(|choice| choice.name.contains(mark) && (ties || mark != TIE));
        if let Some(choice) = held {
            let problem =
                format!("{:?} holds {mark:?}, which {does} the labels of a stored order", choice.name);
            return Err(section.refuse("labels", problem));
        }
    }
    Ok(Kind::Ranking(Ranking { choices, ties }))
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
    ties: bool,
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    name: &'a str,
    shown: &'a str,
    tooltip: Option<&'a str>,
    rgb: String,
    /// Whether it shares the place of the one above.
    tied: bool,
}

impl Ranking {
    /// Whether it names each label once.
    fn is_order(&self, text: &str) -> bool {
        let ranked = self.ranked(text);
        ranked.len() == self.choices.len()
            && self.choices.iter().all(|choice| ranked.iter().any(|(name, _)| *name == choice.name))
    }

    /// The labels of an order, each with whether it shares the place of the one before.
    fn ranked<'t>(&self, text: &'t str) -> Vec<(&'t str, bool)> {
        let shared = |place: &'t str| {
            if self.ties { place.split(TIE).collect::<Vec<_>>() } else { vec![place] }
        };
        let place = |place| shared(place).into_iter().enumerate().map(|(n, name)| (name, n > 0));
        text.split(',').flat_map(place).collect()
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
                let between = if self.ties { "commas between, or = in a tie" } else { "commas between" };
                let allowed = format!("each of {} once, with {between}", names.join(", "));
                Err(scheme.refused(label, value, &allowed))
            }
        }
    }

    fn body(&self, form: &Form<'_>) -> String {
        let value = form.stored(LABEL).filter(|value| self.is_order(value)).unwrap_or_default();
        let ranked = self.ranked(&value);
        let mut rows: Vec<Row<'_>> = self
            .choices
            .iter()
            .enumerate()
            .map(|(position, choice)| Row {
                name: &choice.name,
                shown: &choice.shown,
                tooltip: choice.tooltip.as_deref(),
                rgb: labels::css_rgb(choice, position),
                tied: ranked.contains(&(choice.name.as_str(), true)),
            })
            .collect();
        rows.sort_by_key(|row| ranked.iter().position(|(name, _)| *name == row.name));
        written(&Page {
            scheme: &form.scheme.name,
            description: &form.scheme.description,
            id: form.id(LABEL, "hidden"),
            name: form.name(LABEL),
            value: value.clone(),
            validation: form.validation(LABEL),
            ties: self.ties,
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
