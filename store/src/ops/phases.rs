//! The way through the pages before and after the items.
//!
//! How far somebody got and where he looks are two registers. The first only grows; the second counts while it is younger than
//! the first and behind it.

use project::config::{PHASE_PAGE, Page, PageKind};
use project::schemes::{Labels, is_shown};
use serde_json::{Value, json};

use super::apply::{phase_rank, read_phase};
use super::arrive::arrive;
use super::cells::text;
use super::look::answers_of;
use super::{record, train};
use crate::change::{Looked, PhaseReached};
use crate::clock::wall_millis;
use crate::register::{Class, Key};
use crate::sqlite::Tx;
use crate::work::{End, Leaf, Went};
use crate::{Change, EventId, Rules, StoreError};

/// Keys of `user_state.json` that tell of the way.
const FLOW: &str = "flow_record";
const PASSED: &str = "prestudy_passed";

/// Where an annotator stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stand {
    /// At a page, by its place among the pages.
    Page(usize),
    /// At the items.
    Annotation,
    /// At the end.
    Done,
}

/// Whether answers under this id are those of a page.
pub(crate) fn is_page(item: &str) -> bool {
    item.starts_with(PHASE_PAGE)
}

/// The place of the page with this id.
pub(crate) fn index_of(rules: &Rules, id: &str) -> Option<usize> {
    rules.phases.pages.iter().position(|page| page.kind != PageKind::Annotation && page.id() == id)
}

/// The names of a page's schemes in their order.
pub(crate) fn order_of(rules: &Rules, id: &str) -> Option<Vec<String>> {
    if !is_page(id) {
        return None;
    }
    let page = &rules.phases.pages[index_of(rules, id)?];
    Some(page.schemes.iter().map(|scheme| scheme.name.clone()).collect())
}

/// The place that a phase and page have in this project; one behind the last is done. A phase that the project lacks is as far as
/// the first that comes after it.
pub(crate) fn position(rules: &Rules, phase: &str, page: Option<&str>) -> usize {
    let pages = &rules.phases.pages;
    if phase == "done" {
        return pages.len();
    }
    let of_phase = |found: &&Page| found.kind.phase() == phase;
    let exact = pages.iter().position(|found| of_phase(&found) && Some(found.name.as_str()) == page);
    let first = || pages.iter().position(|found| of_phase(&found));
    let after = || pages.iter().position(|found| phase_rank(found.kind.phase()) >= phase_rank(phase));
    exact.or_else(first).or_else(after).unwrap_or_else(|| annotation(rules))
}

fn annotation(rules: &Rules) -> usize {
    rules.phases.pages.iter().position(|page| page.kind == PageKind::Annotation).unwrap_or(0)
}

/// How far the annotator got: the place, and the step that it was.
pub(crate) fn furthest(tx: &Tx<'_>, user: &str) -> Result<(usize, u32), StoreError> {
    let register = tx.register(&Key::of_user(user, Class::Phase, ""))?;
    let Some(reached) = register.and_then(|register| read_phase(&register.value?)) else {
        return Ok((0, 0));
    };
    let place = position(tx.rules(), &reached.phase, reached.page.as_deref());
    Ok((place, reached.step.unwrap_or(0)))
}

/// Phase and page as `user_state.json` names them.
pub(crate) fn names(tx: &Tx<'_>, user: &str) -> Result<(String, Option<String>), StoreError> {
    let register = tx.register(&Key::of_user(user, Class::Phase, ""))?;
    let reached = register.and_then(|register| read_phase(&register.value?));
    Ok(reached.map_or_else(|| named(tx.rules(), 0), |reached| (reached.phase, reached.page)))
}

/// What a place is called.
fn named(rules: &Rules, place: usize) -> (String, Option<String>) {
    match rules.phases.pages.get(place) {
        None => ("done".to_owned(), None),
        Some(page) if page.kind == PageKind::Annotation => (page.kind.phase().to_owned(), None),
        Some(page) => (page.kind.phase().to_owned(), Some(page.name.clone())),
    }
}

/// Where the annotator is.
pub(crate) fn stand(tx: &Tx<'_>, user: &str) -> Result<Stand, StoreError> {
    let place = place(tx, user)?;
    Ok(match tx.rules().phases.pages.get(place) {
        None => Stand::Done,
        Some(page) if page.kind == PageKind::Annotation => Stand::Annotation,
        Some(_) => Stand::Page(place),
    })
}

