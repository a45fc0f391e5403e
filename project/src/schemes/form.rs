//! What the forms of all schemes share.

use askama::Template;
use serde_json::Value;

use super::{Labels, Occasion, Scheme};

/// The frame of a form.
#[derive(Template)]
#[template(path = "form.html")]
struct Frame<'a> {
    scheme: &'a Scheme,
    kind: &'a str,
    class: &'a str,
    position: usize,
    columns: u8,
    order: Option<i64>,
    rows: u8,
    answered: bool,
    marked: bool,
    words: Option<String>,
    body: &'a str,
}

/// What a scheme needs to draw its inside.
pub(crate) struct Form<'a> {
    pub(crate) scheme: &'a Scheme,
    pub(crate) occasion: &'a Occasion<'a>,
    answers: Option<&'a Labels>,
}

pub(super) fn render(
    scheme: &Scheme,
    position: usize,
    answers: Option<&Labels>,
    occasion: &Occasion<'_>,
) -> String {
    let widget = scheme.kind.widget();
    let body = widget.body(&Form { scheme, occasion, answers });
    let answered = answers.is_some_and(|labels| labels.values().any(super::is_given));
    written(&Frame {
        scheme,
        kind: scheme.kind.name(),
        class: widget.class(),
        position,
        columns: scheme.layout.columns.unwrap_or(1),
        rows: scheme.layout.rows.unwrap_or(1),
        order: scheme.layout.order,
        answered,
        marked: scheme.required || !scheme.required_labels.is_empty(),
        words: widget.words(scheme),
        body: &body,
    })
}

/// A template as text.
pub(super) fn written(template: &impl Template) -> String {
    template.render().expect("templates write into memory and call nothing that fails")
}

impl<'a> Form<'a> {
    /// The stored value of a label, as text.
    pub(crate) fn stored(&self, label: &str) -> Option<String> {
        match self.answers?.get(label)? {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }

    /// `{scheme}_{label}_{kind}`
    pub(crate) fn id(&self, label: &str, kind: &str) -> String {
        format!("{}_{}_{kind}", self.scheme.name.trim(), label.trim()).replace(":::", "_")
    }

    /// `{scheme}:::{label}`
    pub(crate) fn name(&self, label: &str) -> String {
        format!("{}:::{}", self.scheme.name.trim(), label.trim())
    }

    /// The attribute `validation`: nothing, `required`, or `required_label` for a label that must be chosen.
    pub(crate) fn validation(&self, label: &str) -> &'static str {
        if self.scheme.required_labels.iter().any(|required| required == label) {
            "required_label"
        } else if self.scheme.required {
            "required"
        } else {
            ""
        }
    }

    /// Options in the order in which they are shown, each with its place in the config.
    pub(crate) fn presented<T>(&self, options: &'a [T]) -> Vec<(usize, &'a T)> {
        let mut options: Vec<_> = options.iter().enumerate().collect();
        self.scheme.shuffle(&mut options, self.occasion);
        options
    }

    pub(crate) fn key(&self, label: &str) -> Option<char> {
        self.scheme.keys.get(label).copied()
    }
}
