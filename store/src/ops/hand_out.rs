//! Handing out items: how many, and which.

use super::basket::Basket;
use super::pool::Pool;
use super::{apply, record, shelves};
use crate::change::Items;
use crate::rules::{Fallback, Strategy};
use crate::sqlite::{Annotator, Tx};
use crate::work::Nothing;
use crate::{Change, EventId, StoreError};

/// Items given at once to an annotator with a quota and a fixed order, or with a group, who then sees the whole list.
const LIST: u64 = 500;
/// Items that a new annotator is given in other orders, as Potato does.
const FIRST: u64 = 3;

/// Gives the annotator more items; none if there are none for him.
pub(crate) fn hand_out(tx: &mut Tx<'_>, user: &str) -> Result<Result<u64, Nothing>, StoreError> {
    let mut annotator = apply::annotator(tx, user)?;
    let wanted = match wanted(tx, &annotator) {
        Ok(wanted) => wanted,
        Err(nothing) => return Ok(Err(nothing)),
    };
    let picked = pick(tx, &mut annotator, wanted)?;
    tx.put_annotator(&annotator)?;
    let items = match picked {
        Ok(items) if !items.is_empty() => items,
        _ if tx.item_count()? == 0 => return Ok(Err(Nothing::NoData)),
        Ok(_) => return Ok(Err(Nothing::Saturated)),
        Err(nothing) => return Ok(Err(nothing)),
    };
    let count = items.len() as u64;
    record(tx, EventId::new(), user, None, &Change::Reserved(Items { items }))?;
    Ok(Ok(count))
}

/// How many items to give now.
fn wanted(tx: &Tx<'_>, annotator: &Annotator) -> Result<u64, Nothing> {
    let rules = tx.rules();
    let left = rules.items_per_annotator.map(|quota| u64::from(quota).saturating_sub(annotator.assigned));
    match (left, rules.strategy) {
        (Some(0), _) if annotator.assigned == 0 => Err(Nothing::ZeroQuota),
        (Some(0), _) => Err(Nothing::Saturated),
        (Some(left), Strategy::FixedOrder | Strategy::Batch) => Ok(left.min(LIST)),
        (None, Strategy::Batch) => Ok(LIST),
        (None, Strategy::FixedOrder) => Ok(1),
        (left, _) if annotator.assigned < FIRST => Ok(FIRST.min(left.unwrap_or(FIRST))),
        _ => Ok(1),
    }
}

/// Chooses items with a free place that the annotator never had, and notes how far was looked.
fn pick(
    tx: &Tx<'_>,
    annotator: &mut Annotator,
    wanted: u64,
) -> Result<Result<Vec<String>, Nothing>, StoreError> {
    let user = annotator.name.as_str();
    let mut basket = Basket { tx, user, wanted, picked: Vec::new() };
    match tx.rules().strategy {
        Strategy::FixedOrder => {
            basket.take_reopened()?;
            if !basket.is_full() {
                annotator.frontier = basket.walk_data(annotator.frontier)?;
            }
        }
        Strategy::Random => annotator.frontier = at_random(&mut basket, annotator.frontier)?,
        Strategy::LeastAnnotated | Strategy::MostAnnotated | Strategy::MaxDiversity => basket.walk_ranks()?,
        Strategy::CategoryBased => match (shelves::qualified(tx, user)?, tx.rules().fallback) {
            (names, _) if !names.is_empty() => basket.walk_shelves(&names)?,
            (_, Fallback::Uncategorized) => basket.walk_shelves(&shelves::uncategorized())?,
            (_, Fallback::Random) => annotator.frontier = at_random(&mut basket, annotator.frontier)?,
            (_, Fallback::None) => return Ok(Err(Nothing::NoQualifiedCategory)),
        },
        Strategy::Batch => {
            let (named, automatic) = (shelves::named(tx, user)?, shelves::automatic(tx, user)?);
            if named.is_empty() && automatic.is_empty() {
                return Ok(Err(Nothing::NoBatchGroup));
            }
            // Of all that are named the items; else of the first group that has any.
            let is_named = !named.is_empty();
            for name in if is_named { named } else { automatic } {
                if !basket.is_full() && (is_named || basket.picked.is_empty()) {
                    basket.walk_shelf(&name)?;
                }
            }
        }
    }
    Ok(Ok(basket.picked))
}

fn at_random(basket: &mut Basket<'_, '_>, frontier: u64) -> Result<u64, StoreError> {
    basket.take_reopened()?;
    if basket.is_full() { Ok(frontier) } else { basket.walk_shuffled(&Pool::all(basket.tx)?, frontier) }
}