fn place(tx: &Tx<'_>, user: &str) -> Result<usize, StoreError> {
    let (reached, _) = furthest(tx, user)?;
    let Some(look) = tx.register(&Key::of_user(user, Class::Look, ""))? else { return Ok(reached) };
    let got_there = tx.register(&Key::of_user(user, Class::Phase, ""))?;
    if got_there.is_some_and(|got_there| got_there.precedence() > look.precedence()) {
        return Ok(reached);
    }
    let looked: Option<Looked> = look.value.and_then(|text| serde_json::from_str(&text).ok());
    Ok(looked.map_or(reached, |at| position(tx.rules(), &at.phase, at.page.as_deref()).min(reached)))
}

/// A page with all that is shown of it.
pub(crate) fn leaf(tx: &Tx<'_>, user: &str, index: usize) -> Result<Leaf, StoreError> {
    let page = &tx.rules().phases.pages[index];
    let id = page.id();
    let training = match page.kind {
        PageKind::Training => Some(train::state(tx, user)?),
        _ => None,
    };
    let stored = answers_of(tx, user, &id)?;
    Ok(Leaf { index, id, has_previous: before(tx, user, index)?.is_some(), stored, training })
}

/// How it ended for somebody who is done.
pub(crate) fn end(tx: &Tx<'_>, user: &str) -> Result<End, StoreError> {
    if let Some(screened) = carried(tx, user, FLOW)?.get("screened_out") {
        let message = screened.get("message").and_then(Value::as_str).unwrap_or_default();
        return Ok(End::ScreenedOut(message.to_owned()));
    }
    let training = train::state(tx, user)?;
    Ok(if training.failed && !training.passed { End::NotTrained } else { End::Complete })
}

/// Whether the annotator was sent away by his answers.
pub(crate) fn has_left(tx: &Tx<'_>, user: &str) -> Result<bool, StoreError> {
    if tx.rules().phases.pages.iter().all(|page| page.exit_when.is_none()) {
        return Ok(false);
    }
    Ok(carried(tx, user, FLOW)?.get("screened_out").is_some())
}

/// Leaves a place for the next that is shown to somebody with these answers.
pub(crate) fn forward(tx: &mut Tx<'_>, user: &str, from: usize) -> Result<Went, StoreError> {
    let pages = &tx.rules().phases.pages;
    let said = Said::read(tx, user, pages)?;
    if let Some(exit) = pages.get(from).and_then(|page| page.exit_when.as_ref())
        && exit.rule.holds(&|name| said.before(from + 1, name))
    {
        return screen_out(tx, user, from, &exit.message);
    }
    let mut next = from + 1;
    let mut skipped = Vec::new();
    while let Some(page) = pages.get(next).filter(|page| !said.shows(page, next)) {
        skipped.push(page);
        next += 1;
    }
    note_skips(tx, user, &skipped)?;
    go_to(tx, user, next)
}

/// Goes back to the place before, if there is one that may be gone back to.
pub(crate) fn back(tx: &mut Tx<'_>, user: &str, from: usize) -> Result<Option<Went>, StoreError> {
    match before(tx, user, from)? {
        Some(target) => go_to(tx, user, target).map(Some),
        None => Ok(None),
    }
}

/// The place of the items.
pub(crate) fn annotation_place(tx: &Tx<'_>) -> usize {
    annotation(tx.rules())
}

fn before(tx: &Tx<'_>, user: &str, from: usize) -> Result<Option<usize>, StoreError> {
    let phases = &tx.rules().phases;
    let Some(kind) = phases.pages.get(from).map(|page| page.kind) else { return Ok(None) };
    let said = Said::read(tx, user, &phases.pages)?;
    // Who has passed the training is not graded again.
    let may = |at: &usize| {
        let page = &phases.pages[*at];
        page.kind != PageKind::Training && (phases.back || page.kind == kind) && said.shows(page, *at)
    };
    Ok((0..from).rev().find(may))
}

fn go_to(tx: &mut Tx<'_>, user: &str, target: usize) -> Result<Went, StoreError> {
    let (reached, step) = furthest(tx, user)?;
    let (phase, page) = named(tx.rules(), target);
    let change = if target > reached {
        let is_end = target >= tx.rules().phases.pages.len();
        let own = u32::try_from(target).unwrap_or(u32::MAX).saturating_add(1);
        let step = (!is_end).then_some(own.max(step.saturating_add(1)));
        Change::Phase(PhaseReached { phase, page, step })
    } else {
        Change::Looked(Looked { phase, page })
    };
    record(tx, EventId::new(), user, None, &change)?;
    arrive(tx, user)
}

