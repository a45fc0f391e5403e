//! Saving answers: acknowledged when they are durable.

use std::time::Instant;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use project::config::PHASE_PAGE;
use project::items::Item;
use project::schemes::{Occasion, Scheme};
use serde_json::{Map, Value, json};
use store::{Conflict, End, Place, Save, SaveError, Saved, Went};

use crate::app::App;
use crate::payload::save::{Asked, item, read, read_submit};
use crate::payload::{BodyError, answers, events, is_json, links, object, orphans, relabelled, spans};
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
    let fields = match object(&body) {
        Ok(fields) => fields,
        Err(error) => return refuse(StatusCode::BAD_REQUEST, error.to_string()),
    };
    let Target { schemes, item } = match target(&app, &user, &fields).await {
        Ok(target) => target,
        Err(response) => return response,
    };
    match read(schemes, item, &fields) {
        Err(error) => refuse(StatusCode::BAD_REQUEST, error.to_string()),
        Ok(asked) => match store(&app, user, &headers, asked).await {
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
    let fields = match fields {
        Ok(fields) => fields,
        Err(error) => return refuse(StatusCode::BAD_REQUEST, error.to_string()),
    };
    let Target { schemes, item } = match target(&app, &user, &fields).await {
        Ok(target) => target,
        Err(response) => return response,
    };
    let asked = match read_submit(schemes, item, &fields) {
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

/// What a save is about.
struct Target<'a> {
    schemes: &'a [Scheme],
    item: String,
}

/// The item or page that a save names. `__phase_page__` alone, as Potato's own pages say, is the page on which the annotator is; where
/// he is on none, it cannot be known which was meant, and nothing is stored.
async fn target<'a>(app: &'a App, user: &str, fields: &Map<String, Value>) -> Result<Target<'a>, Response> {
    let item = item(fields).map_err(|error| refuse(StatusCode::BAD_REQUEST, error.to_string()))?;
    let config = app.config();
    if !item.starts_with(PHASE_PAGE) {
        return Ok(Target { schemes: &config.schemes, item });
    }
    if item != PHASE_PAGE {
        let page = config.phases.pages.iter().find(|page| page.id() == item);
        let page = page.ok_or_else(|| refuse(StatusCode::NOT_FOUND, format!("there is no page '{item}'")))?;
        return Ok(Target { schemes: &page.schemes, item });
    }
    match app.store().arrive(user).await.map_err(|error| store_failed(&error))? {
        Went::Place(Place::Page(leaf)) => {
            let page = &config.phases.pages[leaf.index];
            Ok(Target { schemes: &page.schemes, item: leaf.id })
        }
        Went::NoAnnotator => Err(refuse(StatusCode::UNAUTHORIZED, "User state not found")),
        Went::Place(Place::Done { end: End::ScreenedOut(_), .. }) => {
            Err(refused(&SaveError::Left(user.to_owned())))
        }
        Went::Place(Place::Done { .. }) => {
            let message = "This page was left already; name it in instance_id to store its answers.";
            Err(refuse(StatusCode::CONFLICT, message))
        }
        Went::Place(Place::At(_) | Place::Nothing(_)) | Went::NoneUnanswered => {
            let body = json!({"message": "Ignored synthetic phase-page update", "status": "ok"});
            Err(answer(StatusCode::OK, body))
        }
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
    let Asked { item, mut change, spans, links, events, key, mut seen } = asked;
    let page = app.config().phases.pages.iter().find(|page| page.id() == item);
    let schemes = page.map_or(&app.config().schemes, |page| &page.schemes);
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
    let parts = answers::depend_on_stored(schemes, &change);
    if parts || !links.is_empty() || !events.is_empty() || !change.spans.is_empty() {
        let stored = app.store().stored(&user, &item).await.map_err(|error| store_failed(&error))?;
        if parts {
            answers::complete(schemes, &stored, &mut change)
                .map_err(|error| refuse(StatusCode::BAD_REQUEST, error.to_string()))?;
            seen = seen.or(Some(stored.version));
        }
        links::write(schemes, &links, &stored, &mut change)
            .and_then(|()| events::write(schemes, &events, &stored, &mut change))
            .map_err(|error| refuse(StatusCode::BAD_REQUEST, error.to_string()))?;
        orphans::take_out(&stored, &mut change);
        relabelled::hold(schemes, &stored, &change)
            .map_err(|error| refuse(StatusCode::BAD_REQUEST, error.to_string()))?;
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
        SaveError::Left(_) => refuse(StatusCode::FORBIDDEN, "You have left this study."),
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
