//! Reading back what is stored, and what the project is.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use project::items::Item;
use project::schemes::Labels;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use store::{AnswerChange, Desk, Place, Save, Went};

use crate::app::App;
use crate::payload::orphans;
use crate::respond::{Answer, answer, refuse};
use crate::session::Visitor;

#[derive(Deserialize)]
pub(crate) struct Which {
    instance_id: Option<String>,
}

pub(super) fn missing(status: StatusCode, error: impl Into<String>) -> Response {
    answer(status, json!({"error": error.into()}))
}

/// `GET /get_annotations?instance_id=`
pub(crate) async fn annotations(
    State(app): State<App>,
    Visitor(user): Visitor,
    Query(which): Query<Which>,
) -> Answer {
    let Some(user) = user else { return Ok(missing(StatusCode::UNAUTHORIZED, "No user session")) };
    let Some(item) = which.instance_id.filter(|item| !item.is_empty()) else {
        return Ok(missing(StatusCode::BAD_REQUEST, "No instance_id provided"));
    };
    let is_page = app.config().phases.pages.iter().any(|page| page.id() == item);
    if !is_page && app.store().item(&item).await?.is_none() {
        return Ok(missing(StatusCode::NOT_FOUND, format!("Instance not found: {item}")));
    }
    let stored = app.store().stored(&user, &item).await?;
    let labels: Map<String, Value> = stored
        .answers
        .iter()
        .map(|(scheme, labels)| (scheme.clone(), labels.keys().cloned().collect::<Vec<_>>().into()))
        .collect();
    let body = json!({
        "label_annotations": labels, "label_values": stored.answers, "span_annotations": span_names(&stored.spans),
        "version": stored.version.to_string(),
    });
    Ok(answer(StatusCode::OK, body))
}

/// Spans as Potato names them here.
fn span_names(spans: &Labels) -> Map<String, Value> {
    let part = |span: &Value, key: &str| match &span[key] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let named = |(id, span): (&String, &Value)| {
        let [schema, name, start, end] = ["schema", "name", "start", "end"].map(|key| part(span, key));
        let key = format!("SpanAnnotation(schema:{schema}, name:{name}, start:{start}, end:{end}, id:{id})");
        (key, span["value"].clone())
    };
    spans.iter().map(named).collect()
}

/// The desk of whoever asks, or the answer to somebody who has none.
async fn desk(
    app: &App,
    user: Option<String>,
) -> Result<Result<Box<Desk>, Response>, crate::respond::Failed> {
    let Some(user) = user else {
        return Ok(Err(refuse(StatusCode::UNAUTHORIZED, "No active session")));
    };
    Ok(match app.store().arrive(&user).await? {
        Went::Place(Place::At(desk)) => Ok(desk),
        Went::NoAnnotator => Err(refuse(StatusCode::UNAUTHORIZED, "User state not found")),
        _ => Err(refuse(StatusCode::NOT_FOUND, "No current instance")),
    })
}

/// The row as in the data, with what is shown of it.
fn row(app: &App, desk: &Desk) -> Value {
    let fields: Map<String, Value> = serde_json::from_str(&desk.fields).unwrap_or_default();
    let item = Item { id: desk.item.clone(), fields };
    let displayed = item.displayed(app.config());
    let mut fields = item.fields;
    fields.insert("displayed_text".to_owned(), displayed.into());
    Value::Object(fields)
}

/// `GET /api/current_instance`
pub(crate) async fn current(State(app): State<App>, Visitor(user): Visitor) -> Answer {
    Ok(match desk(&app, user).await? {
        Err(refused) => refused,
        Ok(desk) => answer(
            StatusCode::OK,
            json!({
                "current_index": desk.place, "data": row(&app, &desk), "instance_id": desk.item,
                "total_instances": desk.assigned,
            }),
        ),
    })
}

/// `GET /api/instance_data`
pub(crate) async fn data(State(app): State<App>, Visitor(user): Visitor) -> Answer {
    Ok(match desk(&app, user).await? {
        Err(refused) => refused,
        Ok(desk) => answer(StatusCode::OK, row(&app, &desk)),
    })
}

/// `GET /api/schemas`, open to everybody as in Potato
pub(crate) async fn schemas(State(app): State<App>) -> Response {
    let schemes = app.config().schemes.iter();
    let body: Map<String, Value> = schemes.map(|scheme| (scheme.name.clone(), scheme.describe())).collect();
    answer(StatusCode::OK, Value::Object(body))
}

/// `GET /api/colors`, open to everybody as in Potato
pub(crate) async fn colors(State(app): State<App>) -> Response {
    let schemes = app.config().schemes.iter();
    let body: Map<String, Value> =
        schemes.map(|scheme| (scheme.name.clone(), json!(scheme.colors()))).collect();
    answer(StatusCode::OK, Value::Object(body))
}

