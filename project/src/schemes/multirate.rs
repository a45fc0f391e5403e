//! `multirate`: several options, each rated on one scale. Stored: `{option: rating, …}`.

use serde_json::Value;

use super::form::Form;
use super::grid::{self, Point, Rated};
use super::labels::{self, Choice};
use super::registry::Widget;
use super::{Accepted, Kind, Labels, Refused, Scheme, is_given};
use crate::config::{ConfigError, Section};

pub(super) const KEYS: &[&str] = &["options", "options_from_data", "display_config", "arrangement"];

/// Options, and the scale that each is rated on.
#[derive(Debug, Clone, PartialEq)]
pub struct Multirate {
    options: Vec<Choice>,
    scale: Vec<Point>,
}

pub(super) fn read(section: &Section<'_>) -> Result<Kind, ConfigError> {
    if section.has("options_from_data") {
        return Err(section.refuse("options_from_data", "is not built here yet; there is: options"));
    }
    for key in ["display_config", "arrangement"] {
        if section.has(key) {
            section.warn(key, "has no effect here: each option has a row of its own");
        }
    }
    let scale = labels::read(section)?.into_iter().map(|choice| (choice.name, choice.shown)).collect();
    Ok(Kind::Multirate(Multirate { options: labels::read_under(section, "options")?, scale }))
}

impl Multirate {
    fn names(&self) -> Vec<&str> {
        self.options.iter().map(|option| option.name.as_str()).collect()
    }
}

impl Widget for Multirate {
    fn class(&self) -> &'static str {
        "multirate"
    }

    fn accept(&self, scheme: &Scheme, label: &str, value: &Value) -> Result<Accepted, Refused> {
        grid::accept(scheme, &self.names(), &self.scale, label, value)
    }

    fn body(&self, form: &Form<'_>) -> String {
        let name = form.scheme.name.trim();
        let rows = form.presented(&self.options).into_iter().map(|(_, option)| Rated {
            label: &option.name,
            shown: &option.shown,
            more: option.tooltip.as_deref(),
            end: None,
        });
        grid::draw(form, rows, &self.scale, |option, _, rating| format!("{name}_{option}_multirate.{rating}"))
    }

    fn option_order(&self) -> Vec<String> {
        self.names().into_iter().map(str::to_owned).collect()
    }

    /// All options are rated.
    fn answered(&self, labels: &Labels) -> bool {
        self.names().iter().all(|name| labels.get(*name).is_some_and(is_given))
    }
}
