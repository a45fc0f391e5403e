//! `assignment_strategy`, `num_annotators_per_item`, `max_annotations_per_user`, `random_seed`: who gets which items.

use std::time::Duration;

use super::batches::{self, Batches};
use super::{ConfigError, Section};
use crate::yaml::Yaml;

/// Who gets which items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// In which order items are handed out.
    pub strategy: Strategy,
    /// What they get who qualified for no category.
    pub fallback: Fallback,
    /// Who gets which group of items.
    pub batches: Batches,
    /// How many annotators an item gets; `None`: no limit.
    pub annotators_per_item: Option<u32>,
    /// How many items an annotator gets; `None`: all.
    pub items_per_annotator: Option<u32>,
    /// `random_seed`, 1234 where absent.
    pub seed: u64,
    /// `reservation_hours`, a key of our own: how long an item stays reserved without activity.
    pub lease: Duration,
}

/// In which order items are handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strategy {
    /// As in the data.
    FixedOrder,
    /// Drawn with the seed.
    Random,
    /// Those with the fewest annotators first.
    LeastAnnotated,
    /// Those with the most annotators first, so that items get done one after the other. A word of our own.
    MostAnnotated,
    /// Those that annotators disagree most about first.
    MaxDiversity,
    /// At random among the categories that the annotator qualified for.
    CategoryBased,
    /// A group of items to each annotator.
    Batch,
}

/// `category_assignment.fallback`: what they get who qualified for no category.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Fallback {
    /// Items without a category.
    #[default]
    Uncategorized,
    /// Any item.
    Random,
    /// Nothing.
    None,
}

/// The words of `assignment_strategy`.
pub(super) const STRATEGIES: &[(&str, Strategy)] = &[
    ("fixed_order", Strategy::FixedOrder),
    ("random", Strategy::Random),
    ("least_annotated", Strategy::LeastAnnotated),
    ("most_annotated", Strategy::MostAnnotated),
    ("max_diversity", Strategy::MaxDiversity),
    ("category_based", Strategy::CategoryBased),
    ("batch", Strategy::Batch),
];

/// Seed where the config gives none, as in Potato.
const DEFAULT_SEED: u64 = 1234;
/// How long an item stays reserved where the config does not say.
const DEFAULT_LEASE: Duration = Duration::from_hours(1);
/// Hours of `instance_reclaim` where it does not say.
const DEFAULT_RECLAIM_HOURS: f64 = 24.0;
/// Longest lease: a year.
const MAX_HOURS: f64 = 24.0 * 366.0;

pub(super) fn read(top: &Section<'_>) -> Result<Assignment, ConfigError> {
    let seed = top.integer("random_seed")?;
    let strategy = strategy(top)?;
    let batches = batches::read(top)?;
    if strategy == Strategy::Batch && batches.groups.is_empty() && batches.annotator_key.is_none() {
        let problem = "batch needs batch_assignment with groups or an annotator_key";
        return Err(top.refuse("assignment_strategy", problem));
    }
    Ok(Assignment {
        strategy,
        fallback: fallback(top, strategy)?,
        batches,
        annotators_per_item: annotators_per_item(top)?,
        items_per_annotator: items_per_annotator(top)?,
        seed: seed.map_or(DEFAULT_SEED, i64::cast_unsigned),
        lease: lease(top)?,
    })
}

/// `assignment_strategy`: a word, or a mapping with `name`. What is not built has been refused by name before.
fn strategy(top: &Section<'_>) -> Result<Strategy, ConfigError> {
    let inner = match top.get("assignment_strategy").map(|node| &node.value) {
        Some(Yaml::Map(_)) => top.section("assignment_strategy")?,
        _ => None,
    };
    let word = match &inner {
        Some(inner) => inner.word("name", STRATEGIES)?,
        None => top.word("assignment_strategy", STRATEGIES)?,
    };
    Ok(word.unwrap_or(Strategy::FixedOrder))
}

