//! An annotator opens the page: there is something to do, or a reason why not.

use super::look::{self, Found};
use super::{hand_out, record};
use crate::assignment::Assignment;
use crate::change::{Items, Moved};
use crate::sqlite::Tx;
use crate::work::{Place, Went};
use crate::{Change, EventId, StoreError};

/// Activity is noted at most this often, in milliseconds: a lease is an hour.
const SEEN_EVERY: u64 = 60_000;

/// Finds the annotator's place, handing out the first items and taking up lapsed ones where that is needed.
pub(crate) fn arrive(tx: &mut Tx<'_>, user: &str) -> Result<Went, StoreError> {
    touch(tx, user)?;
    match look::find(tx, user)? {
        Found::Nobody => Ok(Went::NoAnnotator),
        Found::At(place) => Ok(Went::Place(place)),
        Found::Lost => {
            revive(tx, user)?;
            super::settle(tx)?;
            settle_at(tx, user)
        }
    }
}

/// Whether a page may be shown from what was read alone.
pub(crate) fn is_settled(tx: &Tx<'_>, user: &str) -> Result<bool, StoreError> {
    let seen = tx.annotator(user)?.map_or(0, |row| row.seen);
    Ok(tx.kernel_millis().saturating_sub(seen) < SEEN_EVERY)
}

/// Notes that something was heard from the annotator.
pub(crate) fn touch(tx: &Tx<'_>, user: &str) -> Result<(), StoreError> {
    if let Some(mut row) = tx.annotator(user)? {
        let now = tx.kernel_millis();
        if now.saturating_sub(row.seen) >= SEEN_EVERY {
            row.seen = now;
            tx.put_annotator(&row)?;
        }
    }
    Ok(())
}

/// Gives back to an annotator what lapsed in his absence, as far as the places are still free and his quota goes; the
/// first of it.
pub(crate) fn revive(tx: &mut Tx<'_>, user: &str) -> Result<Option<String>, StoreError> {
    let assigned = tx.annotator(user)?.map_or(0, |row| row.assigned);
    let quota = tx.rules().items_per_annotator.map_or(u64::MAX, u64::from);
    let room = usize::try_from(quota.saturating_sub(assigned)).unwrap_or(usize::MAX);
    let mut items = Vec::new();
    for item in tx.lapsed(user)? {
        if items.len() < room && tx.is_open(&item)? == Some(true) {
            items.push(item);
        }
    }
    let first = items.first().cloned();
    if first.is_some() {
        record(tx, EventId::new(), user, None, &Change::Reserved(Items { items }))?;
    }
    Ok(first)
}

/// Puts the annotator at an item of his list: the first without an answer, else the last; a new one if he has none.
fn settle_at(tx: &mut Tx<'_>, user: &str) -> Result<Went, StoreError> {
    let mut next = first_to_do(tx, user)?;
    if next.is_none() {
        match hand_out::hand_out(tx, user)? {
            Ok(_) => {
                super::settle(tx)?;
                next = first_to_do(tx, user)?;
            }
            Err(nothing) if last(tx, user)?.is_none() => return Ok(Went::Place(Place::Nothing(nothing))),
            Err(_) => {}
        }
    }
    let item = match next {
        Some(item) => Some(item),
        None => last(tx, user)?,
    };
    match item {
        Some(item) => move_to(tx, user, &item.item),
        None => Ok(Went::Place(Place::Nothing(crate::work::Nothing::Saturated))),
    }
}

/// Moves the annotator's cursor and shows the place.
pub(crate) fn move_to(tx: &mut Tx<'_>, user: &str, item: &str) -> Result<Went, StoreError> {
    record(tx, EventId::new(), user, None, &Change::Moved(Moved { to: item.to_owned() }))?;
    super::settle(tx)?;
    Ok(match look::find(tx, user)? {
        Found::At(place) => Went::Place(place),
        // The item is in the list, so it is shown unless it left the data meanwhile.
        Found::Nobody | Found::Lost => Went::Place(Place::Nothing(crate::work::Nothing::NoData)),
    })
}

/// The first item of the list that has no answer and is in the data.
fn first_to_do(tx: &Tx<'_>, user: &str) -> Result<Option<Assignment>, StoreError> {
    let mut from = 0;
    while let Some(assignment) = tx.unanswered(user, from, true)? {
        if tx.is_open(&assignment.item)?.is_some() {
            return Ok(Some(assignment));
        }
        from = assignment.place.map_or(u64::MAX, |place| place + 1);
    }
    Ok(None)
}

/// The last item of the list that is in the data.
fn last(tx: &Tx<'_>, user: &str) -> Result<Option<Assignment>, StoreError> {
    let mut at = tx.annotator(user)?.map_or(0, |row| row.assigned);
    while let Some(place) = at.checked_sub(1) {
        let assignment = tx.at_place(user, place)?;
        if let Some(assignment) = assignment
            && tx.is_open(&assignment.item)?.is_some()
        {
            return Ok(Some(assignment));
        }
        at = place;
    }
    Ok(None)
}
