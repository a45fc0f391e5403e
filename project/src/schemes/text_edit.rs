//! `text_edit`: a text of the item, made better. Stored: `{scheme: JSON text}` of `{"edited_text", "original_text",
//! "edit_distance_chars", "edit_distance_words"}`; distances are Levenshtein's, over code points and over words.

use askama::Template;
use serde_json::Value;

use super::form::{Form, written};
use super::hidden::{self, accept_object};
use super::registry::Widget;
use super::{Accepted, Kind, Occasion, Refused, Scheme};
use crate::config::{ConfigError, Section};

pub(super) const KEYS: &[&str] = &["source_field", "show_diff", "show_edit_distance", "allow_reset"];

/// A text to edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEdit {
    field: String,
    compared: bool,
    measured: bool,
    resettable: bool,
}

/// The field that holds the text where the config names none.
const TEXT: &str = "text";

pub(super) fn read(section: &Section<'_>) -> Result<Kind, ConfigError> {
    Ok(Kind::TextEdit(TextEdit {
        field: section.text("source_field")?.unwrap_or_else(|| TEXT.to_owned()),
        compared: section.flag("show_diff")?.unwrap_or(true),
        measured: section.flag("show_edit_distance")?.unwrap_or(true),
        resettable: section.flag("allow_reset")?.unwrap_or(true),
    }))
}

#[derive(Template)]
#[template(path = "text_edit.html")]
struct Page<'a> {
    description: &'a str,
    id: String,
    hidden: String,
    original: String,
    edited: String,
    edit: &'a TextEdit,
}

impl Widget for TextEdit {
    fn class(&self) -> &'static str {
        "text-edit"
    }

    fn accept(&self, scheme: &Scheme, label: &str, value: &Value) -> Result<Accepted, Refused> {
        accept_object(scheme, label, value, |edit| {
            let edited = hidden::text(edit, "edited_text")?.chars().count();
            let original = hidden::text(edit, "original_text")?.chars().count();
            let distance = hidden::count(edit, "edit_distance_chars")?;
            hidden::count(edit, "edit_distance_words")?;
            let (least, most) = (edited.abs_diff(original) as u64, edited.max(original) as u64);
            if (least..=most).contains(&distance) {
                Ok(())
            } else {
                Err(format!("edit_distance_chars from {least} to {most} for these texts"))
            }
        })
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
        let edit = hidden::object(value).unwrap_or_default();
        if hidden::text(&edit, "original_text").ok() == Some(occasion.text(&self.field).as_str()) {
            return Ok(());
        }
        let allowed = format!("the item's {} as original_text, to the letter", self.field);
        Err(scheme.refused(label, value, &allowed))
    }

    fn body(&self, form: &Form<'_>) -> String {
        let original = form.occasion.text(&self.field);
        let stored = hidden::stored_object(form, &form.scheme.name);
        let edited = stored.and_then(|edit| Some(edit.get("edited_text")?.as_str()?.to_owned()));
        written(&Page {
            description: &form.scheme.description,
            id: form.id("edited", "text"),
            hidden: hidden::field(form, &form.scheme.name),
            edited: edited.unwrap_or_else(|| original.clone()),
            original,
            edit: self,
        })
    }
}
