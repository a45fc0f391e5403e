//! Behaviour tracking: taken as Potato takes it, and not kept.
//!
//! Potato keeps these in memory only; nobody here reads them yet, so nothing about an annotator is recorded.

use axum::body::Bytes;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use crate::payload::object;
use crate::respond::{answer, refuse};
use crate::session::Visitor;

/// `POST /api/track_interactions`
pub(crate) async fn interactions(Visitor(user): Visitor, body: Bytes) -> Response {
    match (user, object(&body)) {
        (None, _) => refuse(StatusCode::UNAUTHORIZED, "No active session"),
        (_, Err(error)) => refuse(StatusCode::BAD_REQUEST, error.to_string()),
        (_, Ok(body)) => {
            let events = body.get("events").and_then(Value::as_array).map_or(0, Vec::len);
            answer(StatusCode::OK, json!({"events_recorded": events, "status": "success"}))
        }
    }
}

/// `POST /api/track_annotation_change`
pub(crate) async fn change(Visitor(user): Visitor, body: Bytes) -> Response {
    match (user, object(&body)) {
        (None, _) => refuse(StatusCode::UNAUTHORIZED, "No active session"),
        (_, Err(error)) => refuse(StatusCode::BAD_REQUEST, error.to_string()),
        (_, Ok(_)) => answer(StatusCode::OK, json!({"status": "success"})),
    }
}
