//! `span`: stretches of the text, each with a label. Stored beside the labels, one by one under their ids, as
//! `{schema, name, title, start, end, id}` and the label as the value; offsets count code points of the text that the page
//! shows, tags left out, and the end is not part of it.

use askama::Template;
use serde_json::{Map, Value, json};

use super::form::{Form, written};
use super::labels::{self, Choice};
use super::likert;
use super::registry::Widget;
use super::span_entity::{self, Base};
use super::{Accepted, Kind, Refused, Scheme, is_removal};
use crate::config::{ConfigError, Section};

pub(super) const KEYS: &[&str] = &[
    "labels",
    "bad_text_label",
    "title",
    "allow_discontinuous",
    "entity_linking",
    "show_span_labels",
    "target_field",
    "columns",
    "displaying_score",
    "codebook",
];

const BAD_TEXT: &str = "bad_text";
/// What is stored for a text that cannot be marked.
const BAD_TEXT_VALUE: &str = "0";
const MAX_COLUMNS: i64 = 12;
/// Longest id of a span, in code points.
const MAX_ID_CHARS: usize = 300;
/// Most pieces of a span beside the first.
const MAX_PARTS: usize = 100;
/// What a span may carry beside the fields that every one has.
const MORE_FIELDS: [&str; 2] = ["target_field", "format_coords"];

/// Labels for stretches of the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    choices: Vec<Choice>,
    columns: u8,
    bad_text: Option<String>,
    /// A span may have several pieces.
    pieces: bool,
    /// The field of the display that its spans are in.
    target: Option<String>,
    bases: Vec<Base>,
}

pub(super) fn read(section: &Section<'_>) -> Result<Kind, ConfigError> {
    let columns = match section.integer("columns")? {
        None => 1,
        Some(number @ 1..=MAX_COLUMNS) => u8::try_from(number).unwrap_or(1),
        Some(number) => {
            return Err(section.refuse("columns", format!("must be 1 to {MAX_COLUMNS}, got {number}")));
        }
    };
    Ok(Kind::Span(Span {
        choices: labels::read(section)?,
        columns,
        bad_text: likert::bad_text(section)?,
        pieces: section.flag("allow_discontinuous")?.unwrap_or(false),
        target: section.text("target_field")?,
        bases: span_entity::read(section)?,
    }))
}

/// What a save does to a span.
#[derive(Debug, Clone, PartialEq)]
pub struct SpanChange {
    /// Its id.
    pub id: String,
    /// Its fields and its value; none removes it.
    pub stored: Option<Map<String, Value>>,
}

impl Scheme {
    /// Whether its answers are spans.
    pub fn marks_spans(&self) -> bool {
        matches!(self.kind, Kind::Span(_))
    }

    /// What becomes of a span that was sent: `name`, `start`, `end`, and where there are any `id`, `title`, `value`; a value of null
    /// removes it. `text_chars` answers the length of the text in a field (`target_field`), or of the item's text, where spans may be.
    pub fn accept_span(
        &self,
        sent: &Map<String, Value>,
        text_chars: &dyn Fn(Option<&str>) -> Option<usize>,
    ) -> Result<SpanChange, Refused> {
        let refuse = |what: String| Refused { reason: format!("scheme {}: {what}", self.name) };
        let text = |key: &str| sent.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
        let given = text("id").or_else(|| text("span_id"));
        if given.is_some_and(|id| id.chars().count() > MAX_ID_CHARS) {
            return Err(refuse(format!("a span's id has at most {MAX_ID_CHARS} characters")));
        }
        let removed = sent.get("value").is_some_and(Value::is_null);
        if let (true, Some(id)) = (removed, given) {
            return Ok(SpanChange { id: id.to_owned(), stored: None });
        }
        let Kind::Span(Span { choices, pieces, target: only, bases, .. }) = &self.kind else {
            return Err(refuse("takes no spans".to_owned()));
        };
        let name = text("name").unwrap_or_default();
        let Some(choice) = choices.iter().find(|choice| choice.name == name) else {
            let names: Vec<&str> = choices.iter().map(|choice| choice.name.as_str()).collect();
            return Err(refuse(format!("a span's label must be one of {}, got {name:?}", names.join(", "))));
        };
        let offset = |key: &str| {
            let number = sent.get(key).and_then(Value::as_i64);
            // Potato takes a negative one for the beginning.
            number.map(|number| usize::try_from(number.max(0)).unwrap_or(usize::MAX))
        };
        let (Some(start), Some(end)) = (offset("start"), offset("end")) else {
            return Err(refuse("a span needs start and end, both integers".to_owned()));
        };
        let target = text("target_field");
        let Some(text_chars) = text_chars(target) else {
            let target = target.unwrap_or("none");
            return Err(refuse(format!(
                "target_field must be a field that is shown with span_target, got {target}"
            )));
        };
        if only.as_deref().is_some_and(|only| target.is_some_and(|target| target != only)) {
            return Err(refuse(format!("its spans are in {}", only.as_deref().unwrap_or_default())));
        }
        if start >= end || end > text_chars {
            return Err(refuse(format!(
                "a span lies within 0 to {text_chars} and is not empty, got {start} to {end}"
            )));
        }
        let place = target.map_or_else(String::new, |target| format!("_{target}"));
        let id = given.map_or_else(|| format!("{}_{name}___{start}_{end}{place}", self.name), str::to_owned);
        if removed {
            return Ok(SpanChange { id, stored: None });
        }
        let mut stored = Map::new();
        stored.insert("schema".to_owned(), self.name.as_str().into());
        stored.insert("name".to_owned(), name.into());
        stored.insert("title".to_owned(), text("title").unwrap_or(&choice.shown).into());
        stored.insert("start".to_owned(), start.into());
        stored.insert("end".to_owned(), end.into());
        stored.insert("id".to_owned(), id.as_str().into());
        for key in MORE_FIELDS {
            if let Some(value) = sent.get(key).filter(|value| !value.is_null()) {
                stored.insert(key.to_owned(), value.clone());
            }
        }
        let more = parts(sent, text_chars).map_err(&refuse)?;
        if !more.is_empty() {
            if !pieces {
                return Err(refuse("takes spans of one piece; allow_discontinuous is not set".to_owned()));
            }
            stored.insert("additional_parts".to_owned(), more.into());
        }
        stored.extend(span_entity::accept(bases, sent).map_err(&refuse)?);
        stored.insert("value".to_owned(), text("value").unwrap_or(name).into());
        Ok(SpanChange { id, stored: Some(stored) })
    }
}

