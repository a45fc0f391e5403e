//! Who answers which address.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, header};
use axum::response::Response;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use uuid::Uuid;

use super::answer::{error, no_repo, ok, set};
use super::repo::Repo;
use super::{Seen, State, commit, lfs, lock, read};

/// A request, taken apart.
pub(super) struct Asked {
    pub(super) hub: String,
    pub(super) state: Arc<Mutex<State>>,
    pub(super) method: Method,
    /// As it came, with the query.
    pub(super) address: String,
    pub(super) query: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) authorised: bool,
}

impl Asked {
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

pub(super) fn app(hub: String, state: Arc<Mutex<State>>) -> Router {
    Router::new().fallback(move |request: Request| answer(hub.clone(), Arc::clone(&state), request))
}

async fn answer(hub: String, state: Arc<Mutex<State>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else { return error(400, None, "the body broke off") };
    let (down, latency, token) = {
        let state = lock(&state);
        (state.down, state.latency, state.options.token.clone())
    };
    tokio::time::sleep(latency).await;
    let bearer = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = bearer.and_then(|value| value.strip_prefix("Bearer "));
    let authorised = given.is_some_and(|given| token.is_none_or(|token| token == given));
    let path = parts.uri.path().to_owned();
    let asked = Asked {
        hub,
        state: Arc::clone(&state),
        method: parts.method.clone(),
        address: parts.uri.to_string(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers,
        body,
        authorised,
    };
    let mut response = match down {
        Some(status) => error(status, None, "The Hub is down"),
        None => dispatch(&asked, &path).await,
    };
    set(&mut response, "x-request-id", &Uuid::new_v4().to_string());
    set(&mut response, "ratelimit", "\"api\";r=900;t=300");
    let seen = Seen { method: parts.method.to_string(), path, status: response.status().as_u16() };
    lock(&state).seen.push(seen);
    response
}

async fn dispatch(asked: &Asked, path: &str) -> Response {
    let decoded: Vec<String> = path
        .trim_matches('/')
        .split('/')
        .map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned())
        .collect();
    let parts: Vec<&str> = decoded.iter().map(String::as_str).collect();
    match &parts[..] {
        ["lfs", oid] if asked.method == Method::PUT => lfs::put(asked, oid),
        ["lfs", "verify"] => ok(json!({})),
        ["api", "validate-yaml"] => ok(json!({"errors": [], "warnings": []})),
        _ if asked.headers.contains_key(header::AUTHORIZATION) && !asked.authorised => {
            error(401, None, "Invalid credentials in Authorization header")
        }
        ["api", "whoami-v2"] if asked.authorised => {
            ok(json!({"type": "user", "name": "tester", "orgs": [{"name": "lab"}]}))
        }
        ["api", "repos", "create"] if asked.authorised => create(asked),
        ["api", "repos", "delete"] if asked.authorised => delete(asked),
        ["api", kind @ ("datasets" | "models" | "spaces"), owner, name, rest @ ..]
        | [kind @ ("datasets" | "spaces"), owner, name, rest @ ..] => {
            in_repo(asked, &format!("{kind}/{owner}/{name}"), rest).await
        }
        [owner, name, rest @ ..] => in_repo(asked, &format!("models/{owner}/{name}"), rest).await,
        _ => error(if asked.authorised { 404 } else { 401 }, None, "Not found"),
    }
}

async fn in_repo(asked: &Asked, repo: &str, rest: &[&str]) -> Response {
    // The address of LFS ends the repo's name with `.git`.
    let repo = repo.strip_suffix(".git").unwrap_or(repo);
    let visible = lock(&asked.state).repos.get(repo).map(|repo| asked.authorised || !repo.private);
    if visible != Some(true) {
        return no_repo(asked.authorised);
    }
    let writes = matches!(rest, ["preupload" | "commit", ..] | ["info", "lfs", ..]);
    if writes && !asked.authorised {
        return error(401, None, "Log in to write");
    }
    match rest {
        [] => read::info(asked, repo, "main"),
        ["revision", revision] => read::info(asked, repo, revision),
        ["refs"] => read::refs(asked, repo),
        ["commits", revision] => read::commits(asked, repo, revision),
        ["tree", revision, folder @ ..] => read::tree(asked, repo, revision, &folder.join("/")),
        ["paths-info", revision] => read::paths(asked, repo, revision),
        ["resolve", revision, path @ ..] => read::file(asked, repo, revision, &path.join("/")),
        ["preupload", _] => commit::preupload(asked, repo),
        ["commit", _] => commit::commit(asked, repo).await,
        ["info", "lfs", "objects", "batch"] => lfs::batch(asked),
        _ => error(404, None, "Not found"),
    }
}

/// The name of a repo in a request to make or delete it.
fn named(body: &Value) -> String {
    let kind = match body["type"].as_str() {
        Some("dataset") => "datasets",
        Some("space") => "spaces",
        _ => "models",
    };
    let name = body["name"].as_str().unwrap_or_default();
    match body["organization"].as_str() {
        Some(owner) => format!("{kind}/{owner}/{name}"),
        None if name.contains('/') => format!("{kind}/{name}"),
        None => format!("{kind}/tester/{name}"),
    }
}

fn create(asked: &Asked) -> Response {
    let body = asked.json();
    let name = named(&body);
    let url = format!("{}/{}", asked.hub, name.strip_prefix("models/").unwrap_or(&name));
    let mut state = lock(&asked.state);
    if state.repos.contains_key(&name) {
        let mut response = error(409, None, "You already created this repo");
        *response.body_mut() =
            json!({"error": "You already created this repo", "url": url}).to_string().into();
        return response;
    }
    // Older clients say the first, newer ones the second.
    let private = body["private"] == true || body["visibility"] == "private";
    state.repos.insert(name, Repo::new(private));
    ok(json!({"url": url}))
}

fn delete(asked: &Asked) -> Response {
    let name = named(&asked.json());
    match lock(&asked.state).repos.remove(&name) {
        Some(_) => ok(json!({})),
        None => no_repo(true),
    }
}
