//! Writing: which files are large, and the commit itself.

use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};

use super::answer::{error, no_repo, ok, set};
use super::fault::Fault;
use super::object::Object;
use super::repo::Change;
use super::route::Asked;
use super::{State, lock};

/// A larger file must go by LFS; so must a binary one of over a megabyte.
const LARGEST_REGULAR: u64 = 10 << 20;
const LARGEST_BINARY: u64 = 1 << 20;
const LARGE_ENDINGS: [&str; 4] = [".bin", ".parquet", ".gz", ".zip"];
const HOUR: Duration = Duration::from_hours(1);
const STALE: &str = "The branch was updated since you opened this page. Please refresh and try again.";
const QUOTA: &str =
    "You have exceeded the rate limit for repository commits. You can retry this action in about 1 hour.";

/// `POST …/preupload/…`
pub(super) fn preupload(asked: &Asked, repo: &str) -> Response {
    let body = asked.json();
    let state = lock(&asked.state);
    let head = state.repos.get(repo).and_then(|repo| repo.head());
    let one = |file: &Value| {
        let path = file["path"].as_str().unwrap_or_default();
        let size = file["size"].as_u64().unwrap_or_default();
        let sample = STANDARD.decode(file["sample"].as_str().unwrap_or_default()).unwrap_or_default();
        let binary = sample.contains(&0)
            || std::str::from_utf8(&sample).is_err_and(|error| error.error_len().is_some());
        let large = size > LARGEST_REGULAR
            || (binary && size > LARGEST_BINARY)
            || LARGE_ENDINGS.iter().any(|ending| path.ends_with(ending));
        let known = head
            .and_then(|head| head.tree.get(path))
            .map(|object| object.lfs.as_ref().unwrap_or(&object.git));
        json!({"path": path, "uploadMode": if large { "lfs" } else { "regular" }, "shouldIgnore": false, "oid": known})
    };
    let files: Vec<Value> = body["files"].as_array().into_iter().flatten().map(one).collect();
    ok(json!({"files": files}))
}

/// `POST …/commit/…`, lines of JSON
pub(super) async fn commit(asked: &Asked, repo: &str) -> Response {
    let fault = lock(&asked.state).faults.pop_front();
    match fault {
        Some(Fault::Refuse(status)) => return error(status, None, "The Hub was told to refuse"),
        Some(Fault::Silence) => tokio::time::sleep(HOUR).await,
        Some(Fault::ForeignFirst) => {
            if let Some(repo) = lock(&asked.state).repos.get_mut(repo) {
                repo.add("somebody else", [("notes.txt".to_owned(), Bytes::from("hello"))].into());
            }
        }
        Some(Fault::ApplyThen(_) | Fault::ApplyThenCut) | None => {}
    }
    let answer = apply(asked, repo);
    match fault {
        Some(Fault::ApplyThen(status)) => error(status, None, "The Hub was told to fail"),
        Some(Fault::ApplyThenCut) => {
            let cut = Err(std::io::Error::other("cut"));
            Response::new(Body::from_stream(futures_util::stream::iter([
                Ok(Bytes::from("{\"success\":")),
                cut,
            ])))
        }
        _ => answer,
    }
}

fn apply(asked: &Asked, name: &str) -> Response {
    let mut state = lock(&asked.state);
    let read = match read(&state, &asked.body) {
        Ok(read) => read,
        Err(message) => return error(400, None, &message),
    };
    let limit = state.options.commits_per_hour;
    let Some(repo) = state.repos.get_mut(name) else { return no_repo(true) };
    if limit.is_some_and(|limit| repo.commits_since(HOUR) > limit) {
        let mut response = error(429, None, QUOTA);
        set(&mut response, "retry-after", "3600");
        return response;
    }
    let head = repo.head().map(|commit| commit.oid.clone()).unwrap_or_default();
    if read.parent.is_some_and(|parent| parent.len() < 7 || !head.starts_with(&parent)) {
        return error(412, None, STALE);
    }
    let oid = repo.apply(&read.summary, read.change);
    let url = format!("{}/{name}/commit/{oid}", asked.hub);
    ok(json!({"success": true, "commitOid": oid, "commitUrl": url, "hookOutput": ""}))
}

#[derive(Default)]
struct Read {
    summary: String,
    parent: Option<String>,
    change: Change,
}

fn read(state: &State, body: &[u8]) -> Result<Read, String> {
    let mut read = Read::default();
    for line in body.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let line: Value = serde_json::from_slice(line).map_err(|error| error.to_string())?;
        let value = &line["value"];
        let text = |key: &str| value[key].as_str().map(str::to_owned);
        let path = || text("path").filter(|path| !path.is_empty()).ok_or("a line without a path");
        match line["key"].as_str() {
            Some("header") => {
                read.summary = text("summary").unwrap_or_default();
                read.parent = text("parentCommit");
            }
            Some("file") => {
                let content = STANDARD
                    .decode(text("content").unwrap_or_default())
                    .map_err(|error| error.to_string())?;
                if content.len() as u64 > LARGEST_REGULAR {
                    return Err(format!("{} is too large to be sent inline", path()?));
                }
                read.change.added.insert(path()?, Object::regular(content.into()));
            }
            Some("lfsFile") => {
                let oid = text("oid").unwrap_or_default();
                let content =
                    state.large.get(&oid).ok_or_else(|| format!("the LFS object {oid} was not sent"))?;
                read.change.added.insert(path()?, Object::large(content.clone()));
            }
            Some("deletedFile") => read.change.deleted.push(path()?),
            Some("deletedFolder") => {
                read.change.deleted_folders.push(path()?.trim_end_matches('/').to_owned());
            }
            other => return Err(format!("the line's key is {other:?}")),
        }
    }
    Ok(read)
}
