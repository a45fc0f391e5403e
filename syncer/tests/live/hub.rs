//! A dataset repo that can be told to fail: commits with parents, trees in pages, files by commit.

use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use syncer::disk::names::{Meaning, meaning};
use syncer::disk::oid::{Oid, hex};
use tokio::net::TcpListener;

/// Small, so that a list of files has several.
const PAGE: usize = 4;

/// What happens to a request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Fault {
    /// It is not worked on; this status is the answer.
    Refuse(u16),
    /// It is worked on; this status is the answer.
    ApplyThen(u16),
    /// It is worked on; the answer breaks off in the middle.
    ApplyThenCut,
    /// It is not worked on; there is no answer.
    Silence,
    /// Another commit comes first.
    ForeignFirst,
}

#[derive(Clone)]
pub(crate) struct Commit {
    pub(crate) sha: String,
    pub(crate) tree: BTreeMap<String, Bytes>,
    pub(crate) added: Vec<String>,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) private: Option<bool>,
    pub(crate) commits: Vec<Commit>,
    /// All requests fail like this.
    pub(crate) down: Option<u16>,
    /// What happens to the next commits.
    pub(crate) script: VecDeque<Fault>,
    pub(crate) commit_bytes: usize,
    pub(crate) commit_tries: usize,
}

impl State {
    pub(crate) fn add(&mut self, message: &str, added: BTreeMap<String, Bytes>) -> String {
        let mut tree = self.commits.last().map(|commit| commit.tree.clone()).unwrap_or_default();
        let names = added.keys().cloned().collect();
        tree.extend(added);
        let sha = hex(&Oid::of(format!("{message} {}", self.commits.len()).as_bytes()).git);
        self.commits.push(Commit { sha: sha.clone(), tree, added: names });
        sha
    }

    pub(crate) fn tree(&self) -> BTreeMap<String, Bytes> {
        self.commits.last().map(|commit| commit.tree.clone()).unwrap_or_default()
    }
}

#[derive(Clone)]
pub(crate) struct Hub {
    pub(crate) address: String,
    state: Arc<Mutex<State>>,
}

