//! Reading where an annotator is.

use project::schemes::Labels;

use super::phases::{self, Stand};
use crate::register::{Class, Key};
use crate::sqlite::{Annotator, Tx};
use crate::work::{Desk, ItemAnswers, Place};
use crate::{Stamp, StoreError};

/// What an annotator's own rows say about where he is.
#[derive(Debug)]
pub(crate) enum Found {
    /// Nobody of that name.
    Nobody,
    /// There is a place to show.
    At(Place),
    /// The first items must be handed out, or the item he was at is no longer his.
    Lost,
}

/// Finds an annotator's place without changing anything.
pub(crate) fn find(tx: &Tx<'_>, user: &str) -> Result<Found, StoreError> {
    let Some(annotator) = tx.annotator(user)? else {
        return Ok(Found::Nobody);
    };
    match phases::stand(tx, user)? {
        Stand::Done => {
            let (answered, end) = (annotator.answered, phases::end(tx, user)?);
            return Ok(Found::At(Place::Done { answered, end }));
        }
        Stand::Page(index) => return Ok(Found::At(Place::Page(Box::new(phases::leaf(tx, user, index)?)))),
        Stand::Annotation => {}
    }
    let desk = match cursor(tx, user)? {
        Some(item) => desk(tx, &annotator, &item)?,
        None => None,
    };
    Ok(match desk {
        Some(desk) => Found::At(Place::At(Box::new(desk))),
        None => Found::Lost,
    })
}

/// The item the annotator went to last.
pub(crate) fn cursor(tx: &Tx<'_>, user: &str) -> Result<Option<String>, StoreError> {
    let register = tx.register(&Key::of_user(user, Class::Cursor, ""))?;
    Ok(register.and_then(|register| serde_json::from_str(&register.value?).ok()))
}

/// An item of the annotator's list; none if it is not in it, or no longer in the data.
pub(crate) fn desk(tx: &Tx<'_>, annotator: &Annotator, item: &str) -> Result<Option<Desk>, StoreError> {
    let Some(place) = tx.assignment(&annotator.name, item)?.and_then(|assignment| assignment.place) else {
        return Ok(None);
    };
    let Some(listed) = tx.item(item)? else {
        return Ok(None);
    };
    Ok(Some(Desk {
        item: listed.id,
        fields: listed.fields,
        place,
        assigned: annotator.assigned,
        answered: annotator.answered,
        expected: expected(tx)?.max(annotator.assigned),
        stored: answers_of(tx, &annotator.name, item)?,
    }))
}

/// How many items an annotator gets at most.
pub(crate) fn expected(tx: &Tx<'_>) -> Result<u64, StoreError> {
    let items = tx.item_count()?;
    Ok(tx.rules().items_per_annotator.map_or(items, |quota| items.min(u64::from(quota))))
}

/// All that an annotator says about an item.
pub(crate) fn answers_of(tx: &Tx<'_>, user: &str, item: &str) -> Result<ItemAnswers, StoreError> {
    let mut found = ItemAnswers::default();
    for (key, register) in tx.registers(user, item)? {
        gather(&mut found, &key, register.at, register.value.as_deref());
    }
    arrange(&mut found, phases::order_of(tx.rules(), item).as_deref().unwrap_or(&tx.rules().schemes));
    Ok(found)
}

/// Adds a register to what is known of an item. A scheme's own register comes before those of its labels.
pub(crate) fn gather(found: &mut ItemAnswers, key: &Key, at: Stamp, value: Option<&str>) {
    if !key.class.is_answer() {
        return;
    }
    found.version = found.version.max(at);
    let parsed = value.and_then(|text| serde_json::from_str(text).ok());
    match (key.class, key.label.is_empty()) {
        (Class::Answer, true) => {
            let labels: Option<Labels> = value.and_then(|text| serde_json::from_str(text).ok());
            if let Some(labels) = labels.filter(|labels| !labels.is_empty()) {
                found.answers.insert(key.key.clone(), labels);
            }
        }
        (Class::Answer, false) => match parsed {
            Some(value) => {
                found.answers.entry(key.key.clone()).or_default().insert(key.label.clone(), value);
            }
            None => {
                if let Some(labels) = found.answers.get_mut(&key.key) {
                    labels.shift_remove(&key.label);
                    if labels.is_empty() {
                        found.answers.shift_remove(&key.key);
                    }
                }
            }
        },
        (class, _) => {
            if let Some(value) = parsed {
                let kind = match class {
                    Class::Span => &mut found.spans,
                    Class::Link => &mut found.links,
                    _ => &mut found.events,
                };
                kind.insert(key.key.clone(), value);
            }
        }
    }
}

/// Lists schemes in the project's order, unknown ones after them; hides links whose spans are gone.
pub(crate) fn arrange(found: &mut ItemAnswers, schemes: &[String]) {
    let rank = |name: &String| schemes.iter().position(|scheme| scheme == name).unwrap_or(usize::MAX);
    found.answers.sort_by(|a, _, b, _| rank(a).cmp(&rank(b)).then_with(|| a.cmp(b)));
    let ItemAnswers { spans, links, .. } = found;
    links.retain(|_, link| {
        let named = link.get("span_ids").and_then(|ids| ids.as_array());
        named.is_none_or(|ids| ids.iter().filter_map(|id| id.as_str()).all(|id| spans.contains_key(id)))
    });
}
