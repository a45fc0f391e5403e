//! `rubric_eval`: criteria, each rated on one scale, and an overall rating. Stored: `{criterion: point, …, overall: point}`.

use serde_json::Value;

use super::form::Form;
use super::grid::{self, Point, Rated};
use super::registry::Widget;
use super::semantic_differential::numbers;
use super::{Accepted, Kind, Labels, Refused, Scheme, is_given};
use crate::config::{ConfigError, Section};
use crate::yaml::Yaml;

pub(super) const KEYS: &[&str] = &["criteria", "scale_points", "scale_labels", "show_overall"];

const POINTS: i64 = 5;
const OVERALL: &str = "overall";

/// Criteria, and the scale that each is rated on.
#[derive(Debug, Clone, PartialEq)]
pub struct RubricEval {
    criteria: Vec<Criterion>,
    scale: Vec<Point>,
}

#[derive(Debug, Clone, PartialEq)]
struct Criterion {
    name: String,
    shown: String,
    description: Option<String>,
}

pub(super) fn read(section: &Section<'_>) -> Result<Kind, ConfigError> {
    let mut criteria: Vec<Criterion> = Vec::new();
    for (i, node) in section.list("criteria")?.unwrap_or_default().iter().enumerate() {
        let key = format!("criteria[{i}]");
        let (name, description) = if let Yaml::Map(_) = &node.value {
            let criterion = section.enter(&key, node)?;
            criterion.warn_unknown(&[&["name", "description"]]);
            (criterion.required_text("name")?, criterion.text("description")?)
        } else {
            (section.node_text(&key, node)?, None)
        };
        if name == OVERALL || criteria.iter().any(|other| other.name == name) {
            let problem = format!("{name:?} is given twice, or is the name of the overall rating");
            return Err(section.refuse_at(&section.key(&key), Some(node.line), problem));
        }
        criteria.push(Criterion { shown: super::common::humanize(&name), name, description });
    }
    if criteria.is_empty() {
        return Err(section.refuse("criteria", "is missing and must be a list of at least one criterion"));
    }
    if section.flag("show_overall")?.unwrap_or(false) {
        criteria.push(Criterion { name: OVERALL.to_owned(), shown: "Overall".to_owned(), description: None });
    }
    let mut scale = numbers(section, POINTS)?;
    let words = section.texts("scale_labels")?;
    if !words.is_empty() && words.len() != scale.len() {
        let problem =
            format!("must have as many entries as scale_points ({}), got {}", scale.len(), words.len());
        return Err(section.refuse("scale_labels", problem));
    }
    for ((_, shown), word) in scale.iter_mut().zip(words) {
        *shown = word;
    }
    Ok(Kind::RubricEval(RubricEval { criteria, scale }))
}

impl RubricEval {
    fn names(&self) -> Vec<&str> {
        self.criteria.iter().map(|criterion| criterion.name.as_str()).collect()
    }
}

impl Widget for RubricEval {
    fn class(&self) -> &'static str {
        "rubric_eval"
    }

    fn accept(&self, scheme: &Scheme, label: &str, value: &Value) -> Result<Accepted, Refused> {
        grid::accept(scheme, &self.names(), &self.scale, label, value)
    }

    fn body(&self, form: &Form<'_>) -> String {
        let rows = self.criteria.iter().map(|criterion| Rated {
            label: &criterion.name,
            shown: &criterion.shown,
            more: criterion.description.as_deref(),
            end: None,
        });
        grid::draw(form, rows, &self.scale, |label, place, _| form.id(label, &format!("radio-{place}")))
    }

    fn option_order(&self) -> Vec<String> {
        self.names().into_iter().map(str::to_owned).collect()
    }

    /// All criteria are rated.
    fn answered(&self, labels: &Labels) -> bool {
        self.names().iter().all(|name| labels.get(*name).is_some_and(is_given))
    }
}
