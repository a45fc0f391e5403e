//! Rows that are each rated on one scale: what `multirate`, `semantic_differential` and `rubric_eval` share. Stored: `{row: point, …}`.

use askama::Template;
use serde_json::Value;

use super::form::{Form, written};
use super::{Accepted, Refused, Scheme};

/// One row: what is rated.
pub(super) struct Rated<'a> {
    /// What is stored.
    pub(super) label: &'a str,
    pub(super) shown: &'a str,
    /// More words about it.
    pub(super) more: Option<&'a str>,
    /// What stands at the other end of the scale.
    pub(super) end: Option<&'a str>,
}

/// One point of the scale: what is stored, and what is shown.
pub(super) type Point = (String, String);

#[derive(Template)]
#[template(path = "grid.html")]
struct Grid<'a> {
    scheme: &'a str,
    description: &'a str,
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    id: String,
    name: String,
    label: &'a str,
    shown: &'a str,
    more: Option<&'a str>,
    end: Option<&'a str>,
    validation: &'static str,
    points: Vec<Drawn<'a>>,
}

struct Drawn<'a> {
    id: String,
    value: &'a str,
    shown: &'a str,
    said: String,
    checked: bool,
}

/// The rows with the ratings that are stored; `id` makes a point's id of a row's label and the point's place, from 1.
pub(super) fn draw<'a>(
    form: &Form<'a>,
    rows: impl Iterator<Item = Rated<'a>>,
    points: &'a [Point],
    id: impl Fn(&str, usize, &str) -> String,
) -> String {
    let rows = rows.map(|row| {
        let stored = form.stored(row.label);
        let drawn = points.iter().enumerate().map(|(place, (value, shown))| Drawn {
            id: id(row.label, place + 1, value),
            value,
            shown,
            said: format!("{}: {shown}", row.shown),
            checked: stored.as_deref() == Some(value),
        });
        Row {
            id: form.id(row.label, "row"),
            name: form.name(row.label),
            validation: form.validation(row.label),
            points: drawn.collect(),
            label: row.label,
            shown: row.shown,
            more: row.more,
            end: row.end,
        }
    });
    let rows = rows.collect();
    written(&Grid { scheme: &form.scheme.name, description: &form.scheme.description, rows })
}

/// A rating of one of the rows.
pub(super) fn accept(
    scheme: &Scheme,
    rows: &[&str],
    points: &[Point],
    label: &str,
    value: &Value,
) -> Result<Accepted, Refused> {
    if !rows.contains(&label) {
        return Err(scheme.refused(label, value, &format!("the labels {}", rows.join(", "))));
    }
    if super::is_removal(value) {
        return Ok(Accepted::Remove);
    }
    let sent = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    if points.iter().any(|(point, _)| *point == sent) {
        return Ok(Accepted::Store(sent.into()));
    }
    let points: Vec<&str> = points.iter().map(|(point, _)| point.as_str()).collect();
    Err(scheme.refused(label, value, &format!("one of {}, or \"\" to remove it", points.join(", "))))
}
