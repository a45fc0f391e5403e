//! `instance_display`: which fields of an item the page shows, and how. One module a type of field.

mod code;
mod dialogue;

use serde_json::{Map, Value};

use self::dialogue::Dialogue;
use crate::config::{Config, ConfigError, Section};
use crate::text;

/// The fields that are shown instead of the item's text.
#[derive(Debug, Clone, PartialEq)]
pub struct Display {
    /// `layout.direction: horizontal`: fields side by side where there is room.
    pub horizontal: bool,
    /// In the order of the config.
    pub fields: Vec<Field>,
}

/// One field of the item.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its key in the data.
    pub key: String,
    /// Shown above it.
    pub label: Option<String>,
    /// Whether its text may carry spans; they are stored with `target_field`.
    pub span_target: bool,
    /// `display_options.collapsible`: it can be folded away.
    pub collapsible: bool,
    /// `display_options.max_height` in CSS pixels; what is longer scrolls.
    pub max_height: Option<u32>,
    kind: Kind,
}

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    Text,
    Html,
    Code,
    Dialogue(Dialogue),
}

/// The types that are built.
const BUILT: [&str; 4] = ["text", "html", "code", "dialogue"];
/// All types of Potato's, for telling a slip from what is not there yet.
const KNOWN: [&str; 27] = [
    "agent_trace",
    "audio",
    "audio_dialogue",
    "code",
    "coding_trace",
    "conversation_tree",
    "cot_trace",
    "depth_map",
    "dialogue",
    "document",
    "eval_trace",
    "gallery",
    "genome_locus",
    "html",
    "image",
    "image_region",
    "interactive_chat",
    "live_agent",
    "live_coding_agent",
    "multi_agent_discussion",
    "pairwise",
    "pdf",
    "protein_structure",
    "spreadsheet",
    "text",
    "video",
    "web_agent_trace",
];
const FIELD_KEYS: &[&str] = &["key", "type", "label", "span_target", "display_options"];
const COMMON_OPTIONS: &[&str] = &["collapsible", "max_height"];

/// Reads the block; none if there is none or it names no fields.
pub(crate) fn read(top: &Section<'_>) -> Result<Option<Display>, ConfigError> {
    let Some(display) = top.section("instance_display")? else { return Ok(None) };
    let mut fields: Vec<Field> = Vec::new();
    for (i, node) in display.list("fields")?.unwrap_or_default().iter().enumerate() {
        let section = display.enter(&format!("fields[{i}]"), node)?;
        let field = field(&section)?;
        if fields.iter().any(|other| other.key == field.key) {
            return Err(
                section.refuse("key", format!("{:?} is shown twice; each field may stand once", field.key))
            );
        }
        fields.push(field);
    }
    let layout = display.section("layout")?;
    let direction = layout.map(|layout| layout.word("direction", DIRECTIONS)).transpose()?.flatten();
    Ok((!fields.is_empty()).then_some(Display { horizontal: direction.unwrap_or(false), fields }))
}

/// Whether fields stand side by side.
const DIRECTIONS: &[(&str, bool)] = &[("vertical", false), ("horizontal", true)];

fn field(section: &Section<'_>) -> Result<Field, ConfigError> {
    section.warn_unknown(&[FIELD_KEYS]);
    let kind = section.required_text("type")?;
    if !BUILT.contains(&kind.as_str()) {
        let built = BUILT.join(", ");
        return Err(section.refuse(
            "type",
            if KNOWN.contains(&kind.as_str()) {
                format!("{kind} is known to Potato and not built here yet; there is: {built}")
            } else {
                format!("{kind:?} is no type of field; there is: {built}")
            },
        ));
    }
    let options = section.section("display_options")?;
    let options = options.as_ref();
    let flag =
        |key: &str| Ok::<_, ConfigError>(options.map(|options| options.flag(key)).transpose()?.flatten());
    let max_height = match options.map(|options| options.integer("max_height")).transpose()?.flatten() {
        None => None,
        Some(height) => match (u32::try_from(height), options) {
            (Ok(height), _) if height > 0 => Some(height),
            (_, Some(options)) => {
                return Err(
                    options.refuse("max_height", format!("must be a number of pixels above 0, got {height}"))
                );
            }
            (_, None) => None,
        },
    };
    let (kind, own): (Kind, &[&str]) = match kind.as_str() {
        "html" => (Kind::Html, &[]),
        "code" => (Kind::Code, code::OPTIONS),
        "dialogue" => (Kind::Dialogue(dialogue::read(options)?), dialogue::OPTIONS),
        _ => (Kind::Text, &[]),
    };
    if let Some(options) = options {
        options.warn_unknown(&[COMMON_OPTIONS, own]);
    }
    let span_target = section.flag("span_target")?.unwrap_or(false);
    if span_target && kind != Kind::Text {
        return Err(section.refuse(
            "span_target",
            "is not built here yet for this type; there is: spans in fields of type text",
        ));
    }
    Ok(Field {
        key: section.required_text("key")?,
        label: section.text("label")?.filter(|label| !label.trim().is_empty()),
        span_target,
        collapsible: flag("collapsible")?.unwrap_or(false),
        max_height,
        kind,
    })
}

impl Field {
    /// What the page shows of it, as sanitised HTML; a field that the item lacks is empty.
    pub fn html(&self, fields: &Map<String, Value>, config: &Config) -> String {
        let value = fields.get(&self.key).unwrap_or(&Value::Null);
        match &self.kind {
            Kind::Text => text::sanitise(&text::displayed_text(value, &config.page)),
            Kind::Html => text::sanitise(value.as_str().unwrap_or_default()),
            Kind::Code => code::html(value),
            Kind::Dialogue(dialogue) => dialogue.html(value),
        }
    }
}
