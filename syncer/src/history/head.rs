//! `.history/<origin>/head.json`: where an origin's history ends, and what state it leads to.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{Chain, Digest, Seal, Vector};
use uuid::Uuid;

const VERSION: u32 = 1;

/// The end of a history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeadFile {
    /// Of this format.
    pub version: u32,
    /// The study that the history belongs to.
    pub study: Uuid,
    /// The Space that writes it (`SPACE_ID`), where it is one.
    pub owner: Option<String>,
    /// Whose history.
    pub origin: Uuid,
    /// Number of the last event.
    pub last: u64,
    /// The chain at that event.
    pub chain: Chain,
    /// The state when all of `vector` is applied and nothing else.
    pub digest: Digest,
    /// The last event of each origin that `digest` covers.
    pub vector: Vector,
    /// When it was written, for people, and to tell the newest of several.
    pub at: Timestamp,
}

/// A head that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HeadError {
    /// Not JSON or not of this shape.
    #[error("{path} cannot be read: {source}")]
    Unreadable {
        /// Which.
        path: String,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// Written by a newer program.
    #[error("{path} has version {version}, this program knows {VERSION}: use the newer program")]
    Newer {
        /// Which.
        path: String,
        /// The version found.
        version: u32,
    },
}

impl HeadFile {
    /// For a store that was just sealed.
    pub fn new(study: Uuid, owner: Option<&str>, origin: Uuid, seal: &Seal, at: Timestamp) -> Self {
        let Seal { tip, vector, digest } = seal;
        Self {
            version: VERSION,
            study,
            owner: owner.map(str::to_owned),
            origin,
            last: tip.last,
            chain: tip.chain,
            digest: *digest,
            vector: vector.clone(),
            at,
        }
    }

    /// Whether the other one says the same of the same history, whenever it was written.
    pub fn covers_same(&self, other: &Self) -> bool {
        let Self { version, study, owner, origin, last, chain, digest, vector, at: _ } = self;
        (version, study, owner, origin, last, chain, digest, vector)
            == (
                &other.version,
                &other.study,
                &other.owner,
                &other.origin,
                &other.last,
                &other.chain,
                &other.digest,
                &other.vector,
            )
    }

    /// From a file's bytes; `path` names it in errors.
    pub fn parse(path: &str, bytes: &[u8]) -> Result<Self, HeadError> {
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        let unreadable = |source| HeadError::Unreadable { path: path.to_owned(), source };
        let Version { version } = serde_json::from_slice(bytes).map_err(unreadable)?;
        if version > VERSION {
            return Err(HeadError::Newer { path: path.to_owned(), version });
        }
        serde_json::from_slice(bytes).map_err(unreadable)
    }

    /// The bytes of the file.
    pub(crate) fn render(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).expect("a head has only string keys");
        bytes.push(b'\n');
        bytes
    }
}
