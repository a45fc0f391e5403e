//! Lengths as CSS writes them.

use super::{ConfigError, Section};

const UNITS: [&str; 5] = ["px", "rem", "em", "ch", "%"];

/// A length such as `20px` or `1rem`; a number alone means pixels.
pub(crate) fn length(section: &Section<'_>, key: &str) -> Result<Option<String>, ConfigError> {
    let Some(text) = section.text(key)? else { return Ok(None) };
    let text = text.trim();
    let (number, unit) =
        text.split_at(text.find(|c: char| c != '.' && !c.is_ascii_digit()).unwrap_or(text.len()));
    let unit = match unit.trim() {
        "" => Some("px"),
        unit => UNITS.into_iter().find(|known| known.eq_ignore_ascii_case(unit)),
    };
    if let (Ok(number), Some(unit)) = (number.parse::<f64>(), unit) {
        return Ok(Some(format!("{number}{unit}")));
    }
    let problem = format!("must be a length such as 20px or 1rem ({}), got {text:?}", UNITS.join(", "));
    Err(section.refuse(key, problem))
}
