//! For those who watch the server.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use store::Gate;

use crate::app::App;
use crate::gate;
use crate::respond::{answer, problem};

/// 200 when annotations are taken; else 503 with the reason.
pub(crate) async fn health(State(app): State<App>) -> Response {
    let state = gate::state(&app).await;
    if state != Gate::Open {
        return answer(StatusCode::SERVICE_UNAVAILABLE, gate::told(&state));
    }
    match app.store().health().await {
        Ok(()) => answer(StatusCode::OK, gate::told(&state)),
        Err(error) => {
            let reason = error.to_string();
            answer(StatusCode::SERVICE_UNAVAILABLE, gate::told(&Gate::Unknown { reason }))
        }
    }
}

/// 200 as long as the process works.
pub(crate) async fn live() -> Response {
    answer(StatusCode::OK, json!({"status": "ok"}))
}

pub(crate) async fn robots() -> Response {
    "User-agent: *\nDisallow: /\n".into_response()
}

pub(crate) async fn missing(headers: HeaderMap) -> Response {
    problem(&headers, StatusCode::NOT_FOUND, "There is no page at this address.")
}
