//! `pure_display`: words between the other schemes; nothing is asked and nothing stored.

use askama::filters::{Html, escape};
use serde_json::Value;

use super::form::Form;
use super::registry::Widget;
use super::{Accepted, Kind, Labels, Refused, Scheme};
use crate::config::{ConfigError, Section};
use crate::text;

pub(super) const KEYS: &[&str] = &["allow_html"];

/// Lines of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PureDisplay {
    /// Escaped or sanitised.
    lines: Vec<String>,
    /// Whether the description is HTML, too.
    html: bool,
}

pub(super) fn read(section: &Section<'_>) -> Result<Kind, ConfigError> {
    let html = section.flag("allow_html")?.unwrap_or(false);
    let line = |line: String| match escape(&line, Html) {
        _ if html => text::sanitise(&line),
        Ok(escaped) => escaped.to_string(),
        Err(_) => String::new(),
    };
    Ok(Kind::PureDisplay(PureDisplay {
        lines: section.texts("labels")?.into_iter().map(line).collect(),
        html,
    }))
}

impl Widget for PureDisplay {
    fn class(&self) -> &'static str {
        "pure_display"
    }

    fn accept(&self, scheme: &Scheme, label: &str, value: &Value) -> Result<Accepted, Refused> {
        Err(scheme.refused(label, value, "nothing: this scheme only shows words"))
    }

    fn words(&self, scheme: &Scheme) -> Option<String> {
        self.html.then(|| text::sanitise(&scheme.description))
    }

    fn body(&self, _form: &Form<'_>) -> String {
        let lines = self.lines.iter().map(|line| format!("<p>{line}</p>"));
        format!("<div class=\"pure-display\">{}</div>", lines.collect::<String>())
    }

    /// There is nothing to answer.
    fn answered(&self, _labels: &Labels) -> bool {
        true
    }
}
