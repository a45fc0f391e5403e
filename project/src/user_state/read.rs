//! From bytes to a user state.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::{ANNOTATION_PHASE, Label, Span, UserState, UserStateError};

/// Longest part of a bad value that an error shows, in characters.
const SHOWN_CHARS: usize = 60;

pub(super) fn parse(bytes: &[u8]) -> Result<UserState, UserStateError> {
    let mut rest: Map<String, Value> = serde_json::from_slice(bytes)?;
    let Some(user_id) = rest.shift_remove("user_id") else {
        return Err(UserStateError::UserIdMissing);
    };
    let mut state = UserState::new(string("user_id", user_id)?);
    if let Some(value) = rest.shift_remove("instance_id_ordering") {
        state.ordering = strings("instance_id_ordering", value)?;
    }
    if let Some(value) = rest.shift_remove("current_instance_index") {
        state.cursor = integer("current_instance_index", &value)?;
    }
    if let Some(value) = rest.shift_remove("current_phase_and_page") {
        (state.phase, state.page) = phase_and_page(&value)?;
    }
    if let Some(value) = rest.shift_remove("max_assignments") {
        state.max_assignments = integer("max_assignments", &value)?;
    }
    if let Some(value) = rest.shift_remove("instance_id_to_label_to_value") {
        state.labels = each("instance_id_to_label_to_value", value, labels)?;
    }
    if let Some(value) = rest.shift_remove("instance_id_to_span_to_value") {
        state.spans = each("instance_id_to_span_to_value", value, spans)?;
    }
    if let Some(value) = rest.shift_remove("phase_to_page_to_label_to_value") {
        state.phase_labels =
            each("phase_to_page_to_label_to_value", value, |key, pages| each(key, pages, labels))?;
    }
    if let Some(value) = rest.shift_remove("instance_id_to_presentation_order") {
        state.presentation_order =
            each("instance_id_to_presentation_order", value, |key, order| each(key, order, strings))?;
    }
    if let Some(value) = rest.shift_remove("instance_id_to_link_to_value") {
        state.links = each("instance_id_to_link_to_value", value, object)?;
    }
    if let Some(value) = rest.shift_remove("instance_id_to_event_to_value") {
        state.events = each("instance_id_to_event_to_value", value, object)?;
    }
    state.rest = rest;
    Ok(state)
}

fn shape(key: &str, expected: &'static str, got: &Value) -> UserStateError {
    let mut got = got.to_string();
    if let Some((cut, _)) = got.char_indices().nth(SHOWN_CHARS) {
        got.truncate(cut);
        got.push('…');
    }
    UserStateError::Shape { key: key.to_owned(), expected, got }
}

fn string(key: &str, value: Value) -> Result<String, UserStateError> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(shape(key, "a string", &other)),
    }
}

fn integer(key: &str, value: &Value) -> Result<i64, UserStateError> {
    value.as_i64().ok_or_else(|| shape(key, "an integer", value))
}

fn list(key: &str, value: Value) -> Result<Vec<Value>, UserStateError> {
    match value {
        Value::Array(list) => Ok(list),
        other => Err(shape(key, "a list", &other)),
    }
}

fn object(key: &str, value: Value) -> Result<Map<String, Value>, UserStateError> {
    match value {
        Value::Object(map) => Ok(map),
        other => Err(shape(key, "an object", &other)),
    }
}

fn strings(key: &str, value: Value) -> Result<Vec<String>, UserStateError> {
    list(key, value)?
        .into_iter()
        .enumerate()
        .map(|(i, entry)| string(&format!("{key}[{i}]"), entry))
        .collect()
}

fn each<T>(
    key: &str,
    value: Value,
    read: impl Fn(&str, Value) -> Result<T, UserStateError>,
) -> Result<IndexMap<String, T>, UserStateError> {
    object(key, value)?
        .into_iter()
        .map(|(name, value)| {
            let value = read(&format!("{key}.{name}"), value)?;
            Ok((name, value))
        })
        .collect()
}

fn phase_and_page(value: &Value) -> Result<(String, Option<String>), UserStateError> {
    const KEY: &str = "current_phase_and_page";
    const EXPECTED: &str = "a phase and a page (or null)";
    match value.as_array().map(Vec::as_slice) {
        Some([Value::String(phase), Value::String(page)]) => Ok((phase.clone(), Some(page.clone()))),
        Some([Value::String(phase), Value::Null]) => Ok((phase.clone(), None)),
        _ if value.is_null() => Ok((ANNOTATION_PHASE.to_owned(), None)),
        _ => Err(shape(KEY, EXPECTED, value)),
    }
}

type Pair = (Map<String, Value>, Value);

/// A list of `[fields, value]` pairs.
fn pairs(key: &str, value: Value) -> Result<Vec<Pair>, UserStateError> {
    list(key, value)?
        .into_iter()
        .enumerate()
        .map(|(i, entry)| {
            let refused =
                |entry: &Value| shape(&format!("{key}[{i}]"), "a pair of an object and a value", entry);
            match entry {
                Value::Array(pair) => match <[Value; 2]>::try_from(pair) {
                    Ok([Value::Object(fields), value]) => Ok((fields, value)),
                    Ok(other) => Err(refused(&Value::from(other.to_vec()))),
                    Err(other) => Err(refused(&Value::Array(other))),
                },
                other => Err(refused(&other)),
            }
        })
        .collect()
}

fn labels(key: &str, value: Value) -> Result<Vec<Label>, UserStateError> {
    pairs(key, value)?
        .into_iter()
        .enumerate()
        .map(|(i, (mut extra, value))| {
            let mut take = |field: &str| match extra.shift_remove(field) {
                Some(value) => string(&format!("{key}[{i}].{field}"), value),
                None => Err(shape(&format!("{key}[{i}].{field}"), "a string", &Value::Null)),
            };
            let (scheme, name) = (take("schema")?, take("name")?);
            Ok(Label { scheme, name, value, extra })
        })
        .collect()
}

fn spans(key: &str, value: Value) -> Result<Vec<Span>, UserStateError> {
    Ok(pairs(key, value)?.into_iter().map(|(fields, value)| Span { fields, value }).collect())
}