/// `GET /api/spans/ITEM`
pub(crate) async fn spans(State(app): State<App>, Visitor(user): Visitor, Path(id): Path<String>) -> Answer {
    let Some(user) = user else { return Ok(missing(StatusCode::UNAUTHORIZED, "No active session")) };
    let Some(item) = app.store().item(&id).await? else {
        return Ok(missing(StatusCode::NOT_FOUND, format!("Instance not found: {id}")));
    };
    let stored = app.store().stored(&user, &id).await?;
    let fields = serde_json::from_str(&item.fields).unwrap_or_default();
    let item = Item { id: item.id, fields };
    let text = |target: Option<&str>| item.span_text(app.config(), target).unwrap_or_default();
    let one = |(id, span): (&String, &Value)| shown(&app, id, span, &text(span["target_field"].as_str()));
    let spans: Vec<Value> = stored.spans.iter().map(one).collect();
    let text = text(None);
    Ok(answer(StatusCode::OK, json!({"instance_id": id, "spans": spans, "text": text, "text_basis": "dom"})))
}

/// A span as pages draw it: with its colour and the words that it marks.
fn shown(app: &App, id: &str, span: &Value, text: &str) -> Value {
    let mut shown = span.as_object().cloned().unwrap_or_default();
    shown.shift_remove("value");
    let label = shown.shift_remove("name").unwrap_or_default();
    let scheme = app.config().schemes.iter().find(|scheme| span["schema"] == scheme.name);
    let color = scheme.and_then(|scheme| scheme.colors().get(label.as_str()?).cloned());
    let offset = |key: &str| span[key].as_u64().and_then(|offset| usize::try_from(offset).ok()).unwrap_or(0);
    let (start, end) = (offset("start"), offset("end"));
    let marked: String = text.chars().skip(start).take(end.saturating_sub(start)).collect();
    shown.insert("id".to_owned(), id.into());
    shown.insert("label".to_owned(), label);
    shown.insert("color".to_owned(), color.into());
    shown.insert("text".to_owned(), marked.into());
    Value::Object(shown)
}

/// `POST /api/spans/ITEM/clear`: takes all spans out of an item. Durable, unlike Potato's.
pub(crate) async fn clear_spans(
    State(app): State<App>,
    Visitor(user): Visitor,
    Path(item): Path<String>,
) -> Answer {
    let Some(user) = user else { return Ok(missing(StatusCode::UNAUTHORIZED, "No active session")) };
    let stored = app.store().stored(&user, &item).await?;
    let cleared = stored.spans.len();
    if cleared > 0 {
        let spans = stored.spans.keys().map(|id| (id.clone(), Value::Null)).collect();
        let mut change = AnswerChange { spans, ..AnswerChange::default() };
        orphans::take_out(&stored, &mut change);
        if let Err(error) = app.store().save(Save { user, item, change, ..Save::default() }).await {
            return Ok(super::save::refused(&error));
        }
    }
    let message = format!("{cleared} spans were taken out");
    Ok(answer(StatusCode::OK, json!({"message": message, "spans_cleared": cleared, "status": "success"})))
}

/// `GET /api/links/ITEM`
pub(crate) async fn links(
    State(app): State<App>,
    Visitor(user): Visitor,
    Path(item): Path<String>,
) -> Answer {
    let Some(user) = user else { return Ok(missing(StatusCode::UNAUTHORIZED, "No active session")) };
    let links: Vec<Value> = app.store().stored(&user, &item).await?.links.into_values().collect();
    Ok(answer(StatusCode::OK, json!({"instance_id": item, "links": links, "status": "success"})))
}

/// `DELETE /api/links/ITEM/LINK`. Durable, unlike Potato's.
pub(crate) async fn delete_link(
    State(app): State<App>,
    Visitor(user): Visitor,
    Path((item, link)): Path<(String, String)>,
) -> Answer {
    let Some(user) = user else { return Ok(missing(StatusCode::UNAUTHORIZED, "No active session")) };
    if !app.store().stored(&user, &item).await?.links.contains_key(&link) {
        return Ok(missing(StatusCode::NOT_FOUND, format!("Link not found: {link}")));
    }
    let links = [(link, Value::Null)].into_iter().collect();
    take_out(&app, user, item, AnswerChange { links, ..AnswerChange::default() }).await
}

/// `GET /api/events/ITEM`
pub(crate) async fn events(
    State(app): State<App>,
    Visitor(user): Visitor,
    Path(item): Path<String>,
) -> Answer {
    let Some(user) = user else { return Ok(missing(StatusCode::UNAUTHORIZED, "No active session")) };
    let events: Vec<Value> = app.store().stored(&user, &item).await?.events.into_values().collect();
    Ok(answer(StatusCode::OK, json!({"events": events, "instance_id": item, "status": "success"})))
}

/// `DELETE /api/events/ITEM/EVENT`. Durable, unlike Potato's.
pub(crate) async fn delete_event(
    State(app): State<App>,
    Visitor(user): Visitor,
    Path((item, event)): Path<(String, String)>,
) -> Answer {
    let Some(user) = user else { return Ok(missing(StatusCode::UNAUTHORIZED, "No active session")) };
    if !app.store().stored(&user, &item).await?.events.contains_key(&event) {
        return Ok(missing(StatusCode::NOT_FOUND, format!("Event not found: {event}")));
    }
    let events = [(event, Value::Null)].into_iter().collect();
    take_out(&app, user, item, AnswerChange { events, ..AnswerChange::default() }).await
}

async fn take_out(app: &App, user: String, item: String, change: AnswerChange) -> Answer {
    match app.store().save(Save { user, item, change, ..Save::default() }).await {
        Ok(_) => Ok(answer(StatusCode::OK, json!({"status": "success"}))),
        Err(error) => Ok(super::save::refused(&error)),
    }
}
