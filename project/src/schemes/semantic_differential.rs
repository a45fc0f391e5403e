//! `semantic_differential`: pairs of opposites with a scale between them. Stored: `{left__right: point, …}`, points from 1.

use serde_json::Value;

use super::form::Form;
use super::grid::{self, Point, Rated};
use super::registry::Widget;
use super::{Accepted, Kind, Labels, Refused, Scheme, is_given};
use crate::config::{ConfigError, Section};

pub(super) const KEYS: &[&str] = &["pairs", "scale_points"];

const POINTS: i64 = 7;
const MOST_POINTS: i64 = 21;

/// Pairs of opposites.
#[derive(Debug, Clone, PartialEq)]
pub struct SemanticDifferential {
    pairs: Vec<Pair>,
    scale: Vec<Point>,
}

#[derive(Debug, Clone, PartialEq)]
struct Pair {
    label: String,
    left: String,
    right: String,
}

pub(super) fn read(section: &Section<'_>) -> Result<Kind, ConfigError> {
    let mut pairs: Vec<Pair> = Vec::new();
    for (i, node) in section.list("pairs")?.unwrap_or_default().iter().enumerate() {
        let key = format!("pairs[{i}]");
        let words = section.node_texts(&key, node)?;
        let [left, right] = words.as_slice() else {
            let problem = format!("must be a list of two words, got {}", words.len());
            return Err(section.refuse_at(&section.key(&key), Some(node.line), problem));
        };
        let label = format!("{left}__{right}");
        if pairs.iter().any(|pair| pair.label == label) {
            let problem = format!("{left:?} and {right:?} are given twice");
            return Err(section.refuse_at(&section.key(&key), Some(node.line), problem));
        }
        pairs.push(Pair { label, left: left.clone(), right: right.clone() });
    }
    if pairs.is_empty() {
        return Err(section.refuse("pairs", "is missing and must be a list of pairs: [[Good, Bad], …]"));
    }
    Ok(Kind::SemanticDifferential(SemanticDifferential { pairs, scale: numbers(section, POINTS)? }))
}

/// `scale_points`: numbers from 1.
pub(super) fn numbers(section: &Section<'_>, default: i64) -> Result<Vec<Point>, ConfigError> {
    match section.integer("scale_points")?.unwrap_or(default) {
        points @ 2..=MOST_POINTS => {
            Ok((1..=points).map(|point| (point.to_string(), point.to_string())).collect())
        }
        points => Err(section.refuse("scale_points", format!("must be 2 to {MOST_POINTS}, got {points}"))),
    }
}

impl SemanticDifferential {
    fn names(&self) -> Vec<&str> {
        self.pairs.iter().map(|pair| pair.label.as_str()).collect()
    }
}

impl Widget for SemanticDifferential {
    fn class(&self) -> &'static str {
        "semantic_differential"
    }

    fn accept(&self, scheme: &Scheme, label: &str, value: &Value) -> Result<Accepted, Refused> {
        grid::accept(scheme, &self.names(), &self.scale, label, value)
    }

    fn body(&self, form: &Form<'_>) -> String {
        let rows = self.pairs.iter().map(|pair| Rated {
            label: &pair.label,
            shown: &pair.left,
            more: None,
            end: Some(&pair.right),
        });
        grid::draw(form, rows, &self.scale, |label, place, _| form.id(label, &format!("radio-{place}")))
    }

    fn option_order(&self) -> Vec<String> {
        self.names().into_iter().map(str::to_owned).collect()
    }

    /// All pairs are rated.
    fn answered(&self, labels: &Labels) -> bool {
        self.names().iter().all(|name| labels.get(*name).is_some_and(is_given))
    }
}
