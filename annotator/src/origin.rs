//! Requests that a browser makes on behalf of another site are refused where they would change something.

use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::respond::refuse;

/// Refuses cross-site requests; one that says nothing of its origin is a script's and passes.
pub(crate) async fn check(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if reads || is_same_site(request.headers()) {
        next.run(request).await
    } else {
        refuse(StatusCode::FORBIDDEN, "Cross-origin request rejected")
    }
}

fn is_same_site(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(header::ORIGIN.as_str()) else { return true };
    let Some((_, host)) = origin.split_once("://") else { return false };
    let hosts = [text("x-forwarded-host"), text(header::HOST.as_str())];
    hosts.into_iter().flatten().any(|name| name.split(',').next().is_some_and(|first| first.trim() == host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same_site(pairs: &[(&'static str, &'static str)]) -> bool {
        let headers =
            pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        is_same_site(&headers)
    }

    #[test]
    fn a_browser_on_another_site_is_refused_and_a_script_passes() {
        assert!(same_site(&[]));
        assert!(same_site(&[("host", "a.example"), ("origin", "https://a.example")]));
        assert!(same_site(&[
            ("host", "10.0.0.1:7860"),
            ("x-forwarded-host", "a.example"),
            ("origin", "https://a.example")
        ]));
        assert!(!same_site(&[("host", "a.example"), ("origin", "https://b.example")]));
        assert!(!same_site(&[("host", "a.example"), ("origin", "null")]));
        assert!(!same_site(&[
            ("host", "a.example"),
            ("origin", "https://a.example"),
            ("sec-fetch-site", "cross-site")
        ]));
        assert!(!same_site(&[("sec-fetch-site", "same-site")]));
    }
}
