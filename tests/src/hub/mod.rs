//! A stand-in for the Hugging Face Hub: repos with real commit semantics, on loopback, that can be told to fail.
//!
//! What it speaks is the protocol of `huggingface_hub` and `hf-hub`: create, info, preupload, commit, tree, resolve, LFS.
//! The official Python client proves it (`tests/python/hub_client.py`).

mod answer;
mod commit;
mod fault;
mod lfs;
mod object;
mod read;
mod repo;
mod route;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use bytes::Bytes;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use fault::Fault;
pub use repo::Commit;
use repo::Repo;

/// Entries of a page of a listing: small, so that a modest repo has several.
const PAGE: usize = 50;

/// How the Hub behaves from the start.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The only token that it knows; any is good where this is none.
    pub token: Option<String>,
    /// The port; any free one where this is none.
    pub port: Option<u16>,
    /// How many commits it takes in an hour.
    pub commits_per_hour: Option<usize>,
}

/// A request as it was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its method.
    pub method: String,
    /// Its path.
    pub path: String,
    /// The status of the answer.
    pub status: u16,
}

#[derive(Default)]
struct State {
    options: Options,
    repos: BTreeMap<String, Repo>,
    /// Large files that were uploaded, by SHA-256.
    large: HashMap<String, Bytes>,
    down: Option<u16>,
    faults: VecDeque<Fault>,
    latency: Duration,
    seen: Vec<Seen>,
}

/// A Hub that runs; clones are the same one, and it ends with the last.
#[derive(Clone)]
pub struct Hub {
    url: String,
    state: Arc<Mutex<State>>,
    _server: Arc<Server>,
}

struct Server(JoinHandle<()>);

impl Drop for Server {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Hub {
    /// Starts one.
    pub async fn start(options: Options) -> Result<Self> {
        let listener =
            TcpListener::bind(("127.0.0.1", options.port.unwrap_or(0))).await.context("the Hub's port")?;
        let url = format!("http://{}", listener.local_addr()?);
        let state = Arc::new(Mutex::new(State { options, ..State::default() }));
        let app = route::app(url.clone(), Arc::clone(&state));
        let server = tokio::spawn(async move {
            // It ends with the task.
            let _ = axum::serve(listener, app).await;
        });
        Ok(Self { url, state, _server: Arc::new(Server(server)) })
    }

    /// For `HF_ENDPOINT`.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// Answers everything with this status, until told otherwise.
    pub fn down(&self, status: Option<u16>) {
        lock(&self.state).down = status;
    }

    /// What happens to the next commits, one each.
    pub fn next_commits(&self, faults: impl IntoIterator<Item = Fault>) {
        lock(&self.state).faults.extend(faults);
    }

    /// Waits this long before each answer.
    pub fn latency(&self, latency: Duration) {
        lock(&self.state).latency = latency;
    }

    /// The commits of a dataset repo, oldest first.
    pub fn commits(&self, repo: &str) -> Vec<Commit> {
        lock(&self.state).repos.get(&dataset(repo)).map(|repo| repo.commits.clone()).unwrap_or_default()
    }

    /// The files of a dataset repo as they are now.
    pub fn files(&self, repo: &str) -> BTreeMap<String, Bytes> {
        let state = lock(&self.state);
        let head = state.repos.get(&dataset(repo)).and_then(|repo| repo.commits.last());
        head.map(|commit| {
            commit.tree.iter().map(|(path, object)| (path.clone(), object.content.clone())).collect()
        })
        .unwrap_or_default()
    }

    /// Whether a dataset repo is private; none if there is no such repo.
    pub fn private(&self, repo: &str) -> Option<bool> {
        lock(&self.state).repos.get(&dataset(repo)).map(|repo| repo.private)
    }

    /// Makes a dataset repo as somebody else.
    pub fn create(&self, repo: &str, private: bool) {
        lock(&self.state).repos.insert(dataset(repo), Repo::new(private));
    }

    /// Commits to a dataset repo as somebody else.
    pub fn commit(&self, repo: &str, files: &[(&str, &[u8])]) {
        let files = files.iter().map(|(path, content)| ((*path).to_owned(), Bytes::copy_from_slice(content)));
        if let Some(repo) = lock(&self.state).repos.get_mut(&dataset(repo)) {
            repo.add("somebody else", files.collect());
        }
    }

    /// All requests so far.
    pub fn seen(&self) -> Vec<Seen> {
        lock(&self.state).seen.clone()
    }
}

fn dataset(repo: &str) -> String {
    format!("datasets/{repo}")
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
