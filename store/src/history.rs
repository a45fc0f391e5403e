//! The history that leaves the store: numbered lines, each chained to the one before by a hash.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::{Digest, Event, EventId, Stamp};

/// For each origin, the number of its last event that is covered.
pub type Vector = BTreeMap<Uuid, u64>;

/// The hash of a history up to and including a line; all zero before the first.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Chain(pub [u8; 16]);

/// An event with its number in its origin's history (from 1, without gaps).
#[derive(Clone, Debug, PartialEq)]
pub struct Numbered {
    /// Its number.
    pub n: u64,
    /// The event.
    pub event: Event,
}

/// The end of an origin's history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tip {
    /// The last event's number; 0 if there is none.
    pub last: u64,
    /// The chain at that event.
    pub chain: Chain,
}

/// A moment of the store at which all of its events had numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Seal {
    /// This store's own history.
    pub tip: Tip,
    /// What the digest covers.
    pub vector: Vector,
    /// The state at that moment.
    pub digest: Digest,
}

/// Why a piece of history is not what it should be.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum HistoryError {
    /// Not JSON, or not of the line's shape.
    #[error("the history of {origin} after event {after} has a line that cannot be read: {reason}")]
    Unreadable {
        /// Whose history.
        origin: Uuid,
        /// The last good number.
        after: u64,
        /// What the parser says.
        reason: String,
    },
    /// A number is missing or comes twice.
    #[error("the history of {origin} goes from event {after} to {found}: a part is missing")]
    Gap {
        /// Whose history.
        origin: Uuid,
        /// The last good number.
        after: u64,
        /// The number found.
        found: u64,
    },
    /// A line or an earlier one was changed.
    #[error("the history of {origin} was changed at or before event {n}: its hash does not fit")]
    Chain {
        /// Whose history.
        origin: Uuid,
        /// The line whose hash does not fit.
        n: u64,
    },
}

/// A line's shape on disk and on the Hub.
#[derive(Serialize, Deserialize)]
struct Line<'a> {
    n: u64,
    id: EventId,
    at: Stamp,
    user: &'a str,
    item: Option<&'a str>,
    kind: &'a str,
    #[serde(borrow)]
    data: &'a RawValue,
}

/// As [`Line`], read from text that may hold escapes.
#[derive(Deserialize)]
struct OwnedLine {
    n: u64,
    id: EventId,
    at: Stamp,
    user: String,
    item: Option<String>,
    kind: String,
    data: Box<RawValue>,
    chain: Chain,
}

impl Tip {
    /// Writes the next line (without a line end) and moves to it. `event.data` is JSON text.
    ///
    /// # Errors
    /// The data is not JSON.
    pub fn write(&mut self, event: &Event) -> Result<String, serde_json::Error> {
        let data: &RawValue = serde_json::from_str(&event.data)?;
        let n = self.last + 1;
        let Event { id, at, user, item, kind, .. } = event;
        let mut line =
            serde_json::to_string(&Line { n, id: *id, at: *at, user, item: item.as_deref(), kind, data })?;
        let chain = self.chain.after(line.as_bytes());
        line.truncate(line.len() - 1);
        line.push_str(&tail(chain));
        *self = Self { last: n, chain };
        Ok(line)
    }

    /// Reads the next line of an origin's history, checks that it follows, and moves to it.
    pub fn read(&mut self, origin: Uuid, text: &str) -> Result<Numbered, HistoryError> {
        let after = self.last;
        let unreadable = |reason: String| HistoryError::Unreadable { origin, after, reason };
        let line: OwnedLine = serde_json::from_str(text).map_err(|e| unreadable(e.to_string()))?;
        if line.n != after + 1 {
            return Err(HistoryError::Gap { origin, after, found: line.n });
        }
        let tail = format!(",\"chain\":\"{}\"}}", line.chain);
        let body =
            text.strip_suffix(&tail).ok_or_else(|| unreadable("the hash does not stand last".to_owned()))?;
        let chain = self.chain.after(format!("{body}}}").as_bytes());
        if chain != line.chain {
            return Err(HistoryError::Chain { origin, n: line.n });
        }
        *self = Self { last: line.n, chain };
        let OwnedLine { n, id, at, user, item, kind, data, .. } = line;
        Ok(Numbered { n, event: Event { id, at, user, item, kind, data: data.get().to_owned() } })
    }
}

/// How a line ends.
fn tail(chain: Chain) -> String {
    format!(",\"chain\":\"{chain}\"}}")
}

impl Chain {
    fn after(self, line: &[u8]) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.0);
        hasher.update(line);
        let mut chain = [0; 16];
        hasher.finalize_xof().fill(&mut chain);
        Self(chain)
    }
}

impl fmt::Display for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        EventId(self.0).fmt(f)
    }
}

impl fmt::Debug for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Chain {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        EventId(self.0).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Chain {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        EventId::deserialize(deserializer).map(|id| Self(id.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(text: &str) -> Event {
        Event {
            id: EventId::from_key("ann", text),
            at: Stamp::from_millis(7),
            user: "ann \"x\" é".to_owned(),
            item: None,
            kind: "moved".to_owned(),
            data: format!("{{ \"to\": {} }}", serde_json::to_string(text).unwrap()),
        }
    }

    #[test]
    fn a_history_reads_back_and_a_change_or_a_gap_is_found() {
        let origin = Uuid::from_u128(1);
        let (mut writer, mut reader) = (Tip::default(), Tip::default());
        let lines: Vec<String> = ["a", "b\n", "c"].iter().map(|t| writer.write(&event(t)).unwrap()).collect();
        let read: Vec<Numbered> = lines.iter().map(|line| reader.read(origin, line).unwrap()).collect();
        assert_eq!(read[1], Numbered { n: 2, event: event("b\n") });
        assert_eq!(reader, writer);

        let mut reader = Tip::default();
        assert!(matches!(reader.read(origin, &lines[1]), Err(HistoryError::Gap { .. })));
        let forged = lines[0].replace("\"a\"", "\"z\"");
        assert!(matches!(reader.read(origin, &forged), Err(HistoryError::Chain { .. })));
        reader.read(origin, &lines[0]).unwrap();
        assert!(matches!(reader.read(origin, "{"), Err(HistoryError::Unreadable { .. })));
    }
}
