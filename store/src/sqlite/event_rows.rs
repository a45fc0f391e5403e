//! Rows of events, origins and seals.

use rusqlite::Row;
use uuid::Uuid;

use super::columns::event_id;
use super::{Tx, failure};
use crate::history::{Chain, Tip, Vector};
use crate::{Event, EventId, Stamp, StoreError};

/// How many events one row of `sealed` covers at most, so that lines can be read in chunks.
const RUN: usize = 5_000;

fn event(row: &Row<'_>) -> rusqlite::Result<Event> {
    Ok(Event {
        id: event_id(row, 0)?,
        at: Stamp(row.get::<_, i64>(1)?.cast_unsigned()),
        user: row.get(2)?,
        item: row.get(3)?,
        kind: row.get(4)?,
        data: row.get(5)?,
    })
}

impl Tx<'_> {
    pub(crate) fn knows_event(&self, id: EventId) -> Result<bool, StoreError> {
        Ok(self.optional("SELECT 1 FROM event WHERE id = ?1", (id.0,), |_| Ok(()))?.is_some())
    }

    /// Keeps an event; `origin` is a number of [`Self::origin_number`].
    pub(crate) fn insert_event(&self, event: &Event, origin: i64) -> Result<(), StoreError> {
        let Event { id, at, user, item, kind, data } = event;
        self.execute(
            "INSERT INTO event (id, at, origin, user, item, kind, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            (id.0, at.0.cast_signed(), origin, user, item, kind, data),
        )
    }

    /// The last event's place in the order of this store.
    pub(crate) fn last_seq(&self) -> Result<i64, StoreError> {
        Ok(self
            .optional("SELECT max(seq) FROM event", (), |row| row.get::<_, Option<i64>>(0))?
            .flatten()
            .unwrap_or(0))
    }

    /// Whom the events after `after` are about.
    pub(crate) fn users_after(&self, after: i64) -> Result<Vec<String>, StoreError> {
        self.list("SELECT DISTINCT user FROM event WHERE seq > ?1 ORDER BY user", (after,), |row| row.get(0))
    }

    /// Events of an annotator's up to a place in the order of this store, in that order; about an item, or all.
    pub(crate) fn events_about(
        &self,
        user: &str,
        item: Option<&str>,
        up_to: i64,
    ) -> Result<Vec<Event>, StoreError> {
        let columns = "id, at, user, item, kind, data";
        match item {
            Some(item) => self.list(
                &format!(
                    "SELECT {columns} FROM event WHERE user = ?1 AND item = ?2 AND seq <= ?3 ORDER BY seq"
                ),
                (user, item, up_to),
                event,
            ),
            None => self.list(
                &format!("SELECT {columns} FROM event WHERE user = ?1 AND seq <= ?2 ORDER BY seq"),
                (user, up_to),
                event,
            ),
        }
    }

    /// The number of this store's own origin.
    pub(crate) fn own_number(&self) -> Result<i64, StoreError> {
        Ok(self.meta_number("own")?.unwrap_or(1))
    }

    /// This store as the origin of events.
    pub(crate) fn own_origin(&self) -> Result<Uuid, StoreError> {
        let id =
            self.optional("SELECT id FROM origin WHERE no = ?1", (self.own_number()?,), |row| row.get(0))?;
        Ok(id.map(Uuid::from_bytes).expect("an opened store has an origin of its own"))
    }

    /// Gives the store an origin of its own, a new one if it has one.
    pub(crate) fn found_origin(&self, id: Uuid) -> Result<i64, StoreError> {
        let number = self.origin_number(id)?;
        self.set_meta_number("own", number)?;
        Ok(number)
    }

    /// The local number of an origin, made if it is new.
    pub(crate) fn origin_number(&self, id: Uuid) -> Result<i64, StoreError> {
        self.execute("INSERT INTO origin (id) VALUES (?1) ON CONFLICT DO NOTHING", (id.into_bytes(),))?;
        let number =
            self.optional("SELECT no FROM origin WHERE id = ?1", (id.into_bytes(),), |row| row.get(0))?;
        Ok(number.expect("it was just made"))
    }

    /// How far an origin's history is known.
    pub(crate) fn tip(&self, origin: i64) -> Result<Tip, StoreError> {
        let tip = self.optional("SELECT last, chain FROM origin WHERE no = ?1", (origin,), |row| {
            Ok(Tip { last: row.get::<_, i64>(0)?.cast_unsigned(), chain: Chain(row.get(1)?) })
        })?;
        Ok(tip.unwrap_or_default())
    }

    pub(crate) fn set_tip(&self, origin: i64, tip: Tip) -> Result<(), StoreError> {
        self.execute(
            "UPDATE origin SET last = ?2, chain = ?3 WHERE no = ?1",
            (origin, tip.last.cast_signed(), tip.chain.0),
        )
    }

    /// What is known of each origin.
    pub(crate) fn vector(&self) -> Result<Vector, StoreError> {
        let rows = self.list("SELECT id, last FROM origin WHERE last > 0", (), |row| {
            Ok((Uuid::from_bytes(row.get(0)?), row.get::<_, i64>(1)?.cast_unsigned()))
        })?;
        Ok(rows.into_iter().collect())
    }

    /// Numbers the own events that have no number yet.
    pub(crate) fn number_events(&self) -> Result<Tip, StoreError> {
        let own = self.own_number()?;
        let mut tip = self.tip(own)?;
        let mut after = self.meta_number("sealed_seq")?.unwrap_or(0);
        loop {
            let run = self.own_events(own, after, RUN)?;
            let (Some((first_seq, _)), Some((last_seq, _))) = (run.first(), run.last()) else {
                return Ok(tip);
            };
            let (first_seq, last_seq, before) = (*first_seq, *last_seq, tip);
            for (_, event) in &run {
                tip.write(event).map_err(|source| unreadable(event, source))?;
            }
            self.execute(
                "INSERT INTO sealed (first_n, last_n, first_seq, last_seq, chain, origin) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                ((before.last + 1).cast_signed(), tip.last.cast_signed(), first_seq, last_seq, before.chain.0, own),
            )?;
            self.set_tip(own, tip)?;
            self.set_meta_number("sealed_seq", last_seq)?;
            after = last_seq;
        }
    }

    /// The lines of the own history with numbers in `after + 1 ..= up_to`.
    pub(crate) fn own_lines(&self, after: u64, up_to: u64) -> Result<Vec<String>, StoreError> {
        let own = self.own_number()?;
        let runs = self.list(
            "SELECT first_n, last_n, first_seq, chain FROM sealed WHERE origin = ?3 AND last_n > ?1 AND first_n <= ?2 ORDER BY first_n",
            (after.cast_signed(), up_to.cast_signed(), own),
            |row| {
                let numbers = (row.get::<_, i64>(0)?.cast_unsigned(), row.get::<_, i64>(1)?.cast_unsigned());
                Ok((numbers, row.get::<_, i64>(2)?, Chain(row.get(3)?)))
            },
        )?;
        let mut lines = Vec::new();
        for ((first_n, last_n), first_seq, chain) in runs {
            let mut tip = Tip { last: first_n - 1, chain };
            // Not into the next run, which comes by itself.
            let wanted = usize::try_from(up_to.min(last_n) - tip.last).unwrap_or(usize::MAX);
            for (_, event) in self.own_events(own, first_seq - 1, wanted)? {
                let line = tip.write(&event).map_err(|source| unreadable(&event, source))?;
                if tip.last > after && tip.last <= up_to {
                    lines.push(line);
                }
            }
        }
        Ok(lines)
    }

    fn own_events(&self, own: i64, after: i64, limit: usize) -> Result<Vec<(i64, Event)>, StoreError> {
        self.list(
            "SELECT id, at, user, item, kind, data, seq FROM event WHERE seq > ?1 AND origin = ?2 ORDER BY seq LIMIT ?3",
            (after, own, i64::try_from(limit).unwrap_or(i64::MAX)),
            |row| Ok((row.get(6)?, event(row)?)),
        )
    }

    /// Moves the own events without a number to another origin.
    pub(crate) fn move_unnumbered(&self, to: i64) -> Result<(), StoreError> {
        let after = self.meta_number("sealed_seq")?.unwrap_or(0);
        self.execute(
            "UPDATE event SET origin = ?3 WHERE seq > ?1 AND origin = ?2",
            (after, self.own_number()?, to),
        )?;
        self.db.execute("DELETE FROM sealed WHERE origin <> ?1", (to,)).map_err(failure)?;
        Ok(())
    }
}

fn unreadable(event: &Event, source: serde_json::Error) -> StoreError {
    StoreError::Event { id: event.id, kind: event.kind.clone(), source }
}
