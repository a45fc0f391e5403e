//! `soft_label`: how likely each label is, as shares of a total. Stored: `{label: "34", …}`.

use super::Kind;
use super::shares::Names;
pub(super) use super::shares::Shares as SoftLabel;
use crate::config::{ConfigError, Section};

pub(super) const KEYS: &[&str] = &["total", "min_per_label", "show_distribution_chart"];

const NAMES: Names = Names { class: "soft_label", total: "total", min: "min_per_label" };

pub(super) fn read(section: &Section<'_>) -> Result<Kind, ConfigError> {
    if section.flag("show_distribution_chart")?.unwrap_or(false) {
        section.warn("show_distribution_chart", "has no effect here: the sliders show the shares");
    }
    Ok(Kind::SoftLabel(SoftLabel::read(section, &NAMES, true)?))
}
