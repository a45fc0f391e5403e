//! What the store decides, in terms of rows; which database keeps the rows is not known here.

pub(crate) mod accounts;
pub(crate) mod apply;
pub(crate) mod arrive;
pub(crate) mod basket;
pub(crate) mod cells;
pub(crate) mod corpus;
pub(crate) mod disagreement;
pub(crate) mod go;
pub(crate) mod hand_out;
pub(crate) mod import;
pub(crate) mod lists;
pub(crate) mod look;
pub(crate) mod order;
pub(crate) mod phases;
pub(crate) mod pool;
pub(crate) mod reclaim;
pub(crate) mod save;
pub(crate) mod shelves;
pub(crate) mod train;
pub(crate) mod union;
pub(crate) mod view;

use crate::sqlite::Tx;
use crate::{Change, Event, EventId, StoreError};

pub(crate) use lists::settle;

/// Makes an event of a change and applies it.
pub(crate) fn record(
    tx: &mut Tx<'_>,
    id: EventId,
    user: &str,
    item: Option<&str>,
    change: &Change,
) -> Result<Event, StoreError> {
    let at = tx.stamp()?;
    record_at(tx, id, at, user, item, change)
}

/// As [`record`], at a time of the past.
pub(crate) fn record_at(
    tx: &mut Tx<'_>,
    id: EventId,
    at: crate::Stamp,
    user: &str,
    item: Option<&str>,
    change: &Change,
) -> Result<Event, StoreError> {
    let (kind, data) = change.encode();
    let event =
        Event { id, at, user: user.to_owned(), item: item.map(str::to_owned), kind: kind.to_owned(), data };
    tx.insert_event(&event, tx.own_number()?)?;
    apply::apply(tx, &event, change)?;
    Ok(event)
}
