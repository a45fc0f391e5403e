//! `coreference`: mentions of one thing, joined into chains. Stored beside the labels, one by one under their ids, as links are:
//! `{id, schema, link_type: "coreference", span_ids, direction: "undirected", properties: {entity_type}}`.

use askama::Template;
use serde_json::{Map, Value, json};

use super::form::{Form, written};
use super::labels;
use super::registry::Widget;
use super::span_link::LinkChange;
use super::{Accepted, Kind, Refused, Scheme};
use crate::config::{ConfigError, Section};

pub(super) const KEYS: &[&str] = &["span_schema", "entity_types", "allow_singletons", "visual_display"];

const LINK_TYPE: &str = "coreference";
const ENTITY_TYPE: &str = "entity_type";
/// Most mentions of a chain.
const MAX_MENTIONS: usize = 2000;

/// Chains of the spans of one scheme.
#[derive(Debug, Clone, PartialEq)]
pub struct Coreference {
    span_schema: String,
    types: Vec<String>,
    singletons: bool,
}

pub(super) fn read(section: &Section<'_>) -> Result<Kind, ConfigError> {
    if let Some(display) = section.section("visual_display")?
        && display
            .get("highlight_mode")
            .is_some_and(|mode| mode.scalar_text().as_deref() != Some("background"))
    {
        section.warn("visual_display", "has no effect here: each mention shows the number of its chain");
    }
    Ok(Kind::Coreference(Coreference {
        span_schema: section.required_text("span_schema")?,
        types: section.texts("entity_types")?,
        singletons: section.flag("allow_singletons")?.unwrap_or(true),
    }))
}

impl Coreference {
    /// What is stored of a chain that was sent.
    pub(super) fn accept(
        &self,
        scheme: &Scheme,
        sent: &Map<String, Value>,
        label_of: &dyn Fn(&str) -> Option<(String, String)>,
    ) -> Result<LinkChange, Refused> {
        let refuse = |what: String| Refused { reason: format!("scheme {}: {what}", scheme.name) };
        let ids = scheme.mentions(sent, &self.span_schema, label_of, MAX_MENTIONS)?.0;
        let least = if self.singletons { 1 } else { 2 };
        if ids.len() < least {
            return Err(refuse(format!("a chain has at least {least} mentions, got {}", ids.len())));
        }
        let entity = sent.get("properties").and_then(|properties| properties.get(ENTITY_TYPE));
        let entity = match entity {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if self.types.contains(text) => Some(text.as_str()),
            Some(other) => {
                let types = self.types.join(", ");
                return Err(refuse(format!("an entity_type must be one of {types}, got {other}")));
            }
        };
        let id = scheme.id_of(sent)?.map_or_else(
            || format!("{}_{}", scheme.name, ids.first().copied().unwrap_or_default()),
            str::to_owned,
        );
        let mut stored = Map::new();
        stored.insert("id".to_owned(), id.as_str().into());
        stored.insert("schema".to_owned(), scheme.name.as_str().into());
        stored.insert("link_type".to_owned(), LINK_TYPE.into());
        stored.insert("span_ids".to_owned(), ids.into());
        stored.insert("direction".to_owned(), "undirected".into());
        let properties = entity.map_or_else(|| json!({}), |entity| json!({ENTITY_TYPE: entity}));
        stored.insert("properties".to_owned(), properties);
        Ok(LinkChange { id, stored: Some(stored) })
    }
}

#[derive(Template)]
#[template(path = "coreference.html")]
struct Page<'a> {
    scheme: &'a str,
    description: &'a str,
    chains: &'a Coreference,
    /// JSON list of the colours of chains.
    colors: String,
    /// JSON list.
    types: String,
}

impl Widget for Coreference {
    fn class(&self) -> &'static str {
        "coreference"
    }

    fn accept(&self, scheme: &Scheme, label: &str, value: &Value) -> Result<Accepted, Refused> {
        Err(scheme.refused(label, value, "chains, which are sent as link_annotations"))
    }

    fn span_schema(&self) -> Option<&str> {
        Some(&self.span_schema)
    }

    fn body(&self, form: &Form<'_>) -> String {
        written(&Page {
            scheme: &form.scheme.name,
            description: &form.scheme.description,
            chains: self,
            colors: json!((0..labels::PALETTE.len()).map(labels::palette).collect::<Vec<_>>()).to_string(),
            types: json!(self.types).to_string(),
        })
    }
}
