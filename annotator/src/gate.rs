//! The gate: no page and no save until it is known what the backup holds.

use std::time::Duration;

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
/// A worker that replaces another is there in less, on a crowded machine, too; who asks meanwhile need not notice.
const PATIENCE: Duration = Duration::from_secs(10);

/// How far the worker is.
pub(crate) async fn state(app: &App) -> Gate {
    let Some(store) = app.try_store() else {
        return app.trouble().map_or(Gate::Starting, |reason| Gate::Unknown { reason });
    };
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

/// Whether nothing but this worker's own start is missing, as far as it knows.
async fn is_only_this_worker(app: &App) -> bool {
    match app.try_store() {
        None => true,
        Some(store) => store.gate().await.is_ok_and(|gate| gate == Gate::Open),
    }
}

/// Lets requests pass once annotations are taken.
pub(crate) async fn keep(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut gate = state(&app).await;
    if gate == Gate::Starting && is_only_this_worker(&app).await {
        // Whether it came in time or not, the state says.
        let _ = tokio::time::timeout(PATIENCE, app.settled()).await;
        gate = state(&app).await;
    }
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
