//! The gate: no page and no save until it is known what the backup holds.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use serde_json::{Value, json};
use store::Gate;

use crate::app::App;
use crate::pages::Waiting;
use crate::respond::{answer, page, wants_page};

const RETRY_SECONDS: &str = "2";

/// How far the worker is.
pub(crate) async fn state(app: &App) -> Gate {
    let Some(store) = app.try_store() else { return Gate::Starting };
    match store.gate().await {
        Ok(Gate::Open) if !app.is_settled() => Gate::Starting,
        Ok(gate) => gate,
        Err(error) => Gate::Unknown { reason: error.to_string() },
    }
}

/// The state as `/health` and refused scripts are told.
pub(crate) fn told(gate: &Gate) -> Value {
    match gate {
        Gate::Open => json!({"status": "ok"}),
        Gate::Starting => json!({"status": "starting", "message": "The server is starting."}),
        Gate::Restoring { done, total } => json!({
            "status": "restoring", "done": done, "total": total,
            "message": "The study is being brought back from its backup.",
        }),
        Gate::Unknown { reason } => json!({"status": "unavailable", "message": reason, "reason": reason}),
    }
}

/// Lets requests pass once annotations are taken.
pub(crate) async fn keep(State(app): State<App>, request: Request, next: Next) -> Response {
    let gate = state(&app).await;
    if gate == Gate::Open {
        return next.run(request).await;
    }
    let mut response = if wants_page(request.headers()) {
        page(StatusCode::SERVICE_UNAVAILABLE, Waiting::new(&app.config().task_name, &gate).render())
    } else {
        answer(StatusCode::SERVICE_UNAVAILABLE, told(&gate))
    };
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_SECONDS));
    response
}
