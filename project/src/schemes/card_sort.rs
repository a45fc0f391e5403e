//! `card_sort`: the item's cards, each put into a group. Stored: `{scheme: "{\"group\": [\"card\", …], …}"}`, JSON text with every
//! group that there is.

use askama::Template;
use serde_json::{Map, Value};

use super::form::{Form, written};
use super::hidden::{self, accept_object};
use super::registry::Widget;
use super::{Accepted, Kind, Labels, Occasion, Refused, Scheme};
use crate::config::{ConfigError, Section};

pub(super) const KEYS: &[&str] = &["mode", "groups", "items_field", "allow_empty_groups", "allow_multiple"];

const ITEMS_FIELD: &str = "items";
/// Whether annotators make groups of their own.
const MODES: &[(&str, bool)] = &[("closed", false), ("open", true)];
/// Most groups, and longest name of one that an annotator makes, in code points.
const MAX_GROUPS: usize = 100;
const MAX_NAME_CHARS: usize = 200;

/// Cards and groups.
#[derive(Debug, Clone, PartialEq)]
pub struct CardSort {
    open: bool,
    groups: Vec<String>,
    field: String,
    /// No group may stay empty.
    filled: bool,
    /// A card may lie in several groups.
    several: bool,
}

pub(super) fn read(section: &Section<'_>) -> Result<Kind, ConfigError> {
    let open = section.word("mode", MODES)?.unwrap_or(false);
    let groups = section.texts("groups")?;
    if groups.is_empty() && !open {
        return Err(section.refuse("groups", "is missing and must be a list of names, or set mode: open"));
    }
    if let Some(twice) = groups.iter().enumerate().find(|(at, group)| groups[..*at].contains(group)) {
        return Err(section.refuse("groups", format!("{:?} is given twice", twice.1)));
    }
    Ok(Kind::CardSort(CardSort {
        open,
        groups,
        field: section.text("items_field")?.unwrap_or_else(|| ITEMS_FIELD.to_owned()),
        filled: !section.flag("allow_empty_groups")?.unwrap_or(true),
        several: section.flag("allow_multiple")?.unwrap_or(false),
    }))
}

/// The cards of an item: a list, or text with one a line.
fn cards(occasion: &Occasion<'_>, field: &str) -> Vec<String> {
    let card = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Object(card) => {
            let words = ["text", "name", "label"].iter().find_map(|key| card.get(*key)?.as_str());
            words.map_or_else(|| value.to_string(), str::to_owned)
        }
        other => other.to_string(),
    };
    let mut cards: Vec<String> = match occasion.field(field) {
        Some(Value::Array(list)) => list.iter().map(card).collect(),
        Some(Value::String(text)) => {
            text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    };
    let mut seen = std::collections::HashSet::new();
    cards.retain(|card| seen.insert(card.clone()));
    cards
}

/// The cards of a group.
fn lying_in<'a>(sorted: &'a Map<String, Value>, group: &str) -> impl Iterator<Item = &'a str> {
    sorted.get(group).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

#[derive(Template)]
#[template(path = "card_sort.html")]
struct Page<'a> {
    description: &'a str,
    hidden: String,
    field: &'a str,
    open: bool,
    several: bool,
    cards: Vec<Card>,
    groups: Vec<String>,
}

struct Card {
    id: String,
    text: String,
    /// The groups, and whether it lies there.
    places: Vec<bool>,
}

impl Widget for CardSort {
    fn class(&self) -> &'static str {
        "card-sort"
    }

    fn accept(&self, scheme: &Scheme, label: &str, value: &Value) -> Result<Accepted, Refused> {
        accept_object(scheme, label, value, |sorted| {
            if sorted.len() > MAX_GROUPS {
                return Err(format!("at most {MAX_GROUPS} groups"));
            }
            for (group, cards) in sorted {
                if !self.groups.contains(group) {
                    if !self.open {
                        return Err(format!("the groups {}", self.groups.join(", ")));
                    }
                    if group.trim().is_empty() || group.chars().count() > MAX_NAME_CHARS {
                        return Err(format!("names of groups with 1 to {MAX_NAME_CHARS} characters"));
                    }
                }
                if !cards.as_array().is_some_and(|cards| cards.iter().all(Value::is_string)) {
                    return Err("a list of cards, as text, for each group".to_owned());
                }
            }
            Ok(())
        })
    }

    fn depends_on_item(&self) -> bool {
        true
    }

    fn fits(
        &self,
        scheme: &Scheme,
        label: &str,
        value: &Value,
        occasion: &Occasion<'_>,
    ) -> Result<(), Refused> {
        let sorted = hidden::object(value).unwrap_or_default();
        let cards = cards(occasion, &self.field);
        let mut seen = std::collections::HashSet::new();
        for group in sorted.keys() {
            let mut here = std::collections::HashSet::new();
            for card in lying_in(&sorted, group) {
                if !cards.iter().any(|known| known == card) {
                    return Err(scheme.refused(
                        label,
                        value,
                        &format!("cards of the item; {card:?} is none"),
                    ));
                }
                if !here.insert(card) || (!seen.insert(card) && !self.several) {
                    return Err(scheme.refused(label, value, &format!("{card:?} once")));
                }
            }
        }
        Ok(())
    }

    fn body(&self, form: &Form<'_>) -> String {
        let sorted = hidden::stored_object(form, &form.scheme.name).unwrap_or_default();
        let mut groups = self.groups.clone();
        groups.extend(sorted.keys().filter(|group| !self.groups.contains(group)).cloned());
        let cards = cards(form.occasion, &self.field).into_iter().enumerate().map(|(place, text)| Card {
            id: form.id(&(place + 1).to_string(), "card"),
            places: groups.iter().map(|group| lying_in(&sorted, group).any(|card| card == text)).collect(),
            text,
        });
        written(&Page {
            description: &form.scheme.description,
            hidden: hidden::field(form, &form.scheme.name),
            field: &self.field,
            open: self.open,
            several: self.several,
            cards: cards.collect(),
            groups,
        })
    }

    fn answered(&self, labels: &Labels) -> bool {
        labels.values().filter_map(hidden::object).any(|sorted| {
            let filled = |group: &String| lying_in(&sorted, group).next().is_some();
            if self.filled { self.groups.iter().all(filled) } else { sorted.keys().any(filled) }
        })
    }
}
