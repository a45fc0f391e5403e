//! Rows of assignments.

use rusqlite::Row;

use super::Tx;
use super::columns::event_id;
use crate::assignment::{Assignment, Hold};
use crate::{Stamp, StoreError};

const ALL: &str =
    "user, item, first_at, first_id, first_idx, state, state_at, state_id, answered, surplus, place";

fn assignment(row: &Row<'_>) -> rusqlite::Result<Assignment> {
    let stamp = |column| row.get::<_, i64>(column).map(|at| Stamp(at.cast_unsigned()));
    Ok(Assignment {
        user: row.get(0)?,
        item: row.get(1)?,
        first: (stamp(2)?, event_id(row, 3)?, row.get(4)?),
        hold: Hold::from_number(row.get(5)?).ok_or(rusqlite::Error::IntegralValueOutOfRange(5, 0))?,
        hold_by: (stamp(6)?, event_id(row, 7)?),
        answered: row.get(8)?,
        surplus: row.get(9)?,
        place: row.get::<_, Option<i64>>(10)?.map(i64::cast_unsigned),
    })
}

impl Tx<'_> {
    pub(crate) fn assignment(&self, user: &str, item: &str) -> Result<Option<Assignment>, StoreError> {
        self.optional(
            &format!("SELECT {ALL} FROM assignment WHERE user = ?1 AND item = ?2"),
            (user, item),
            assignment,
        )
    }

    pub(crate) fn put_assignment(&self, row: &Assignment) -> Result<(), StoreError> {
        let Assignment { user, item, first, hold, hold_by, answered, surplus, place } = row;
        self.execute(
            "INSERT INTO assignment VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
             ON CONFLICT DO UPDATE SET first_at = excluded.first_at, first_id = excluded.first_id,
                 first_idx = excluded.first_idx, state = excluded.state, state_at = excluded.state_at,
                 state_id = excluded.state_id, answered = excluded.answered, surplus = excluded.surplus,
                 place = excluded.place",
            (
                user,
                item,
                first.0.0.cast_signed(),
                first.1.0,
                first.2,
                *hold as i64,
                hold_by.0.0.cast_signed(),
                hold_by.1.0,
                answered,
                surplus,
                place.map(u64::cast_signed),
            ),
        )
    }

    /// The item at a place of the annotator's list.
    pub(crate) fn at_place(&self, user: &str, place: u64) -> Result<Option<Assignment>, StoreError> {
        self.optional(
            &format!("SELECT {ALL} FROM assignment WHERE user = ?1 AND place = ?2"),
            (user, place.cast_signed()),
            assignment,
        )
    }

    /// The first live item without an answer from a place on, or the last one up to it.
    pub(crate) fn unanswered(
        &self,
        user: &str,
        from: u64,
        forward: bool,
    ) -> Result<Option<Assignment>, StoreError> {
        let (compare, order) = if forward { (">=", "ASC") } else { ("<=", "DESC") };
        self.optional(
            &format!(
                "SELECT {ALL} FROM assignment WHERE user = ?1 AND place {compare} ?2 AND answered = 0
                 ORDER BY place {order} LIMIT 1"
            ),
            (user, from.cast_signed()),
            assignment,
        )
    }

    /// All of an annotator's assignments in the order of the list.
    pub(crate) fn assignments(&self, user: &str) -> Result<Vec<Assignment>, StoreError> {
        self.list(
            &format!("SELECT {ALL} FROM assignment WHERE user = ?1 ORDER BY first_at, first_id, first_idx"),
            (user,),
            assignment,
        )
    }

    /// An item's assignments.
    pub(crate) fn assignments_of_item(&self, item: &str) -> Result<Vec<Assignment>, StoreError> {
        self.list(&format!("SELECT {ALL} FROM assignment WHERE item = ?1"), (item,), assignment)
    }

    /// Items that several annotators have answered.
    pub(crate) fn shared_items(&self) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT item FROM assignment WHERE answered = 1 GROUP BY item HAVING count(*) > 1";
        self.list(sql, (), |row| row.get(0))
    }

    /// What the annotator held and has lapsed without an answer, in the order of the list.
    pub(crate) fn lapsed(&self, user: &str) -> Result<Vec<String>, StoreError> {
        self.list(
            "SELECT item FROM assignment INDEXED BY assignment_lapsed
             WHERE user = ?1 AND state = 2 AND answered = 0 ORDER BY first_at, first_id, first_idx",
            (user,),
            |row| row.get(0),
        )
    }

    /// Whether the item was ever given to the annotator, or answered.
    pub(crate) fn has_assignment(&self, user: &str, item: &str) -> Result<bool, StoreError> {
        let found = self.optional(
            "SELECT 1 FROM assignment WHERE user = ?1 AND item = ?2",
            (user, item),
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }
}