fn screen_out(tx: &mut Tx<'_>, user: &str, from: usize, message: &str) -> Result<Went, StoreError> {
    let page = tx.rules().phases.pages[from].name.clone();
    let mut flow = carried(tx, user, FLOW)?;
    flow["screened_out"] = json!({"page": page, "at": now(), "message": message});
    let keys = [(FLOW.to_owned(), flow), (PASSED.to_owned(), Value::Bool(false))].into_iter().collect();
    record(tx, EventId::new(), user, None, &Change::Carried(keys))?;
    finish(tx, user)
}

/// Ends the annotator's part.
pub(crate) fn finish(tx: &mut Tx<'_>, user: &str) -> Result<Went, StoreError> {
    let done = PhaseReached { phase: "done".to_owned(), page: None, step: None };
    record(tx, EventId::new(), user, None, &Change::Phase(done))?;
    arrive(tx, user)
}

/// Notes which pages were left out, each once.
fn note_skips(tx: &mut Tx<'_>, user: &str, pages: &[&Page]) -> Result<(), StoreError> {
    let mut flow = carried(tx, user, FLOW)?;
    let mut skipped = flow.get("skipped_pages").and_then(Value::as_array).cloned().unwrap_or_default();
    let known = skipped.len();
    for page in pages {
        let is_it = |entry: &Value| entry["phase"] == page.kind.phase() && entry["page"] == page.name;
        if !skipped.iter().any(is_it) {
            skipped.push(json!({"phase": page.kind.phase(), "page": page.name, "at": now()}));
        }
    }
    if skipped.len() == known {
        return Ok(());
    }
    flow["skipped_pages"] = Value::Array(skipped);
    let keys = [(FLOW.to_owned(), flow)].into_iter().collect();
    record(tx, EventId::new(), user, None, &Change::Carried(keys))?;
    Ok(())
}

/// A key of the file that is a mapping; empty where there is none.
fn carried(tx: &Tx<'_>, user: &str, key: &str) -> Result<Value, StoreError> {
    let register = tx.register(&Key::of_user(user, Class::Carried, key))?;
    let value = register.and_then(|register| serde_json::from_str(&register.value?).ok());
    Ok(value.filter(Value::is_object).unwrap_or_else(|| json!({})))
}

/// Seconds since 1970, as Potato writes them.
#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are far below 2^53")]
fn now() -> f64 {
    wall_millis() as f64 / 1_000.0
}

/// What was answered, page by page.
struct Said<'a> {
    pages: &'a [Page],
    answers: Vec<project::schemes::Answers>,
}

impl<'a> Said<'a> {
    fn read(tx: &Tx<'_>, user: &str, pages: &'a [Page]) -> Result<Self, StoreError> {
        // Most studies ask nothing of the kind.
        let asked = pages.iter().any(|page| page.show_when.is_some() || page.exit_when.is_some());
        let mut answers = Vec::new();
        for page in pages.iter().filter(|_| asked) {
            answers.push(answers_of(tx, user, &page.id())?.answers);
        }
        Ok(Self { pages, answers })
    }

    /// The answer to a scheme on the last page before `place` that has it; an answer that was hidden since says nothing.
    fn before(&self, place: usize, name: &str) -> Option<&Labels> {
        let asked = self.pages.iter().zip(&self.answers).take(place).rev();
        let mut found = asked.filter_map(|(page, answers)| {
            let scheme = page.schemes.iter().find(|scheme| scheme.name == name)?;
            Some((scheme, answers))
        });
        let (scheme, answers) = found.next()?;
        answers.get(name).filter(|_| is_shown(scheme, answers))
    }

    fn shows(&self, page: &Page, place: usize) -> bool {
        page.show_when.as_ref().is_none_or(|rule| rule.holds(&|name| self.before(place, name)))
    }
}

/// Sets a key of the file.
pub(crate) fn carry(
    tx: &mut Tx<'_>,
    user: &str,
    key: &str,
    value: &impl serde::Serialize,
) -> Result<(), StoreError> {
    let value = serde_json::from_str(&text(value)).unwrap_or(Value::Null);
    let keys = [(key.to_owned(), value)].into_iter().collect();
    record(tx, EventId::new(), user, None, &Change::Carried(keys))?;
    Ok(())
}
