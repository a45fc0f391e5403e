//! Answers in the Hub's words.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// JSON with status 200.
pub(super) fn ok(body: Value) -> Response {
    Json(body).into_response()
}

/// An error with the Hub's code for it, where it has one.
pub(super) fn error(status: u16, code: Option<&'static str>, message: &str) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, Json(json!({"error": message}))).into_response();
    if let Some(code) = code {
        set(&mut response, "x-error-code", code);
    }
    set(&mut response, "x-error-message", message);
    response
}

/// Sets a header whose value is known to be one.
pub(super) fn set(response: &mut Response, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
}

/// Nobody may know whether there is such a repo.
pub(super) fn no_repo(authorised: bool) -> Response {
    error(if authorised { 404 } else { 401 }, Some("RepoNotFound"), "Repository not found")
}

/// There is no such revision.
pub(super) fn no_revision() -> Response {
    error(404, Some("RevisionNotFound"), "Invalid rev id")
}

/// There is no such file.
pub(super) fn no_entry() -> Response {
    error(404, Some("EntryNotFound"), "Entry not found")
}
