//! `GET /api/keyword_highlights/ITEM`: the keywords of an item's texts, and where they stand.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use project::items::Item;
use project::text::page_text;
use serde_json::{Value, json};

use super::read_back::missing;
use crate::app::App;
use crate::respond::{Answer, answer};
use crate::session::Visitor;

/// `GET /api/keyword_highlights/ITEM`
pub(crate) async fn show(State(app): State<App>, Visitor(user): Visitor, Path(id): Path<String>) -> Answer {
    if user.is_none() {
        return Ok(missing(StatusCode::UNAUTHORIZED, "No active session"));
    }
    let Some(row) = app.store().item(&id).await? else {
        return Ok(missing(StatusCode::NOT_FOUND, format!("Instance not found: {id}")));
    };
    let config = app.config();
    let item = Item { fields: serde_json::from_str(&row.fields).unwrap_or_default(), id: row.id };
    let texts: Vec<(&str, String)> = match &config.display {
        Some(display) => {
            let fields = display.fields.iter().filter(|field| field.is_text());
            fields.map(|field| (field.key.as_str(), field.html(&item.fields, config))).collect()
        }
        None => vec![(config.item_properties.text_key.as_str(), item.displayed(config))],
    };
    let mut found: Vec<Value> = Vec::new();
    for (field, html) in texts.iter().filter(|_| config.keywords.is_some()) {
        found.extend(in_text(&app, field, &page_text(html)));
    }
    let fields: Vec<&str> = texts.iter().map(|(field, _)| *field).collect();
    let target = config.display.as_ref().and(fields.first());
    let body = json!({
        "instance_id": id, "keywords": found, "fields_scanned": fields, "target_field": target, "from_cache": false,
    });
    Ok(answer(StatusCode::OK, body))
}

fn in_text(app: &App, field: &str, text: &str) -> Vec<Value> {
    let Some(keywords) = &app.config().keywords else { return Vec::new() };
    let words = keywords.find(text).into_iter().map(|found| {
        let group = &keywords.groups()[found.group];
        let words: String = text.chars().skip(found.start).take(found.end - found.start).collect();
        let color = format!("rgba({}, 0.8)", group.rgb.replace(' ', ", "));
        json!({
            "label": group.label, "schema": group.scheme, "start": found.start, "end": found.end, "text": words,
            "color": color, "field": field,
        })
    });
    words.collect()
}
