//! Taking back what absent annotators hold.

use super::record;
use crate::change::Items;
use crate::sqlite::Tx;
use crate::{Change, EventId, StoreError};

/// Lets the reservations lapse of those who were not heard from for the length of a lease; how many.
pub(crate) fn reclaim(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let lease = u64::try_from(tx.rules().lease.as_millis()).unwrap_or(u64::MAX);
    let Some(before) = tx.kernel_millis().checked_sub(lease) else {
        return Ok(0);
    };
    let mut lapsed = 0;
    for user in tx.absent(before)? {
        let held = tx.assignments(&user)?.into_iter().filter(|a| a.is_live() && !a.answered);
        let items: Vec<String> = held.map(|a| a.item).collect();
        lapsed += items.len() as u64;
        record(tx, EventId::new(), &user, None, &Change::Lapsed(Items { items }))?;
    }
    Ok(lapsed)
}
