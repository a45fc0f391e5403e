//! The gate: no annotation is taken until it is known whether there is a backup, and what is in it has been brought back.
//!
//! Three outcomes (DESIGN I6): brought back and verified; proved new; unknown. In the third nothing is written, neither
//! here nor there, and it is tried again until it is one of the others.

use std::time::Duration;

use store::{Gate, Study};
use tracing::{info, warn};
use uuid::Uuid;

use crate::disk::manifest::ManifestError;
use crate::disk::names::{HISTORY, Meaning, meaning};
use crate::disk::oid::Oid;
use crate::history::head::HeadFile;
use crate::history::incoming::{IncomingError, Ours, Places, bring, restore_raw};
use crate::hub::{Head, Hub, HubError, Kind};
use crate::rounds::as_remote;
use crate::rounds::cadence::{Jitter, back_off};
use crate::rounds::plan::RemoteTree;
use crate::syncer::Syncer;
use crate::views::mirror::{Mirror, MirrorError};

const FIRST_RETRY: Duration = Duration::from_millis(500);
/// So that all works within 30 s of the Hub's return, the time of a call included.
const LONGEST_RETRY: Duration = Duration::from_secs(5);
const LATER_RETRY: Duration = Duration::from_secs(12);
const FEW: u32 = 30;

