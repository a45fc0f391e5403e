//! `bws`: best-worst scaling, which of a tuple is the most and which the least. Stored: `{"best": "A", "worst": "C"}`, the positions
//! in the tuple as letters. The tuples are made of the data (`bws_config`), or stand in the items as lists.

use askama::Template;
use serde_json::Value;

use super::form::{Form, written};
use super::grid::{self, Point};
use super::registry::Widget;
use super::{Accepted, Kind, Labels, Occasion, Refused, Scheme, is_given};
use crate::config::{ConfigError, Section};
use crate::items::tuples;

pub(super) const KEYS: &[&str] = &["best_description", "worst_description", "tuple_size"];

const BEST: &str = "best";
const WORST: &str = "worst";
const TUPLE_SIZE: i64 = 4;
/// Letters and keys go as far.
pub(crate) const MAX_TUPLE_SIZE: i64 = 9;
/// Keys of the best by position, and of the worst.
const BEST_KEYS: &str = "123456789";
const WORST_KEYS: &str = "qwertyuio";

/// The most and the least of a tuple.
#[derive(Debug, Clone, PartialEq)]
pub struct Bws {
    best: String,
    worst: String,
    size: usize,
    keyed: bool,
    /// A, B, C, …
    positions: Vec<Point>,
}

pub(super) fn read(section: &Section<'_>) -> Result<Kind, ConfigError> {
    let size = match section.integer("tuple_size")?.unwrap_or(TUPLE_SIZE) {
        size @ 2..=MAX_TUPLE_SIZE => usize::try_from(size).unwrap_or(2),
        size => {
            return Err(section.refuse("tuple_size", format!("must be 2 to {MAX_TUPLE_SIZE}, got {size}")));
        }
    };
    let words = |key: &str, default: &str| {
        Ok::<_, ConfigError>(section.text(key)?.unwrap_or_else(|| default.to_owned()))
    };
    let letter = |letter: char| (letter.to_string(), letter.to_string());
    Ok(Kind::Bws(Bws {
        best: words("best_description", "Which is the best?")?,
        worst: words("worst_description", "Which is the worst?")?,
        size,
        keyed: section.flag("sequential_key_binding")?.unwrap_or(true),
        positions: ('A'..).take(size).map(letter).collect(),
    }))
}

#[derive(Template)]
#[template(path = "bws.html")]
struct Page<'a> {
    scheme: &'a str,
    validation: &'static str,
    best: &'a str,
    worst: &'a str,
    best_name: String,
    worst_name: String,
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    letter: &'a str,
    text: String,
    best_id: String,
    worst_id: String,
    best_key: Option<char>,
    worst_key: Option<char>,
    is_best: bool,
    is_worst: bool,
}

impl Widget for Bws {
    fn class(&self) -> &'static str {
        "bws"
    }

    fn accept(&self, scheme: &Scheme, label: &str, value: &Value) -> Result<Accepted, Refused> {
        grid::accept(scheme, &[BEST, WORST], &self.positions, label, value)
    }

    fn depends_on_item(&self) -> bool {
        true
    }

    fn fits(
        &self,
        scheme: &Scheme,
        label: &str,
        value: &Value,
        occasion: &Occasion<'_>,
    ) -> Result<(), Refused> {
        let there = occasion.item.map_or(0, |item| tuples::members(&item.fields).len());
        let place = self.positions.iter().position(|(letter, _)| Some(letter.as_str()) == value.as_str());
        if place.is_some_and(|place| place < there) {
            return Ok(());
        }
        Err(scheme.refused(label, value, &format!("one of the {there} texts of the item")))
    }

    fn is_one_answer(&self) -> bool {
        true
    }

    fn check_all(&self, scheme: &Scheme, labels: &Labels) -> Result<(), Refused> {
        match (labels.get(BEST), labels.get(WORST)) {
            (Some(best), Some(worst)) if best == worst => {
                Err(scheme.refused(WORST, worst, "another one than the best"))
            }
            _ => Ok(()),
        }
    }

    fn body(&self, form: &Form<'_>) -> String {
        let texts = form.occasion.item.map(|item| tuples::members(&item.fields)).unwrap_or_default();
        let (best, worst) = (form.stored(BEST), form.stored(WORST));
        let key = |keys: &str, place: usize| keys.chars().nth(place).filter(|_| self.keyed);
        let rows = self.positions.iter().zip(texts).enumerate().map(|(place, ((letter, _), text))| Row {
            text,
            best_id: form.id(&format!("best_{letter}"), "bws"),
            worst_id: form.id(&format!("worst_{letter}"), "bws"),
            best_key: key(BEST_KEYS, place),
            worst_key: key(WORST_KEYS, place),
            is_best: best.as_ref() == Some(letter),
            is_worst: worst.as_ref() == Some(letter),
            letter,
        });
        written(&Page {
            scheme: &form.scheme.name,
            validation: form.validation(BEST),
            best: &self.best,
            worst: &self.worst,
            best_name: form.name(BEST),
            worst_name: form.name(WORST),
            rows: rows.collect(),
        })
    }

    fn answered(&self, labels: &Labels) -> bool {
        [BEST, WORST].iter().all(|label| labels.get(*label).is_some_and(is_given))
    }

    fn shows_item(&self, _text_key: &str) -> bool {
        true
    }
}
