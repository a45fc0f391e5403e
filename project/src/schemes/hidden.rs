//! Answers that a script puts together, in one hidden field: a word, a list, or JSON text.

use askama::Template;
use serde_json::{Map, Value};

use super::form::{Form, written};
use super::{Accepted, MAX_TEXT_CHARS, Refused, Scheme, is_removal};

#[derive(Template)]
#[template(path = "hidden.html")]
struct Hidden<'a> {
    scheme: &'a str,
    label: &'a str,
    id: String,
    name: String,
    value: String,
    validation: &'static str,
}

/// The field of a label, with what is stored.
pub(super) fn field(form: &Form<'_>, label: &str) -> String {
    written(&Hidden {
        scheme: &form.scheme.name,
        label,
        id: form.id(label, "hidden"),
        name: form.name(label),
        value: form.stored(label).unwrap_or_default(),
        validation: form.validation(label),
    })
}

/// What a label that holds JSON text has stored; none if it is no object.
pub(super) fn stored_object(form: &Form<'_>, label: &str) -> Option<Map<String, Value>> {
    object(&Value::String(form.stored(label)?))
}

/// The object in an answer: JSON text, or the object itself.
pub(super) fn object(value: &Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(object) => Some(object.clone()),
        Value::String(text) => serde_json::from_str(text).ok(),
        _ => None,
    }
}

/// Accepts the only label of a scheme that is stored as JSON text, if `check` finds nothing wrong with the object.
pub(super) fn accept_object(
    scheme: &Scheme,
    label: &str,
    value: &Value,
    check: impl FnOnce(&Map<String, Value>) -> Result<(), String>,
) -> Result<Accepted, Refused> {
    super::slider::only(scheme, &scheme.name, label, value)?;
    if is_removal(value) {
        return Ok(Accepted::Remove);
    }
    let Some(object) = object(value) else {
        return Err(scheme.refused(label, value, "an object as JSON text"));
    };
    check(&object).map_err(|allowed| scheme.refused(label, value, &allowed))?;
    let text = Value::Object(object).to_string();
    if text.chars().count() > MAX_TEXT_CHARS {
        return Err(scheme.refused(label, value, &format!("up to {MAX_TEXT_CHARS} characters of JSON")));
    }
    Ok(Accepted::Store(Value::String(text)))
}

/// A whole number that is not negative.
pub(super) fn count(object: &Map<String, Value>, key: &str) -> Result<u64, String> {
    object.get(key).and_then(Value::as_u64).ok_or_else(|| format!("{key} as a whole number from 0"))
}

/// A text.
pub(super) fn text<'a>(object: &'a Map<String, Value>, key: &str) -> Result<&'a str, String> {
    object.get(key).and_then(Value::as_str).ok_or_else(|| format!("{key} as text"))
}
