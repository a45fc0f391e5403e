//! Saving answers: acknowledged when they are durable.

use std::time::Instant;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use project::items::Item;
use project::schemes::Occasion;
use serde_json::{Map, Value, json};
use store::{Conflict, Save, SaveError, Saved};

use crate::app::App;
use crate::payload::save::{Asked, read, read_submit};
use crate::payload::{BodyError, answers, events, is_json, links, object, orphans, spans};
use crate::respond::{answer, refuse, store_failed};
use crate::session::Visitor;

/// The header of an idempotency key, where it does not stand in the body.
const KEY: &str = "idempotency-key";

/// `POST /updateinstance`
pub(crate) async fn update(
    State(app): State<App>,
    Visitor(user): Visitor,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let began = Instant::now();
    let Some(user) = user else { return refuse(StatusCode::UNAUTHORIZED, "No active session") };
    if !is_json(&headers) {
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, BodyError::NotJson.to_string());
    }
    let asked = object(&body).and_then(|body| read(&app.config().schemes, &body));
    match asked {
        Err(error) => refuse(StatusCode::BAD_REQUEST, error.to_string()),
        Ok(None) => {
            answer(StatusCode::OK, json!({"message": "Ignored synthetic phase-page update", "status": "ok"}))
        }
        Ok(Some(asked)) => match store(&app, user, &headers, asked).await {
            Ok((saved, _)) => {
                let millis = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
                answer(StatusCode::OK, acknowledged(&saved, &json!({"processing_time_ms": millis})))
            }
            Err(response) => response,
        },
    }
}

/// `POST /submit_annotation`, JSON or a form with the JSON in `annotation_data`
pub(crate) async fn submit(
    State(app): State<App>,
    Visitor(user): Visitor,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(user) = user else { return refuse(StatusCode::UNAUTHORIZED, "No active session") };
    let fields = if is_json(&headers) { object(&body) } else { form(&body) };
    let asked = match fields.and_then(|fields| read_submit(&app.config().schemes, &fields)) {
        Ok(asked) => asked,
        Err(error) => return refuse(StatusCode::BAD_REQUEST, error.to_string()),
    };
    match store(&app, user, &headers, asked).await {
        Ok((saved, written)) => {
            let more = json!({"annotations_processed": written, "message": "Annotation saved successfully"});
            answer(StatusCode::OK, acknowledged(&saved, &more))
        }
        Err(response) => response,
    }
}

fn form(body: &[u8]) -> Result<Map<String, Value>, BodyError> {
    let syntax = |error: &dyn std::fmt::Display| BodyError::Syntax(error.to_string());
    let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(body).map_err(|error| syntax(&error))?;
    let mut fields = Map::new();
    for (key, value) in pairs {
        if key == "annotation_data" {
            let data = serde_json::from_str(&value).map_err(|error| syntax(&error))?;
            fields.insert("annotations".to_owned(), data);
        } else {
            fields.insert(key, Value::String(value));
        }
    }
    Ok(fields)
}

/// Asks the store; how many schemes were written, or the answer to a refusal.
async fn store(
    app: &App,
    user: String,
    headers: &HeaderMap,
    asked: Asked,
) -> Result<(Saved, usize), Response> {
    let Asked { item, mut change, spans, links, events, key, seen } = asked;
    let schemes = &app.config().schemes;
    if !spans.is_empty() || answers::depend_on_item(schemes, &change) {
        let row = app.store().item(&item).await.map_err(|error| store_failed(&error))?;
        // Without an item the store says so itself.
        let written = row.map(|row| {
            let item = Item { fields: serde_json::from_str(&row.fields).unwrap_or_default(), id: row.id };
            let chars = |target: Option<&str>| Some(item.span_text(app.config(), target)?.chars().count());
            answers::fit(schemes, &change, &Occasion { annotator: &user, item: Some(&item) })?;
            spans::write(schemes, &spans, &chars, &mut change)
        });
        written.transpose().map_err(|error| refuse(StatusCode::BAD_REQUEST, error.to_string()))?;
    }
    if !links.is_empty() || !events.is_empty() || orphans::may_be(&change) {
        let stored = app.store().stored(&user, &item).await.map_err(|error| store_failed(&error))?;
        links::write(schemes, &links, &stored, &mut change)
            .and_then(|()| events::write(schemes, &events, &stored, &mut change))
            .map_err(|error| refuse(StatusCode::BAD_REQUEST, error.to_string()))?;
        orphans::take_out(&stored, &mut change);
    }
    let key = key.or_else(|| headers.get(KEY).and_then(|key| key.to_str().ok()).map(str::to_owned));
    let marks = change.spans.len() + change.links.len() + change.events.len();
    let written = change.schemes.len() + change.labels.len() + marks;
    let saved =
        app.store().save(Save { user, item, change, key, seen }).await.map_err(|error| refused(&error))?;
    Ok((saved, written))
}

fn acknowledged(saved: &Saved, more: &Value) -> Value {
    let Saved { version, surplus, updated: _, repeated } = saved;
    let mut body = json!({"status": "success", "version": version.to_string()});
    if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
        body.extend(more.clone());
        if *surplus {
            body.insert("surplus".to_owned(), true.into());
        }
        if *repeated {
            body.insert("repeated".to_owned(), true.into());
        }
    }
    body
}

pub(super) fn refused(error: &SaveError) -> Response {
    match error {
        SaveError::NoAnnotator(_) => refuse(StatusCode::UNAUTHORIZED, "User state not found"),
        SaveError::NoItem(_) => refuse(StatusCode::NOT_FOUND, "No such instance"),
        SaveError::NotAssigned { .. } => refuse(StatusCode::FORBIDDEN, "Instance not assigned to user"),
        SaveError::Conflict(conflict) => {
            let Conflict { version, stored, refused } = conflict.as_ref();
            let body = json!({
                "status": "conflict", "message": error.to_string(), "version": version.to_string(),
                "stored": stored, "refused": refused,
            });
            answer(StatusCode::CONFLICT, body)
        }
        SaveError::Store(error) => store_failed(error),
    }
}
