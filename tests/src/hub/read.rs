//! Reading: what a repo is, what is in it, and the files.

use std::collections::BTreeSet;
use std::ops::Range;
use std::time::UNIX_EPOCH;

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde_json::{Value, json};

use super::answer::{error, no_entry, no_repo, no_revision, ok, set};
use super::object::{Object, sha1};
use super::repo::{Commit, Repo};
use super::route::Asked;
use super::{PAGE, lock};

/// Answers from a commit.
fn at(
    asked: &Asked,
    repo: &str,
    revision: &str,
    answer: impl FnOnce(&Repo, &Commit) -> Response,
) -> Response {
    let state = lock(&asked.state);
    let Some(repo) = state.repos.get(repo) else { return no_repo(asked.authorised) };
    match repo.revision(revision) {
        Some(commit) => answer(repo, commit),
        None => no_revision(),
    }
}

pub(super) fn info(asked: &Asked, name: &str, revision: &str) -> Response {
    at(asked, name, revision, |repo, commit| {
        let id = name.split_once('/').map_or(name, |(_, id)| id);
        let siblings: Vec<Value> = commit.tree.keys().map(|path| json!({"rfilename": path})).collect();
        ok(json!({
            "id": id, "_id": "0", "author": id.split('/').next(), "sha": commit.oid, "private": repo.private, "gated": false,
            "disabled": false, "downloads": 0, "likes": 0, "tags": [], "siblings": siblings,
            "lastModified": "2026-01-01T00:00:00.000Z", "createdAt": "2026-01-01T00:00:00.000Z",
        }))
    })
}

pub(super) fn refs(asked: &Asked, name: &str) -> Response {
    at(asked, name, "main", |_, commit| {
        let main = json!({"name": "main", "ref": "refs/heads/main", "targetCommit": commit.oid});
        ok(json!({"branches": [main], "tags": [], "converts": []}))
    })
}

pub(super) fn commits(asked: &Asked, name: &str, revision: &str) -> Response {
    at(asked, name, revision, |repo, head| {
        let upto = repo.commits.iter().position(|commit| commit.oid == head.oid).unwrap_or_default();
        let one = |commit: &Commit| {
            let second = commit.at.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()) % 60;
            json!({
                "id": commit.oid, "title": commit.message, "message": "", "authors": [{"user": "tester"}],
                "date": format!("2026-01-01T00:00:{second:02}.000Z"),
            })
        };
        ok(repo.commits[..=upto].iter().rev().map(one).collect())
    })
}

fn entry((path, object): (&String, &Object)) -> Value {
    let mut entry = json!({"type": "file", "path": path, "size": object.content.len(), "oid": object.git});
    if let Some(oid) = &object.lfs {
        entry["lfs"] = json!({"oid": oid, "size": object.content.len(), "pointerSize": 130});
    }
    entry
}

/// The files below a folder, and the folders; with `recursive` those of all depths. Pages follow by absolute links.
pub(super) fn tree(asked: &Asked, name: &str, revision: &str, folder: &str) -> Response {
    let wanted = |key: &str| {
        let value = asked.query.split('&').find_map(|pair| pair.strip_prefix(&format!("{key}=")));
        value.map(str::to_owned)
    };
    let recursive =
        wanted("recursive").is_some_and(|value| value.eq_ignore_ascii_case("true") || value == "1");
    let start = wanted("cursor").and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
    at(asked, name, revision, |_, commit| {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let mut folders = BTreeSet::new();
        let mut entries = Vec::new();
        for (path, object) in &commit.tree {
            let Some(rest) = path.strip_prefix(&prefix) else { continue };
            let above: Vec<usize> = rest.match_indices('/').map(|(at, _)| at).collect();
            let shown = if recursive { above.len() } else { above.len().min(1) };
            folders.extend(above[..shown].iter().map(|at| format!("{prefix}{}", &rest[..*at])));
            if recursive || above.is_empty() {
                entries.push(entry((path, object)));
            }
        }
        if entries.is_empty() && folders.is_empty() && !folder.is_empty() {
            return no_entry();
        }
        let folders = folders.iter().map(
            |path| json!({"type": "directory", "path": path, "oid": sha1(&[path.as_bytes()]), "size": 0}),
        );
        entries.extend(folders);
        let page: Vec<Value> = entries.iter().skip(start).take(PAGE).cloned().collect();
        let mut response = ok(Value::Array(page));
        if entries.len() > start + PAGE {
            let (path, _) = asked.address.split_once('?').unwrap_or((&asked.address, ""));
            let link =
                format!("<{}{path}?recursive={recursive}&cursor={}>; rel=\"next\"", asked.hub, start + PAGE);
            set(&mut response, "link", &link);
        }
        response
    })
}

pub(super) fn paths(asked: &Asked, name: &str, revision: &str) -> Response {
    // The official client sends a form, others send JSON.
    let form: Vec<(String, String)> = serde_urlencoded::from_bytes(&asked.body).unwrap_or_default();
    let in_form = form.into_iter().filter(|(key, _)| key == "paths").map(|(_, path)| path);
    let json = asked.json();
    let in_json =
        json["paths"].as_array().into_iter().flatten().filter_map(|path| path.as_str().map(str::to_owned));
    let paths: Vec<String> = in_form.chain(in_json).collect();
    at(asked, name, revision, |_, commit| {
        ok(commit.tree.iter().filter(|(path, _)| paths.contains(path)).map(entry).collect())
    })
}

pub(super) fn file(asked: &Asked, name: &str, revision: &str, path: &str) -> Response {
    at(asked, name, revision, |_, commit| {
        let Some(object) = commit.tree.get(path) else {
            let mut response = no_entry();
            set(&mut response, "x-repo-commit", &commit.oid);
            return response;
        };
        let range = asked.headers.get(header::RANGE).and_then(|value| value.to_str().ok());
        let whole = 0..object.content.len();
        let (status, part) = match range {
            None => (StatusCode::OK, whole),
            Some(text) => match part(text, object.content.len()) {
                Some(part) => (StatusCode::PARTIAL_CONTENT, part),
                None => return error(416, None, "Range not satisfiable"),
            },
        };
        let content: Bytes = object.content.slice(part.clone());
        let mut response = (status, Body::from(content)).into_response();
        if status == StatusCode::PARTIAL_CONTENT {
            let total = object.content.len();
            set(
                &mut response,
                "content-range",
                &format!("bytes {}-{}/{total}", part.start, part.end.saturating_sub(1)),
            );
        }
        set(&mut response, "accept-ranges", "bytes");
        set(&mut response, "x-repo-commit", &commit.oid);
        set(&mut response, "etag", &format!("\"{}\"", object.lfs.as_ref().unwrap_or(&object.git)));
        if let Some(oid) = &object.lfs {
            set(&mut response, "x-linked-etag", &format!("\"{oid}\""));
            set(&mut response, "x-linked-size", &object.content.len().to_string());
        }
        response
    })
}

/// `bytes=FROM-[TO]`, the end included.
fn part(text: &str, length: usize) -> Option<Range<usize>> {
    let (from, to) = text.strip_prefix("bytes=")?.split_once('-')?;
    let from: usize = from.parse().ok()?;
    let end = if to.is_empty() { length } else { to.parse::<usize>().ok()?.checked_add(1)?.min(length) };
    (from < end).then_some(from..end)
}
