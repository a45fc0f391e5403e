//! `event_annotation`: events, each with the span that triggers it and the spans that play a part in it. Stored beside the labels, one by
//! one under their ids, as `{id, schema, event_type, trigger_span_id, arguments: [{role, span_id}], properties}`.

use askama::Template;
use serde_json::{Map, Value, json};

use super::form::{Form, written};
use super::labels;
use super::registry::Widget;
use super::{Accepted, Kind, Refused, Scheme};
use crate::config::{ConfigError, Section};

pub(super) const KEYS: &[&str] = &["event_types", "span_schema", "visual_display"];

const MAX_ARGUMENTS: usize = 200;

/// Types of events over the spans of one scheme.
#[derive(Debug, Clone, PartialEq)]
pub struct EventAnnotation {
    span_schema: String,
    types: Vec<EventType>,
}

#[derive(Debug, Clone, PartialEq)]
struct EventType {
    name: String,
    rgb: String,
    /// Labels of spans that trigger it; none is all.
    triggers: Vec<String>,
    roles: Vec<Role>,
}

#[derive(Debug, Clone, PartialEq)]
struct Role {
    name: String,
    /// Labels of spans that can play it; none is all.
    labels: Vec<String>,
    required: bool,
}

pub(super) fn read(section: &Section<'_>) -> Result<Kind, ConfigError> {
    let mut types: Vec<EventType> = Vec::new();
    for (i, node) in section.list("event_types")?.unwrap_or_default().iter().enumerate() {
        let kind = section.enter(&format!("event_types[{i}]"), node)?;
        kind.warn_unknown(&[&["type", "name", "color", "trigger_labels", "arguments", "description"]]);
        let name = match kind.text("type")? {
            Some(name) => name,
            None => kind.required_text("name")?,
        };
        if types.iter().any(|other| other.name == name) {
            return Err(kind.refuse("type", format!("{name:?} is given twice")));
        }
        let rgb = kind.text("color")?.and_then(|color| labels::rgb(&color));
        let rgb = rgb.unwrap_or_else(|| labels::palette(i));
        types.push(EventType { name, rgb, triggers: kind.texts("trigger_labels")?, roles: roles(&kind)? });
    }
    if types.is_empty() {
        return Err(
            section.refuse("event_types", "is missing and must be a list of at least one type of event")
        );
    }
    if section.section("visual_display")?.is_some() {
        section.warn("visual_display", "has no effect here: events are shown as a list");
    }
    Ok(Kind::EventAnnotation(EventAnnotation { span_schema: section.required_text("span_schema")?, types }))
}

fn roles(kind: &Section<'_>) -> Result<Vec<Role>, ConfigError> {
    let mut roles: Vec<Role> = Vec::new();
    for (i, node) in kind.list("arguments")?.unwrap_or_default().iter().enumerate() {
        let argument = kind.enter(&format!("arguments[{i}]"), node)?;
        argument.warn_unknown(&[&["role", "entity_types", "required", "description"]]);
        let name = argument.required_text("role")?;
        if roles.iter().any(|other| other.name == name) {
            return Err(argument.refuse("role", format!("{name:?} is given twice")));
        }
        roles.push(Role {
            name,
            labels: argument.texts("entity_types")?,
            required: argument.flag("required")?.unwrap_or(false),
        });
    }
    Ok(roles)
}

/// What a save does to an event.
#[derive(Debug, Clone, PartialEq)]
pub struct EventChange {
    /// Its id.
    pub id: String,
    /// Its fields; none removes it.
    pub stored: Option<Map<String, Value>>,
}

impl Scheme {
    /// Whether its answers are events over spans.
    pub fn tells_events(&self) -> bool {
        matches!(self.kind, Kind::EventAnnotation(_))
    }

