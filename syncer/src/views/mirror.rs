//! The output directory as a mirror of the store: views for people and tools, and sealed history.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use store::{Store, StoreError, Tip};
use tracing::warn;
use uuid::Uuid;

use crate::blocking::blocking;
use crate::disk::manifest::{Manifest, ManifestError, Number};
use crate::disk::names::{Meaning, meaning};
use crate::disk::scan::{Found, Scan, ScanError, scan};
use crate::disk::stable_read::Stat;
use crate::history::segments::SegmentError;
use crate::rounds::cadence::Moment;
use crate::rounds::plan::LocalFile;
use crate::settings::Settings;
use crate::views::blocked::Blocked;
use crate::views::lag::Behind;

/// The mirror. Whoever holds it keeps the directory from being changed by us.
pub struct Mirror {
    pub(crate) settings: Arc<Settings>,
    pub(crate) store: Store,
    pub(crate) manifest: Arc<Manifest>,
    pub(crate) behind: Behind,
    pub(crate) blocked: Blocked,
    /// Views as this process left them.
    pub(crate) left: HashMap<String, Stat>,
    viewed: i64,
}

/// Why the mirror is behind.
#[derive(Debug, thiserror::Error)]
pub enum MirrorError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The syncer's own file failed.
    #[error("the syncer's own file failed: {0}")]
    Manifest(#[from] ManifestError),
    /// The directory cannot be listed.
    #[error(transparent)]
    Scan(#[from] ScanError),
    /// The history cannot be written.
    #[error(transparent)]
    Segments(#[from] SegmentError),
    /// A file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
}

/// The directory, ready to be sent.
#[derive(Debug)]
pub struct Prepared {
    /// Whose history grows here.
    pub origin: Uuid,
    /// Where it ends.
    pub tip: Tip,
    /// The files that may be sent.
    pub files: Vec<LocalFile>,
}

impl Mirror {
    /// Over an opened store.
    pub fn new(settings: Arc<Settings>, store: Store, manifest: Arc<Manifest>) -> Result<Self, MirrorError> {
        let viewed = manifest.number(Number::Viewed)?;
        let blocked = Blocked::open(&settings.state);
        Ok(Self {
            settings,
            store,
            manifest,
            behind: Behind::default(),
            blocked,
            left: HashMap::new(),
            viewed,
        })
    }

    /// Looks for what changed in the store; whether anything did.
    pub async fn notice(&mut self, now: Moment) -> Result<bool, MirrorError> {
        if self.store.last_seq().await? <= self.viewed {
            return Ok(false);
        }
        let (users, up_to) = self.store.changed_users(self.viewed).await?;
        for user in users {
            let bytes = self.manifest.view(&user)?.map_or(0, |written| written.oid.size);
            self.behind.add(user, bytes, now);
        }
        self.viewed = up_to;
        Ok(true)
    }

    /// Writes the views that are due, or all that are behind; whether any was.
    pub async fn write_due(&mut self, now: Moment, all: bool) -> Result<bool, MirrorError> {
        let mut wrote = false;
        let mut due = self.behind.take_due(now, all).into_iter();
        while let Some(user) = due.next() {
            if let Err(error) = self.write_view(&user).await {
                self.behind.add(user, 0, now);
                due.for_each(|user| self.behind.add(user, 0, now));
                return Err(error);
            }
            wrote = true;
        }
        if self.behind.is_empty() && self.manifest.number(Number::Viewed)? != self.viewed {
            self.manifest.set_number(Number::Viewed, self.viewed)?;
        }
        Ok(wrote)
    }

    /// A file in the directory may have been changed by somebody else; whether it was one that is to be sent.
    pub async fn touched(&mut self, path: &str, now: Moment) -> Result<bool, MirrorError> {
        match meaning(path) {
            Some(Meaning::View(user)) => {
                let stat = Stat::of(&self.settings.out.join(path)).ok();
                if stat.is_some() && stat == self.left.get(&user).copied() {
                    return Ok(false);
                }
                if self.import_if_changed(&user).await? {
                    self.behind.add_now(user, now);
                }
                Ok(true)
            }
            Some(Meaning::Raw) => Ok(true),
            Some(Meaning::Segment(_) | Meaning::Head(_)) | None => Ok(false),
        }
    }

    /// Imports all files that somebody else changed.
    pub async fn import_all(&mut self, now: Moment) -> Result<(), MirrorError> {
        let scan = self.scan().await?;
        let written = self.manifest.views()?;
        for Found { path, oid } in scan.files {
            if let Some(Meaning::View(user)) = meaning(&path)
                && written.get(&user) != Some(&oid)
                && self.import_if_changed(&user).await?
            {
                self.behind.add_now(user, now);
            }
        }
        for user in self.blocked.users().keys().cloned().collect::<Vec<_>>() {
            self.import_if_changed(&user).await?;
        }
        Ok(())
    }

    /// Makes everything ready to be sent, in the order that keeps each file no newer than the history: first what others
    /// wrote is imported, then views are written, then the history is sealed.
    pub async fn prepare(&mut self, now: Moment, all_views: bool) -> Result<Prepared, MirrorError> {
        self.import_all(now).await?;
        self.notice(now).await?;
        self.write_due(now, all_views).await?;
        let (origin, tip) = self.seal(false).await?;
        let scan = self.scan().await?;
        let (views, bases) = (self.manifest.views()?, self.manifest.bases()?);
        let files = scan.files.into_iter().filter(|file| match meaning(&file.path) {
            // What could not be imported is not in the history yet, or is damaged.
            Some(Meaning::View(user)) => views.get(&user) == Some(&file.oid),
            Some(_) => true,
            None => false,
        });
        let files = files
            .map(|Found { path, oid }| LocalFile { base: bases.get(&path).copied(), path, oid })
            .collect();
        Ok(Prepared { origin, tip, files })
    }

    async fn scan(&self) -> Result<Scan, MirrorError> {
        let (settings, manifest) = (Arc::clone(&self.settings), Arc::clone(&self.manifest));
        let scan = blocking(move || scan(&settings.out, &settings.state, &manifest)).await?;
        for (path, error) in &scan.unread {
            warn!(path, %error, "a file cannot be read and waits for the next round");
        }
        Ok(scan)
    }
}
