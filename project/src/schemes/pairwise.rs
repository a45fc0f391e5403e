//! `pairwise`: which of two texts, by `mode`: one choice, a point on a scale between them, or one choice for each dimension. Stored:
//! `{"selection": "A" | "B" | "tie"}`, `{"scale_value": "-2"}`, `{dimension: "A", …}`; and `justification`, where it is asked for.

use askama::Template;
use serde_json::Value;

use super::form::{Form, written};
use super::grid::{self, Point, Rated};
use super::justification::{self, Justification};
use super::registry::Widget;
use super::slider::{Line, accept_number, only};
use super::{Accepted, Kind, Labels, Refused, Scheme, is_given};
use crate::config::{ConfigError, PageOptions, Section};
use crate::display;

pub(super) const KEYS: &[&str] = &[
    "mode",
    "items_key",
    "items",
    "show_labels",
    "allow_tie",
    "tie_label",
    "scale",
    "dimensions",
    "justification",
];

/// The field that holds both, unless the config names another.
const ITEMS_KEY: &str = "text";
const SELECTION: &str = "selection";
const SCALE_VALUE: &str = "scale_value";
const TIE: &str = "tie";
const TIE_SHOWN: &str = "No preference";
/// What is stored for each, and the keys that choose it.
const SIDES: [(&str, char); 2] = [("A", '1'), ("B", '2')];
const TIE_KEY: char = '0';

#[derive(Clone, Copy)]
enum Mode {
    Binary,
    Scale,
    Dimensions,
}

const MODES: &[(&str, Mode)] =
    &[("binary", Mode::Binary), ("scale", Mode::Scale), ("multi_dimension", Mode::Dimensions)];

/// Which of two.
#[derive(Debug, Clone, PartialEq)]
pub struct Pairwise {
    /// The field that holds both.
    items_key: String,
    /// Whether the config names it, so that each item must have it.
    named: bool,
    /// Whether the page shows that field, so that the form need not.
    shown: bool,
    /// What can be stored, and how it is shown.
    sides: Vec<Point>,
    keyed: bool,
    asked: Asked,
    justification: Option<Justification>,
}

#[derive(Debug, Clone, PartialEq)]
enum Asked {
    Choice,
    Scale { min: f64, max: f64, step: f64, start: f64, low: String, high: String },
    Dimensions(Vec<Dimension>),
}

#[derive(Debug, Clone, PartialEq)]
struct Dimension {
    name: String,
    description: Option<String>,
}

pub(super) fn read(section: &Section<'_>) -> Result<Kind, ConfigError> {
    if section.has("items") {
        let problem = "is not built here yet; there is: the choice between the two texts of the item";
        return Err(section.refuse("items", problem));
    }
    let shown = section.texts("labels")?;
    if !shown.is_empty() && shown.len() != SIDES.len() {
        return Err(section.refuse("labels", format!("must be two, got {}", shown.len())));
    }
    let side = |(place, (side, _)): (usize, &(&str, char))| {
        ((*side).to_owned(), shown.get(place).map_or_else(|| (*side).to_owned(), String::clone))
    };
    let mut sides: Vec<Point> = SIDES.iter().enumerate().map(side).collect();
    if section.flag("allow_tie")?.unwrap_or(false) {
        let tie = section.text("tie_label")?.unwrap_or_else(|| TIE_SHOWN.to_owned());
        sides.push((TIE.to_owned(), tie));
    }
    let asked = match section.word("mode", MODES)?.unwrap_or(Mode::Binary) {
        Mode::Binary => Asked::Choice,
        Mode::Scale => scale(section)?,
        Mode::Dimensions => Asked::Dimensions(dimensions(section)?),
    };
    let keyed = section.flag("sequential_key_binding")?.unwrap_or(true);
    let items_key = section.text("items_key")?;
    Ok(Kind::Pairwise(Pairwise {
        named: items_key.is_some(),
        items_key: items_key.unwrap_or_else(|| ITEMS_KEY.to_owned()),
        shown: false,
        sides,
        keyed,
        asked,
        justification: justification::read(section)?,
    }))
}

fn scale(section: &Section<'_>) -> Result<Asked, ConfigError> {
    const MIN: f64 = -3.0;
    const MAX: f64 = 3.0;
    const STEP: f64 = 1.0;
    let scale = section.section("scale")?;
    let number = |key: &str, default: f64| {
        let given = scale.as_ref().map(|scale| scale.number(key)).transpose()?.flatten();
        Ok::<_, ConfigError>(given.unwrap_or(default))
    };
    let (min, max, step) = (number("min", MIN)?, number("max", MAX)?, number("step", STEP)?);
    let start = number("default", 0.0_f64.clamp(min.min(max), max.max(min)))?;
    if min >= max || step <= 0.0 || !(min..=max).contains(&start) {
        let problem = format!(
            "needs min < max, step > 0 and default between them, got {min}, {max}, {step} and {start}"
        );
        return Err(section.refuse("scale", problem));
    }
    let words = scale.as_ref().map(|scale| scale.section("labels")).transpose()?.flatten();
    let word = |key: &str| {
        Ok::<_, ConfigError>(
            words.as_ref().map(|words| words.text(key)).transpose()?.flatten().unwrap_or_default(),
        )
    };
    Ok(Asked::Scale { min, max, step, start, low: word("min")?, high: word("max")? })
}