    /// What becomes of an event that was sent: `event_type`, `trigger_span_id`, `arguments`, and where there are any `id`, `properties`;
    /// a `value` of null removes it. An event is stored while it still lacks arguments. `label_of` answers the scheme and the label of
    /// a span of the item.
    pub fn accept_event(
        &self,
        sent: &Map<String, Value>,
        label_of: &dyn Fn(&str) -> Option<(String, String)>,
    ) -> Result<EventChange, Refused> {
        let refuse = |what: String| Refused { reason: format!("scheme {}: {what}", self.name) };
        let given = self.id_of(sent)?;
        if let (true, Some(id)) = (sent.get("value").is_some_and(Value::is_null), given) {
            return Ok(EventChange { id: id.to_owned(), stored: None });
        }
        let Kind::EventAnnotation(EventAnnotation { span_schema, types }) = &self.kind else {
            return Err(refuse("takes no events".to_owned()));
        };
        let text = |from: &Map<String, Value>, key: &str| {
            from.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let name = text(sent, "event_type");
        let Some(kind) = types.iter().find(|kind| kind.name == name) else {
            let names: Vec<&str> = types.iter().map(|kind| kind.name.as_str()).collect();
            return Err(refuse(format!("an event's type must be one of {}, got {name:?}", names.join(", "))));
        };
        let plays = |id: &str, part: &str, allowed: &[String]| match label_of(id) {
            Some((scheme, label)) if scheme == *span_schema => {
                if allowed.is_empty() || allowed.contains(&label) {
                    return Ok(());
                }
                Err(refuse(format!("{part} of {name} must be a {}, got a {label}", allowed.join(" or "))))
            }
            _ => Err(refuse(format!("there is no span {id:?} of scheme {span_schema} in this item"))),
        };
        let trigger = text(sent, "trigger_span_id");
        plays(&trigger, "the trigger", &kind.triggers)?;
        let list = sent.get("arguments").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        if list.len() > MAX_ARGUMENTS {
            return Err(refuse(format!("an event has at most {MAX_ARGUMENTS} arguments")));
        }
        let mut arguments = Vec::new();
        for argument in list {
            let argument = argument.as_object().cloned().unwrap_or_default();
            let (role, span) = (text(&argument, "role"), text(&argument, "span_id"));
            let Some(found) = kind.roles.iter().find(|known| known.name == role) else {
                let names: Vec<&str> = kind.roles.iter().map(|role| role.name.as_str()).collect();
                return Err(refuse(format!(
                    "a role of {name} must be one of {}, got {role:?}",
                    names.join(", ")
                )));
            };
            plays(&span, &role, &found.labels)?;
            arguments.push(json!({"role": role, "span_id": span}));
        }
        let id = given.map_or_else(|| format!("{}_{name}_{trigger}", self.name), str::to_owned);
        let properties =
            sent.get("properties").filter(|value| value.is_object()).cloned().unwrap_or_else(|| json!({}));
        let mut stored = Map::new();
        stored.insert("id".to_owned(), id.as_str().into());
        stored.insert("schema".to_owned(), self.name.as_str().into());
        stored.insert("event_type".to_owned(), name.into());
        stored.insert("trigger_span_id".to_owned(), trigger.into());
        stored.insert("arguments".to_owned(), arguments.into());
        stored.insert("properties".to_owned(), properties);
        Ok(EventChange { id, stored: Some(stored) })
    }
}

#[derive(Template)]
#[template(path = "event_annotation.html")]
struct Page<'a> {
    scheme: &'a str,
    description: &'a str,
    span_schema: &'a str,
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    id: String,
    name: &'a str,
    rgb: &'a str,
    /// JSON: labels that trigger it, and its roles.
    triggers: String,
    roles: String,
}

impl Widget for EventAnnotation {
    fn class(&self) -> &'static str {
        "event-annotation"
    }

    fn accept(&self, scheme: &Scheme, label: &str, value: &Value) -> Result<Accepted, Refused> {
        Err(scheme.refused(label, value, "events, which are sent as event_annotations"))
    }

    fn span_schema(&self) -> Option<&str> {
        Some(&self.span_schema)
    }

    fn body(&self, form: &Form<'_>) -> String {
        let role = |role: &Role| json!({"role": role.name, "labels": role.labels, "required": role.required});
        let rows = self.types.iter().map(|kind| Row {
            id: form.id(&kind.name, "event"),
            name: &kind.name,
            rgb: &kind.rgb,
            triggers: json!(kind.triggers).to_string(),
            roles: kind.roles.iter().map(role).collect::<Value>().to_string(),
        });
        written(&Page {
            scheme: &form.scheme.name,
            description: &form.scheme.description,
            span_schema: &self.span_schema,
            rows: rows.collect(),
        })
    }
}
