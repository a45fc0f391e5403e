//! Why a choice was made: reasons from a list, and words of one's own. Stored under `justification` as the text of
//! `{"reasons": ["…"], "rationale": "…"}`.

use askama::Template;
use serde_json::{Value, json};

use super::form::{Form, written};
use super::{Accepted, Labels, MAX_TEXT_CHARS, Refused, Scheme, is_given, is_removal};
use crate::config::{ConfigError, Section};

/// The label that it is stored under.
pub(super) const LABEL: &str = "justification";
const REASONS: &str = "reasons";
const RATIONALE: &str = "rationale";

const KEYS: &[&str] = &["reason_categories", "min_rationale_chars", "rationale_placeholder", "required"];

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Justification {
    reasons: Vec<String>,
    min_chars: usize,
    placeholder: String,
    required: bool,
}

/// What was said.
#[derive(Debug, Default)]
struct Said {
    reasons: Vec<String>,
    rationale: String,
}

pub(super) fn read(section: &Section<'_>) -> Result<Option<Justification>, ConfigError> {
    let Some(inner) = section.section(LABEL)? else { return Ok(None) };
    inner.warn_unknown(&[KEYS]);
    let least = inner.integer("min_rationale_chars")?.unwrap_or(0);
    let min_chars = usize::try_from(least)
        .map_err(|_| inner.refuse("min_rationale_chars", format!("must be 0 or more, got {least}")))?;
    Ok(Some(Justification {
        reasons: inner.texts("reason_categories")?,
        min_chars,
        placeholder: inner.text("rationale_placeholder")?.unwrap_or_default(),
        required: inner.flag("required")?.unwrap_or(false),
    }))
}

/// What a value says; keys of other programs are passed over.
fn said(value: &Value) -> Option<Said> {
    let whole: Value = serde_json::from_str(value.as_str()?).ok()?;
    let fields = whole.as_object()?;
    let reasons = match fields.get(REASONS) {
        None | Some(Value::Null) => Vec::new(),
        Some(list) => {
            list.as_array()?.iter().map(|reason| reason.as_str().map(str::to_owned)).collect::<Option<_>>()?
        }
    };
    let rationale = match fields.get(RATIONALE) {
        None | Some(Value::Null) => String::new(),
        Some(text) => text.as_str()?.to_owned(),
    };
    Some(Said { reasons, rationale })
}

impl Said {
    /// As it is stored; empty where nothing was said.
    fn written(&self) -> String {
        if self.reasons.is_empty() && self.rationale.trim().is_empty() {
            return String::new();
        }
        json!({REASONS: self.reasons, RATIONALE: self.rationale}).to_string()
    }
}

#[derive(Template)]
#[template(path = "justification.html")]
struct Page<'a> {
    asked: &'a Justification,
    scheme: &'a str,
    id: String,
    name: String,
    value: String,
    rationale: &'a str,
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    id: String,
    reason: &'a str,
    checked: bool,
}

impl Justification {
    pub(super) fn accept(&self, scheme: &Scheme, value: &Value) -> Result<Accepted, Refused> {
        if is_removal(value) {
            return Ok(Accepted::Remove);
        }
        let fits = |said: &Said| {
            said.reasons.iter().all(|reason| self.reasons.contains(reason))
                && said.rationale.chars().count() <= MAX_TEXT_CHARS
        };
        if let Some(said) = said(value).filter(fits) {
            let text = said.written();
            return Ok(if text.is_empty() { Accepted::Remove } else { Accepted::Store(text.into()) });
        }
        let reasons = if self.reasons.is_empty() { "none".to_owned() } else { self.reasons.join(", ") };
        let allowed = format!(
            "the text of {{\"reasons\": [...], \"rationale\": \"...\"}} with reasons among: {reasons}"
        );
        Err(scheme.refused(LABEL, value, &allowed))
    }

    /// Begun and not ended, or asked for with every choice and not there.
    pub(super) fn unfinished(&self, labels: &Labels) -> bool {
        let Said { reasons, rationale } = labels.get(LABEL).and_then(said).unwrap_or_default();
        let chars = rationale.trim().chars().count();
        let chosen = labels.iter().any(|(label, value)| label != LABEL && is_given(value));
        if self.required && chosen {
            return chars < self.min_chars || (chars == 0 && reasons.is_empty());
        }
        chars > 0 && chars < self.min_chars
    }

    pub(super) fn draw(&self, form: &Form<'_>) -> String {
        let stored = form.stored(LABEL).map(Value::from);
        let mut said = stored.as_ref().and_then(said).unwrap_or_default();
        // What the config no longer offers would be refused with the next save.
        said.reasons.retain(|reason| self.reasons.contains(reason));
        let rows = self.reasons.iter().map(|reason| Row {
            id: form.id(reason, "reason"),
            checked: said.reasons.contains(reason),
            reason,
        });
        written(&Page {
            asked: self,
            scheme: &form.scheme.name,
            id: form.id(LABEL, "hidden"),
            name: form.name(LABEL),
            rows: rows.collect(),
            value: said.written(),
            rationale: &said.rationale,
        })
    }
}
