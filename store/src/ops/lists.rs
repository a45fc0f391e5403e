//! Annotators' lists of items: who holds what, in which order, and what counts towards an item's limit.

use crate::assignment::{Assignment, Hold};
use crate::rules::Strategy;
use crate::sqlite::{Annotator, Tx};
use crate::{Event, EventId, Stamp, StoreError};

/// What an event says about reservations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Touch {
    Reserved,
    Released,
    Lapsed,
}

/// Notes that items were reserved, released or have lapsed.
pub(crate) fn hold(
    tx: &mut Tx<'_>,
    row: &mut Annotator,
    event: &Event,
    items: &[String],
    touch: Touch,
) -> Result<(), StoreError> {
    let hold = match touch {
        Touch::Reserved => Hold::Held,
        Touch::Released => Hold::Released,
        Touch::Lapsed => Hold::Lapsed,
    };
    for (index, item) in items.iter().enumerate() {
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        let (old, mut new) = load(tx, &event.user, item, (event.at, event.id, index))?;
        if event.precedence() > new.hold_by {
            new.hold = hold;
            new.hold_by = event.precedence();
        }
        store(tx, row, old, new)?;
    }
    Ok(())
}

/// Notes that an item has an answer now, or has none any more.
pub(crate) fn answer(
    tx: &mut Tx<'_>,
    row: &mut Annotator,
    event: &Event,
    item: &str,
    answered: bool,
    surplus: bool,
) -> Result<(), StoreError> {
    let (old, mut new) = load(tx, &event.user, item, (event.at, event.id, 0))?;
    new.answered = answered;
    new.surplus |= surplus;
    store(tx, row, old, new)
}

/// The row as it is, and a copy to change that knows of the event.
fn load(
    tx: &Tx<'_>,
    user: &str,
    item: &str,
    by: (Stamp, EventId, u32),
) -> Result<(Option<Assignment>, Assignment), StoreError> {
    let old = tx.assignment(user, item)?;
    let new = match old.clone() {
        Some(mut new) => {
            new.first = new.first.min(by);
            new
        }
        None => Assignment {
            user: user.to_owned(),
            item: item.to_owned(),
            first: by,
            hold: Hold::None,
            hold_by: (Stamp::default(), EventId([0; 16])),
            answered: false,
            surplus: false,
            place: None,
        },
    };
    Ok((old, new))
}

/// Writes the row, and brings the counters that follow from it up to date.
pub(crate) fn store(
    tx: &mut Tx<'_>,
    row: &mut Annotator,
    old: Option<Assignment>,
    mut new: Assignment,
) -> Result<(), StoreError> {
    if old.as_ref() == Some(&new) {
        return Ok(());
    }
    let was = old.as_ref();
    let (was_live, is_live) = (was.is_some_and(Assignment::is_live), new.is_live());
    let (was_answered, is_answered) = (was.is_some_and(|a| a.answered), new.answered);
    let (did_count, counts) = (was.is_some_and(Assignment::counts), new.counts());
    if is_live && !was_live {
        new.place = Some(row.assigned);
        let before =
            row.assigned.checked_sub(1).map(|place| tx.at_place(&row.name, place)).transpose()?.flatten();
        if before.is_some_and(|before| before.first > new.first) {
            tx.unsorted.insert(row.name.clone());
        }
    } else if was_live && !is_live {
        new.place = None;
        tx.unsorted.insert(row.name.clone());
    } else if was.is_some_and(|was| was.first != new.first) {
        tx.unsorted.insert(row.name.clone());
    }
    row.assigned = row.assigned + u64::from(is_live) - u64::from(was_live);
    if is_live != was_live && tx.arranged()? == Strategy::Batch {
        tx.count_member(&row.name, &new.item, if is_live { 1 } else { -1 })?;
    }
    row.answered = row.answered + u64::from(is_answered) - u64::from(was_answered);
    if counts != did_count {
        tx.take_place(&new.item, if counts { 1 } else { -1 })?;
        tx.crowded.insert(new.item.clone());
    }
    if let Some(old) = old {
        row.digest = row.digest.minus(old.digest());
    }
    row.digest = row.digest.plus(new.digest());
    tx.put_assignment(&new)
}

/// Puts lists in order whose places moved. Done once for all that a request changed.
pub(crate) fn settle(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    tx.crowded.clear();
    for user in std::mem::take(&mut tx.unsorted) {
        let live = tx.assignments(&user)?.into_iter().filter(Assignment::is_live);
        for (place, mut row) in (0..).zip(live) {
            if row.place != Some(place) {
                row.place = Some(place);
                tx.put_assignment(&row)?;
            }
        }
    }
    Ok(())
}

/// Marks answers beyond an item's limit, after histories were merged: the ones given later are the surplus.
pub(crate) fn mark_surplus(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    for item in std::mem::take(&mut tx.crowded) {
        let Some(limit) = tx.cap(&item)? else { continue };
        let mut counted: Vec<_> =
            tx.assignments_of_item(&item)?.into_iter().filter(Assignment::counts).collect();
        // Who has answered goes before who only holds.
        counted.sort_by_key(|a| (!a.answered, a.first, a.user.clone()));
        for extra in counted.into_iter().skip(limit as usize).filter(|a| a.answered) {
            let mut row = super::apply::annotator(tx, &extra.user)?;
            let marked = Assignment { surplus: true, ..extra.clone() };
            store(tx, &mut row, Some(extra), marked)?;
            tx.put_annotator(&row)?;
        }
    }
    Ok(())
}
