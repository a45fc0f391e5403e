//! `entity_linking` of spans: which entry of a knowledge base a span is about. Stored with the span as `kb_id`, `kb_source`, `kb_label`.
//!
//! The entry is looked up in a tab of the annotator's own; this server asks nobody.

use serde_json::{Map, Value, json};

use crate::config::{ConfigError, Section};

const FIELDS: [&str; 3] = ["kb_id", "kb_source", "kb_label"];
/// Longest of these, in code points.
const MAX_CHARS: usize = 500;

/// A knowledge base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Base {
    name: String,
    /// The address of its search, without the words that are looked for.
    search: Option<String>,
}

/// Where the known ones are searched, by `type`; `{language}` is replaced.
const SEARCHES: [(&str, &str); 3] = [
    ("wikidata", "https://www.wikidata.org/w/index.php?uselang={language}&search="),
    ("wikipedia", "https://{language}.wikipedia.org/w/index.php?search="),
    ("umls", "https://uts.nlm.nih.gov/uts/umls/searchResults?searchString="),
];

/// Reads the block; no bases if it is not enabled.
pub(super) fn read(span: &Section<'_>) -> Result<Vec<Base>, ConfigError> {
    let Some(linking) = span.section("entity_linking")? else { return Ok(Vec::new()) };
    if !linking.flag("enabled")?.unwrap_or(true) {
        return Ok(Vec::new());
    }
    linking.warn_unknown(&[&["enabled", "knowledge_bases", "auto_search", "required", "multi_select"]]);
    for key in ["required", "multi_select"] {
        if linking.flag(key)?.unwrap_or(false) {
            return Err(linking.refuse(key, "is not built here; there is: one entry for each span, or none"));
        }
    }
    let mut bases = Vec::new();
    for (i, node) in linking.list("knowledge_bases")?.unwrap_or_default().iter().enumerate() {
        let base = linking.enter(&format!("knowledge_bases[{i}]"), node)?;
        base.warn_unknown(&[&["name", "type", "language", "base_url", "search_url", "api_key"]]);
        let name = base.required_text("name")?;
        let kind = base.text("type")?.unwrap_or_else(|| name.clone());
        let language = base.text("language")?.unwrap_or_else(|| "en".to_owned());
        let known = SEARCHES.iter().find(|(known, _)| *known == kind);
        let search = match base.text("search_url")? {
            Some(url) if url.starts_with("https://") || url.starts_with("http://") => Some(url),
            Some(url) => {
                return Err(base.refuse("search_url", format!("must begin with https://, got {url:?}")));
            }
            None => known.map(|(_, url)| url.replace("{language}", &language)),
        };
        bases.push(Base { name, search });
    }
    if bases.is_empty() {
        return Err(linking.refuse("knowledge_bases", "is missing and must be a list of at least one"));
    }
    Ok(bases)
}

/// The entry that was sent with a span.
pub(super) fn accept(bases: &[Base], sent: &Map<String, Value>) -> Result<Map<String, Value>, String> {
    let mut stored = Map::new();
    for key in FIELDS {
        match sent.get(key) {
            None | Some(Value::Null) => {}
            Some(Value::String(text)) if text.trim().is_empty() => {}
            Some(Value::String(text)) if text.chars().count() <= MAX_CHARS => {
                stored.insert(key.to_owned(), text.trim().into());
            }
            Some(other) => return Err(format!("{key} is text of up to {MAX_CHARS} characters, got {other}")),
        }
    }
    if stored.is_empty() {
        return Ok(stored);
    }
    let names = || bases.iter().map(|base| base.name.as_str()).collect::<Vec<_>>().join(", ");
    if bases.is_empty() {
        return Err("has no knowledge base; entity_linking is not set".to_owned());
    }
    match stored.get("kb_source").and_then(Value::as_str) {
        Some(source) if !bases.iter().any(|base| base.name == source) => {
            Err(format!("kb_source must be one of {}, got {source:?}", names()))
        }
        Some(_) if stored.contains_key("kb_id") => Ok(stored),
        _ => Err(format!("an entry has kb_id and kb_source (one of {})", names())),
    }
}

/// For the page, as JSON.
pub(super) fn describe(bases: &[Base]) -> String {
    let base = |base: &Base| json!({"name": base.name, "search": base.search});
    bases.iter().map(base).collect::<Value>().to_string()
}
