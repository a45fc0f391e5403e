//! `constant_sum`: points shared out among labels. Stored: `{label: "25", …}`.

use super::Kind;
use super::shares::Names;
pub(super) use super::shares::Shares as ConstantSum;
use crate::config::{ConfigError, Section};

pub(super) const KEYS: &[&str] = &["total_points", "min_per_item", "input_type"];

const NAMES: Names = Names { class: "constant_sum", total: "total_points", min: "min_per_item" };
/// Whether it is a slider.
const INPUTS: &[(&str, bool)] = &[("number", false), ("slider", true)];

pub(super) fn read(section: &Section<'_>) -> Result<Kind, ConfigError> {
    let slides = section.word("input_type", INPUTS)?.unwrap_or(false);
    Ok(Kind::ConstantSum(ConstantSum::read(section, &NAMES, slides)?))
}
