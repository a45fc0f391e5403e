//! Taking over what somebody else wrote into a raw file: Python Potato, an editor, a restored copy.
//!
//! A three-way comparison: what the file says now, what it said when we wrote it last (the base), and what is stored.
//! Only what changed against the base is news, so a file that merely lags behind the store brings nothing back.

use indexmap::IndexMap;
use project::schemes::Labels;
use project::user_state::UserState;

use super::cells::{Sheet, put_answers, text};
use super::look::{self, arrange, gather};
use super::{apply, phases, record, record_at};
use crate::change::{AnswerChange, Items, Moved, PhaseReached};
use crate::register::Class;
use crate::sqlite::Tx;
use crate::work::{ItemAnswers, View};
use crate::{Change, EventId, Stamp, StoreError};

/// Imports a file; how many changes it brought.
pub(crate) fn import(
    tx: &mut Tx<'_>,
    user: &str,
    state: &UserState,
    base_seq: Option<i64>,
    modified_millis: u64,
) -> Result<u64, StoreError> {
    let file = View::from(state);
    let base = match base_seq {
        Some(seq) => Some(state_at(tx, user, seq)?),
        None => None,
    };
    let at = Stamp::from_millis(modified_millis);
    let mut source = Source { tx, user, at: base.is_none().then_some(at), changes: 0 };
    source.list(&file)?;
    // A list is in the order of its events: what follows must not come before the list itself.
    source.at = source.at.map(|at| at.next(0));
    source.answers(&file, base.as_ref())?;
    source.carried(&file, base.as_ref())?;
    source.place(&file, base.as_ref())?;
    Ok(source.changes)
}

/// The annotator's answers and own registers as of a place in the order of this store.
fn state_at(tx: &Tx<'_>, user: &str, seq: i64) -> Result<View, StoreError> {
    let mut sheet = Sheet::default();
    for event in tx.events_about(user, None, seq)? {
        match Change::decode(&event) {
            Ok(Some(Change::Answers(change))) => {
                let item = event.item.as_deref().unwrap_or_default();
                put_answers(&mut sheet, &event, item, &change)?;
            }
            Ok(Some(change)) => apply::put_own(&mut sheet, &event, &change)?,
            Ok(None) => {}
            Err(source) => {
                return Err(StoreError::Event { id: event.id, kind: event.kind, source });
            }
        }
    }
    let mut view = View::empty(user);
    for (key, register) in sheet.0 {
        let value = register.value.as_deref();
        match key.class {
            Class::Carried => {
                if let Some(value) = value.and_then(|text| serde_json::from_str(text).ok()) {
                    view.carried.insert(key.key, value);
                }
            }
            Class::Cursor => view.cursor = value.and_then(|text| serde_json::from_str(text).ok()),
            class if class.is_answer() => {
                let kept = if phases::is_page(&key.item) { &mut view.pages } else { &mut view.items };
                gather(kept.entry(key.item.clone()).or_default(), &key, register.at, value);
            }
            _ => {}
        }
    }
    for answers in view.items.values_mut() {
        arrange(answers, &tx.rules().schemes);
    }
    Ok(view)
}

/// One file's changes on their way into the store.
struct Source<'a, 'b> {
    tx: &'a mut Tx<'b>,
    user: &'a str,
    /// When they were made: the file's time where there is no base; else now.
    at: Option<Stamp>,
    changes: u64,
}

impl Source<'_, '_> {
    /// Items of the file's list that the store's list lacks.
    fn list(&mut self, file: &View) -> Result<(), StoreError> {
        let mut items = Vec::new();
        for item in &file.ordering {
            if !self.tx.has_assignment(self.user, item)? {
                items.push(item.clone());
            }
        }
        if items.is_empty() {
            return Ok(());
        }
        self.record(None, &[b"list"], &Change::Reserved(Items { items }))
    }

    fn answers(&mut self, file: &View, base: Option<&View>) -> Result<(), StoreError> {
        let nothing = ItemAnswers::default();
        let in_base = base.into_iter().flat_map(View::answered);
        let items: IndexMap<&String, ()> =
            file.answered().chain(in_base).map(|(item, _)| (item, ())).collect();
        for item in items.into_keys() {
            let theirs = file.answers(item).unwrap_or(&nothing);
            let change = match base {
                Some(base) => difference(theirs, base.answers(item).unwrap_or(&nothing)),
                None => self.news(item, theirs)?,
            };
            if !change.is_empty() {
                let before = base.and_then(|base| base.answers(item)).map_or(0, |before| before.version.0);
                self.record(Some(item), &[b"answers", &before.to_le_bytes()], &Change::Answers(change))?;
            }
        }
        Ok(())
    }

