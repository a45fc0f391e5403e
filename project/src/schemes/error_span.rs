//! `error_span`: errors in a text, each with type and severity. Stored: `{scheme: JSON text}` of `{"errors": [{"start", "end", "text",
//! "type", "subtype", "severity"}], "score": n}`; offsets count code points, the end is not part of it. The score is `max_score` less the
//! weights of the errors' severities, and not below 0; it is counted here, whatever was sent.

use askama::Template;
use serde_json::{Map, Value, json};

use super::extractive_qa::slice;
use super::form::{Form, written};
use super::hidden::{self, accept_object};
use super::registry::Widget;
use super::{Accepted, Kind, Labels, Occasion, Refused, Scheme};
use crate::config::{ConfigError, Section};

pub(super) const KEYS: &[&str] = &["error_types", "severities", "show_score", "max_score", "source_field"];

const TEXT: &str = "text";
const SEVERITIES: [(&str, f64); 3] = [("Minor", -1.0), ("Major", -5.0), ("Critical", -10.0)];
const MAX_SCORE: f64 = 100.0;
const MAX_ERRORS: usize = 1000;

/// Types and severities of errors.
#[derive(Debug, Clone, PartialEq)]
pub struct ErrorSpan {
    types: Vec<ErrorType>,
    severities: Vec<(String, f64)>,
    scored: bool,
    max_score: f64,
    field: String,
}

#[derive(Debug, Clone, PartialEq)]
struct ErrorType {
    name: String,
    subtypes: Vec<String>,
}

pub(super) fn read(section: &Section<'_>) -> Result<Kind, ConfigError> {
    let mut types: Vec<ErrorType> = Vec::new();
    for (i, node) in section.list("error_types")?.unwrap_or_default().iter().enumerate() {
        let key = format!("error_types[{i}]");
        let new = if let Some(name) = node.scalar_text() {
            ErrorType { name, subtypes: Vec::new() }
        } else {
            let section = section.enter(&key, node)?;
            section.warn_unknown(&[&["name", "subtypes", "description"]]);
            ErrorType { name: section.required_text("name")?, subtypes: section.texts("subtypes")? }
        };
        if types.iter().any(|other| other.name == new.name) {
            return Err(section.refuse("error_types", format!("{:?} is given twice", new.name)));
        }
        types.push(new);
    }
    if types.is_empty() {
        return Err(section.refuse("error_types", "is missing and must be a list of at least one type"));
    }
    let mut severities = Vec::new();
    for (i, node) in section.list("severities")?.unwrap_or_default().iter().enumerate() {
        let severity = section.enter(&format!("severities[{i}]"), node)?;
        severity.warn_unknown(&[&["name", "weight", "color"]]);
        severities.push((severity.required_text("name")?, severity.number("weight")?.unwrap_or(-1.0)));
    }
    if severities.is_empty() {
        severities = SEVERITIES.iter().map(|(name, weight)| ((*name).to_owned(), *weight)).collect();
    }
    Ok(Kind::ErrorSpan(ErrorSpan {
        types,
        severities,
        scored: section.flag("show_score")?.unwrap_or(true),
        max_score: section.number("max_score")?.unwrap_or(MAX_SCORE),
        field: section.text("source_field")?.unwrap_or_else(|| TEXT.to_owned()),
    }))
}

fn errors(answer: &Map<String, Value>) -> impl Iterator<Item = &Map<String, Value>> {
    answer.get("errors").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

impl ErrorSpan {
    fn check(&self, error: &Map<String, Value>) -> Result<(), String> {
        if hidden::count(error, "start")? >= hidden::count(error, "end")? {
            return Err("errors that are not empty".to_owned());
        }
        hidden::text(error, "text")?;
        let name = hidden::text(error, "type")?;
        let Some(found) = self.types.iter().find(|known| known.name == name) else {
            let names: Vec<&str> = self.types.iter().map(|known| known.name.as_str()).collect();
            return Err(format!("the types {}", names.join(", ")));
        };
        match error.get("subtype") {
            None | Some(Value::Null) => {}
            Some(Value::String(text)) if text.is_empty() || found.subtypes.contains(text) => {}
            Some(_) => return Err(format!("the subtypes of {name}: {}", found.subtypes.join(", "))),
        }
        let severity = hidden::text(error, "severity")?;
        if self.severities.iter().any(|(known, _)| known == severity) {
            return Ok(());
        }
        let names: Vec<&str> = self.severities.iter().map(|(name, _)| name.as_str()).collect();
        Err(format!("the severities {}", names.join(", ")))
    }

    fn score(&self, answer: &Map<String, Value>) -> Value {
        let weight = |error: &Map<String, Value>| {
            let severity = error.get("severity").and_then(Value::as_str);
            self.severities
                .iter()
                .find(|(name, _)| Some(name.as_str()) == severity)
                .map_or(0.0, |(_, w)| w.abs())
        };
        let score = (self.max_score - errors(answer).map(weight).sum::<f64>()).max(0.0);
        #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
        if score.fract() == 0.0 && score < 1e15 { json!(score as i64) } else { json!(score) }
    }
}

#[derive(Template)]
#[template(path = "error_span.html")]
struct Page<'a> {
    scheme: &'a str,
    id: String,
    text: String,
    hidden: String,
    errors: &'a ErrorSpan,
}

impl Widget for ErrorSpan {
    fn class(&self) -> &'static str {
        "error-span"
    }

    fn accept(&self, scheme: &Scheme, label: &str, value: &Value) -> Result<Accepted, Refused> {
        let counted = hidden::object(value).map(|mut answer| {
            answer.insert("score".to_owned(), self.score(&answer));
            Value::Object(answer)
        });
        accept_object(scheme, label, counted.as_ref().unwrap_or(value), |answer| {
            let list = answer.get("errors").and_then(Value::as_array);
            let list = list.ok_or_else(|| "errors as a list".to_owned())?;
            if list.len() > MAX_ERRORS {
                return Err(format!("at most {MAX_ERRORS} errors"));
            }
            list.iter().try_for_each(|error| {
                self.check(error.as_object().ok_or_else(|| "each error as an object".to_owned())?)
            })
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
        let text = occasion.text(&self.field);
        for error in errors(&hidden::object(value).unwrap_or_default()) {
            let offset = |key: &str| error.get(key).and_then(Value::as_u64).unwrap_or(0);
            let found = slice(&text, offset("start"), offset("end"));
            if found.is_none() || found.as_deref() != error.get("text").and_then(Value::as_str) {
                let allowed = format!("offsets in the item's {} and the words between them", self.field);
                return Err(scheme.refused(label, value, &allowed));
            }
        }
        Ok(())
    }

    fn body(&self, form: &Form<'_>) -> String {
        written(&Page {
            scheme: form.scheme.name.trim(),
            id: form.id("new", "error"),
            text: form.occasion.text(&self.field),
            hidden: hidden::field(form, &form.scheme.name),
            errors: self,
        })
    }

    /// That there are no errors is an answer, too.
    fn answered(&self, labels: &Labels) -> bool {
        labels.values().any(|value| hidden::object(value).is_some())
    }

    fn shows_item(&self, text_key: &str) -> bool {
        self.field == text_key
    }
}
