//! `confidence`: how sure the annotator is of another answer. Stored: `{"4": "4"}` on a scale of points, one at a time, or
//! `{"confidence_level": "70"}` on a slider.

use serde_json::Value;

use super::form::Form;
use super::labels::Choice;
use super::radio::{self, Drawn};
use super::registry::Widget;
use super::semantic_differential::numbers;
use super::slider::{self, Line, accept_number, only};
use super::{Accepted, Kind, Refused, Scheme};
use crate::config::{ConfigError, Section};

pub(super) const KEYS: &[&str] = &[
    "target_schema",
    "scale_type",
    "scale_points",
    "min_value",
    "max_value",
    "step",
    "left_label",
    "right_label",
];

const POINTS: i64 = 5;
const LEVEL: &str = "confidence_level";
/// Whether it is a slider.
const SCALES: &[(&str, bool)] = &[("likert", false), ("slider", true)];

/// How sure.
#[derive(Debug, Clone, PartialEq)]
pub struct Confidence(Scale);

#[derive(Debug, Clone, PartialEq)]
enum Scale {
    Points(Vec<Choice>),
    Slider { min: f64, max: f64, step: f64, left: String, right: String },
}

pub(super) fn read(section: &Section<'_>) -> Result<Kind, ConfigError> {
    if section.word("scale_type", SCALES)?.unwrap_or(false) {
        let (min, max) = slider::ends(section)?;
        let text = |key: &str| Ok::<_, ConfigError>(section.text(key)?.unwrap_or_default());
        let (left, right) = (text("left_label")?, text("right_label")?);
        return Ok(Kind::Confidence(Confidence(Scale::Slider {
            min,
            max,
            step: slider::step(section)?,
            left,
            right,
        })));
    }
    let points = numbers(section, POINTS)?;
    let words = section.texts("labels")?;
    if !words.is_empty() && words.len() != points.len() {
        let problem =
            format!("must have as many entries as scale_points ({}), got {}", points.len(), words.len());
        return Err(section.refuse("labels", problem));
    }
    let choice = |(place, (name, _)): (usize, (String, String))| Choice {
        shown: words.get(place).map_or_else(|| name.clone(), |word| format!("{name} {word}")),
        name,
        tooltip: None,
        key: None,
        abbreviation: None,
        color: None,
    };
    Ok(Kind::Confidence(Confidence(Scale::Points(points.into_iter().enumerate().map(choice).collect()))))
}

impl Widget for Confidence {
    fn class(&self) -> &'static str {
        "confidence"
    }

    fn accept(&self, scheme: &Scheme, label: &str, value: &Value) -> Result<Accepted, Refused> {
        match &self.0 {
            Scale::Points(points) => radio::accept_choice(scheme, points, false, label, value),
            Scale::Slider { min, max, .. } => {
                only(scheme, LEVEL, label, value)?;
                accept_number(scheme, label, value, Some(*min), Some(*max))
            }
        }
    }

    fn body(&self, form: &Form<'_>) -> String {
        match &self.0 {
            Scale::Points(points) => radio::draw(
                form,
                &Drawn {
                    choices: points,
                    several: false,
                    horizontal: false,
                    columns: 1,
                    free_response: None,
                },
            ),
            Scale::Slider { min, max, step, left, right } => {
                let line = Line::new(form, LEVEL, (*min, *max, *step), f64::midpoint(*min, *max));
                let ends = (!left.is_empty() || !right.is_empty()).then_some((left.as_str(), right.as_str()));
                line.draw(ends, true)
            }
        }
    }

    fn exclusive(&self) -> bool {
        matches!(self.0, Scale::Points(_))
    }

    fn option_order(&self) -> Vec<String> {
        match &self.0 {
            Scale::Points(points) => points.iter().map(|point| point.name.clone()).collect(),
            Scale::Slider { .. } => Vec::new(),
        }
    }
}