/// `category_assignment`. Categories are qualified for in training, which is not built here: those count that
/// `user_state.json` names.
fn fallback(top: &Section<'_>, strategy: Strategy) -> Result<Fallback, ConfigError> {
    const WORDS: &[(&str, Fallback)] =
        &[("uncategorized", Fallback::Uncategorized), ("random", Fallback::Random), ("none", Fallback::None)];
    if strategy == Strategy::CategoryBased
        && !top.section("item_properties")?.is_some_and(|item| item.has("category_key"))
    {
        top.warn(
            "assignment_strategy",
            "category_based without item_properties.category_key: no item has a category",
        );
    }
    let Some(section) = top.section("category_assignment")? else { return Ok(Fallback::default()) };
    section.warn_unknown(&[&["enabled", "qualification", "fallback", "dynamic"]]);
    if section.has("qualification") {
        section.warn(
            "qualification",
            "is not built here yet and is left out; there is: qualified_categories in user_state.json",
        );
    }
    if let Some(dynamic) = section.section("dynamic")?
        && dynamic.flag("enabled")?.unwrap_or(false)
    {
        let problem = "true is known to Potato and not built here yet; there is: qualified_categories in user_state.json";
        return Err(dynamic.refuse("enabled", problem));
    }
    Ok(section.word("fallback", WORDS)?.unwrap_or_default())
}

/// `num_annotators_per_item`, or its older names where it is absent; they may not contradict each other.
fn annotators_per_item(top: &Section<'_>) -> Result<Option<u32>, ConfigError> {
    let mut found: Option<(&str, Option<u32>)> = None;
    for key in ["num_annotators_per_item", "max_annotations_per_item", "min_annotators_per_instance"] {
        if !top.has(key) {
            continue;
        }
        let value = match top.get(key).map(|node| &node.value) {
            Some(Yaml::Map(_)) if key == "num_annotators_per_item" => from_map(top)?,
            _ => limit(top, key, key != "num_annotators_per_item")?,
        };
        if key != "num_annotators_per_item" {
            top.warn(key, "is an old name of num_annotators_per_item; rename it");
        }
        match found {
            None => found = Some((key, value)),
            Some((other, first)) if first != value => {
                return Err(
                    top.refuse(key, format!("contradicts {other}; keep num_annotators_per_item alone"))
                );
            }
            Some(_) => {}
        }
    }
    Ok(found.and_then(|(_, value)| value))
}

fn from_map(top: &Section<'_>) -> Result<Option<u32>, ConfigError> {
    let Some(map) = top.section("num_annotators_per_item")? else { return Ok(None) };
    map.warn_unknown(&[&["default", "min", "overlap_sample", "adaptive"]]);
    if map.has("min") {
        map.warn("min", "is not enforced, as in Potato");
    }
    match map.integer("default")? {
        Some(number) if number >= 1 => limit(&map, "default", false),
        Some(number) => Err(map.refuse("default", format!("must be 1 or more, got {number}"))),
        None => Ok(Some(1)),
    }
}

/// −1 is all; 0 is none at all, as in Potato.
fn items_per_annotator(top: &Section<'_>) -> Result<Option<u32>, ConfigError> {
    const KEY: &str = "max_annotations_per_user";
    if top.integer(KEY)? == Some(0) {
        top.warn(KEY, "0 gives annotators nothing to do; -1 means all items");
        return Ok(Some(0));
    }
    limit(top, KEY, true)
}

/// A count of at least 1; 0 and, where allowed, −1 are no limit.
fn limit(section: &Section<'_>, key: &str, minus_one: bool) -> Result<Option<u32>, ConfigError> {
    match section.integer(key)? {
        None | Some(0) => Ok(None),
        Some(-1) if minus_one => Ok(None),
        Some(number) => u32::try_from(number).map(Some).map_err(|_| {
            let least = if minus_one { -1 } else { 0 };
            section.refuse(key, format!("must be {least} (no limit) or more, got {number}"))
        }),
    }
}

/// `reservation_hours` of our own; else Potato's `instance_reclaim.timeout_hours` where that is enabled.
fn lease(top: &Section<'_>) -> Result<Duration, ConfigError> {
    if let Some(hours) = top.number("reservation_hours")? {
        return duration(top, "reservation_hours", hours);
    }
    let Some(reclaim) = top.section("instance_reclaim")? else { return Ok(DEFAULT_LEASE) };
    reclaim.warn_unknown(&[&["enabled", "timeout_hours", "preserve_completed_annotations"]]);
    if !reclaim.flag("enabled")?.unwrap_or(false) {
        return Ok(DEFAULT_LEASE);
    }
    let hours = reclaim.number("timeout_hours")?.unwrap_or(DEFAULT_RECLAIM_HOURS);
    duration(&reclaim, "timeout_hours", hours)
}

fn duration(section: &Section<'_>, key: &str, hours: f64) -> Result<Duration, ConfigError> {
    if hours > 0.0 && hours <= MAX_HOURS {
        return Ok(Duration::from_secs_f64(hours * 3600.0));
    }
    Err(section.refuse(key, format!("must be more than 0 and at most {MAX_HOURS} hours, got {hours}")))
}
