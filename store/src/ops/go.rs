//! An annotator goes to another item.

use project::config::PHASE_PAGE;

use super::arrive::{arrive, move_to, revive, touch};
use super::look::{self, Found};
use super::{hand_out, phases, record, train};
use crate::assignment::Assignment;
use crate::change::Items;
use crate::sqlite::Tx;
use crate::work::{Desk, Go, Leaf, Place, Went};
use crate::{Change, EventId, StoreError};

/// Goes there, or stays where that is not possible.
pub(crate) fn go(tx: &mut Tx<'_>, user: &str, go: &Go) -> Result<Went, StoreError> {
    touch(tx, user)?;
    let desk = match look::find(tx, user)? {
        Found::Nobody => return Ok(Went::NoAnnotator),
        Found::Lost => return arrive(tx, user),
        Found::At(Place::At(desk)) => desk,
        Found::At(Place::Page(leaf)) => return turn(tx, user, go, leaf),
        Found::At(place) => return Ok(Went::Place(place)),
    };
    let target = match go {
        Go::Next { from } | Go::Graded { from, .. } | Go::Previous { from }
            if is_repetition(tx, user, &desk, from.as_deref())? =>
        {
            None
        }
        Go::Next { .. } | Go::Graded { .. } => match live(tx, user, desk.place + 1, true)? {
            Some(next) => Some(next),
            None => return past_the_end(tx, user),
        },
        Go::Previous { .. } if desk.place == 0 => {
            let from = phases::annotation_place(tx);
            return Ok(phases::back(tx, user, from)?.unwrap_or(Went::Place(Place::At(desk))));
        }
        Go::Previous { .. } => live(tx, user, desk.place - 1, false)?,
        Go::To(place) => live(tx, user, *place, true)?.filter(|found| found.place == Some(*place)),
        Go::Item(item) => tx.assignment(user, item)?.filter(Assignment::is_live),
        Go::NextUnanswered => match round(tx, user, &desk, true)? {
            Some(found) => Some(found),
            None => return Ok(Went::NoneUnanswered),
        },
        Go::PreviousUnanswered => match round(tx, user, &desk, false)? {
            Some(found) => Some(found),
            None => return Ok(Went::NoneUnanswered),
        },
    };
    match target {
        Some(target) if target.item != desk.item => move_to(tx, user, &target.item),
        _ => Ok(Went::Place(Place::At(desk))),
    }
}

/// From page to page. A request that names another place than this page is answered, not obeyed.
fn turn(tx: &mut Tx<'_>, user: &str, go: &Go, leaf: Box<Leaf>) -> Result<Went, StoreError> {
    // Potato's own pages name none but their kind.
    let is_here =
        |from: &Option<String>| from.as_ref().is_none_or(|from| *from == leaf.id || from == PHASE_PAGE);
    let training = leaf.training.is_some();
    match go {
        Go::Graded { from, turn } if training && is_here(from) => {
            train::grade(tx, user, leaf.index, Some(*turn))
        }
        Go::Next { from } if training && is_here(from) => train::grade(tx, user, leaf.index, None),
        Go::Next { from } | Go::Graded { from, .. } if is_here(from) => phases::forward(tx, user, leaf.index),
        Go::Previous { from } if is_here(from) => {
            Ok(phases::back(tx, user, leaf.index)?.unwrap_or(Went::Place(Place::Page(leaf))))
        }
        Go::Next { .. }
        | Go::Graded { .. }
        | Go::Previous { .. }
        | Go::To(_)
        | Go::Item(_)
        | Go::NextUnanswered
        | Go::PreviousUnanswered => Ok(Went::Place(Place::Page(leaf))),
    }
}

/// Whether the request names an item of the list that the annotator has left already: then it is answered, not obeyed.
fn is_repetition(tx: &Tx<'_>, user: &str, desk: &Desk, from: Option<&str>) -> Result<bool, StoreError> {
    match from {
        Some(from) if from != desk.item => Ok(phases::is_page(from) || tx.has_assignment(user, from)?),
        _ => Ok(false),
    }
}

/// The item at a place of the list, or the nearest beyond that is still in the data.
fn live(tx: &Tx<'_>, user: &str, place: u64, forward: bool) -> Result<Option<Assignment>, StoreError> {
    let mut at = place;
    while let Some(found) = tx.at_place(user, at)? {
        if tx.is_open(&found.item)?.is_some() {
            return Ok(Some(found));
        }
        at = match if forward { at.checked_add(1) } else { at.checked_sub(1) } {
            Some(at) => at,
            None => break,
        };
    }
    Ok(None)
}

/// The nearest item without an answer, from the one beside the current on and round to the current.
fn round(tx: &Tx<'_>, user: &str, desk: &Desk, forward: bool) -> Result<Option<Assignment>, StoreError> {
    let beside = if forward { desk.place.checked_add(1) } else { desk.place.checked_sub(1) };
    let found = match beside {
        Some(from) => tx.unanswered(user, from, forward)?,
        None => None,
    };
    match found {
        Some(found) => Ok(Some(found)),
        None => tx.unanswered(user, if forward { 0 } else { desk.assigned }, forward),
    }
}

/// At the end of the list: more items, or on to what comes after them.
fn past_the_end(tx: &mut Tx<'_>, user: &str) -> Result<Went, StoreError> {
    let annotation = phases::annotation_place(tx);
    if phases::furthest(tx, user)?.0 > annotation {
        return phases::forward(tx, user, annotation);
    }
    // What lapsed is never handed out again, so it comes back here: else nobody might take its place.
    if let Some(item) = revive(tx, user)? {
        super::settle(tx)?;
        return move_to(tx, user, &item);
    }
    let before = super::apply::annotator(tx, user)?.assigned;
    if hand_out::hand_out(tx, user)?.is_ok() {
        super::settle(tx)?;
        if let Some(next) = live(tx, user, before, true)? {
            return move_to(tx, user, &next.item);
        }
    }
    let left = tx.assignments(user)?.into_iter().filter(|a| a.is_live() && !a.answered);
    let items: Vec<String> = left.map(|a| a.item).collect();
    if !items.is_empty() {
        record(tx, EventId::new(), user, None, &Change::Released(Items { items }))?;
    }
    phases::forward(tx, user, annotation)
}
