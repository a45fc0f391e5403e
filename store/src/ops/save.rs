//! An annotator saves answers.

use project::schemes::Answers;

use super::arrive::touch;
use super::look::answers_of;
use super::{phases, record};
use crate::assignment::Assignment;
use crate::change::{AnswerChange, Items};
use crate::register::{Class, Key};
use crate::sqlite::Tx;
use crate::work::{Conflict, Save, SaveError, Saved};
use crate::{Change, EventId, Stamp, StoreError};

/// Stores a change, or says why not.
pub(crate) fn save(tx: &mut Tx<'_>, save: Save) -> Result<Saved, SaveError> {
    let Save { user, item, mut change, key, seen } = save;
    let id = key.map_or_else(EventId::new, |key| EventId::from_key(&user, &key));
    if tx.knows_event(id)? {
        let surplus = tx.assignment(&user, &item)?.is_some_and(|a| a.surplus);
        let version = answers_of(tx, &user, &item)?.version;
        return Ok(Saved { version, surplus, updated: true, repeated: true });
    }
    if phases::has_left(tx, &user)? {
        return Err(SaveError::Left(user));
    }
    if phases::is_page(&item) {
        return save_page(tx, id, &Save { user, item, change, key: None, seen });
    }
    let assignment = may_answer(tx, &user, &item)?;
    if let Some(seen) = seen {
        refuse_stale(tx, &user, &item, &change, seen)?;
    }
    let updated = assignment.as_ref().is_some_and(|a| a.answered);
    if assignment.as_ref().is_none_or(|a| !a.is_live()) {
        change.surplus = !revive(tx, &user, &item)?;
    } else if !updated {
        change.surplus = is_crowded(tx, &item)?;
    }
    let surplus = change.surplus || assignment.is_some_and(|a| a.surplus);
    touch(tx, &user)?;
    record(tx, id, &user, Some(&item), &Change::Answers(change))?;
    let version = answers_of(tx, &user, &item)?.version;
    Ok(Saved { version, surplus, updated, repeated: false })
}

/// Stores answers under the page that the save names, wherever the annotator is by now.
fn save_page(tx: &mut Tx<'_>, id: EventId, save: &Save) -> Result<Saved, SaveError> {
    let Save { user, item, change, seen, .. } = save;
    if tx.annotator(user)?.is_none() {
        return Err(SaveError::NoAnnotator(user.clone()));
    }
    let Some(index) = phases::index_of(tx.rules(), item) else {
        return Err(SaveError::NoItem(item.clone()));
    };
    if index > phases::furthest(tx, user)?.0 {
        return Err(SaveError::NotAssigned { user: user.clone(), item: item.clone() });
    }
    if let Some(seen) = seen {
        refuse_stale(tx, user, item, change, *seen)?;
    }
    let updated = !answers_of(tx, user, item)?.is_empty();
    touch(tx, user)?;
    record(tx, id, user, Some(item), &Change::Answers(change.clone()))?;
    let version = answers_of(tx, user, item)?.version;
    Ok(Saved { version, surplus: false, updated, repeated: false })
}

/// The assignment that lets the annotator answer; none for one who has no items yet and names one that exists.
fn may_answer(tx: &Tx<'_>, user: &str, item: &str) -> Result<Option<Assignment>, SaveError> {
    let Some(annotator) = tx.annotator(user)? else {
        return Err(SaveError::NoAnnotator(user.to_owned()));
    };
    let not_assigned = || SaveError::NotAssigned { user: user.to_owned(), item: item.to_owned() };
    if let Some(assignment) = tx.assignment(user, item)? {
        return Ok(Some(assignment));
    }
    match (annotator.assigned, tx.is_open(item)?) {
        (0, None) => Err(SaveError::NoItem(item.to_owned())),
        (0, Some(true)) if tx.rules().items_per_annotator != Some(0) => Ok(None),
        _ => Err(not_assigned()),
    }
}

/// Takes a place for an answer that has none; whether there was one.
fn revive(tx: &mut Tx<'_>, user: &str, item: &str) -> Result<bool, StoreError> {
    if tx.is_open(item)? != Some(true) {
        return Ok(false);
    }
    let items = Items { items: vec![item.to_owned()] };
    record(tx, EventId::new(), user, None, &Change::Reserved(items))?;
    Ok(true)
}

/// Whether more annotators hold the item than may, as can be after a union.
fn is_crowded(tx: &Tx<'_>, item: &str) -> Result<bool, StoreError> {
    let Some(limit) = tx.cap(item)? else {
        return Ok(false);
    };
    Ok(tx.item(item)?.is_some_and(|listed| listed.taken > u64::from(limit)))
}

/// Refuses a change of registers that somebody else changed since the client looked.
fn refuse_stale(
    tx: &Tx<'_>,
    user: &str,
    item: &str,
    change: &AnswerChange,
    seen: Stamp,
) -> Result<(), SaveError> {
    let mut stale = false;
    for (key, register) in tx.registers(user, item)? {
        stale |= register.at > seen && touches(change, &key);
    }
    if !stale {
        return Ok(());
    }
    let found = answers_of(tx, user, item)?;
    let named = |scheme: &String| change.schemes.contains_key(scheme) || change.labels.contains_key(scheme);
    let stored: Answers = found.answers.into_iter().filter(|(scheme, _)| named(scheme)).collect();
    Err(SaveError::Conflict(Box::new(Conflict { version: found.version, stored, refused: change.clone() })))
}

fn touches(change: &AnswerChange, key: &Key) -> bool {
    let AnswerChange { schemes, labels, spans, links, events, surplus: _ } = change;
    match key.class {
        Class::Answer => {
            let label =
                |labels: &project::schemes::Labels| key.label.is_empty() || labels.contains_key(&key.label);
            schemes.contains_key(&key.key) || labels.get(&key.key).is_some_and(label)
        }
        Class::Span => spans.contains_key(&key.key),
        Class::Link => links.contains_key(&key.key),
        Class::Event => events.contains_key(&key.key),
        Class::Carried | Class::Cursor | Class::Phase | Class::Account | Class::Look => false,
    }
}