    /// Where we never wrote the file: what the store's history has never held.
    fn news(&self, item: &str, theirs: &ItemAnswers) -> Result<AnswerChange, StoreError> {
        let mut change = difference(theirs, &ItemAnswers::default());
        for event in self.tx.events_about(self.user, Some(item), i64::MAX)? {
            let Ok(Some(Change::Answers(known))) = Change::decode(&event) else {
                continue;
            };
            change.schemes.retain(|scheme, labels| {
                known.schemes.get(scheme) != Some(labels) && !held(&known, scheme, labels)
            });
            change.spans.retain(|id, value| known.spans.get(id) != Some(value));
            change.links.retain(|id, value| known.links.get(id) != Some(value));
            change.events.retain(|id, value| known.events.get(id) != Some(value));
        }
        let stored = look::answers_of(self.tx, self.user, item)?;
        change.schemes.retain(|scheme, labels| stored.answers.get(scheme) != Some(labels));
        Ok(change)
    }

    fn carried(&mut self, file: &View, base: Option<&View>) -> Result<(), StoreError> {
        let stored = match base {
            Some(base) => base.carried.clone(),
            None => super::view::view(self.tx, self.user)?.carried,
        };
        let mut keys = Labels::new();
        for (key, value) in &file.carried {
            if stored.get(key) != Some(value) {
                keys.insert(key.clone(), value.clone());
            }
        }
        if keys.is_empty() {
            return Ok(());
        }
        let before: Vec<_> = keys.keys().map(|key| stored.get(key)).collect();
        self.record(None, &[b"carried", text(&before).as_bytes()], &Change::Carried(keys))
    }

    /// Where the annotator was, and in which phase.
    fn place(&mut self, file: &View, base: Option<&View>) -> Result<(), StoreError> {
        let current = usize::try_from(file.current).ok().and_then(|at| file.ordering.get(at));
        let was = match base {
            Some(base) => base.cursor.clone(),
            None => look::cursor(self.tx, self.user)?,
        };
        if let Some(item) = current.filter(|item| Some(*item) != was.as_ref()) {
            let moved_here = base.is_none() && was.is_some();
            if !moved_here {
                let before = was.clone().unwrap_or_default();
                self.record(
                    None,
                    &[b"place", before.as_bytes()],
                    &Change::Moved(Moved { to: item.clone() }),
                )?;
            }
        }
        let (reached, step) = phases::furthest(self.tx, self.user)?;
        let (phase, page) = &file.phase;
        let place = phases::position(self.tx.rules(), phase, page.as_deref());
        if place > reached {
            let own = u32::try_from(place).unwrap_or(u32::MAX).saturating_add(1);
            let step = (phase != "done").then_some(own.max(step.saturating_add(1)));
            let reached = PhaseReached { phase: phase.clone(), page: page.clone(), step };
            self.record(None, &[b"phase"], &Change::Phase(reached))?;
        }
        Ok(())
    }

    /// Makes an event whose id is its content, so that the same file read twice, here or elsewhere, is one event.
    fn record(&mut self, item: Option<&str>, context: &[&[u8]], change: &Change) -> Result<(), StoreError> {
        let (kind, data) = change.encode();
        let mut parts =
            vec![self.user.as_bytes(), item.unwrap_or_default().as_bytes(), kind.as_bytes(), data.as_bytes()];
        parts.extend(context);
        let id = EventId::from_content("spud import v1", &parts);
        if self.tx.knows_event(id)? {
            return Ok(());
        }
        match self.at {
            Some(at) => record_at(self.tx, id, at, self.user, item, change)?,
            None => record(self.tx, id, self.user, item, change)?,
        };
        self.changes += 1;
        Ok(())
    }
}

/// What makes `theirs` of `base`: whole schemes, and spans, links and events one by one.
fn difference(theirs: &ItemAnswers, base: &ItemAnswers) -> AnswerChange {
    let mut change = AnswerChange::default();
    for (scheme, labels) in &theirs.answers {
        if base.answers.get(scheme) != Some(labels) {
            change.schemes.insert(scheme.clone(), labels.clone());
        }
    }
    for scheme in base.answers.keys().filter(|scheme| !theirs.answers.contains_key(*scheme)) {
        change.schemes.insert(scheme.clone(), Labels::new());
    }
    change.spans = entries(&theirs.spans, &base.spans);
    change.links = entries(&theirs.links, &base.links);
    change.events = entries(&theirs.events, &base.events);
    change
}

fn entries(theirs: &Labels, base: &Labels) -> Labels {
    let set = theirs
        .iter()
        .filter(|(id, value)| base.get(*id) != Some(value))
        .map(|(id, value)| (id.clone(), value.clone()));
    let gone =
        base.keys().filter(|id| !theirs.contains_key(*id)).map(|id| (id.clone(), serde_json::Value::Null));
    set.chain(gone).collect()
}

/// Whether a save of single labels already held all of these.
fn held(known: &AnswerChange, scheme: &str, labels: &Labels) -> bool {
    known
        .labels
        .get(scheme)
        .is_some_and(|set| labels.iter().all(|(label, value)| set.get(label) == Some(value)))
}