impl Hub {
    /// Bytes of commits, and how often one was tried.
    pub(crate) fn sent(&self) -> (usize, usize) {
        let state = self.state();
        (state.commit_bytes, state.commit_tries)
    }

    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let hub =
            Self { address: format!("http://{}", listener.local_addr().unwrap()), state: Arc::default() };
        let service = hub.clone();
        let app = axum::Router::new().fallback(move |request: Request| {
            let hub = service.clone();
            async move { hub.answer(request).await }
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        hub
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Makes the repo with some files in it.
    pub(crate) fn fill(&self, files: &[(&str, &str)]) {
        let files =
            files.iter().map(|(path, content)| ((*path).to_owned(), Bytes::from((*content).to_owned())));
        let mut state = self.state();
        state.private = Some(true);
        state.add("somebody else", files.collect());
    }

    /// The promises that hold for each commit: history without gaps, whole JSON, and each piece in one commit only.
    pub(crate) fn check(&self) {
        let state = self.state();
        let mut times: BTreeMap<&str, u32> = BTreeMap::new();
        for commit in &state.commits {
            let mut last = BTreeMap::new();
            for (path, content) in &commit.tree {
                match meaning(path) {
                    Some(Meaning::Segment(segment)) => {
                        let before = last.insert(segment.origin, segment.last).unwrap_or(0);
                        assert_eq!(segment.first, before + 1, "a gap before {path}");
                        assert_eq!(content.last(), Some(&b'\n'), "{path} is cut");
                    }
                    Some(Meaning::Head(_) | Meaning::View(_)) => {
                        serde_json::from_slice::<Value>(content)
                            .unwrap_or_else(|error| panic!("{path}: {error}"));
                    }
                    _ => {}
                }
            }
            for path in commit.added.iter().filter(|path| matches!(meaning(path), Some(Meaning::Segment(_))))
            {
                *times.entry(path).or_default() += 1;
            }
        }
        assert!(times.values().all(|times| *times == 1), "twice: {times:?}");
    }

    async fn answer(&self, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        if let Some(status) = self.state().down {
            return status_answer(status);
        }
        if parts.headers.get("authorization").is_none_or(|token| token != "Bearer hf_good") {
            return status_answer(401);
        }
        let path = parts.uri.path().replace("%20", " ");
        let parts_of_path: Vec<&str> = path.trim_matches('/').split('/').collect();
        match (&parts.method, &parts_of_path[..]) {
            (_, ["api", "whoami-v2"]) => axum::Json(json!({"name": "ann", "type": "user"})).into_response(),
            (_, ["api", "repos", "create"]) => self.create(&body),
            (&Method::GET, ["api", "datasets", "o", "r"]) => self.info(),
            (_, ["api", "datasets", "o", "r", "preupload", _]) => preupload(&body),
            (_, ["api", "datasets", "o", "r", "commit", _]) => self.commit(&body).await,
            (_, ["api", "datasets", "o", "r", "tree", sha, ..]) => {
                let page = parts
                    .uri
                    .query()
                    .and_then(|query| query.rsplit_once("page="))
                    .map_or("0", |(_, page)| page);
                self.tree(sha, page.parse().unwrap(), &path)
            }
            (_, ["datasets", "o", "r", "resolve", sha, file @ ..]) => self.file(sha, &file.join("/")),
            _ => status_answer(404),
        }
    }

    fn create(&self, body: &[u8]) -> Response {
        let request: Value = serde_json::from_slice(body).unwrap();
        let mut state = self.state();
        if state.private.is_some() {
            return status_answer(409);
        }
        state.private = request["private"].as_bool();
        state.add("initial commit", [(".gitattributes".to_owned(), Bytes::from("* text"))].into());
        axum::Json(json!({"url": self.address})).into_response()
    }

    fn info(&self) -> Response {
        let state = self.state();
        match state.private {
            Some(private) => {
                let sha = state.commits.last().map(|commit| &commit.sha);
                axum::Json(json!({"id": "o/r", "sha": sha, "private": private})).into_response()
            }
            None => status_answer(404),
        }
    }

    async fn commit(&self, body: &Bytes) -> Response {
        let fault = {
            let mut state = self.state();
            state.commit_bytes += body.len();
            state.commit_tries += 1;
            state.script.pop_front()
        };
        match fault {
            Some(Fault::Refuse(status)) => return status_answer(status),
            Some(Fault::Silence) => {
                tokio::time::sleep(Duration::from_hours(1)).await;
            }
            Some(Fault::ForeignFirst) => {
                self.state().add("somebody else", [("notes.txt".to_owned(), Bytes::from("hello"))].into());
            }
            _ => {}
        }
        let applied = self.apply(body);
        match fault {
            Some(Fault::ApplyThen(status)) => status_answer(status),
            Some(Fault::ApplyThenCut) => {
                let broken = Body::from_stream(futures_util::stream::iter([
                    Ok(Bytes::from("{\"success\":")),
                    Err(std::io::Error::other("cut")),
                ]));
                Response::new(broken)
            }
            _ => applied,
        }
    }

    fn apply(&self, body: &[u8]) -> Response {
        let (mut message, mut parent, mut added) = (String::new(), None, BTreeMap::new());
        for line in body.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let line: Value = serde_json::from_slice(line).unwrap();
            let value = &line["value"];
            match line["key"].as_str().unwrap() {
                "header" => {
                    value["summary"].as_str().unwrap().clone_into(&mut message);
                    parent = value["parentCommit"].as_str().map(str::to_owned);
                }
                "file" => {
                    let content = STANDARD.decode(value["content"].as_str().unwrap()).unwrap();
                    added.insert(value["path"].as_str().unwrap().to_owned(), Bytes::from(content));
                }
                other => panic!("a {other} in a commit"),
            }
        }
        let mut state = self.state();
        assert!(parent.is_some(), "a commit without a parent");
        if parent.as_ref() != state.commits.last().map(|commit| &commit.sha) {
            return status_answer(412);
        }
        let sha = state.add(&message, added);
        axum::Json(json!({"success": true, "commitOid": sha, "commitUrl": ""})).into_response()
    }

    fn tree(&self, sha: &str, page: usize, path: &str) -> Response {
        let state = self.state();
        let Some(commit) = state.commits.iter().find(|commit| commit.sha == sha) else {
            return status_answer(404);
        };
        let entry = |(path, content): (&String, &Bytes)| json!({"type": "file", "path": path, "size": content.len(), "oid": hex(&Oid::of(content).git)});
        let entries: Vec<Value> = commit.tree.iter().skip(page * PAGE).take(PAGE).map(entry).collect();
        let mut answer = axum::Json(&entries).into_response();
        if commit.tree.len() > (page + 1) * PAGE {
            let next = format!("<{path}?recursive=true&page={}>; rel=\"next\"", page + 1);
            answer.headers_mut().insert("link", next.parse().unwrap());
        }
        answer
    }

    fn file(&self, sha: &str, file: &str) -> Response {
        let state = self.state();
        let commit = state.commits.iter().find(|commit| commit.sha == sha);
        match commit.and_then(|commit| commit.tree.get(file)) {
            Some(content) => content.clone().into_response(),
            None => status_answer(404),
        }
    }
}

fn preupload(body: &[u8]) -> Response {
    let request: Value = serde_json::from_slice(body).unwrap();
    let regular =
        |file: &Value| json!({"path": file["path"], "uploadMode": "regular", "shouldIgnore": false});
    let files: Vec<Value> = request["files"].as_array().unwrap().iter().map(regular).collect();
    axum::Json(json!({"files": files})).into_response()
}

fn status_answer(status: u16) -> Response {
    let answer: Result<_, Infallible> = Ok(StatusCode::from_u16(status).unwrap());
    answer.into_response()
}
