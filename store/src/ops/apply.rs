//! From an event to the state. Applying one twice changes nothing; in any order they give one state.

use super::cells::{self, Cells, Rows, put, text, value_text};
use super::disagreement;
use super::lists::{self, Touch};
use super::look::answers_of;
use super::phases;
use crate::change::PhaseReached;
use crate::register::{Class, Key, Register};
use crate::sqlite::{Annotator, Tx};
use crate::{Change, Digest, Event, StoreError};

/// Brings an event's change into the state.
pub(crate) fn apply(tx: &mut Tx<'_>, event: &Event, change: &Change) -> Result<(), StoreError> {
    let user = event.user.as_str();
    let mut annotator = annotator(tx, user)?;
    let row = &mut annotator;
    match change {
        Change::Answers(change) => {
            if let Some(item) = event.item.as_deref() {
                cells::put_answers(&mut Rows { tx, row }, event, item, change)?;
            }
            // A page is nobody's item: it is not handed out, counted or compared.
            if let Some(item) = event.item.as_deref().filter(|item| !phases::is_page(item)) {
                let answered = !answers_of(tx, user, item)?.is_empty();
                lists::answer(tx, row, event, item, answered, change.surplus)?;
                disagreement::update(tx, item)?;
            }
        }
        Change::Reserved(items) => lists::hold(tx, row, event, &items.items, Touch::Reserved)?,
        Change::Released(items) => lists::hold(tx, row, event, &items.items, Touch::Released)?,
        Change::Lapsed(items) => lists::hold(tx, row, event, &items.items, Touch::Lapsed)?,
        Change::Moved(_) | Change::Phase(_) | Change::Looked(_) | Change::Carried(_) => {
            put_own(&mut Rows { tx, row }, event, change)?;
        }
        Change::Account(account) => {
            row.account = true;
            put(&mut Rows { tx, row }, event, Key::of_user(user, Class::Account, ""), Some(text(account)))?;
        }
    }
    tx.put_annotator(&annotator)
}

/// Writes what is the annotator's own and of no item.
pub(crate) fn put_own(cells: &mut impl Cells, event: &Event, change: &Change) -> Result<(), StoreError> {
    let user = event.user.as_str();
    match change {
        Change::Moved(moved) => {
            put(cells, event, Key::of_user(user, Class::Cursor, ""), Some(text(&moved.to)))
        }
        Change::Phase(reached) => put_phase(cells, event, reached),
        Change::Looked(at) => put(cells, event, Key::of_user(user, Class::Look, ""), Some(text(at))),
        Change::Carried(keys) => keys.iter().try_for_each(|(key, value)| {
            put(cells, event, Key::of_user(user, Class::Carried, key), value_text(value))
        }),
        Change::Answers(_)
        | Change::Reserved(_)
        | Change::Released(_)
        | Change::Lapsed(_)
        | Change::Account(_) => Ok(()),
    }
}

/// The annotator's row, made if there is none.
pub(crate) fn annotator(tx: &Tx<'_>, name: &str) -> Result<Annotator, StoreError> {
    Ok(tx.annotator(name)?.unwrap_or_else(|| Annotator {
        name: name.to_owned(),
        account: false,
        digest: Digest::default(),
        assigned: 0,
        answered: 0,
        frontier: 0,
        seen: tx.kernel_millis(),
    }))
}

/// Phases only go forward: after a union the furthest reached counts, between equals the later event.
fn put_phase(cells: &mut impl Cells, event: &Event, reached: &PhaseReached) -> Result<(), StoreError> {
    let key = Key::of_user(&event.user, Class::Phase, "");
    let old = cells.get(&key)?;
    let rank = old.as_ref().and_then(|old| read_phase(old.value.as_deref()?)).map(|old| rank(&old));
    let new_rank = self::rank(reached);
    match (&old, rank) {
        (Some(held), Some(rank)) if (rank, held.precedence()) >= (new_rank, event.precedence()) => Ok(()),
        _ => cells.put(key, old, Register { at: event.at, id: event.id, value: Some(text(reached)) }),
    }
}

/// The phase that a register holds.
pub(crate) fn read_phase(text: &str) -> Option<PhaseReached> {
    serde_json::from_str(text).ok()
}

/// How far along it is: by its step where it has one; who is done is furthest.
fn rank(reached: &PhaseReached) -> u32 {
    if reached.phase == "done" {
        return u32::MAX;
    }
    reached.step.unwrap_or_else(|| u32::try_from(phase_rank(&reached.phase)).unwrap_or(0))
}

/// How far along a phase is where nothing but its name is known; Potato's page types in their order, unknown ones with the
/// annotation.
pub(crate) fn phase_rank(phase: &str) -> usize {
    const ORDER: [&str; 8] =
        ["login", "consent", "instructions", "prestudy", "training", "annotation", "poststudy", "done"];
    ORDER.iter().position(|known| *known == phase).unwrap_or(5)
}