/// Why it is not known.
#[derive(Debug, thiserror::Error)]
pub enum BootError {
    /// The Hub did not say.
    #[error("it is not known whether there is a backup in {repo}: {source}")]
    Hub {
        /// The repo.
        repo: String,
        /// The cause.
        source: HubError,
    },
    /// The repo may not be used.
    #[error("{0}")]
    Refused(String),
    /// What is there cannot be brought back.
    #[error("the backup in {repo} cannot be brought back: {source}")]
    Incoming {
        /// The repo.
        repo: String,
        /// The cause.
        source: IncomingError,
    },
    /// This disk or the store fails.
    #[error(transparent)]
    Mirror(#[from] MirrorError),
}

impl From<ManifestError> for BootError {
    fn from(error: ManifestError) -> Self {
        Self::Mirror(error.into())
    }
}

impl From<store::StoreError> for BootError {
    fn from(error: store::StoreError) -> Self {
        Self::Mirror(error.into())
    }
}

/// Tries until the gate is open; `tried` is called after each attempt.
pub async fn open_gate(syncer: &Syncer, tried: impl Fn()) {
    let mut jitter = Jitter(Uuid::new_v4().as_u64_pair().0);
    let mut failures = 0;
    loop {
        match attempt(syncer).await {
            Ok(()) => {
                if syncer.trouble().over() {
                    info!("annotations are taken");
                }
                syncer.board.update(|status| status.last_error = None);
                tried();
                return;
            }
            Err(error) => {
                let reason = error.to_string();
                if syncer.trouble().happened(syncer.clock.now()).is_some() {
                    warn!("{reason}. Nothing is written until this is resolved; it is tried again.");
                }
                syncer.board.set_error(reason.clone());
                if let Err(error) = syncer.store.set_gate(Gate::Unknown { reason }).await {
                    warn!(%error, "the gate could not be set");
                }
                tried();
            }
        }
        let longest = if failures < FEW { LONGEST_RETRY } else { LATER_RETRY };
        tokio::time::sleep(back_off(failures, FIRST_RETRY, longest, &mut jitter)).await;
        failures += 1;
    }
}

async fn attempt(syncer: &Syncer) -> Result<(), BootError> {
    let Study { id, .. } = syncer.store.study().await?;
    let mut mirror = syncer.mirror.lock().await;
    if id.is_none() {
        match &syncer.hub {
            Some(hub) => find_study(syncer, &mut mirror, hub).await?,
            None => find_study_here(syncer).await?,
        }
    }
    mirror.import_all(syncer.clock.now()).await?;
    syncer.store.set_gate(Gate::Open).await?;
    Ok(())
}

/// Without a backup: what lies on this disk, or a new study.
async fn find_study_here(syncer: &Syncer) -> Result<(), BootError> {
    let incoming_error =
        |source| BootError::Incoming { repo: syncer.settings.out.display().to_string(), source };
    let tree = RemoteTree::new();
    let places = Places { remote: None, tree: &tree, settings: &syncer.settings, manifest: &syncer.manifest };
    let incoming = bring(&places, ours(syncer).await?, true, |_, _| {}).await.map_err(incoming_error)?;
    incoming.apply(&syncer.store).await?;
    let id = incoming.study.unwrap_or_else(Uuid::new_v4);
    syncer.store.claim(id).await?;
    Ok(())
}

async fn find_study(syncer: &Syncer, mirror: &mut Mirror, hub: &Hub) -> Result<(), BootError> {
    let hub_error = |source| BootError::Hub { repo: hub.repo(), source };
    syncer.store.set_gate(Gate::Restoring { done: 0, total: 0 }).await?;
    let Head { sha, public } = find_repo(hub).await?;
    check_privacy(hub, public).map_err(BootError::Refused)?;
    let tree = match &sha {
        Some(sha) => hub.tree(sha).await.map_err(hub_error)?,
        None => RemoteTree::new(),
    };
    let has_history = tree.keys().any(|path| path.starts_with(&format!("{HISTORY}/")));
    let sha_text = sha.clone().unwrap_or_default();
    let remote = sha.as_deref().map(|sha| (hub, sha));
    let places = Places { remote, tree: &tree, settings: &syncer.settings, manifest: &syncer.manifest };
    let incoming_error = |source| BootError::Incoming { repo: hub.repo(), source };

    let store = syncer.store.clone();
    let progress = |done: usize, total: usize| {
        let (store, gate) = (store.clone(), Gate::Restoring { done: done as u64, total: total as u64 });
        if done.is_multiple_of(PROGRESS_STEP) {
            tokio::spawn(async move { store.set_gate(gate).await });
        }
    };
    let incoming = bring(&places, ours(syncer).await?, true, progress).await.map_err(incoming_error)?;
    let merged = incoming.apply(&syncer.store).await.map_err(|error| incoming_error(error.into()))?;
    let study = incoming.study;
    incoming.settle(&syncer.settings).map_err(incoming_error)?;
    let files = restore_raw(&places, !has_history).await.map_err(incoming_error)?;
    if let Some(study) = study {
        syncer.store.claim(study).await?;
        if has_history {
            syncer.manifest.set_tree(&hub.place(), &sha_text, &tree)?;
            info!(
                repo = hub.repo(),
                commit = sha_text,
                events = merged.new,
                files,
                "the backup was brought back"
            );
            return Ok(());
        }
    }
    claim(syncer, mirror, hub, study.unwrap_or_else(Uuid::new_v4), sha.as_deref(), tree).await
}

const PROGRESS_STEP: usize = 20;

/// The repo, made if it is missing.
async fn find_repo(hub: &Hub) -> Result<Head, BootError> {
    let hub_error = |source| BootError::Hub { repo: hub.repo(), source };
    match hub.head().await {
        Err(error) if error.kind == Kind::Missing => {}
        head => return head.map_err(hub_error),
    }
    match hub.create().await {
        Ok(()) => info!(repo = hub.repo(), "made the repo"),
        Err(error) if error.kind == Kind::Raced => {
            // It may have been made just now, by another instance.
            return hub.head().await.map_err(|source| match source.kind {
                Kind::Missing => BootError::Refused(format!(
                    "the repo {} exists, but the token cannot read it: give a token that may read and write it",
                    hub.repo()
                )),
                _ => hub_error(source),
            });
        }
        Err(error) => return Err(hub_error(error)),
    }
    hub.head().await.map_err(hub_error)
}

/// Whether the repo is as private as it should be.
pub fn check_privacy(hub: &Hub, public: bool) -> Result<(), String> {
    if public && hub.must_be_private() {
        return Err(format!(
            "the repo {} is public, and answers are personal data: make it private on the Hub, or allow it with private: false \
             in the backup's configuration",
            hub.repo()
        ));
    }
    Ok(())
}

/// A new study takes the repo with a first commit, which proves that the token may write.
async fn claim(
    syncer: &Syncer,
    mirror: &Mirror,
    hub: &Hub,
    study: Uuid,
    parent: Option<&str>,
    tree: RemoteTree,
) -> Result<(), BootError> {
    let hub_error = |source| BootError::Hub { repo: hub.repo(), source };
    let Study { origin, .. } = syncer.store.study().await?;
    let owner = syncer.settings.owner.as_deref();
    let empty = store::Seal {
        tip: store::Tip::default(),
        vector: store::Vector::new(),
        digest: store::Digest::default(),
    };
    let head = HeadFile::new(study, owner, origin, &empty, jiff::Timestamp::now());
    let (path, content) = (format!("{HISTORY}/{origin}/head.json"), head.render());
    let added: RemoteTree = [(path.clone(), as_remote(&Oid::of(&content)))].into();
    syncer.count_commit()?;
    let message = format!("spud: study {study}");
    let sha = hub.commit(parent, message, vec![(path, content.into())]).await.map_err(hub_error)?;
    mirror.write_head(&head)?;
    syncer.store.claim(study).await?;
    let whole: RemoteTree = tree.into_iter().chain(added).collect();
    syncer.manifest.set_tree(&hub.place(), &sha, &whole)?;
    let raw = whole.keys().filter(|path| meaning(path) == Some(Meaning::Raw)).count();
    info!(repo = hub.repo(), %study, raw, "the repo is this study's backup from now on");
    Ok(())
}

/// What this store is, for judging what comes in.
pub(crate) async fn ours(syncer: &Syncer) -> Result<Ours<'_>, store::StoreError> {
    let Study { id: study, origin } = syncer.store.study().await?;
    Ok(Ours { study, origin, owner: syncer.settings.owner.as_deref(), adopt: syncer.settings.adopt })
}
