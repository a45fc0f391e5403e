//! Handing out items, at a cost that does not grow with the corpus.

use super::order::Permutation;
use super::{apply, record};
use crate::change::Items;
use crate::rules::Strategy;
use crate::sqlite::{Annotator, Candidate, Tx, is_ranked};
use crate::work::Nothing;
use crate::{Change, EventId, StoreError};

/// Items given at once to an annotator with a quota and a fixed order, who then sees the whole list.
const LIST: u64 = 500;
/// Items that a new annotator is given in other orders, as Potato does.
const FIRST: u64 = 3;
/// Steps along a random order before looking only at items that have a free place.
const STEPS: u64 = 64;

/// Gives the annotator more items; none if there are none for him.
pub(crate) fn hand_out(tx: &mut Tx<'_>, user: &str) -> Result<Result<u64, Nothing>, StoreError> {
    let mut annotator = apply::annotator(tx, user)?;
    let wanted = match wanted(tx, &annotator) {
        Ok(wanted) => wanted,
        Err(nothing) => return Ok(Err(nothing)),
    };
    let picked = pick(tx, &mut annotator, wanted)?;
    tx.put_annotator(&annotator)?;
    if picked.is_empty() {
        let why = if tx.item_count()? == 0 { Nothing::NoData } else { Nothing::Saturated };
        return Ok(Err(why));
    }
    let count = picked.len() as u64;
    record(tx, EventId::new(), user, None, &Change::Reserved(Items { items: picked }))?;
    Ok(Ok(count))
}

/// How many items to give now.
fn wanted(tx: &Tx<'_>, annotator: &Annotator) -> Result<u64, Nothing> {
    let rules = tx.rules();
    let left = rules.items_per_annotator.map(|quota| u64::from(quota).saturating_sub(annotator.assigned));
    match (left, rules.strategy) {
        (Some(0), _) if annotator.assigned == 0 => Err(Nothing::ZeroQuota),
        (Some(0), _) => Err(Nothing::Saturated),
        (Some(left), Strategy::FixedOrder) => Ok(left.min(LIST)),
        (None, Strategy::FixedOrder) => Ok(1),
        (left, _) if annotator.assigned < FIRST => Ok(FIRST.min(left.unwrap_or(FIRST))),
        _ => Ok(1),
    }
}

/// Chooses items with a free place that the annotator never had, and moves his frontier past what was looked at.
fn pick(tx: &Tx<'_>, annotator: &mut Annotator, wanted: u64) -> Result<Vec<String>, StoreError> {
    let mut basket = Basket { tx, user: &annotator.name, wanted, picked: Vec::new() };
    let strategy = tx.rules().strategy;
    if is_ranked(strategy) {
        basket.walk_ranks()?;
        return Ok(basket.picked);
    }
    tx.each_reopened(|candidate| basket.offer(candidate))?;
    if !basket.is_full() {
        annotator.frontier = match strategy {
            Strategy::FixedOrder => basket.walk_data(annotator.frontier)?,
            _ => basket.walk_shuffled(annotator.frontier)?,
        };
    }
    Ok(basket.picked)
}

/// What was chosen so far.
struct Basket<'a, 'b> {
    tx: &'a Tx<'b>,
    user: &'a str,
    wanted: u64,
    picked: Vec<String>,
}

impl Basket<'_, '_> {
    fn is_full(&self) -> bool {
        self.picked.len() as u64 >= self.wanted
    }

    /// Takes the candidate if it is new to the annotator; answers whether to go on.
    fn offer(&mut self, candidate: Candidate) -> Result<bool, StoreError> {
        if !self.picked.contains(&candidate.id) && !self.tx.has_assignment(self.user, &candidate.id)? {
            self.picked.push(candidate.id);
        }
        Ok(!self.is_full())
    }

    /// In the order of the data; everything before the frontier was the annotator's or full when it was passed.
    fn walk_data(&mut self, frontier: u64) -> Result<u64, StoreError> {
        let mut reached = frontier;
        self.tx.each_open(frontier, |candidate| {
            reached = candidate.at + 1;
            self.offer(candidate)
        })?;
        Ok(reached)
    }

    /// Rank by rank, in each from where the annotator was: what came to it before is his, was full, or went on.
    fn walk_ranks(&mut self) -> Result<(), StoreError> {
        let mut next = self.tx.next_rank(i64::MIN)?;
        while let Some(rank) = next.filter(|_| !self.is_full()) {
            let start = self.tx.walked(self.user, rank)?;
            let mut reached = start;
            let tx = self.tx;
            tx.each_ranked(rank, start, |candidate| {
                reached = candidate.at + 1;
                self.offer(candidate)
            })?;
            if reached > start {
                tx.set_walked(self.user, rank, reached)?;
            }
            next = tx.next_rank(rank + 1)?;
        }
        Ok(())
    }

    /// Along the annotator's own order; where that meets mostly full items, from a place of his own among the open ones.
    fn walk_shuffled(&mut self, frontier: u64) -> Result<u64, StoreError> {
        let items = self.tx.item_count()?;
        let order = Permutation::of(self.tx.rules().seed, self.user, items);
        let mut at = frontier;
        let mut missed = 0;
        while at < items && missed < STEPS && !self.is_full() {
            let before = self.picked.len();
            if let Some(candidate) = self.tx.open_at(order.at(at))? {
                self.offer(candidate)?;
            }
            missed = if self.picked.len() > before { 0 } else { missed + 1 };
            at += 1;
        }
        if !self.is_full() && items > 0 {
            let start = order.at(at.min(items - 1));
            let tx = self.tx;
            tx.each_open(start, |candidate| self.offer(candidate))?;
            if !self.is_full() {
                tx.each_open(0, |candidate| self.offer(candidate))?;
            }
        }
        Ok(at)
    }
}