fn dimensions(section: &Section<'_>) -> Result<Vec<Dimension>, ConfigError> {
    let mut dimensions: Vec<Dimension> = Vec::new();
    for (i, node) in section.list("dimensions")?.unwrap_or_default().iter().enumerate() {
        let dimension = section.enter(&format!("dimensions[{i}]"), node)?;
        dimension.warn_unknown(&[&["name", "description"]]);
        let name = dimension.required_text("name")?;
        if dimensions.iter().any(|other| other.name == name) {
            return Err(dimension.refuse("name", format!("{name:?} is given twice")));
        }
        dimensions.push(Dimension { name, description: dimension.text("description")? });
    }
    if dimensions.is_empty() {
        return Err(section.refuse("dimensions", "is missing and must be a list of at least one dimension"));
    }
    Ok(dimensions)
}

#[derive(Template)]
#[template(path = "pairwise.html")]
struct Page<'a> {
    scheme: &'a str,
    description: &'a str,
    name: String,
    validation: &'static str,
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    id: String,
    value: &'a str,
    shown: &'a str,
    key: Option<char>,
    checked: bool,
}

#[derive(Template)]
#[template(
    source = r#"<p class="media-missing">This item has no field <code>{{ key }}</code> with two texts. Please tell whoever runs the study.</p>"#,
    ext = "html"
)]
struct NoPair<'a> {
    key: &'a str,
}

impl Pairwise {
    /// The page shows these fields.
    pub(super) fn leave_to_page(&mut self, fields: &[String]) {
        self.shown = fields.contains(&self.items_key);
    }

    /// Both texts, where the page does not show them.
    fn pair(&self, form: &Form<'_>) -> String {
        if self.shown || form.occasion.item.is_none() {
            return String::new();
        }
        match form.occasion.field(&self.items_key) {
            Some(value @ (Value::Array(_) | Value::Object(_))) => {
                let names: Vec<String> =
                    self.sides.iter().take(SIDES.len()).map(|(_, shown)| shown.clone()).collect();
                display::pair(value, &names, true, &PageOptions::default())
            }
            _ if self.named => written(&NoPair { key: &self.items_key }),
            _ => String::new(),
        }
    }

    fn question(&self, form: &Form<'_>) -> String {
        match &self.asked {
            Asked::Choice => self.choices(form),
            Asked::Scale { min, max, step, start, low, high } => {
                let ends = (!low.is_empty() || !high.is_empty()).then_some((low.as_str(), high.as_str()));
                Line::new(form, SCALE_VALUE, (*min, *max, *step), *start).draw(ends, true)
            }
            Asked::Dimensions(dimensions) => {
                let rows = dimensions.iter().map(|dimension| Rated {
                    label: &dimension.name,
                    shown: &dimension.name,
                    more: dimension.description.as_deref(),
                    end: None,
                });
                grid::draw(form, rows, &self.sides, |label, _, side| form.id(label, side))
            }
        }
    }

    fn choices<'a>(&'a self, form: &Form<'a>) -> String {
        let stored = form.stored(SELECTION);
        let key =
            |value: &str| SIDES.iter().find(|(side, _)| *side == value).map_or(TIE_KEY, |(_, key)| *key);
        let rows = self.sides.iter().map(|(value, shown)| Row {
            id: form.id(value, "pairwise"),
            value,
            shown,
            key: self.keyed.then(|| key(value)),
            checked: stored.as_deref() == Some(value),
        });
        written(&Page {
            scheme: &form.scheme.name,
            description: &form.scheme.description,
            name: form.name(SELECTION),
            validation: form.validation(SELECTION),
            rows: rows.collect(),
        })
    }
}

impl Widget for Pairwise {
    fn class(&self) -> &'static str {
        "pairwise"
    }

    fn accept(&self, scheme: &Scheme, label: &str, value: &Value) -> Result<Accepted, Refused> {
        if let Some(justification) = self.justification.as_ref().filter(|_| label == justification::LABEL) {
            return justification.accept(scheme, value);
        }
        match &self.asked {
            Asked::Choice => grid::accept(scheme, &[SELECTION], &self.sides, label, value),
            Asked::Scale { min, max, .. } => {
                only(scheme, SCALE_VALUE, label, value)?;
                accept_number(scheme, label, value, Some(*min), Some(*max))
            }
            Asked::Dimensions(dimensions) => {
                let names: Vec<&str> = dimensions.iter().map(|dimension| dimension.name.as_str()).collect();
                grid::accept(scheme, &names, &self.sides, label, value)
            }
        }
    }

    fn body(&self, form: &Form<'_>) -> String {
        let why = self.justification.as_ref().map(|justification| justification.draw(form));
        format!("{}{}{}", self.pair(form), self.question(form), why.unwrap_or_default())
    }

    fn answered(&self, labels: &Labels) -> bool {
        match &self.asked {
            Asked::Dimensions(dimensions) => {
                dimensions.iter().all(|dimension| labels.get(&dimension.name).is_some_and(is_given))
            }
            Asked::Choice => labels.get(SELECTION).is_some_and(is_given),
            Asked::Scale { .. } => labels.get(SCALE_VALUE).is_some_and(is_given),
        }
    }

    fn unfinished(&self, labels: &Labels) -> bool {
        self.justification.as_ref().is_some_and(|justification| justification.unfinished(labels))
    }
}
