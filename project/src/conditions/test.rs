//! Whether a condition holds for an answer.
//!
//! An answer is its values: the labels that were chosen, or what was typed. Without any value nothing equals, contains,
//! matches or compares, so that the negations hold.

use regex::{Regex, RegexBuilder};
use serde_json::Value;

use super::{Condition, Operator};
use crate::schemes::Labels;

/// Largest compiled pattern, in bytes: a config is trusted, and still no page may cost seconds.
const PATTERN_BYTES: usize = 1 << 20;

pub(super) fn pattern(text: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(text).size_limit(PATTERN_BYTES).build()
}

/// A number, or text that is one.
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

impl Condition {
    pub(super) fn holds(&self, answer: Option<&Labels>) -> bool {
        let given: Labels = answer
            .into_iter()
            .flatten()
            .filter(|(_, value)| crate::schemes::is_given(value))
            .map(|(label, value)| (label.clone(), value.clone()))
            .collect();
        let values: Vec<&Value> = given.values().collect();
        let any = |test: &dyn Fn(f64) -> bool| values.iter().filter_map(|value| number(value)).any(test);
        let limit = number(&self.value).unwrap_or(f64::NAN);
        let (low, high) = self.range();
        let length = || count(values.iter().map(|value| text(value).chars().count()).sum());
        let chosen = || count(values.len());
        match self.operator {
            Operator::Equals => values.iter().any(|value| self.wanted().any(|wanted| same(value, wanted))),
            Operator::NotEquals => {
                !values.iter().any(|value| self.wanted().any(|wanted| same(value, wanted)))
            }
            Operator::Contains => self.wanted().any(|wanted| contains(&given, wanted)),
            Operator::NotContains => !self.wanted().any(|wanted| contains(&given, wanted)),
            Operator::Matches => self
                .value
                .as_str()
                .and_then(|pattern_text| pattern(pattern_text).ok())
                .is_some_and(|pattern| values.iter().any(|value| pattern.is_match(&text(value)))),
            Operator::Gt => any(&|number| number > limit),
            Operator::Gte => any(&|number| number >= limit),
            Operator::Lt => any(&|number| number < limit),
            Operator::Lte => any(&|number| number <= limit),
            Operator::InRange => any(&|number| low <= number && number <= high),
            Operator::NotInRange => !any(&|number| low <= number && number <= high),
            Operator::Empty => values.is_empty(),
            Operator::NotEmpty => !values.is_empty(),
            Operator::LengthGt => length() > limit,
            Operator::LengthLt => length() < limit,
            Operator::LengthInRange => low <= length() && length() <= high,
            Operator::CountGt => chosen() > limit,
            Operator::CountLt => chosen() < limit,
            Operator::CountEquals => (chosen() - limit).abs() < f64::EPSILON,
        }
    }

    /// The value, or each of a list.
    fn wanted(&self) -> impl Iterator<Item = &Value> {
        match &self.value {
            Value::Array(list) => list.as_slice(),
            one => std::slice::from_ref(one),
        }
        .iter()
    }

    fn range(&self) -> (f64, f64) {
        match self.value.as_array().map(Vec::as_slice) {
            Some([low, high]) => (number(low).unwrap_or(f64::NAN), number(high).unwrap_or(f64::NAN)),
            _ => (f64::NAN, f64::NAN),
        }
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    }
}

/// As text, or as numbers: `7` is `"7"` and `7.0`.
fn same(value: &Value, wanted: &Value) -> bool {
    match (number(value), number(wanted)) {
        (Some(value), Some(wanted)) => (value - wanted).abs() < f64::EPSILON,
        _ => text(value) == text(wanted),
    }
}

/// Among the chosen labels it is one; what was typed may hold it as a part.
fn contains(given: &Labels, wanted: &Value) -> bool {
    let holds = |(label, value): (&String, &Value)| match value {
        Value::String(typed) if typed != label => typed.contains(&text(wanted)),
        chosen => same(chosen, wanted),
    };
    given.iter().any(holds)
}

/// Lengths and counts are far below 2^53.
fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}
