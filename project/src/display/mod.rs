//! `instance_display`: which fields of an item the page shows, and how. One module a type of field, and a line in `registry`.

mod code;
mod dialogue;
mod document;
mod gallery;
mod image;
mod options;
mod pairwise;
mod player;
mod registry;
mod sources;
mod spreadsheet;

use serde_json::{Map, Value};

pub use self::document::Heading;
use self::options::Options;
pub(crate) use self::pairwise::draw as pair;
use self::registry::{BUILT, KNOWN};
use crate::config::{Config, ConfigError, Section, length, nearest};
use crate::media::Media;
use crate::text;

/// The fields that are shown instead of the item's text.
#[derive(Debug, Clone, PartialEq)]
pub struct Display {
    /// `layout.direction: horizontal`: fields side by side where there is room.
    pub horizontal: bool,
    /// `layout.gap`, a length of CSS, where given.
    pub gap: Option<String>,
    /// In the order of the config.
    pub fields: Vec<Field>,
}

/// One field of the item.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its key in the data.
    pub key: String,
    /// Its type, as in the config.
    pub kind_name: &'static str,
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
    Document(document::Document),
    Code,
    Dialogue(dialogue::Dialogue),
    Pairwise(pairwise::Pairwise),
    Spreadsheet(spreadsheet::Spreadsheet),
    Image(image::Image),
    Gallery(gallery::Gallery),
    Player(player::Player),
}

/// What a field's value is shown with.
struct Place<'a> {
    /// The field in words: its label, or its key.
    name: &'a str,
    media: &'a Media,
}

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
    let (mut horizontal, mut gap) = (false, None);
    if let Some(layout) = display.section("layout")? {
        layout.warn_unknown(&[&["direction", "gap"]]);
        horizontal = layout.word("direction", DIRECTIONS)?.unwrap_or(false);
        gap = length(&layout, "gap")?;
    }
    Ok((!fields.is_empty()).then_some(Display { horizontal, gap, fields }))
}

/// Whether fields stand side by side.
const DIRECTIONS: &[(&str, bool)] = &[("vertical", false), ("horizontal", true)];

fn field(section: &Section<'_>) -> Result<Field, ConfigError> {
    section.warn_unknown(&[FIELD_KEYS]);
    let named = section.required_text("type")?;
    let Some(entry) = BUILT.iter().find(|entry| entry.name == named) else {
        return Err(section.refuse("type", unbuilt(&named)));
    };
    let options = Options(section.section("display_options")?);
    let (max_height, collapsible) =
        (options.size("max_height", "pixels")?, options.flag("collapsible", false)?);
    let kind = (entry.read)(&options)?;
    options.warn_unknown(&[COMMON_OPTIONS, entry.options]);
    let span_target = section.flag("span_target")?.unwrap_or(false);
    if span_target && !kind.is_text() {
        return Err(section.refuse(
            "span_target",
            "is not built here yet for this type; there is: spans in fields of type text, html and document",
        ));
    }
    Ok(Field {
        key: section.required_text("key")?,
        kind_name: entry.name,
        label: section.text("label")?.filter(|label| !label.trim().is_empty()),
        span_target,
        collapsible,
        max_height,
        kind,
    })
}

/// Why a type is refused.
fn unbuilt(named: &str) -> String {
    let built = BUILT.iter().map(|entry| entry.name).collect::<Vec<_>>().join(", ");
    if KNOWN.contains(&named) {
        return format!("{named} is known to Potato and not built here yet; there is: {built}");
    }
    let advice = nearest(named, KNOWN.into_iter())
        .map_or_else(String::new, |other| format!("; did you mean {other}?"));
    format!("{named:?} is no type of field{advice}; there is: {built}")
}

impl Kind {
    /// Whether it is one text, in which places can be counted.
    fn is_text(&self) -> bool {
        matches!(self, Self::Text | Self::Html | Self::Document(_))
    }
}

impl Field {
    /// What the page shows of it, as sanitised HTML; a field that the item lacks is empty.
    pub fn html(&self, fields: &Map<String, Value>, config: &Config) -> String {
        let value = fields.get(&self.key).unwrap_or(&Value::Null);
        let place = Place { name: self.label.as_deref().unwrap_or(&self.key), media: &config.media };
        match &self.kind {
            Kind::Text => text::sanitise(&text::displayed_text(value, &config.page)),
            Kind::Html => text::sanitise(value.as_str().unwrap_or_default()),
            Kind::Document(_) => document::html(value, &self.key, &config.page),
            Kind::Code => code::html(value),
            Kind::Dialogue(dialogue) => dialogue.html(value),
            Kind::Pairwise(pairwise) => pairwise.html(value, &config.page),
            Kind::Spreadsheet(spreadsheet) => spreadsheet.html(value, &place),
            Kind::Image(image) => image.html(value, &place),
            Kind::Gallery(gallery) => gallery.html(value, &place),
            Kind::Player(player) => player.html(value, &place),
        }
    }

    /// Whether it is one text, in which places can be counted.
    pub fn is_text(&self) -> bool {
        self.kind.is_text()
    }

    /// The headings of a document, to go to; `html` is what [`Self::html`] gave.
    pub fn headings(&self, html: &str) -> Vec<Heading> {
        match &self.kind {
            Kind::Document(document) => document.headings(html),
            _ => Vec::new(),
        }
    }

    /// Whether it scrolls in itself, so that keys must reach it.
    pub fn scrolls(&self) -> bool {
        matches!(self.kind, Kind::Document(_)) || (self.max_height.is_some() && !self.is_picture())
    }

    /// Whether a height bounds the picture instead of scrolling.
    fn is_picture(&self) -> bool {
        matches!(self.kind, Kind::Image(_) | Kind::Player(_))
    }
}

/// A template as text.
fn written(template: &impl askama::Template) -> String {
    template.render().expect("templates write into memory and call nothing that fails")
}
