//! `bws_config`: tuples that are made of the data, for best-worst scaling.

use super::{ConfigError, Section};
use crate::schemes::MAX_TUPLE_SIZE;

/// How tuples are made; the data then is the pool that they are drawn from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tuples {
    /// Texts in a tuple, 2 to 9.
    pub size: usize,
    /// How many tuples; none is as many as `appearances` asks for.
    pub number: Option<usize>,
    /// In how many tuples each text stands at least.
    pub appearances: usize,
    /// What the draw begins with.
    pub seed: u64,
}

const SIZE: i64 = 4;
const APPEARANCES: i64 = 8;
const SEED: i64 = 42;
const MAX_APPEARANCES: i64 = 10_000;

pub(super) fn read(top: &Section<'_>) -> Result<Option<Tuples>, ConfigError> {
    let Some(section) = top.section("bws_config")? else { return Ok(None) };
    section.warn_unknown(&[&["tuple_size", "num_tuples", "seed", "min_item_appearances", "scoring"]]);
    let within = |key: &str, default: i64, least: i64, most: i64| {
        let number = section.integer(key)?.unwrap_or(default);
        match usize::try_from(number) {
            Ok(size) if (least..=most).contains(&number) => Ok(size),
            _ => Err(section.refuse(key, format!("must be {least} to {most}, got {number}"))),
        }
    };
    let number = match section.integer("num_tuples")? {
        None => None,
        Some(_) => Some(within("num_tuples", 1, 1, i64::from(u32::MAX))?),
    };
    if section.has("scoring") {
        section
            .warn("scoring", "has no effect here yet: the choices are stored, scores are counted from them");
    }
    Ok(Some(Tuples {
        size: within("tuple_size", SIZE, 2, MAX_TUPLE_SIZE)?,
        number,
        appearances: within("min_item_appearances", APPEARANCES, 1, MAX_APPEARANCES)?,
        seed: section.integer("seed")?.unwrap_or(SEED).unsigned_abs(),
    }))
}
