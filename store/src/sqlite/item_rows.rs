//! Rows of the corpus, and how full each item is.

use rusqlite::Row;

use super::{Tx, failure};
use crate::StoreError;
use crate::rules::Strategy;
use crate::work::ListedItem;

/// Strategies by the numbers under which they are stored.
const NUMBERED: [Strategy; 7] = [
    Strategy::FixedOrder,
    Strategy::Random,
    Strategy::LeastAnnotated,
    Strategy::MostAnnotated,
    Strategy::MaxDiversity,
    Strategy::CategoryBased,
    Strategy::Batch,
];

/// An item that can be handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) id: String,
    /// Its place in the order that is walked.
    pub(crate) at: u64,
}

pub(super) fn candidate(row: &Row<'_>) -> rusqlite::Result<Candidate> {
    Ok(Candidate { id: row.get(0)?, at: row.get::<_, i64>(1)?.cast_unsigned() })
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
        let strategy = self.arranged()?;
        let turn = if is_ranked(strategy) { self.next_turn()? } else { 0 };
        // An item that comes to another rank, or is open again, is new there for everybody who walked the rank.
        self.execute(
            "UPDATE item SET
                 taken = taken + ?2,
                 open = (cap = 0 OR taken + ?2 < cap),
                 reopened = CASE WHEN cap > 0 AND taken + ?2 >= cap THEN 0 WHEN open = 0 THEN 1 ELSE reopened END,
                 rank = rank + ?2 * ?3,
                 turn = CASE WHEN ?3 <> 0 OR open = 0 THEN ?4 ELSE turn END
             WHERE id = ?1",
            (id, change, rank_of_one(strategy), turn),
        )?;
        if is_shelved(strategy) { self.mark_on_shelves(id) } else { Ok(()) }
    }

    /// How many annotators the item may get; none is no limit.
    pub(crate) fn cap(&self, id: &str) -> Result<Option<u32>, StoreError> {
        let cap = self.optional("SELECT cap FROM item WHERE id = ?1", (id,), |row| row.get::<_, u32>(0))?;
        Ok(cap.map_or(self.rules().annotators_per_item, |cap| Some(cap).filter(|cap| *cap > 0)))
    }

    /// Brings the item to another rank.
    pub(crate) fn set_rank(&self, id: &str, rank: i64) -> Result<(), StoreError> {
        let turn = self.next_turn()?;
        self.execute("UPDATE item SET rank = ?2, turn = ?3 WHERE id = ?1 AND rank <> ?2", (id, rank, turn))
    }

    fn next_turn(&self) -> Result<i64, StoreError> {
        let turn = self.meta_number("turn")?.unwrap_or(0);
        self.set_meta_number("turn", turn + 1)?;
        Ok(turn)
    }

    /// The first rank from `from` on in which an item has a free place.
    pub(crate) fn next_rank(&self, from: i64) -> Result<Option<i64>, StoreError> {
        self.optional(
            "SELECT rank FROM item WHERE open = 1 AND rank >= ?1 ORDER BY rank LIMIT 1",
            (from,),
            |row| row.get(0),
        )
    }

    /// Visits items of a rank with a free place in their turns, from `from` on, until `each` says stop.
    pub(crate) fn each_ranked(
        &self,
        rank: i64,
        from: u64,
        each: impl FnMut(Candidate) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        self.visit(
            "SELECT id, turn FROM item WHERE open = 1 AND rank = ?1 AND turn >= ?2 ORDER BY turn",
            (rank, from.cast_signed()),
            each,
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
        let sql = "SELECT id, ord FROM item WHERE open = 1 AND ord >= ?1 ORDER BY ord";
        self.visit(sql, (from.cast_signed(),), each)
    }

    /// As [`Self::each_open`], of the items only that were full once.
    pub(crate) fn each_reopened(
        &self,
        each: impl FnMut(Candidate) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        self.visit("SELECT id, ord FROM item WHERE open = 1 AND reopened = 1 ORDER BY ord", (), each)
    }

    pub(super) fn visit(
        &self,
        sql: &str,
        parameters: impl rusqlite::Params,
        mut each: impl FnMut(Candidate) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        let mut statement = self.db.prepare_cached(sql).map_err(failure)?;
        let mut rows = statement.query(parameters).map_err(failure)?;
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

    /// Forgets how full items are, and limits all of them alike.
    pub(crate) fn clear_places(&self) -> Result<(), StoreError> {
        self.execute(
            "UPDATE item SET taken = 0, cap = ?1, open = 1, reopened = 0, rank = 0
             WHERE taken <> 0 OR cap <> ?1 OR open = 0 OR reopened = 1 OR rank <> 0",
            (self.context.limit(),),
        )
    }

    /// The strategy that the rows are kept for: while processes are replaced one by one, a process of the old rules
    /// keeps the rows as those of the new ones need them.
    pub(crate) fn arranged(&self) -> Result<Strategy, StoreError> {
        let number = self.meta_number("arranged")?.and_then(|number| usize::try_from(number).ok());
        Ok(number.and_then(|number| NUMBERED.get(number).copied()).unwrap_or(Strategy::FixedOrder))
    }

    fn set_arranged(&self, strategy: Strategy) -> Result<(), StoreError> {
        let number =
            (0..).zip(NUMBERED).find(|(_, other)| *other == strategy).map_or(0, |(number, _)| number);
        self.set_meta_number("arranged", number)
    }

    /// Counts places after [`Self::clear_places`], and forgets how far lists were walked.
    pub(crate) fn recount_places(&self) -> Result<(), StoreError> {
        let strategy = self.rules().strategy;
        self.set_arranged(strategy)?;
        self.execute(
            "UPDATE item SET taken = counted.n, open = (cap = 0 OR counted.n < cap), rank = counted.n * ?1
             FROM (SELECT item, count(*) AS n FROM assignment
                   WHERE (answered = 1 OR state = 0) AND surplus = 0 GROUP BY item) AS counted
             WHERE item.id = counted.item",
            (rank_of_one(strategy),),
        )?;
        self.first_turns()?;
        if is_shelved(strategy) {
            self.recount_shelves()?;
        }
        self.execute("DELETE FROM walk", ())?;
        self.execute("UPDATE annotator SET frontier = 0", ())
    }

    /// Between items of one rank the first turns go by id, as in Potato, or by the data where it keeps that order.
    fn first_turns(&self) -> Result<(), StoreError> {
        let strategy = self.rules().strategy;
        if rank_of_one(strategy) != 0 {
            self.execute(
                "UPDATE item SET turn = sorted.turn
                 FROM (SELECT id, row_number() OVER (ORDER BY id) AS turn FROM item) AS sorted
                 WHERE item.id = sorted.id",
                (),
            )?;
        } else if is_ranked(strategy) {
            self.execute("UPDATE item SET turn = ord WHERE turn <> ord", ())?;
        }
        self.execute(
            "INSERT INTO meta SELECT 'turn', ifnull(max(turn), 0) + 1 FROM item WHERE true
             ON CONFLICT DO UPDATE SET value = excluded.value",
            (),
        )
    }
}

/// Whether items are handed out by rank.
fn is_ranked(strategy: Strategy) -> bool {
    match strategy {
        Strategy::LeastAnnotated | Strategy::MostAnnotated | Strategy::MaxDiversity => true,
        Strategy::FixedOrder | Strategy::Random | Strategy::CategoryBased | Strategy::Batch => false,
    }
}

/// Whether items are handed out from shelves.
pub(crate) fn is_shelved(strategy: Strategy) -> bool {
    matches!(strategy, Strategy::CategoryBased | Strategy::Batch)
}

/// What a reservation or answer does to the rank of its item. A reservation counts as the answer that it is about to
/// be: else all who come at once would be given the same items.
fn rank_of_one(strategy: Strategy) -> i64 {
    match strategy {
        Strategy::LeastAnnotated => 1,
        Strategy::MostAnnotated => -1,
        Strategy::FixedOrder
        | Strategy::Random
        | Strategy::MaxDiversity
        | Strategy::CategoryBased
        | Strategy::Batch => 0,
    }
}
