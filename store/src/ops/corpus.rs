//! Taking in the items: once, and again only when the files changed.

use project::config::Config;

use crate::StoreError;
use crate::sqlite::Tx;
use crate::work::Ingested;

/// Which files, of which size and time, the items were read from.
pub(crate) fn fingerprint(config: &Config) -> Result<String, StoreError> {
    let files = project::items::fingerprint(config)?;
    Ok(format!("{:?} {:?}", config.item_properties.id_key, files))
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
    let mut count = 0;
    for item in project::items::read(config) {
        let item = item?;
        let fields = serde_json::Value::Object(item.fields).to_string();
        tx.insert_item(&item.id, count, &fields)?;
        count += 1;
    }
    tx.set_meta_number("items", count.cast_signed())?;
    tx.recount_places()?;
    tx.set_meta_text("corpus", fingerprint)?;
    Ok(Ingested { items: count, read: true })
}
