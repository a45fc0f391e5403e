//! `span_link`: links between spans of another scheme. Stored beside the labels, one by one under their ids, as
//! `{id, schema, link_type, span_ids, direction, properties}`.

use std::collections::HashSet;

use askama::Template;
use serde_json::{Map, Value, json};

use super::form::{Form, written};
use super::labels::{self, Choice};
use super::registry::Widget;
use super::{Accepted, Kind, Refused, Scheme};
use crate::config::{ConfigError, Section};

pub(super) const KEYS: &[&str] = &["link_types", "span_schema", "visual_display"];

const TYPE_KEYS: &[&str] = &[
    "name",
    "directed",
    "allowed_source_labels",
    "allowed_target_labels",
    "color",
    "description",
    "tooltip",
    "key_value",
];
const DIRECTED: &str = "directed";
const UNDIRECTED: &str = "undirected";
/// Longest id of a link, in code points, and most spans that one joins.
const MAX_ID_CHARS: usize = 600;
const MAX_SPANS: usize = 32;

/// Kinds of links between the spans of one scheme.
#[derive(Debug, Clone, PartialEq)]
pub struct SpanLink {
    /// The scheme whose spans are linked.
    span_schema: String,
    choices: Vec<Choice>,
    rules: Vec<Rule>,
}

/// What a kind of link may join; an empty list allows all labels.
#[derive(Debug, Clone, PartialEq)]
struct Rule {
    directed: bool,
    sources: Vec<String>,
    targets: Vec<String>,
}

pub(super) fn read(section: &Section<'_>) -> Result<Kind, ConfigError> {
    let Some(list) = section.list("link_types")?.filter(|list| !list.is_empty()) else {
        return Err(
            section.refuse("link_types", "is missing and must be a list of at least one kind of link")
        );
    };
    let mut choices: Vec<Choice> = Vec::new();
    let mut rules = Vec::new();
    for (i, node) in list.iter().enumerate() {
        let kind = section.enter(&format!("link_types[{i}]"), node)?;
        kind.warn_unknown(&[TYPE_KEYS]);
        let choice = labels::of_section(&kind)?;
        if choices.iter().any(|other| other.name == choice.name) {
            return Err(kind.refuse("name", format!("{:?} is given twice", choice.name)));
        }
        choices.push(choice);
        rules.push(Rule {
            directed: kind.flag("directed")?.unwrap_or(true),
            sources: kind.texts("allowed_source_labels")?,
            targets: kind.texts("allowed_target_labels")?,
        });
    }
    if section.has("visual_display") {
        section.warn("visual_display", "has no effect here: links are shown as a list");
    }
    Ok(Kind::SpanLink(SpanLink { span_schema: section.required_text("span_schema")?, choices, rules }))
}

/// What a save does to a link.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkChange {
    /// Its id.
    pub id: String,
    /// Its fields; none removes it.
    pub stored: Option<Map<String, Value>>,
}

impl Rule {
    fn allows(&self, labels: &[String]) -> bool {
        let fits = |allowed: &[String], label: &String| allowed.is_empty() || allowed.contains(label);
        let Some((first, rest)) = labels.split_first() else { return false };
        let straight = fits(&self.sources, first) && rest.iter().all(|label| fits(&self.targets, label));
        let reverse = fits(&self.targets, first) && rest.iter().all(|label| fits(&self.sources, label));
        straight || (!self.directed && reverse)
    }
}

impl Scheme {
    /// Whether its answers are links between spans, or chains of them.
    pub fn links_spans(&self) -> bool {
        matches!(self.kind, Kind::SpanLink(_) | Kind::Coreference(_))
    }

    /// What becomes of a link that was sent: `link_type`, `span_ids`, and where there are any `id`, `direction`, `properties`; a
    /// `value` of null removes it. `label_of` answers the scheme and the label of a span of the item.
    pub fn accept_link(
        &self,
        sent: &Map<String, Value>,
        label_of: &dyn Fn(&str) -> Option<(String, String)>,
    ) -> Result<LinkChange, Refused> {
        if let (true, Some(id)) = (sent.get("value").is_some_and(Value::is_null), self.id_of(sent)?) {
            return Ok(LinkChange { id: id.to_owned(), stored: None });
        }
        match &self.kind {
            Kind::SpanLink(link) => link.accept(self, sent, label_of),
            Kind::Coreference(chains) => chains.accept(self, sent, label_of),
            _ => Err(Refused { reason: format!("scheme {}: takes no links", self.name) }),
        }
    }

