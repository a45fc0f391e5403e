//! A transaction: the rows that the operations read and write.

use std::collections::BTreeSet;

use rusqlite::Connection;

use super::{Context, failure};
use crate::clock::{Stamp, wall_millis};
use crate::{Rules, StoreError};

/// A read or write transaction. What an operation does through it is kept whole or not at all.
pub(crate) struct Tx<'a> {
    pub(super) db: &'a Connection,
    pub(super) context: &'a Context,
    /// The largest stamp handed out or seen, once it was looked up.
    clock: Option<Stamp>,
    clock_moved: bool,
    /// Annotators whose list may be out of order; see [`crate::ops::settle`].
    pub(crate) unsorted: BTreeSet<String>,
    /// Items whose count of answers may have passed the limit in a union.
    pub(crate) crowded: BTreeSet<String>,
}

impl<'a> Tx<'a> {
    pub(super) fn new(db: &'a Connection, context: &'a Context) -> Self {
        Self {
            db,
            context,
            clock: None,
            clock_moved: false,
            unsorted: BTreeSet::new(),
            crowded: BTreeSet::new(),
        }
    }

    /// The study's rules.
    pub(crate) fn rules(&self) -> &'a Rules {
        &self.context.rules
    }

    /// Milliseconds of the kernel's clock, which no one sets and all processes share; for leases.
    #[expect(clippy::unused_self, reason = "with another database it is that one's clock")]
    pub(crate) fn kernel_millis(&self) -> u64 {
        super::medium::kernel_millis()
    }

    /// A stamp for a new event.
    pub(crate) fn stamp(&mut self) -> Result<Stamp, StoreError> {
        let stamp = self.now()?.next(wall_millis());
        self.clock = Some(stamp);
        self.clock_moved = true;
        Ok(stamp)
    }

    /// Never again stamps before `seen`.
    pub(crate) fn advance(&mut self, seen: Stamp) -> Result<(), StoreError> {
        if seen > self.now()? {
            self.clock = Some(seen);
            self.clock_moved = true;
        }
        Ok(())
    }

    fn now(&mut self) -> Result<Stamp, StoreError> {
        if let Some(now) = self.clock {
            return Ok(now);
        }
        let now = Stamp(self.meta_number("clock")?.unwrap_or(0).cast_unsigned());
        self.clock = Some(now);
        Ok(now)
    }

    /// Writes what is kept in memory during the transaction. The last thing before a commit.
    pub(super) fn finish(&mut self) -> Result<(), StoreError> {
        if let (Some(clock), true) = (self.clock, self.clock_moved) {
            self.set_meta_number("clock", clock.0.cast_signed())?;
            self.clock_moved = false;
        }
        Ok(())
    }

    /// A number among the store's own facts.
    pub(crate) fn meta_number(&self, key: &str) -> Result<Option<i64>, StoreError> {
        self.optional("SELECT value FROM meta WHERE key = ?1", (key,), |row| row.get(0))
    }

    /// Sets a number among the store's own facts.
    pub(crate) fn set_meta_number(&self, key: &str, value: i64) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO meta VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value",
            (key, value),
        )
    }

    /// A text among the store's own facts.
    pub(crate) fn meta_text(&self, key: &str) -> Result<Option<String>, StoreError> {
        self.optional("SELECT value FROM meta WHERE key = ?1", (key,), |row| row.get(0))
    }

    /// Sets a text among the store's own facts.
    pub(crate) fn set_meta_text(&self, key: &str, value: &str) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO meta VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value",
            (key, value),
        )
    }

    pub(super) fn execute(&self, sql: &str, parameters: impl rusqlite::Params) -> Result<(), StoreError> {
        self.db.prepare_cached(sql).and_then(|mut s| s.execute(parameters)).map_err(failure)?;
        Ok(())
    }

    pub(super) fn optional<T>(
        &self,
        sql: &str,
        parameters: impl rusqlite::Params,
        read: impl FnOnce(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StoreError> {
        let row = self.db.prepare_cached(sql).and_then(|mut s| s.query_row(parameters, read));
        match row {
            Ok(value) => Ok(Some(value)),
            Err(rusqlite::Error::QueryReturnedNoRows) => Ok(None),
            Err(error) => Err(failure(error)),
        }
    }

    pub(super) fn list<T>(
        &self,
        sql: &str,
        parameters: impl rusqlite::Params,
        read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let mut statement = self.db.prepare_cached(sql).map_err(failure)?;
        let rows = statement.query_map(parameters, read).map_err(failure)?;
        rows.collect::<rusqlite::Result<Vec<T>>>().map_err(failure)
    }
}
