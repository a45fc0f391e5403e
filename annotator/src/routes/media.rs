//! `GET /media/…`: the project's images, sounds, films and documents, for those who take part.

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use tower_http::services::ServeFile;

use crate::app::App;
use crate::respond::problem;
use crate::session::Visitor;

/// A document of the data is shown, but does nothing: no scripts, no forms, no session, nothing from elsewhere.
const SANDBOX: &str = "sandbox; default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; media-src 'self'; \
     font-src 'self'; frame-ancestors 'self'";
/// Documents that could do something.
const ACTIVE: [&str; 2] = ["text/html", "image/svg+xml"];
/// A file that is replaced is seen by the next hour; a page that is seen again does not fetch its images again.
const CACHE: &str = "private, max-age=3600";

/// `GET /media/PATH`
pub(crate) async fn serve(
    State(app): State<App>,
    Visitor(user): Visitor,
    Path(path): Path<String>,
    request: Request,
) -> Response {
    let headers = request.headers().clone();
    if user.is_none() {
        return problem(&headers, StatusCode::UNAUTHORIZED, "Sign in to see this file.");
    }
    let find = move || app.config().media.find(&path);
    let Ok(Some(file)) = tokio::task::spawn_blocking(find).await else { return missing(&headers) };
    let Ok(response) = ServeFile::new(file).try_call(request).await else { return missing(&headers) };
    let mut response = response.map(Body::new);
    let own = response.headers_mut();
    own.insert(header::CACHE_CONTROL, HeaderValue::from_static(CACHE));
    let kind = own.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if ACTIVE.iter().any(|active| kind.starts_with(active)) {
        own.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(SANDBOX));
    }
    response
}

fn missing(headers: &HeaderMap) -> Response {
    problem(headers, StatusCode::NOT_FOUND, "There is no file at this address.")
}
