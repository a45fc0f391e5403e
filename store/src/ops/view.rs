//! An annotator's whole state, as the raw file shows it.

use indexmap::IndexMap;

use super::look::{self, arrange, gather};
use super::phases;
use crate::StoreError;
use crate::assignment::Assignment;
use crate::register::Class;
use crate::sqlite::Tx;
use crate::work::{ItemAnswers, View};

/// Reads it in one snapshot.
pub(crate) fn view(tx: &Tx<'_>, user: &str) -> Result<View, StoreError> {
    let list = tx.assignments(user)?;
    let ordering: Vec<String> = list.into_iter().filter(Assignment::is_live).map(|a| a.item).collect();
    let mut found: IndexMap<String, ItemAnswers> =
        ordering.iter().map(|item| (item.clone(), ItemAnswers::default())).collect();
    let mut pages: IndexMap<String, ItemAnswers> = IndexMap::new();
    let mut carried = project::schemes::Labels::new();
    tx.each_register(user, |key, register| {
        let value = register.value.as_deref();
        if key.class == Class::Carried {
            if let Some(value) = value.and_then(|text| serde_json::from_str(text).ok()) {
                carried.insert(key.key, value);
            }
        } else if key.class.is_answer() && phases::is_page(&key.item) {
            gather(pages.entry(key.item.clone()).or_default(), &key, register.at, value);
        } else if key.class.is_answer() {
            gather(found.entry(key.item.clone()).or_default(), &key, register.at, value);
        }
        Ok(())
    })?;
    for answers in found.values_mut() {
        arrange(answers, &tx.rules().schemes);
    }
    for (id, answers) in &mut pages {
        arrange(answers, &phases::order_of(tx.rules(), id).unwrap_or_default());
    }
    pages.retain(|_, answers| !answers.is_empty());
    let place = |id: &String| phases::index_of(tx.rules(), id).unwrap_or(usize::MAX);
    pages.sort_by_cached_key(|id, _| (place(id), id.clone()));
    found.retain(|_, answers| !answers.is_empty());
    let cursor = look::cursor(tx, user)?;
    let current =
        cursor.as_ref().and_then(|item| ordering.iter().position(|listed| listed == item)).unwrap_or(0);
    Ok(View {
        user: user.to_owned(),
        seq: tx.last_seq()?,
        items: found,
        pages,
        ordering,
        cursor,
        current: current as u64,
        phase: phases::names(tx, user)?,
        carried,
    })
}
