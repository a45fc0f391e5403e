//! The bodies of a save: the page's format, the older one by scheme, and that of `/submit_annotation`.

use project::schemes::{Scheme, split_key};
use serde_json::{Map, Value};
use store::{AnswerChange, Stamp};

use super::answers::{Collected, Scope};
use super::spans::{self, Sent};
use super::{BodyError, kind};

/// Characters of an idempotency key.
const KEY_CHARS: usize = 200;

/// A save as it was asked for.
#[derive(Debug, PartialEq)]
pub(crate) struct Asked {
    pub(crate) item: String,
    pub(crate) change: AnswerChange,
    /// To be held against the item's text before they are part of the change.
    pub(crate) spans: Vec<Sent>,
    /// To be held against the item's spans.
    pub(crate) links: Vec<Sent>,
    /// As the links.
    pub(crate) events: Vec<Sent>,
    pub(crate) key: Option<String>,
    pub(crate) seen: Option<Stamp>,
}

/// Reads `/updateinstance` for the item or page whose id and schemes these are.
pub(crate) fn read(schemes: &[Scheme], item: String, body: &Map<String, Value>) -> Result<Asked, BodyError> {
    let page =
        ["annotations", "span_annotations", "link_annotations", "event_annotations", "cleared_schemas"];
    let mut change = AnswerChange::default();
    let mut spans = spans::read(list(body, "span_annotations")?, "span_annotations", None)?;
    if page.iter().any(|key| body.contains_key(*key)) {
        page_format(schemes, body, &mut change)?;
    } else if body.contains_key("state") || body.contains_key("schema") {
        spans.extend(scheme_format(schemes, body, &mut change)?);
    } else {
        return Err(BodyError::UnknownFormat);
    }
    let links = spans::read(list(body, "link_annotations")?, "link_annotations", None)?;
    let events = spans::read(list(body, "event_annotations")?, "event_annotations", None)?;
    asked(body, item, change, spans).map(|asked| Asked { links, events, ..asked })
}

/// Reads `/submit_annotation`: labels by scheme; a text instead of labels is the scheme's `text_box`.
pub(crate) fn read_submit(
    schemes: &[Scheme],
    item: String,
    body: &Map<String, Value>,
) -> Result<Asked, BodyError> {
    let mut collected = Collected::new(schemes);
    for (scheme, value) in map(body, "annotations")?.into_iter().flatten() {
        match value {
            Value::Object(labels) => {
                for (label, value) in labels {
                    collected.add(scheme, label, value)?;
                }
            }
            value => collected.add(scheme, "text_box", value)?,
        }
    }
    let mut change = AnswerChange::default();
    collected.write(Scope::Form, &[], &mut change)?;
    asked(body, item, change, Vec::new())
}

fn asked(
    body: &Map<String, Value>,
    item: String,
    change: AnswerChange,
    spans: Vec<Sent>,
) -> Result<Asked, BodyError> {
    Ok(Asked {
        item,
        change,
        spans,
        links: Vec::new(),
        events: Vec::new(),
        key: key(body)?,
        seen: seen(body)?,
    })
}

/// The id that the save names.
pub(crate) fn item(body: &Map<String, Value>) -> Result<String, BodyError> {
    match body.get("instance_id") {
        Some(Value::String(item)) if !item.trim().is_empty() => Ok(item.clone()),
        Some(Value::Number(number)) => Ok(number.to_string()),
        _ => Err(BodyError::NoItem),
    }
}

fn page_format(
    schemes: &[Scheme],
    body: &Map<String, Value>,
    change: &mut AnswerChange,
) -> Result<(), BodyError> {
    let mut collected = Collected::new(schemes);
    let annotations = map(body, "annotations")?;
    let mut nameless = Vec::new();
    let mut named = false;
    for (key, value) in annotations.into_iter().flatten() {
        match split_key(schemes, key) {
            Some((scheme, label)) => {
                named = true;
                collected.add(scheme, label, value)?;
            }
            None => nameless.push(format!("'{key}'")),
        }
    }
    if !named && !nameless.is_empty() {
        return Err(BodyError::NoLabel(nameless.join(", ")));
    }
    let mut cleared = Vec::new();
    for name in list(body, "cleared_schemas")? {
        let Value::String(name) = name else {
            return Err(BodyError::Shape {
                key: "cleared_schemas",
                expected: "a list of names",
                got: kind(name),
            });
        };
        cleared.push(collected.scheme(name)?);
    }
    collected.write(Scope::Form, &cleared, change)
}

fn scheme_format(
    schemes: &[Scheme],
    body: &Map<String, Value>,
    change: &mut AnswerChange,
) -> Result<Vec<Sent>, BodyError> {
    let text = |key: &'static str| match body.get(key) {
        Some(Value::String(text)) => Ok(text.as_str()),
        other => Err(BodyError::Shape { key, expected: "a string", got: other.map_or("nothing", kind) }),
    };
    let mut collected = Collected::new(schemes);
    let scheme = collected.scheme(text("schema")?)?;
    match text("type")? {
        "label" => {}
        "span" => return spans::read(list(body, "state")?, "state", Some(&scheme.name)),
        other => return Err(BodyError::Refused(format!("'type' must be 'label' or 'span', got '{other}'"))),
    }
    for entry in list(body, "state")? {
        let shape =
            || BodyError::Shape { key: "state", expected: "a list of {name, value}", got: kind(entry) };
        let name = entry.get("name").and_then(Value::as_str).ok_or_else(shape)?;
        collected.add(&scheme.name, name, entry.get("value").unwrap_or(&Value::Null))?;
    }
    collected.write(Scope::Labels, &[], change)?;
    Ok(Vec::new())
}

/// A field that is an object, absent or null.
fn map<'a>(
    body: &'a Map<String, Value>,
    key: &'static str,
) -> Result<Option<&'a Map<String, Value>>, BodyError> {
    match body.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(map)) => Ok(Some(map)),
        Some(other) => Err(BodyError::Shape { key, expected: "an object", got: kind(other) }),
    }
}

/// A field that is a list, absent or null.
fn list<'a>(body: &'a Map<String, Value>, key: &'static str) -> Result<&'a [Value], BodyError> {
    match body.get(key) {
        None | Some(Value::Null) => Ok(&[]),
        Some(Value::Array(list)) => Ok(list),
        Some(other) => Err(BodyError::Shape { key, expected: "a list", got: kind(other) }),
    }
}

fn key(body: &Map<String, Value>) -> Result<Option<String>, BodyError> {
    match body.get("idempotency_key") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(key)) if (1..=KEY_CHARS).contains(&key.chars().count()) => Ok(Some(key.clone())),
        Some(other) => {
            let expected = "a string of 1 to 200 characters";
            Err(BodyError::Shape { key: "idempotency_key", expected, got: kind(other) })
        }
    }
}

/// The version that the client saw, as the text that it was given.
fn seen(body: &Map<String, Value>) -> Result<Option<Stamp>, BodyError> {
    let number = match body.get("version") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text.parse().ok(),
        Some(Value::Number(number)) => number.as_u64(),
        Some(_) => None,
    };
    let got = body.get("version").map_or("nothing", kind);
    let shape = BodyError::Shape { key: "version", expected: "a version as it was answered", got };
    number.map(|number| Some(Stamp(number))).ok_or(shape)
}
