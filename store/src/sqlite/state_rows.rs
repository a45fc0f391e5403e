//! Rows of the state: registers and annotators.

use rusqlite::Row;

use super::columns::{digest, event_id};
use super::{Tx, failure};
use crate::register::{Class, Key, Register};
use crate::{Digest, Stamp, StoreError};

/// An annotator's own row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Annotator {
    pub(crate) name: String,
    /// Has an account, not only work.
    pub(crate) account: bool,
    /// The sum over this annotator's registers and assignments.
    pub(crate) digest: Digest,
    /// Live items.
    pub(crate) assigned: u64,
    /// Live items with an answer.
    pub(crate) answered: u64,
    /// How far the order in which items are handed out was walked.
    pub(crate) frontier: u64,
    /// When something was last heard, by the kernel's clock in milliseconds.
    pub(crate) seen: u64,
}

const ANNOTATOR: &str = "name, account, digest, assigned, answered, frontier, seen";

fn annotator(row: &Row<'_>) -> rusqlite::Result<Annotator> {
    Ok(Annotator {
        name: row.get(0)?,
        account: row.get(1)?,
        digest: digest(row, 2)?,
        assigned: row.get::<_, i64>(3)?.cast_unsigned(),
        answered: row.get::<_, i64>(4)?.cast_unsigned(),
        frontier: row.get::<_, i64>(5)?.cast_unsigned(),
        seen: row.get::<_, i64>(6)?.cast_unsigned(),
    })
}

impl Tx<'_> {
    pub(crate) fn annotator(&self, name: &str) -> Result<Option<Annotator>, StoreError> {
        self.optional(&format!("SELECT {ANNOTATOR} FROM annotator WHERE name = ?1"), (name,), annotator)
    }

    /// Makes or replaces the row.
    pub(crate) fn put_annotator(&self, row: &Annotator) -> Result<(), StoreError> {
        let Annotator { name, account, digest, assigned, answered, frontier, seen } = row;
        self.execute(
            "INSERT INTO annotator (name, folded, account, digest, assigned, answered, frontier, seen)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (name) DO UPDATE SET account = excluded.account, digest = excluded.digest,
                 assigned = excluded.assigned, answered = excluded.answered,
                 frontier = excluded.frontier, seen = excluded.seen",
            (
                name,
                project::names::fold(name),
                account,
                digest.to_bytes(),
                assigned.cast_signed(),
                answered.cast_signed(),
                frontier.cast_signed(),
                seen.cast_signed(),
            ),
        )
    }

    /// A name that reads the same as this one but is another.
    pub(crate) fn lookalike(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.optional(
            "SELECT name FROM annotator WHERE folded = ?1 AND name <> ?2 LIMIT 1",
            (project::names::fold(name), name),
            |row| row.get(0),
        )
    }

    /// All names, in order.
    pub(crate) fn annotator_names(&self) -> Result<Vec<String>, StoreError> {
        self.list("SELECT name FROM annotator ORDER BY name", (), |row| row.get(0))
    }

    /// Names of those who hold items without answers and were last heard before `seen`.
    pub(crate) fn absent(&self, seen: u64) -> Result<Vec<String>, StoreError> {
        self.list(
            "SELECT name FROM annotator WHERE assigned > answered AND seen < ?1",
            (seen.cast_signed(),),
            |row| row.get(0),
        )
    }

    /// The digest of the whole state.
    pub(crate) fn digest(&self) -> Result<Digest, StoreError> {
        let rows = self.list("SELECT digest FROM annotator", (), |row| digest(row, 0))?;
        Ok(rows.into_iter().fold(Digest::default(), Digest::plus))
    }

    pub(crate) fn register(&self, key: &Key) -> Result<Option<Register>, StoreError> {
        let Key { user, item, class, key, label } = key;
        self.optional(
            "SELECT at, id, value FROM register
             WHERE user = ?1 AND item = ?2 AND class = ?3 AND key = ?4 AND label = ?5",
            (user, item, *class as i64, key, label),
            |row| register(row, 0),
        )
    }

    pub(crate) fn put_register(&self, key: &Key, register: &Register) -> Result<(), StoreError> {
        let Key { user, item, class, key, label } = key;
        let Register { at, id, value } = register;
        self.execute(
            "INSERT INTO register VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT DO UPDATE SET at = excluded.at, id = excluded.id, value = excluded.value",
            (user, item, *class as i64, key, label, at.0.cast_signed(), id.0, value),
        )
    }

    pub(crate) fn delete_register(&self, key: &Key) -> Result<(), StoreError> {
        let Key { user, item, class, key, label } = key;
        self.execute(
            "DELETE FROM register WHERE user = ?1 AND item = ?2 AND class = ?3 AND key = ?4 AND label = ?5",
            (user, item, *class as i64, key, label),
        )
    }

    /// The labels of a scheme that have registers of their own.
    pub(crate) fn label_registers(&self, scheme: &Key) -> Result<Vec<(Key, Register)>, StoreError> {
        let Key { user, item, class, key, .. } = scheme;
        self.list(
            "SELECT user, item, class, key, label, at, id, value FROM register
             WHERE user = ?1 AND item = ?2 AND class = ?3 AND key = ?4 AND label <> ''",
            (user, item, *class as i64, key),
            keyed,
        )
    }

    /// All registers of an annotator and item; of no item those about the annotator (`item` empty).
    pub(crate) fn registers(&self, user: &str, item: &str) -> Result<Vec<(Key, Register)>, StoreError> {
        self.list(
            "SELECT user, item, class, key, label, at, id, value FROM register WHERE user = ?1 AND item = ?2",
            (user, item),
            keyed,
        )
    }

    /// All registers of an annotator, item by item.
    pub(crate) fn each_register(
        &self,
        user: &str,
        mut each: impl FnMut(Key, Register) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let sql = "SELECT user, item, class, key, label, at, id, value FROM register WHERE user = ?1
                   ORDER BY item, class, key, label";
        let mut statement = self.db.prepare_cached(sql).map_err(failure)?;
        let mut rows = statement.query((user,)).map_err(failure)?;
        while let Some(row) = rows.next().map_err(failure)? {
            let (key, register) = keyed(row).map_err(failure)?;
            each(key, register)?;
        }
        Ok(())
    }
}

fn register(row: &Row<'_>, first: usize) -> rusqlite::Result<Register> {
    Ok(Register {
        at: Stamp(row.get::<_, i64>(first)?.cast_unsigned()),
        id: event_id(row, first + 1)?,
        value: row.get(first + 2)?,
    })
}

fn keyed(row: &Row<'_>) -> rusqlite::Result<(Key, Register)> {
    let class = Class::from_number(row.get(2)?).ok_or(rusqlite::Error::IntegralValueOutOfRange(2, 0))?;
    let key = Key { user: row.get(0)?, item: row.get(1)?, class, key: row.get(3)?, label: row.get(4)? };
    Ok((key, register(row, 5)?))
}
