//! Rows of the corpus, and how full each item is.

use rusqlite::Row;

use super::{Tx, failure};
use crate::StoreError;
use crate::work::ListedItem;

/// An item that can be handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) id: String,
    /// Its place in the order of the data, from 0.
    pub(crate) ord: u64,
}

fn candidate(row: &Row<'_>) -> rusqlite::Result<Candidate> {
    Ok(Candidate { id: row.get(0)?, ord: row.get::<_, i64>(1)?.cast_unsigned() })
}

impl Tx<'_> {
    pub(crate) fn item(&self, id: &str) -> Result<Option<ListedItem>, StoreError> {
        self.optional("SELECT id, fields, taken FROM item WHERE id = ?1", (id,), |row| {
            Ok(ListedItem {
                id: row.get(0)?,
                fields: row.get(1)?,
                taken: row.get::<_, i64>(2)?.cast_unsigned(),
            })
        })
    }

    /// Whether the item exists and has a free place.
    pub(crate) fn is_open(&self, id: &str) -> Result<Option<bool>, StoreError> {
        self.optional("SELECT open FROM item WHERE id = ?1", (id,), |row| row.get(0))
    }

    /// How many items there are.
    pub(crate) fn item_count(&self) -> Result<u64, StoreError> {
        Ok(self.meta_number("items")?.unwrap_or(0).cast_unsigned())
    }

    /// Counts a reservation or answer more (1) or less (-1).
    pub(crate) fn take_place(&self, id: &str, change: i64) -> Result<(), StoreError> {
        self.execute(
            "UPDATE item SET
                 taken = taken + ?2,
                 open = (?3 = 0 OR taken + ?2 < ?3),
                 reopened = CASE WHEN ?3 > 0 AND taken + ?2 >= ?3 THEN 0 WHEN open = 0 THEN 1 ELSE reopened END
             WHERE id = ?1",
            (id, change, self.context.limit()),
        )
    }

    /// The item at a place in the order of the data, if it has a free place.
    pub(crate) fn open_at(&self, ord: u64) -> Result<Option<Candidate>, StoreError> {
        self.optional("SELECT id, ord FROM item WHERE ord = ?1 AND open = 1", (ord.cast_signed(),), candidate)
    }

    /// Visits items with a free place in the order of the data, from `from` on, until `each` says stop.
    pub(crate) fn each_open(
        &self,
        from: u64,
        each: impl FnMut(Candidate) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        self.visit("SELECT id, ord FROM item WHERE open = 1 AND ord >= ?1 ORDER BY ord", from, each)
    }

    /// As [`Self::each_open`], of the items only that were full once.
    pub(crate) fn each_reopened(
        &self,
        each: impl FnMut(Candidate) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        self.visit(
            "SELECT id, ord FROM item WHERE open = 1 AND reopened = 1 AND ord >= ?1 ORDER BY ord",
            0,
            each,
        )
    }

    fn visit(
        &self,
        sql: &str,
        from: u64,
        mut each: impl FnMut(Candidate) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        let mut statement = self.db.prepare_cached(sql).map_err(failure)?;
        let mut rows = statement.query((from.cast_signed(),)).map_err(failure)?;
        while let Some(row) = rows.next().map_err(failure)? {
            if !each(candidate(row).map_err(failure)?)? {
                break;
            }
        }
        Ok(())
    }

    /// Takes all items out, to read them anew.
    pub(crate) fn clear_items(&self) -> Result<(), StoreError> {
        self.execute("DELETE FROM item", ())
    }

    pub(crate) fn insert_item(&self, id: &str, ord: u64, fields: &str) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO item (id, ord, fields) VALUES (?1, ?2, ?3)",
            (id, ord.cast_signed(), fields),
        )
    }

    /// Counts places anew, after the corpus or the limit changed, and forgets how far lists were walked.
    pub(crate) fn recount_places(&self) -> Result<(), StoreError> {
        let limit = self.context.limit();
        self.execute(
            "UPDATE item SET taken = 0, open = 1, reopened = 0 WHERE taken <> 0 OR open = 0 OR reopened = 1",
            (),
        )?;
        self.execute(
            "UPDATE item SET taken = counted.n, open = (?1 = 0 OR counted.n < ?1)
             FROM (SELECT item, count(*) AS n FROM assignment
                   WHERE (answered = 1 OR state = 0) AND surplus = 0 GROUP BY item) AS counted
             WHERE item.id = counted.item",
            (limit,),
        )?;
        self.execute("UPDATE annotator SET frontier = 0", ())
    }
}