    /// The id that was sent with a link, a chain or an event.
    pub(super) fn id_of<'a>(&self, sent: &'a Map<String, Value>) -> Result<Option<&'a str>, Refused> {
        let id = sent.get("id").and_then(Value::as_str).filter(|id| !id.is_empty());
        if id.is_some_and(|id| id.chars().count() > MAX_ID_CHARS) {
            let reason = format!("scheme {}: an id has at most {MAX_ID_CHARS} characters", self.name);
            return Err(Refused { reason });
        }
        Ok(id)
    }

    /// The ids in `span_ids`, each that of another span of the scheme, and the spans' labels.
    pub(super) fn mentions<'a>(
        &self,
        sent: &'a Map<String, Value>,
        span_schema: &str,
        label_of: &dyn Fn(&str) -> Option<(String, String)>,
        most: usize,
    ) -> Result<(Vec<&'a str>, Vec<String>), Refused> {
        let refuse = |what: String| Refused { reason: format!("scheme {}: {what}", self.name) };
        let ids = sent.get("span_ids").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let ids: Vec<&str> = ids.iter().filter_map(Value::as_str).collect();
        let mut seen = HashSet::new();
        if ids.len() > most || !ids.iter().all(|id| seen.insert(*id)) {
            return Err(refuse(format!("span_ids are the ids of up to {most} different spans")));
        }
        let label = |id: &&str| match label_of(id) {
            Some((scheme, label)) if scheme == span_schema => Ok(label),
            _ => Err(refuse(format!("there is no span {id:?} of scheme {span_schema} in this item"))),
        };
        let labels = ids.iter().map(label).collect::<Result<_, _>>()?;
        Ok((ids, labels))
    }
}

impl SpanLink {
    fn accept(
        &self,
        scheme: &Scheme,
        sent: &Map<String, Value>,
        label_of: &dyn Fn(&str) -> Option<(String, String)>,
    ) -> Result<LinkChange, Refused> {
        let refuse = |what: String| Refused { reason: format!("scheme {}: {what}", scheme.name) };
        let text = |key: &str| sent.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
        let kind = text("link_type").unwrap_or_default();
        let found = self.choices.iter().position(|choice| choice.name == kind);
        let Some(rule) = found.and_then(|at| self.rules.get(at)) else {
            let names: Vec<&str> = self.choices.iter().map(|choice| choice.name.as_str()).collect();
            return Err(refuse(format!("a link's type must be one of {}, got {kind:?}", names.join(", "))));
        };
        let (ids, labels) = scheme.mentions(sent, &self.span_schema, label_of, MAX_SPANS)?;
        if ids.len() < 2 {
            return Err(refuse(format!(
                "a link joins 2 to {MAX_SPANS} different spans, by their ids in span_ids"
            )));
        }
        if !rule.allows(&labels) {
            return Err(refuse(format!("a link {kind} may not go from {}", labels.join(" to "))));
        }
        let default = if rule.directed { DIRECTED } else { UNDIRECTED };
        let direction = text("direction").unwrap_or(default);
        if ![DIRECTED, UNDIRECTED].contains(&direction) {
            return Err(refuse(format!(
                "a link's direction is {DIRECTED} or {UNDIRECTED}, got {direction:?}"
            )));
        }
        let given = scheme.id_of(sent)?;
        let id = given.map_or_else(|| format!("{}_{kind}_{}", scheme.name, ids.join("_")), str::to_owned);
        let properties =
            sent.get("properties").filter(|value| value.is_object()).cloned().unwrap_or_else(|| json!({}));
        let mut stored = Map::new();
        stored.insert("id".to_owned(), id.as_str().into());
        stored.insert("schema".to_owned(), scheme.name.as_str().into());
        stored.insert("link_type".to_owned(), kind.into());
        stored.insert("span_ids".to_owned(), ids.into());
        stored.insert("direction".to_owned(), direction.into());
        stored.insert("properties".to_owned(), properties);
        Ok(LinkChange { id, stored: Some(stored) })
    }
}

#[derive(Template)]
#[template(path = "span_link.html")]
struct Types<'a> {
    scheme: &'a str,
    description: &'a str,
    span_schema: &'a str,
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    id: String,
    name: &'a str,
    shown: &'a str,
    direction: &'static str,
    /// JSON lists of labels.
    sources: String,
    targets: String,
    rgb: String,
    key: Option<char>,
}

impl Widget for SpanLink {
    fn class(&self) -> &'static str {
        "span-link"
    }

    fn accept(&self, scheme: &Scheme, label: &str, value: &Value) -> Result<Accepted, Refused> {
        Err(scheme.refused(label, value, "links, which are sent as link_annotations"))
    }

    fn body(&self, form: &Form<'_>) -> String {
        let rows = self.choices.iter().zip(&self.rules).enumerate().map(|(position, (choice, rule))| Row {
            id: form.id(&choice.name, "link"),
            name: &choice.name,
            shown: &choice.shown,
            direction: if rule.directed { DIRECTED } else { UNDIRECTED },
            sources: json!(rule.sources).to_string(),
            targets: json!(rule.targets).to_string(),
            rgb: labels::css_rgb(choice, position),
            key: form.key(&choice.name),
        });
        written(&Types {
            scheme: &form.scheme.name,
            description: &form.scheme.description,
            span_schema: &self.span_schema,
            rows: rows.collect(),
        })
    }

    fn choices(&self) -> &[Choice] {
        &self.choices
    }

    fn span_schema(&self) -> Option<&str> {
        Some(&self.span_schema)
    }
}
