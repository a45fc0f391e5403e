//! Taking in the history of other stores: restore, overlap and catching up are this one operation.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::{apply, lists};
use crate::history::{HistoryError, Numbered, Tip, Vector};
use crate::sqlite::Tx;
use crate::{Change, Digest, Event, StoreError};

/// What a union brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// Events that were not known.
    pub new: u64,
    /// Annotators they are about.
    pub users: u64,
}

/// A history with the number of its origin.
pub(crate) type Piece = Result<(Uuid, Numbered), StoreError>;

/// Applies what is not known yet. When the state is that of the vector in `expect`, its digest must be the one named there.
pub(crate) fn union(
    tx: &mut Tx<'_>,
    events: &mut dyn Iterator<Item = Piece>,
    expect: Option<&(Vector, Digest)>,
) -> Result<Merged, StoreError> {
    let mut merged = Merged::default();
    let mut users = BTreeSet::new();
    let mut expect = expect;
    for piece in events {
        let (origin, Numbered { n, event }) = piece?;
        let number = origin_for(tx, origin, n)?;
        let tip = tx.tip(number)?;
        if n <= tip.last {
            continue;
        }
        if n != tip.last + 1 {
            return Err(HistoryError::Gap { origin, after: tip.last, found: n }.into());
        }
        let mut next = tip;
        next.write(&event).map_err(|source| unreadable(&event, source))?;
        take_in(tx, &event, number)?;
        tx.set_tip(number, Tip { last: n, chain: next.chain })?;
        users.insert(event.user);
        merged.new += 1;
        if let Some((vector, digest)) = expect
            && vector.get(&origin) == Some(&n)
            && tx.vector()? == *vector
        {
            check(tx, *digest)?;
            expect = None;
        }
    }
    lists::mark_surplus(tx)?;
    merged.users = users.len() as u64;
    Ok(merged)
}

/// The origin's number here. Own events that are not known here were lost with an older state of this disk:
/// from then on the store writes under a new origin, so that no number is given twice.
fn origin_for(tx: &Tx<'_>, origin: Uuid, n: u64) -> Result<i64, StoreError> {
    let number = tx.origin_number(origin)?;
    if number == tx.own_number()? && n > tx.tip(number)?.last {
        let new = tx.origin_number(Uuid::new_v4())?;
        tx.move_unnumbered(new)?;
        tx.set_meta_number("own", new)?;
    }
    Ok(number)
}

fn take_in(tx: &mut Tx<'_>, event: &Event, origin: i64) -> Result<(), StoreError> {
    tx.advance(event.at)?;
    if !tx.knows_event(event.id)? {
        tx.insert_event(event, origin)?;
    }
    // An event that another store took as well (a retry) is applied again: its stamp there may be later.
    match Change::decode(event) {
        Ok(Some(change)) => apply::apply(tx, event, &change),
        Ok(None) => Ok(()),
        Err(source) => Err(unreadable(event, source)),
    }
}

fn check(tx: &Tx<'_>, expected: Digest) -> Result<(), StoreError> {
    let found = tx.digest()?;
    if found == expected { Ok(()) } else { Err(StoreError::Digest { expected, found }) }
}

fn unreadable(event: &Event, source: serde_json::Error) -> StoreError {
    StoreError::Event { id: event.id, kind: event.kind.clone(), source }
}

/// The digest of the state computed from its rows, to hold against the one that is kept.
pub(crate) fn recount(tx: &Tx<'_>) -> Result<Digest, StoreError> {
    let mut digest = Digest::default();
    for user in tx.annotator_names()? {
        tx.each_register(&user, |key, register| {
            digest = digest.plus(register.digest(&key));
            Ok(())
        })?;
        digest = tx.assignments(&user)?.iter().fold(digest, |sum, row| sum.plus(row.digest()));
    }
    Ok(digest)
}