/// The further pieces of a span: `{start, end}` each.
fn parts(sent: &Map<String, Value>, text_chars: usize) -> Result<Vec<Value>, String> {
    let list = match sent.get("additional_parts") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(list)) if list.len() <= MAX_PARTS => list,
        Some(_) => return Err(format!("additional_parts is a list of up to {MAX_PARTS} pieces")),
    };
    let part = |part: &Value| {
        let offset = |key: &str| part.get(key).and_then(Value::as_u64);
        match (offset("start"), offset("end")) {
            (Some(start), Some(end)) if start < end && end <= text_chars as u64 => {
                Ok(json!({"start": start, "end": end}))
            }
            _ => Err(format!(
                "a piece has start and end within 0 to {text_chars} and is not empty, got {part}"
            )),
        }
    };
    list.iter().map(part).collect()
}

#[derive(Template)]
#[template(path = "span.html")]
struct Labels<'a> {
    scheme: &'a str,
    description: &'a str,
    columns: u8,
    rows: Vec<Row<'a>>,
    bad_text: Option<BadText<'a>>,
    pieces: bool,
    target: Option<&'a str>,
    /// JSON: the knowledge bases.
    bases: Option<String>,
}

struct Row<'a> {
    id: String,
    value: String,
    label: &'a str,
    shown: &'a str,
    tag: &'a str,
    tooltip: Option<&'a str>,
    rgb: String,
    key: Option<char>,
}

struct BadText<'a> {
    id: String,
    name: String,
    shown: &'a str,
    checked: bool,
}

impl Widget for Span {
    fn class(&self) -> &'static str {
        "span"
    }

    fn accept(&self, scheme: &Scheme, label: &str, value: &Value) -> Result<Accepted, Refused> {
        if self.bad_text.is_none() || label != BAD_TEXT {
            return Err(scheme.refused(label, value, "spans, which are sent as span_annotations"));
        }
        match value {
            _ if is_removal(value) => Ok(Accepted::Remove),
            Value::String(text) if text == BAD_TEXT_VALUE => Ok(Accepted::Store(value.clone())),
            _ => Err(scheme.refused(label, value, "\"0\", or \"\" to remove it")),
        }
    }

    fn body(&self, form: &Form<'_>) -> String {
        let rows = self.choices.iter().enumerate().map(|(position, choice)| Row {
            id: format!("{}_{}", form.scheme.name.trim(), choice.name.trim()),
            value: form.key(&choice.name).map_or_else(|| choice.name.clone(), String::from),
            label: &choice.name,
            shown: &choice.shown,
            tag: choice.abbreviation.as_deref().unwrap_or(&choice.shown),
            tooltip: choice.tooltip.as_deref(),
            rgb: labels::css_rgb(choice, position),
            key: form.key(&choice.name),
        });
        let bad_text = self.bad_text.as_deref().map(|shown| BadText {
            id: form.id(BAD_TEXT, "checkbox"),
            name: form.name(BAD_TEXT),
            shown,
            checked: form.stored(BAD_TEXT).is_some(),
        });
        written(&Labels {
            scheme: &form.scheme.name,
            description: &form.scheme.description,
            columns: self.columns,
            rows: rows.collect(),
            bad_text,
            pieces: self.pieces,
            target: self.target.as_deref(),
            bases: (!self.bases.is_empty()).then(|| span_entity::describe(&self.bases)),
        })
    }

    fn choices(&self) -> &[Choice] {
        &self.choices
    }

    fn keys_if_alone(&self) -> bool {
        true
    }
}
