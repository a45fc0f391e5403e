//! `conjoint`: which of several profiles, each a combination of levels. Stored: `{scheme: "1"}`, the place of the profile from 1, or
//! `"none"`.
//!
//! Profiles come from the item, or are drawn from the attributes: the same for everybody who sees the item, so that an answer can be
//! read without knowing who gave it; `user_state.json` has them beside the answer (`instance_id_to_presentation_order`).

use askama::Template;
use serde_json::Value;

use super::form::{Form, written};
use super::grid::{self, Point};
use super::registry::Widget;
use super::{Accepted, Kind, Occasion, Refused, Scheme, shuffle};
use crate::config::{ConfigError, Section};

pub(super) const KEYS: &[&str] = &["profiles_per_set", "attributes", "show_none_option", "profiles_field"];

const NONE: &str = "none";
const PROFILES: i64 = 2;
const MAX_PROFILES: i64 = 9;
/// How often a set is drawn again to get one without doubles.
const DRAWS: usize = 100;

/// Profiles to choose from.
#[derive(Debug, Clone, PartialEq)]
pub struct Conjoint {
    per_set: usize,
    attributes: Vec<Attribute>,
    none: bool,
    field: Option<String>,
    /// All that can be stored.
    points: Vec<Point>,
}

#[derive(Debug, Clone, PartialEq)]
struct Attribute {
    name: String,
    levels: Vec<String>,
}

/// Attribute and level, in the order of the config.
type Profile = Vec<(String, String)>;

pub(super) fn read(section: &Section<'_>) -> Result<Kind, ConfigError> {
    let mut attributes = Vec::new();
    for (i, node) in section.list("attributes")?.unwrap_or_default().iter().enumerate() {
        let attribute = section.enter(&format!("attributes[{i}]"), node)?;
        attribute.warn_unknown(&[&["name", "levels", "description"]]);
        let levels = attribute.texts("levels")?;
        if levels.is_empty() {
            return Err(attribute.refuse("levels", "is missing and must name at least one level"));
        }
        attributes.push(Attribute { name: attribute.required_text("name")?, levels });
    }
    let field = section.text("profiles_field")?;
    if attributes.is_empty() && field.is_none() {
        return Err(
            section.refuse("attributes", "is missing; give attributes with levels, or profiles_field")
        );
    }
    let per_set = match section.integer("profiles_per_set")?.unwrap_or(PROFILES) {
        number @ 2..=MAX_PROFILES => usize::try_from(number).unwrap_or(2),
        number => {
            return Err(
                section.refuse("profiles_per_set", format!("must be 2 to {MAX_PROFILES}, got {number}"))
            );
        }
    };
    let none = section.flag("show_none_option")?.unwrap_or(false);
    let most = if field.is_some() { MAX_PROFILES } else { i64::try_from(per_set).unwrap_or(MAX_PROFILES) };
    let mut points: Vec<Point> = (1..=most).map(|place| (place.to_string(), place.to_string())).collect();
    points.extend(none.then(|| (NONE.to_owned(), "None of these".to_owned())));
    Ok(Kind::Conjoint(Conjoint { per_set, attributes, none, field, points }))
}

impl Conjoint {
    /// The profiles of an item.
    fn profiles(&self, scheme: &Scheme, occasion: &Occasion<'_>) -> Vec<Profile> {
        if let Some(field) = &self.field {
            let given = occasion.field(field).and_then(Value::as_array).into_iter().flatten();
            return given.take(self.points.len()).map(of_item).collect();
        }
        let item = occasion.item.map_or("", |item| item.id.as_str());
        let mut profiles: Vec<Profile> = Vec::new();
        for draw in 0..DRAWS {
            if profiles.len() == self.per_set {
                break;
            }
            let level = |attribute: &Attribute| {
                let mut levels = attribute.levels.clone();
                shuffle::shuffle(
                    &mut levels,
                    &format!("profile {draw}"),
                    item,
                    &format!("{} {}", scheme.name, attribute.name),
                );
                (attribute.name.clone(), levels.swap_remove(0))
            };
            let profile: Profile = self.attributes.iter().map(level).collect();
            if !profiles.contains(&profile) {
                profiles.push(profile);
            }
        }
        profiles
    }
}

fn of_item(profile: &Value) -> Profile {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match profile {
        Value::Object(levels) => levels.iter().map(|(name, level)| (name.clone(), text(level))).collect(),
        other => vec![(String::new(), text(other))],
    }
}

#[derive(Template)]
#[template(path = "conjoint.html")]
struct Page<'a> {
    scheme: &'a str,
    description: &'a str,
    name: String,
    validation: &'static str,
    profiles: Vec<Row>,
    none: Option<Row>,
}

struct Row {
    id: String,
    value: String,
    levels: Profile,
    checked: bool,
}

impl Widget for Conjoint {
    fn class(&self) -> &'static str {
        "conjoint"
    }

    fn accept(&self, scheme: &Scheme, label: &str, value: &Value) -> Result<Accepted, Refused> {
        grid::accept(scheme, &[scheme.name.as_str()], &self.points, label, value)
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
        let shown = self.profiles(scheme, occasion).len();
        let chosen = value.as_str().and_then(|text| text.parse::<usize>().ok());
        match chosen {
            Some(place) if place > shown => {
                Err(scheme.refused(label, value, &format!("1 to {shown}, as many as the item has profiles")))
            }
            _ => Ok(()),
        }
    }

    fn body(&self, form: &Form<'_>) -> String {
        let stored = form.stored(&form.scheme.name);
        let row = |value: String, levels| Row {
            id: form.id(&value, "radio"),
            checked: stored.as_ref() == Some(&value),
            value,
            levels,
        };
        let profiles = self.profiles(form.scheme, form.occasion).into_iter().enumerate();
        written(&Page {
            scheme: &form.scheme.name,
            description: &form.scheme.description,
            name: form.name(&form.scheme.name),
            validation: form.validation(&form.scheme.name),
            profiles: profiles.map(|(place, levels)| row((place + 1).to_string(), levels)).collect(),
            none: self.none.then(|| row(NONE.to_owned(), Vec::new())),
        })
    }

    fn is_drawn(&self) -> bool {
        true
    }

    fn presented(&self, scheme: &Scheme, occasion: &Occasion<'_>) -> Option<Vec<String>> {
        let words = |profile: Profile| {
            let levels = profile.into_iter().map(|(name, level)| format!("{name}: {level}"));
            levels.collect::<Vec<_>>().join("; ")
        };
        Some(self.profiles(scheme, occasion).into_iter().map(words).collect())
    }
}
