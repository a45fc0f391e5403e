//! Annotation schemes: one module each, with its config, its form, its validation and its stored shape.
//!
//! A new scheme is a module beside these and a line in `registry`.
//!
//! Forms keep Potato's contract (ids, names, attributes) and add a few classes of our own for the style sheet:
//! - `form.annotation-form.TYPE[data-answered]` > `fieldset` > `legend`, `.choices` | `.scale` | `.field`
//! - `.choices` (also `.horizontal`; `--columns` when laid out in columns) > `label.choice`, a whole row:
//!   `input`, `.swatch`, `.choice-text`, `kbd`
//! - `.scale` > `.scale-end.low`, `.scale-points` > `label.point` (`input`, `.point-value`, `kbd`), `.scale-end.high`;
//!   a choice outside of the scale is a `label.choice.bad-text`
//! - `.field` > `label.field-label`, the control, `output` (a slider's value), `.hint` (limits in words)
//! - `.free-response` > `label`, `input`; `.required-mark` in the legend of a required scheme
//! - `.unmet` is for the page: the scheme is required and unanswered (its words are in `.requirement`)

mod common;
mod display_logic;
mod form;
mod hidden;
mod justification;
mod keys;
mod labels;
mod registry;
mod shuffle;

mod grid;
mod shares;

mod bws;
mod card_sort;
mod cloze;
mod confidence;
mod conjoint;
mod constant_sum;
mod coreference;
mod error_span;
mod event_annotation;
mod extractive_qa;
mod hierarchical_multiselect;
mod likert;
mod multirate;
mod multiselect;
mod number;
mod pairwise;
mod pure_display;
mod radio;
mod range_slider;
mod ranking;
mod rubric_eval;
mod select;
mod semantic_differential;
mod slider;
mod soft_label;
mod span;
mod span_entity;
mod span_link;
mod text;
mod text_edit;
mod triage;
mod vas;
mod video;

use indexmap::IndexMap;
use serde_json::Value;

use crate::conditions::Rule;
use crate::items::Item;

pub(crate) use self::bws::MAX_TUPLE_SIZE;
pub use self::common::Layout;
pub(crate) use self::common::read_all;
pub use self::display_logic::{forms, is_shown, unmet};
pub use self::event_annotation::EventChange;
pub(crate) use self::keys::allot as allot_keys;
pub use self::keys::keys;
pub(crate) use self::labels::{palette, parse_color};
pub(crate) use self::registry::BUILT;
pub use self::registry::Kind;
pub use self::span::SpanChange;
pub use self::span_link::LinkChange;

/// Label → stored value, of one scheme.
pub type Labels = IndexMap<String, Value>;
/// Scheme name → labels, of one item.
pub type Answers = IndexMap<String, Labels>;

/// Longest text that an answer may be, in code points.
pub const MAX_TEXT_CHARS: usize = 100_000;
/// The label under which a free response is stored beside the choices.
pub const FREE_RESPONSE: &str = "free_response";

/// One entry of `annotation_schemes`.
#[derive(Debug, Clone, PartialEq)]
pub struct Scheme {
    /// Unique in the project.
    pub name: String,
    /// Shown as the legend.
    pub description: String,
    /// Next is refused while it is unanswered.
    pub required: bool,
    /// `label_requirement.required_label`: a choice among these is required (all of them where several can be chosen).
    pub required_labels: Vec<String>,
    /// Where the form stands in the grid.
    pub layout: Layout,
    /// `display_logic`: the form is shown, and may be required, only while this holds.
    pub display_logic: Option<Rule>,
    /// `option_randomization`: each annotator sees the options in an order of his own.
    pub shuffled: bool,
    /// Label → key that chooses it, over the whole project without doubles.
    pub keys: IndexMap<String, char>,
    /// What is particular to its type.
    pub kind: Kind,
    annotation_type: &'static str,
    source: serde_json::Map<String, Value>,
}

/// Who answers, and about what.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    /// The user name.
    pub annotator: &'a str,
    /// None on a page of questions that is about no item.
    pub item: Option<&'a Item>,
}

impl<'a> Occasion<'a> {
    /// A field of the item.
    pub fn field(&self, key: &str) -> Option<&'a Value> {
        self.item?.fields.get(key)
    }

    /// A field as text, its lines ended as browsers end them; empty where there is none.
    pub fn text(&self, key: &str) -> String {
        match self.field(key) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.replace("\r\n", "\n").replace('\r', "\n"),
            Some(other) => other.to_string(),
        }
    }
}

/// What a save does to a label.
#[derive(Debug, Clone, PartialEq)]
pub enum Accepted {
    /// It is stored, in the documented shape.
    Store(Value),
    /// It is removed (an empty string or null was sent).
    Remove,
}

/// An answer that does not fit its scheme.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Refused {
    /// One sentence: scheme, label, value, what is allowed.
    pub reason: String,
}

