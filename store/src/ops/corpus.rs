//! Taking in the items: once, and again only when the files changed.

use project::config::Config;

use super::disagreement;
use super::shelves::{self, Shelves};
use crate::rules::Strategy;
use crate::sqlite::Tx;
use crate::work::Ingested;
use crate::{Digest, Rules, StoreError};

/// Which files, of which size and time, the items were read from.
pub(crate) fn fingerprint(config: &Config) -> Result<String, StoreError> {
    let files = project::items::fingerprint(config)?;
    let (id_key, tuples) = (&config.item_properties.id_key, &config.tuples);
    let made = tuples.as_ref().map_or_else(String::new, |tuples| format!(" {tuples:?}"));
    Ok(format!("{id_key:?} {files:?}{}{made}", shelves::fingerprint(config)?))
}

/// What is there, if it was read from these files.
pub(crate) fn current(tx: &Tx<'_>, fingerprint: &str) -> Result<Option<Ingested>, StoreError> {
    let same = tx.meta_text("corpus")?.as_deref() == Some(fingerprint);
    same.then(|| tx.item_count().map(|items| Ingested { items, read: false })).transpose()
}

/// Reads the items, unless somebody else just did.
pub(crate) fn ingest(tx: &mut Tx<'_>, config: &Config, fingerprint: &str) -> Result<Ingested, StoreError> {
    if let Some(current) = current(tx, fingerprint)? {
        return Ok(current);
    }
    tx.clear_items()?;
    tx.clear_shelves()?;
    let mut shelves = Shelves::new(config)?;
    let mut count = 0;
    for item in project::items::read(config) {
        let item = item?;
        shelves.put(tx, &item)?;
        let fields = serde_json::Value::Object(item.fields).to_string();
        tx.insert_item(&item.id, count, &fields)?;
        count += 1;
    }
    shelves.finish()?;
    tx.set_meta_number("items", count.cast_signed())?;
    arrange(tx)?;
    tx.set_meta_text("corpus", fingerprint)?;
    Ok(Ingested { items: count, read: true })
}

/// Brings what follows from the rules up to date, if they are not those of the last time.
pub(crate) fn refresh(tx: &Tx<'_>) -> Result<(), StoreError> {
    if tx.meta_text("rules")? != Some(rules(tx)) {
        arrange(tx)?;
    }
    Ok(())
}

/// Makes all anew that says how items are handed out.
fn arrange(tx: &Tx<'_>) -> Result<(), StoreError> {
    tx.clear_places()?;
    if tx.rules().strategy == Strategy::Batch {
        for (index, group) in tx.rules().batches.groups.iter().enumerate() {
            if let Some(places) = group.places {
                tx.limit_shelf(&shelves::of_group(index), places)?;
            }
        }
    }
    tx.recount_places()?;
    disagreement::recount(tx)?;
    tx.set_meta_text("rules", &rules(tx))
}

/// The rules that the rows of items depend on, in short.
fn rules(tx: &Tx<'_>) -> String {
    let Rules { strategy, annotators_per_item, batches, .. } = tx.rules();
    let text = format!("{strategy:?} {annotators_per_item:?} {batches:?}");
    Digest::of(&[text.as_bytes()]).to_string()
}
