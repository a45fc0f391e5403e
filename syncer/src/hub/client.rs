//! Calls to the Hub, each with a deadline of its own.
//!
//! `hf-hub` repeats a POST by itself when it fails, which would commit twice: so what writes goes through a client that
//! never repeats, and nothing is sent again before the repo was looked at.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hf_hub::HFClient;
use hf_hub::repository::{AddSource, CommitOperation, HFRepository, RepoTypeDataset};
use tokio::time::timeout;

use super::outcome::{HubError, Kind};
use super::tree;
use crate::rounds::plan::RemoteTree;

const CALL_TIMEOUT: Duration = Duration::from_secs(15);
/// The Hub gives a commit 60 s; one that takes longer may still arrive.
const COMMIT_TIMEOUT: Duration = Duration::from_mins(1);
const TREE_TIMEOUT: Duration = Duration::from_mins(2);
const FILE_TIMEOUT: Duration = Duration::from_mins(2);
const READ_RETRIES: usize = 2;

/// Where the backup goes.
#[derive(Clone)]
pub struct HubSettings {
    /// `HF_ENDPOINT`.
    pub endpoint: String,
    /// Never shown.
    pub token: String,
    /// User or organisation.
    pub owner: String,
    /// The repo's name.
    pub name: String,
    /// Folder in the repo, without slashes at its ends.
    pub path_in_repo: Option<String>,
    /// Whether to make it private, and to refuse one that is public.
    pub private: bool,
    /// Where `hf-hub` may keep files.
    pub cache: PathBuf,
}

impl std::fmt::Debug for HubSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HubSettings({} {}/{})", self.endpoint, self.owner, self.name)
    }
}

/// The tip of the repo's main branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its commit; none in a repo without any.
    pub sha: Option<String>,
    /// Whether everybody can read the repo.
    pub public: bool,
}

/// The repo.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    settings: HubSettings,
    writes: HFClient,
    write_repo: HFRepository<RepoTypeDataset>,
    read_repo: HFRepository<RepoTypeDataset>,
    http: reqwest::Client,
}

impl Hub {
    /// Prepares the clients; nothing is sent.
    pub fn new(settings: HubSettings) -> Result<Self, HubError> {
        let agent = concat!("spud/", env!("CARGO_PKG_VERSION"));
        let client = |retries| {
            HFClient::builder()
                .endpoint(&settings.endpoint)
                .token(&settings.token)
                .user_agent(agent)
                .cache_dir(&settings.cache)
                .cache_enabled(false)
                .retry_max_attempts(retries)
                .build()
        };
        let (writes, reads) = (client(0)?, client(READ_RETRIES)?);
        let write_repo = writes.dataset(&settings.owner, &settings.name);
        let read_repo = reads.dataset(&settings.owner, &settings.name);
        let http = reqwest::Client::builder().user_agent(agent).timeout(CALL_TIMEOUT).build()?;
        Ok(Self(Arc::new(Inner { settings, writes, write_repo, read_repo, http })))
    }

    /// `owner/name`.
    pub fn repo(&self) -> String {
        format!("{}/{}", self.0.settings.owner, self.0.settings.name)
    }

    /// `owner/name`, with the folder in the repo and the Hub it is on: what a stored tree belongs to.
    pub fn place(&self) -> String {
        let HubSettings { endpoint, path_in_repo, .. } = &self.0.settings;
        format!("{endpoint} {} {}", self.repo(), path_in_repo.as_deref().unwrap_or_default())
    }

    /// Whether a public repo is not to be used.
    pub fn must_be_private(&self) -> bool {
        self.0.settings.private
    }

    /// The tip of the main branch. Asked once, without repetition.
    pub async fn head(&self) -> Result<Head, HubError> {
        let call = self.0.write_repo.info().send();
        let info =
            timeout(CALL_TIMEOUT, call).await.map_err(|_| HubError::silence("head", CALL_TIMEOUT))??;
        Ok(Head { sha: info.sha, public: info.private == Some(false) })
    }

    /// Makes the repo. Where the Hub does not know the token, or a repo is there that the token may not see, it says so here.
    pub async fn create(&self) -> Result<(), HubError> {
        let (id, private) = (self.repo(), self.0.settings.private);
        let call =
            self.0.writes.create_repository().repo_id(&id).repo_type(RepoTypeDataset).private(private).send();
        timeout(CALL_TIMEOUT, call).await.map_err(|_| HubError::silence("create", CALL_TIMEOUT))??;
        Ok(())
    }

    /// All files of a commit below the folder in the repo, by their path relative to it.
    pub async fn tree(&self, sha: &str) -> Result<RemoteTree, HubError> {
        let Inner { settings, http, .. } = &*self.0;
        let call = tree::list(http, settings, sha);
        timeout(TREE_TIMEOUT, call).await.map_err(|_| HubError::silence("tree", TREE_TIMEOUT))?
    }

    /// The bytes of a file of a commit, unchecked.
    pub(super) async fn file(&self, sha: &str, path: &str) -> Result<Bytes, HubError> {
        let call =
            self.0.read_repo.download_file_to_bytes().filename(self.in_repo(path)).revision(sha).send();
        Ok(timeout(FILE_TIMEOUT, call).await.map_err(|_| HubError::silence("file", FILE_TIMEOUT))??)
    }

    /// Commits files on top of `parent`; answers the new commit.
    ///
    /// # Errors
    /// Of kind `Unclear` and `Raced`: the commit may have been made; look before anything is sent again.
    pub async fn commit(
        &self,
        parent: Option<&str>,
        message: String,
        files: Vec<(String, Bytes)>,
    ) -> Result<String, HubError> {
        let operations = files
            .into_iter()
            .map(|(path, content)| CommitOperation::Add {
                path_in_repo: self.in_repo(&path),
                source: AddSource::Bytes(content),
            })
            .collect();
        let call = self
            .0
            .write_repo
            .create_commit()
            .operations(operations)
            .commit_message(message)
            .maybe_parent_commit(parent.map(str::to_owned))
            .send();
        let info = timeout(COMMIT_TIMEOUT, call)
            .await
            .map_err(|_| HubError::silence("commit", COMMIT_TIMEOUT))??;
        info.commit_oid.ok_or_else(|| HubError {
            kind: Kind::Unclear,
            message: "the Hub took the commit but did not name it".to_owned(),
        })
    }

    fn in_repo(&self, path: &str) -> String {
        match &self.0.settings.path_in_repo {
            Some(folder) => format!("{folder}/{path}"),
            None => path.to_owned(),
        }
    }
}
