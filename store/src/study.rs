//! The study as a whole: its identity, and whether annotations are taken now.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Who this store is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Study {
    /// The study, the same in all its stores and backups; none until it is made new or restored.
    pub id: Option<Uuid>,
    /// This store, as the origin of events.
    pub origin: Uuid,
}

/// Whether annotations are taken (DESIGN I6: until the backup's state is known, they are not).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Gate {
    /// Nobody has looked yet in this boot.
    Starting,
    /// The backup is being brought back.
    Restoring {
        /// Steps done, such as files fetched.
        done: u64,
        /// Steps in all.
        total: u64,
    },
    /// It is not known whether there is a backup, or it cannot be read. Nothing may be written.
    Unknown {
        /// Why, in a sentence for the person who runs the study.
        reason: String,
    },
    /// Annotations are taken.
    Open,
}
