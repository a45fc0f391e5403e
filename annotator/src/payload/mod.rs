//! Request bodies, from JSON or a form to what the store is asked. Pure: nothing is looked up or changed here.

pub(crate) mod answers;
pub(crate) mod events;
pub(crate) mod links;
pub(crate) mod navigation;
pub(crate) mod orphans;
pub(crate) mod relabelled;
pub(crate) mod save;
pub(crate) mod spans;

/// Why a body cannot be used; a sentence for whoever sent it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BodyError {
    #[error("the body is not JSON: {0}")]
    Syntax(String),
    #[error("JSON data required: send Content-Type: application/json")]
    NotJson,
    #[error("the body must be an object, got {0}")]
    NotAnObject(&'static str),
    #[error("Missing instance_id")]
    NoItem,
    #[error("'{key}' must be {expected}, got {got}")]
    Shape { key: &'static str, expected: &'static str, got: &'static str },
    #[error(
        "No annotation was stored: every key must name a schema and a label as 'schema:::label'. Got: {0}"
    )]
    NoLabel(String),
    #[error("Unknown data format: name 'annotations', or 'schema', 'type' and 'state'")]
    UnknownFormat,
    #[error("there is no scheme '{scheme}' in this project; there are: {known}")]
    NoScheme { scheme: String, known: String },
    #[error("{0}")]
    Refused(String),
    #[error("go_to must be an item number")]
    GoTo,
}

/// What a JSON value is, in words.
pub(crate) fn kind(value: &serde_json::Value) -> &'static str {
    match value {
        serde_json::Value::Null => "null",
        serde_json::Value::Bool(_) => "a boolean",
        serde_json::Value::Number(_) => "a number",
        serde_json::Value::String(_) => "a string",
        serde_json::Value::Array(_) => "a list",
        serde_json::Value::Object(_) => "an object",
    }
}

/// A body that must be a JSON object.
pub(crate) fn object(body: &[u8]) -> Result<serde_json::Map<String, serde_json::Value>, BodyError> {
    match serde_json::from_slice(body).map_err(|error| BodyError::Syntax(error.to_string()))? {
        serde_json::Value::Object(map) => Ok(map),
        other => Err(BodyError::NotAnObject(kind(&other))),
    }
}

/// Whether the headers say that the body is JSON.
pub(crate) fn is_json(headers: &axum::http::HeaderMap) -> bool {
    let content = headers.get(axum::http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content.and_then(|text| text.split(';').next()).unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json") || essence.to_ascii_lowercase().ends_with("+json")
}