impl Scheme {
    /// As the config says it; a likert or slider with labels keeps its type, though it is a radio in all else.
    pub fn annotation_type(&self) -> &'static str {
        self.annotation_type
    }

    /// Whether any label replaces the others; a free response stays beside them.
    pub fn exclusive(&self) -> bool {
        self.kind.widget().exclusive()
    }

    /// Whether a save of the page is the complete set: what it leaves out was unchecked.
    pub fn full_set(&self) -> bool {
        self.kind.widget().full_set()
    }

    /// Whether a label can be wrong for what another one is, so that [`Scheme::check_all`] must see those that are stored, too.
    pub fn is_one_answer(&self) -> bool {
        self.kind.widget().is_one_answer()
    }

    /// What becomes of one label that was sent.
    pub fn accept(&self, label: &str, value: &Value) -> Result<Accepted, Refused> {
        self.kind.widget().accept(self, label, value)
    }

    /// Whether the labels of one item go together; each has been accepted.
    pub fn check_all(&self, labels: &Labels) -> Result<(), Refused> {
        let chosen: Vec<_> =
            labels.keys().map(String::as_str).filter(|label| *label != FREE_RESPONSE).collect();
        if self.exclusive() && chosen.len() > 1 {
            return Err(Refused {
                reason: format!(
                    "scheme {} takes one choice, got {}: {}",
                    self.name,
                    chosen.len(),
                    chosen.join(", ")
                ),
            });
        }
        self.kind.widget().check_all(self, labels)
    }

    /// Whether what may be answered depends on the item, so that [`Scheme::fits`] must be asked.
    pub fn depends_on_item(&self) -> bool {
        self.kind.widget().depends_on_item()
    }

    /// Whether an accepted label fits this item.
    pub fn fits(&self, label: &str, value: &Value, occasion: &Occasion<'_>) -> Result<(), Refused> {
        self.kind.widget().fits(self, label, value, occasion)
    }

    /// The form, with the answers that are stored; `position` is its place in the project, from 0.
    pub fn form(&self, position: usize, answers: Option<&Labels>, occasion: &Occasion<'_>) -> String {
        form::render(self, position, answers, occasion)
    }

    /// Required and not answered so that the page may be left, or begun and not ended.
    pub fn unmet(&self, answers: Option<&Labels>) -> bool {
        let none = Labels::new();
        let answers = answers.unwrap_or(&none);
        if self.kind.widget().unfinished(answers) {
            return true;
        }
        if !self.required && self.required_labels.is_empty() {
            return false;
        }
        let has = |label: &String| answers.get(label).is_some_and(is_given);
        let labels_met = match self.required_labels.as_slice() {
            [] => true,
            labels if self.exclusive() => labels.iter().any(has),
            labels => labels.iter().all(has),
        };
        !(labels_met && self.kind.widget().answered(answers))
    }

    /// The options in the order of their presentation; empty where there are none.
    pub fn option_order(&self) -> Vec<String> {
        self.kind.widget().option_order()
    }

    /// Whether [`Scheme::presented`] has anything to say.
    pub fn is_shuffled(&self) -> bool {
        self.shuffled || self.kind.widget().is_drawn()
    }

    /// What this annotator sees at this item where it is not the options in the order of the config.
    pub fn presented(&self, occasion: &Occasion<'_>) -> Option<Vec<String>> {
        let own = self.kind.widget().presented(self, occasion);
        own.or_else(|| {
            let mut order = self.option_order();
            self.shuffle(&mut order, occasion);
            self.shuffled.then_some(order)
        })
    }

    /// Whether the form shows the item's text itself.
    pub fn shows_item(&self, text_key: &str) -> bool {
        self.kind.widget().shows_item(text_key)
    }

    fn shuffle<T>(&self, options: &mut [T], occasion: &Occasion<'_>) {
        if let (true, Some(item)) = (self.shuffled, occasion.item) {
            shuffle::shuffle(options, occasion.annotator, &item.id, &self.name);
        }
    }

    /// Label → CSS colour, as `/api/colors` gives it; empty where there are no labels.
    pub fn colors(&self) -> IndexMap<String, String> {
        labels::colors(self.kind.widget().choices())
    }

    /// The colour of a label as three numbers for a CSS `rgb()`.
    pub(crate) fn rgb(&self, label: &str) -> Option<String> {
        let choices = self.kind.widget().choices();
        let position = choices.iter().position(|choice| choice.name == label)?;
        Some(labels::css_rgb(&choices[position], position))
    }

    /// The scheme as `/api/schemas` gives it.
    pub fn describe(&self) -> Value {
        let mut whole = serde_json::Map::new();
        whole.insert("name".to_owned(), Value::from(self.name.as_str()));
        whole.insert("type".to_owned(), Value::from(self.annotation_type));
        whole.insert("description".to_owned(), Value::from(self.description.as_str()));
        whole.insert("labels".to_owned(), Value::from(self.option_order()));
        for (key, value) in &self.source {
            if key != "annotation_type" && !whole.contains_key(key) {
                whole.insert(key.clone(), value.clone());
            }
        }
        Value::Object(whole)
    }

    /// `require_fully_annotated`: required, unless it has a `label_requirement` of its own.
    pub(crate) fn require_unless_told(&mut self) {
        if !self.source.contains_key("label_requirement") {
            self.required = true;
        }
    }

    fn refused(&self, label: &str, value: &Value, allowed: &str) -> Refused {
        const SHOWN_CHARS: usize = 80;
        let mut shown = value.to_string();
        if let Some((cut, _)) = shown.char_indices().nth(SHOWN_CHARS) {
            shown.truncate(cut);
            shown.push('…');
        }
        Refused {
            reason: format!("scheme {}, label {label:?}: {shown} is refused; allowed: {allowed}", self.name),
        }
    }
}

/// Splits a payload key (`scheme:label` or `scheme:::label`) at the longest configured scheme name that it begins with,
/// else at its first separator.
pub fn split_key<'a>(schemes: &[Scheme], key: &'a str) -> Option<(&'a str, &'a str)> {
    let after = |name: &str| {
        let rest = key.strip_prefix(name)?;
        let label = rest.strip_prefix(":::").or_else(|| rest.strip_prefix(':'))?;
        Some((&key[..name.len()], label))
    };
    schemes
        .iter()
        .filter_map(|scheme| after(&scheme.name))
        .max_by_key(|(scheme, _)| scheme.len())
        .or_else(|| key.find(':').and_then(|at| after(&key[..at])))
}

/// Whether a stored value counts as an answer.
pub(crate) fn is_given(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => true,
    }
}

/// An empty string or null: the label is to be removed.
fn is_removal(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}
