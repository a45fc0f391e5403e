//! What can go wrong in the store, and whose fault it is.

use std::path::PathBuf;

/// Why the store did not do what was asked. Nothing was changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The disk is full; try again when there is space (HTTP 507).
    #[error("the disk that holds the store is full: free some space and try again")]
    Full,
    /// The store cannot be written (HTTP 503).
    #[error("the store cannot be written: the file system is read-only or refuses access")]
    ReadOnly,
    /// The store is being closed (HTTP 503).
    #[error("the store is closing")]
    Closed,
    /// The directory cannot hold a store that several processes share.
    #[error("the store cannot live at {}: {reason}", path.display())]
    Medium {
        /// The directory.
        path: PathBuf,
        /// What is wrong with it, and the remedy.
        reason: String,
    },
    /// The store was written by a newer version.
    #[error("the store at {} has format {found}, this program knows {known}: use the newer program", path.display())]
    Newer {
        /// The directory.
        path: PathBuf,
        /// The format found.
        found: i64,
        /// The newest format known here.
        known: i64,
    },
    /// Data to be ingested is wrong.
    #[error(transparent)]
    Items(#[from] project::items::ItemError),
    /// A stored or received event's data is not what its kind says.
    #[error("event {id} of kind {kind} cannot be read: {source}")]
    Event {
        /// The event.
        id: crate::EventId,
        /// Its kind.
        kind: String,
        /// What is wrong with its data.
        source: serde_json::Error,
    },
    /// A history does not lead to the state that was recorded with it; nothing of it was applied.
    #[error(
        "the history leads to state {found}, but {expected} was recorded with it: the backup is damaged or incomplete"
    )]
    Digest {
        /// What was recorded.
        expected: crate::Digest,
        /// What the history gives.
        found: crate::Digest,
    },
    /// A history to be applied has a hole or was changed.
    #[error(transparent)]
    History(#[from] crate::HistoryError),
    /// Reading or writing failed.
    #[error("the store at {} failed: {source}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The database failed in another way.
    #[error("the store failed: {0}")]
    Backend(Box<dyn std::error::Error + Send + Sync>),
}

impl StoreError {
    /// Whether the same request may work later without anybody changing it.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Full | Self::ReadOnly | Self::Closed | Self::Io { .. } | Self::Backend(_))
    }
}
