//! How our types stand in columns.

use rusqlite::Row;

use crate::{Digest, EventId};

pub(super) fn event_id(row: &Row<'_>, column: usize) -> rusqlite::Result<EventId> {
    row.get(column).map(EventId)
}

pub(super) fn digest(row: &Row<'_>, column: usize) -> rusqlite::Result<Digest> {
    row.get::<_, [u8; 32]>(column).map(|bytes| Digest::from_bytes(&bytes))
}
