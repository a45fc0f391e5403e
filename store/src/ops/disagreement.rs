//! How much annotators disagree about an item; what is contested goes first where the strategy says so.

use std::collections::{BTreeMap, BTreeSet};

use super::look::answers_of;
use crate::StoreError;
use crate::rules::Strategy;
use crate::sqlite::Tx;

/// Steps between no disagreement and all different: the shares of up to ten annotators keep their order, and there are
/// few ranks to look through.
const STEPS: usize = 100;

/// Ranks the item anew after an answer changed.
pub(crate) fn update(tx: &Tx<'_>, item: &str) -> Result<(), StoreError> {
    if tx.arranged()? != Strategy::MaxDiversity {
        return Ok(());
    }
    let mut schemes: BTreeMap<String, Scheme> = BTreeMap::new();
    for assignment in tx.assignments_of_item(item)?.into_iter().filter(|a| a.answered) {
        for (scheme, labels) in answers_of(tx, &assignment.user, item)?.answers {
            let sorted: BTreeMap<_, _> =
                labels.iter().map(|(label, value)| (label, value.to_string())).collect();
            let Scheme { annotators, values } = schemes.entry(scheme).or_default();
            *annotators += 1;
            values.insert(format!("{sorted:?}"));
        }
    }
    let most = schemes.values().map(Scheme::disagreement).max().unwrap_or(0);
    tx.set_rank(item, -i64::try_from(most).unwrap_or(0))
}

/// Ranks all items that were answered more than once.
pub(crate) fn recount(tx: &Tx<'_>) -> Result<(), StoreError> {
    if tx.rules().strategy == Strategy::MaxDiversity {
        tx.shared_items()?.iter().try_for_each(|item| update(tx, item))?;
    }
    Ok(())
}

/// What annotators said in one scheme.
#[derive(Default)]
struct Scheme {
    annotators: usize,
    values: BTreeSet<String>,
}

impl Scheme {
    /// Potato's measure: how many values differ from the first, of the annotators beside the first.
    fn disagreement(&self) -> usize {
        (self.values.len() - 1) * STEPS / (self.annotators - 1).max(1)
    }
}
