//! Rows of shelves: items that stand together, and who works on them.

use super::{Candidate, Tx};
use crate::StoreError;
use crate::sqlite::item_rows::candidate;

impl Tx<'_> {
    /// Takes all shelves down, to fill them anew.
    pub(crate) fn clear_shelves(&self) -> Result<(), StoreError> {
        self.execute("DELETE FROM shelf", ())
    }

    pub(crate) fn put_on_shelf(&self, name: &str, nth: u64, item: &str) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO shelf (name, nth, item) VALUES (?1, ?2, ?3)",
            (name, nth.cast_signed(), item),
        )
    }

    /// How many items stand there.
    pub(crate) fn shelf_len(&self, name: &str) -> Result<u64, StoreError> {
        let last = self.optional(
            "SELECT nth FROM shelf WHERE name = ?1 ORDER BY nth DESC LIMIT 1",
            (name,),
            |row| row.get::<_, i64>(0),
        )?;
        Ok(last.map_or(0, |last| last.cast_unsigned() + 1))
    }

    /// The item at a place of the shelf, if it has a free place.
    pub(crate) fn open_on_shelf(&self, name: &str, nth: u64) -> Result<Option<Candidate>, StoreError> {
        self.optional(
            "SELECT item, nth FROM shelf WHERE name = ?1 AND nth = ?2 AND open = 1",
            (name, nth.cast_signed()),
            candidate,
        )
    }

    /// Visits items of the shelf with a free place, from `from` on, until `each` says stop.
    pub(crate) fn each_on_shelf(
        &self,
        name: &str,
        from: u64,
        each: impl FnMut(Candidate) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        self.visit(
            "SELECT item, nth FROM shelf WHERE name = ?1 AND nth >= ?2 AND open = 1 ORDER BY nth",
            (name, from.cast_signed()),
            each,
        )
    }

    /// Says on its shelves whether the item has a free place.
    pub(super) fn mark_on_shelves(&self, item: &str) -> Result<(), StoreError> {
        self.execute(
            "UPDATE shelf SET open = (SELECT open FROM item WHERE id = ?1)
             WHERE item = ?1 AND open <> (SELECT open FROM item WHERE id = ?1)",
            (item,),
        )
    }

    /// Limits how many annotators the items of a shelf get.
    pub(crate) fn limit_shelf(&self, name: &str, places: u32) -> Result<(), StoreError> {
        self.execute(
            "UPDATE item SET cap = CASE WHEN cap = 0 THEN ?2 ELSE min(cap, ?2) END
             WHERE id IN (SELECT item FROM shelf WHERE name = ?1)",
            (name, places),
        )
    }

    /// Says of all shelves what is free, and who works on them.
    pub(super) fn recount_shelves(&self) -> Result<(), StoreError> {
        self.execute("UPDATE shelf SET open = (SELECT open FROM item WHERE id = shelf.item)", ())?;
        self.execute("DELETE FROM member", ())?;
        self.execute(
            "INSERT INTO member SELECT name, user, count(*) FROM assignment JOIN shelf USING (item)
             WHERE answered = 1 OR state = 0 GROUP BY name, user",
            (),
        )
    }

    /// Counts an item more (1) or less (-1) that the annotator holds or has answered on the shelves where it stands.
    pub(crate) fn count_member(&self, user: &str, item: &str, change: i64) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO member SELECT name, ?1, ?3 FROM shelf WHERE item = ?2
             ON CONFLICT DO UPDATE SET live = live + excluded.live",
            (user, item, change),
        )
    }

    /// How many annotators hold or have answered something there.
    pub(crate) fn members(&self, name: &str) -> Result<u64, StoreError> {
        let count =
            self.optional("SELECT count(*) FROM member WHERE shelf = ?1 AND live > 0", (name,), |row| {
                row.get::<_, i64>(0)
            })?;
        Ok(count.unwrap_or(0).cast_unsigned())
    }

    /// Whether the annotator holds or has answered something there.
    pub(crate) fn is_member(&self, name: &str, user: &str) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM member WHERE shelf = ?1 AND user = ?2 AND live > 0";
        Ok(self.optional(sql, (name, user), |_| Ok(()))?.is_some())
    }
}
