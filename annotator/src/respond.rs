//! Answers: JSON as Potato words it, pages, and what an error means over HTTP.

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::{Value, json};
use store::StoreError;

use crate::pages::Problem;

/// After how many seconds a refused request is worth another try.
const RETRY_SECONDS: &str = "2";

/// An error that a script reads.
pub(crate) fn refuse(status: StatusCode, message: impl Into<String>) -> Response {
    (status, Json(json!({"status": "error", "message": message.into()}))).into_response()
}

/// Any JSON with a status.
pub(crate) fn answer(status: StatusCode, body: Value) -> Response {
    (status, Json(body)).into_response()
}

/// A page that is not to be kept.
pub(crate) fn page(status: StatusCode, html: String) -> Response {
    let mut response = (status, Html(html)).into_response();
    response.headers_mut().insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("no-store, no-cache, must-revalidate, max-age=0"),
    );
    response
}

/// To another page.
pub(crate) fn see(location: &'static str) -> Response {
    (StatusCode::FOUND, [(header::LOCATION, location)]).into_response()
}

/// An error for whoever asked: a page for a browser, JSON for a script.
pub(crate) fn problem(headers: &HeaderMap, status: StatusCode, message: &str) -> Response {
    if wants_page(headers) {
        page(status, Problem { status: status.as_u16(), message }.render())
    } else {
        refuse(status, message)
    }
}

/// Whether the request comes from somebody who looks at pages.
pub(crate) fn wants_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.contains("text/html")
}

/// What the store could not do, over HTTP. The cause is for the log; the sentence is for people.
pub(crate) fn store_failed(error: &StoreError) -> Response {
    let (status, message) = match error {
        StoreError::Full => (
            StatusCode::INSUFFICIENT_STORAGE,
            "The disk of the server is full, so nothing can be saved. Keep this page open: your answer is not lost.",
        ),
        StoreError::ReadOnly => (
            StatusCode::SERVICE_UNAVAILABLE,
            "The server cannot write to its disk, so nothing can be saved now.",
        ),
        StoreError::Closed => {
            (StatusCode::SERVICE_UNAVAILABLE, "The server is restarting. Try again in a moment.")
        }
        _ => (StatusCode::SERVICE_UNAVAILABLE, "The server cannot reach its data. Try again in a moment."),
    };
    tracing::warn!(error = %error, http.status = status.as_u16(), "the store refused a request");
    let mut response = refuse(status, message);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_SECONDS));
    response
}

/// So that handlers can use `?` on what the store says.
pub(crate) struct Failed(StoreError);

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self(error)
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        store_failed(&self.0)
    }
}

/// What a handler answers.
pub(crate) type Answer = Result<Response, Failed>;
