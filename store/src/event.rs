//! The event: what happened, once, for ever.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Stamp;

/// Names an event in every store. 128 bits; 32 hex digits in text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(pub [u8; 16]);

impl EventId {
    /// A new id, ordered by time (`UUIDv7`).
    pub fn new() -> Self {
        Self(Uuid::now_v7().into_bytes())
    }

    /// The id that a client's idempotency key stands for, so that two hosts that take one retry make one event.
    pub fn from_key(user: &str, key: &str) -> Self {
        Self::from_content("spud idempotency key v1", &[user.as_bytes(), key.as_bytes()])
    }

    /// The id of something known by its content alone, as an imported answer is.
    pub fn from_content(context: &str, parts: &[&[u8]]) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key(context);
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        let mut id = [0; 16];
        hasher.finalize_xof().fill(&mut id);
        Self(id)
    }
}

impl Default for EventId {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for EventId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for EventId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let wrong = || serde::de::Error::custom(format!("event id '{text}' is not 32 hex digits"));
        let mut id = [0; 16];
        if text.len() != 32 || !text.is_ascii() {
            return Err(wrong());
        }
        for (byte, pair) in id.iter_mut().zip(text.as_bytes().chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| wrong())?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| wrong())?;
        }
        Ok(Self(id))
    }
}

/// Something that happened. The table of events is the truth; all other tables follow from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// What makes a repetition recognisable.
    pub id: EventId,
    /// When, by the hybrid logical clock; ties are broken by `id`.
    pub at: Stamp,
    /// The annotator whose work or account this is about.
    pub user: String,
    /// The item, where it is about one.
    pub item: Option<String>,
    /// One of [`crate::Change`]'s names; an unknown one (of a newer version) is kept and passed on.
    pub kind: String,
    /// The change, as JSON text exactly as first written, so that its hash is the same everywhere.
    pub data: String,
}

impl Event {
    /// What decides between two writes of one register: the later one wins.
    pub fn precedence(&self) -> (Stamp, EventId) {
        (self.at, self.id)
    }
}
