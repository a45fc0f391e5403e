//! Spans that are changed while links, chains and events name them: what those allow must still hold.

use project::schemes::{Labels, Scheme};
use serde_json::{Map, Value};
use store::{AnswerChange, ItemAnswers};

use super::BodyError;
use super::links::label_of;

/// Refuses a change of spans that would leave a stored link or event with a span whose label it does not allow. What was not allowed
/// before, as from another program, is left as it is.
pub(crate) fn hold(schemes: &[Scheme], stored: &ItemAnswers, change: &AnswerChange) -> Result<(), BodyError> {
    let untouched = AnswerChange::default();
    let refuse = |what: &str, id: &str, reason: String| {
        Err(BodyError::Refused(format!("{reason}; take the {what} '{id}' out first")))
    };
    for (id, before, after, scheme) in both(schemes, &stored.links, &change.links) {
        let check = |link, change| scheme.accept_link(link, &|id| label_of(id, stored, change));
        if let (Ok(_), Err(refused)) = (check(before, &untouched), check(after, change)) {
            return refuse("link", id, refused.reason);
        }
    }
    for (id, before, after, scheme) in both(schemes, &stored.events, &change.events) {
        let check = |event, change| scheme.accept_event(event, &|id| label_of(id, stored, change));
        if let (Ok(_), Err(refused)) = (check(before, &untouched), check(after, change)) {
            return refuse("event", id, refused.reason);
        }
    }
    Ok(())
}

/// What is stored and stays, before the change and after it, with its scheme.
fn both<'a>(
    schemes: &'a [Scheme],
    stored: &'a Labels,
    changed: &'a Labels,
) -> impl Iterator<Item = (&'a String, &'a Map<String, Value>, &'a Map<String, Value>, &'a Scheme)> {
    stored.iter().filter_map(|(id, before)| {
        let after = changed.get(id).unwrap_or(before);
        let scheme = schemes.iter().find(|scheme| after["schema"] == scheme.name)?;
        Some((id, before.as_object()?, after.as_object()?, scheme))
    })
}
