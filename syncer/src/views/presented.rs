//! What each annotator saw in an order of his own (`instance_id_to_presentation_order`), so that position effects can be told from
//! answers. It is not stored: the order follows from annotator, item and scheme.

use project::items::Item;
use project::schemes::{Occasion, Scheme};
use project::user_state::UserState;
use store::{Store, StoreError};

/// Adds the orders to the items with answers; what the file says already, as Potato wrote it, stands.
pub(crate) async fn add(
    schemes: &[Scheme],
    store: &Store,
    items: impl Iterator<Item = &String>,
    state: &mut UserState,
) -> Result<(), StoreError> {
    if schemes.is_empty() {
        return Ok(());
    }
    for id in items {
        let fields = store.item(id).await?.and_then(|row| serde_json::from_str(&row.fields).ok());
        let item = Item { id: id.clone(), fields: fields.unwrap_or_default() };
        let occasion = Occasion { annotator: &state.user_id, item: Some(&item) };
        let seen: Vec<_> = schemes
            .iter()
            .filter_map(|scheme| Some((scheme.name.clone(), scheme.presented(&occasion)?)))
            .filter(|(_, order)| !order.is_empty())
            .collect();
        if !seen.is_empty() {
            let known = state.presentation_order.entry(id.clone()).or_default();
            for (scheme, order) in seen {
                known.entry(scheme).or_insert(order);
            }
        }
    }
    Ok(())
}
