//! A field of type `pairwise`: two texts side by side, on a phone one under the other.

use askama::Template;
use serde_json::Value;

use super::options::Options;
use super::{Kind, written};
use crate::config::{ConfigError, PageOptions};
use crate::text;

pub(super) const OPTIONS: &[&str] = &["labels", "show_labels"];

/// Keys of a cell that hold its text.
const TEXTS: [&str; 4] = ["text", "content", "response", "output"];

/// How the two are named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pairwise {
    labels: Vec<String>,
    labelled: bool,
}

pub(super) fn read(options: &Options<'_>) -> Result<Kind, ConfigError> {
    let (labels, labelled) = (options.texts("labels")?, options.flag("show_labels", true)?);
    Ok(Kind::Pairwise(Pairwise { labels, labelled }))
}

#[derive(Template)]
#[template(path = "pair.html")]
struct Page {
    cells: Vec<Cell>,
    labelled: bool,
}

struct Cell {
    label: String,
    /// Sanitised.
    text: String,
}

impl Pairwise {
    pub(super) fn html(&self, value: &Value, page: &PageOptions) -> String {
        draw(value, &self.labels, self.labelled, page)
    }
}

/// The texts of a list, or of a mapping in the order of its keys; those without a label are A, B …
pub(crate) fn draw(value: &Value, labels: &[String], labelled: bool, page: &PageOptions) -> String {
    let cell = |(n, value): (usize, &Value)| {
        let inner = value.as_object().and_then(|cell| TEXTS.iter().find_map(|key| cell.get(*key)));
        Cell {
            label: labels.get(n).cloned().unwrap_or_else(|| text::letters(n)),
            text: text::sanitise(&text::displayed_text(inner.unwrap_or(value), page)),
        }
    };
    let cells = match value {
        Value::Array(values) => values.iter().enumerate().map(cell).collect(),
        Value::Object(fields) => fields.values().enumerate().map(cell).collect(),
        Value::Null => Vec::new(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => vec![cell((0, value))],
    };
    written(&Page { cells, labelled })
}
