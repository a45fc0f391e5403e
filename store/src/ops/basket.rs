//! Choosing items that an annotator never had, at a cost that does not grow with the corpus.

use super::order::Permutation;
use super::pool::Pool;
use crate::sqlite::{Candidate, Tx};
use crate::{EventId, StoreError};

/// Steps along a random order before looking only at items that have a free place.
const STEPS: u64 = 64;

/// What was chosen so far.
pub(crate) struct Basket<'a, 'b> {
    pub(crate) tx: &'a Tx<'b>,
    pub(crate) user: &'a str,
    pub(crate) wanted: u64,
    pub(crate) picked: Vec<String>,
}

impl Basket<'_, '_> {
    pub(crate) fn is_full(&self) -> bool {
        self.picked.len() as u64 >= self.wanted
    }

    /// Takes the candidate if it is new to the annotator; answers whether to go on.
    fn offer(&mut self, candidate: Candidate) -> Result<bool, StoreError> {
        if !self.picked.contains(&candidate.id) && !self.tx.has_assignment(self.user, &candidate.id)? {
            self.picked.push(candidate.id);
        }
        Ok(!self.is_full())
    }

    /// What was full once and has a free place again.
    pub(crate) fn take_reopened(&mut self) -> Result<(), StoreError> {
        let tx = self.tx;
        tx.each_reopened(|candidate| self.offer(candidate))
    }

    /// In the order of the data; everything before the frontier was the annotator's or full when it was passed.
    pub(crate) fn walk_data(&mut self, frontier: u64) -> Result<u64, StoreError> {
        let mut reached = frontier;
        let tx = self.tx;
        tx.each_open(frontier, |candidate| {
            reached = candidate.at + 1;
            self.offer(candidate)
        })?;
        Ok(reached)
    }

    /// Rank by rank, in each from where the annotator was: what came to it before is his, was full, or went on.
    pub(crate) fn walk_ranks(&mut self) -> Result<(), StoreError> {
        let tx = self.tx;
        let mut next = tx.next_rank(i64::MIN)?;
        while let Some(rank) = next.filter(|_| !self.is_full()) {
            let start = tx.walked(self.user, rank)?;
            let mut reached = start;
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

    /// In the order of a shelf, from where the annotator was; then what has a free place again before that.
    pub(crate) fn walk_shelf(&mut self, name: &str) -> Result<(), StoreError> {
        let (tx, key) = (self.tx, key(&[name.to_owned()]));
        let start = tx.walked(self.user, key)?;
        let mut reached = start;
        tx.each_on_shelf(name, start, |candidate| {
            reached = candidate.at + 1;
            self.offer(candidate)
        })?;
        tx.set_walked(self.user, key, reached)?;
        if self.picked.is_empty() && start > 0 {
            tx.each_on_shelf(name, 0, |candidate| self.offer(candidate))?;
        }
        Ok(())
    }

    /// At random among the items of some shelves.
    pub(crate) fn walk_shelves(&mut self, names: &[String]) -> Result<(), StoreError> {
        let (tx, key) = (self.tx, key(names));
        let reached = self.walk_shuffled(&Pool::of_shelves(tx, names)?, tx.walked(self.user, key)?)?;
        tx.set_walked(self.user, key, reached)
    }

    /// Along the annotator's own order; where that meets mostly full items, from a place of his own among the open ones.
    pub(crate) fn walk_shuffled(&mut self, pool: &Pool, frontier: u64) -> Result<u64, StoreError> {
        let (tx, items) = (self.tx, pool.len());
        let order = Permutation::of(tx.rules().seed, self.user, items);
        let mut at = frontier;
        let mut missed = 0;
        while at < items && missed < STEPS && !self.is_full() {
            let before = self.picked.len();
            if let Some(candidate) = pool.open_at(tx, order.at(at))? {
                self.offer(candidate)?;
            }
            missed = if self.picked.len() > before { 0 } else { missed + 1 };
            at += 1;
        }
        if !self.is_full() && items > 0 {
            let start = order.at(at.min(items - 1));
            pool.each_open(tx, start, |candidate| self.offer(candidate))?;
            if !self.is_full() {
                pool.each_open(tx, 0, |candidate| self.offer(candidate))?;
            }
        }
        Ok(at)
    }
}

/// Under which number it is noted how far shelves were walked.
fn key(names: &[String]) -> i64 {
    let parts: Vec<&[u8]> = names.iter().map(String::as_bytes).collect();
    let id = EventId::from_content("spud shelves walked v1", &parts);
    i64::from_le_bytes(id.0[..8].try_into().expect("eight bytes of sixteen"))
}
