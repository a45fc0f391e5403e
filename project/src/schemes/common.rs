//! What all schemes share in the config.

use indexmap::IndexMap;

use super::registry::BUILT;
use super::{Kind, Scheme, display_logic, keys};
use crate::config::{ConfigError, Section};
use crate::yaml::{Node, Yaml};

/// Keys of every scheme, besides those of its type.
pub(crate) const KEYS: &[&str] = &[
    "annotation_type",
    "name",
    "description",
    "label_requirement",
    "required",
    "labels",
    "layout",
    "humanize_labels",
    "display_logic",
    "keybinding_strategy",
    "sequential_key_binding",
    "ai_support",
    "turn_level",
    "turn_binding",
    "turn_label",
    "session_level",
    "option_randomization",
    "randomize_order",
    "tooltip",
    "tooltip_file",
    "annotation_id",
];

/// Types whose options can be shown in another order.
const SHUFFLED_TYPES: &[&str] = &["radio", "multiselect", "select", "multirate"];

/// Most columns of the grid of forms.
const MAX_COLUMNS: i64 = 6;

/// `layout` of a scheme: where its form stands in the grid.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    /// Columns that it spans, 1 to 6.
    pub columns: Option<u8>,
    /// Rows that it spans, 1 to 6.
    pub rows: Option<u8>,
    /// Place among the forms, smallest first.
    pub order: Option<i64>,
}

/// Reads the list that stands under `list_key`: names are unique, keys are allotted over the whole of it.
pub(crate) fn read_all(
    section: &Section<'_>,
    list_key: &str,
    list: &[Node],
) -> Result<Vec<Scheme>, ConfigError> {
    let mut schemes: Vec<Scheme> = Vec::new();
    for (i, node) in list.iter().enumerate() {
        let section = section.enter(&format!("{list_key}[{i}]"), node)?;
        let scheme = read(&section)?;
        if schemes.iter().any(|other| other.name == scheme.name) {
            return Err(section
                .refuse("name", format!("{:?} is the name of two schemes; names must differ", scheme.name)));
        }
        schemes.push(scheme);
    }
    let shown = shown_fields(section)?;
    for scheme in &mut schemes {
        if let Kind::Pairwise(pair) = &mut scheme.kind {
            pair.leave_to_page(&shown);
        }
    }
    for (i, scheme) in schemes.iter().enumerate() {
        let Some(spans) = scheme.kind.widget().span_schema() else { continue };
        if !schemes.iter().any(|other| other.marks_spans() && other.name == spans) {
            let section = section.enter(&format!("{list_key}[{i}]"), &list[i])?;
            let problem = format!("{spans:?} is no scheme of spans in this project");
            return Err(section.refuse("span_schema", problem));
        }
    }
    display_logic::check(section, list, list_key, &schemes)?;
    keys::allot(&mut schemes);
    Ok(schemes)
}

/// The fields that the page shows: those of the display, else the item's text.
fn shown_fields(top: &Section<'_>) -> Result<Vec<String>, ConfigError> {
    if let Some(display) = top.section("instance_display")? {
        let mut shown = Vec::new();
        for (i, node) in display.list("fields")?.unwrap_or_default().iter().enumerate() {
            shown.extend(display.enter(&format!("fields[{i}]"), node)?.text("key")?);
        }
        if !shown.is_empty() {
            return Ok(shown);
        }
    }
    let text_key = top.section("item_properties")?.map(|item| item.text("text_key")).transpose()?.flatten();
    Ok(text_key.into_iter().collect())
}

fn read(section: &Section<'_>) -> Result<Scheme, ConfigError> {
    let name = match section.get("name").map(|node| &node.value) {
        Some(Yaml::Text(name)) if !name.trim().is_empty() => name.trim().to_owned(),
        Some(Yaml::Text(_)) => return Err(section.refuse("name", "must not be empty")),
        Some(_) => return Err(section.refuse("name", "must be text; put it in quotes")),
        None => return Err(section.refuse("name", "is missing and must be text")),
    };
    if name.chars().any(char::is_control) {
        return Err(section.refuse("name", "must not contain control characters"));
    }
    let annotation_type = section.required_text("annotation_type")?;
    let Some(entry) = BUILT.iter().find(|entry| entry.annotation_type == annotation_type) else {
        return Err(section.refuse("annotation_type", crate::config::unbuilt_type(&annotation_type, &name)));
    };
    let description = section.required_text("description")?;
    crate::config::refuse_unbuilt_in_scheme(section, &name)?;
    let (required, required_labels) = requirement(section)?;
    let kind = (entry.read)(section)?;
    section.warn_unknown(&[KEYS, entry.keys]);
    let scheme = Scheme {
        name,
        description,
        required,
        required_labels,
        layout: layout(section)?,
        display_logic: display_logic::read(section)?,
        shuffled: shuffled(section, &annotation_type)?,
        keys: IndexMap::new(),
        kind,
        annotation_type: entry.annotation_type,
        source: section.to_json(),
    };
    check_required_labels(section, &scheme)?;
    Ok(scheme)
}

/// `label_requirement` in all its forms, and `required`.
fn requirement(section: &Section<'_>) -> Result<(bool, Vec<String>), ConfigError> {
    let short = section.flag("required")?;
    let (required, labels) = match section.get("label_requirement").map(|node| &node.value) {
        Some(Yaml::Map(_)) => match section.section("label_requirement")? {
            Some(inner) => {
                inner.warn_unknown(&[&["required", "required_label"]]);
                (inner.flag("required")?, inner.texts("required_label")?)
            }
            None => (None, Vec::new()),
        },
        _ => (section.flag("label_requirement")?, Vec::new()),
    };
    Ok((required.or(short).unwrap_or(false), labels))
}

fn check_required_labels(section: &Section<'_>, scheme: &Scheme) -> Result<(), ConfigError> {
    let order = scheme.option_order();
    for label in &scheme.required_labels {
        if !order.is_empty() && !order.contains(label) {
            let problem = format!(
                "required_label {label:?} is not a label of the scheme; labels: {}",
                order.join(", ")
            );
            return Err(section.refuse("label_requirement", problem));
        }
    }
    Ok(())
}

/// `option_randomization` (true, or a mapping with `enabled`) and its older name `randomize_order`.
fn shuffled(section: &Section<'_>, annotation_type: &str) -> Result<bool, ConfigError> {
    let mut shuffled = false;
    for key in ["option_randomization", "randomize_order"] {
        let on = match section.get(key).map(|node| &node.value) {
            Some(Yaml::Map(_)) => match section.section(key)? {
                Some(inner) => inner.flag("enabled")?.unwrap_or(true),
                None => false,
            },
            _ => section.flag(key)?.unwrap_or(false),
        };
        if on && !SHUFFLED_TYPES.contains(&annotation_type) {
            let problem =
                format!("has no effect here on {annotation_type}; there is: {}", SHUFFLED_TYPES.join(", "));
            return Err(section.refuse(key, problem));
        }
        shuffled |= on;
    }
    Ok(shuffled)
}

fn layout(section: &Section<'_>) -> Result<Layout, ConfigError> {
    let Some(layout) = section.section("layout")? else { return Ok(Layout::default()) };
    layout.warn_unknown(&[&["columns", "rows", "order", "min_width", "max_width", "align_self"]]);
    let span = |key: &str| match layout.integer(key)? {
        None => Ok(None),
        Some(number @ 1..=MAX_COLUMNS) => Ok(u8::try_from(number).ok()),
        Some(number) => Err(layout.refuse(key, format!("must be 1 to {MAX_COLUMNS}, got {number}"))),
    };
    Ok(Layout { columns: span("columns")?, rows: span("rows")?, order: layout.integer("order")? })
}

/// `so_so` → `So So`: what is shown for a label that has no words of its own.
pub(super) fn humanize(name: &str) -> String {
    let mut shown = String::with_capacity(name.len());
    let mut at_start = true;
    for c in name.chars() {
        let c = if c == '_' { ' ' } else { c };
        if at_start {
            shown.extend(c.to_uppercase());
        } else {
            shown.push(c);
        }
        at_start = c.is_whitespace();
    }
    shown
}

/// A likert or slider that names labels is a radio.
pub(super) fn is_labelled(section: &Section<'_>) -> bool {
    section.has("labels")
}

/// The kind of a scheme that has been read as a radio.
pub(super) fn as_radio(section: &Section<'_>) -> Result<Kind, ConfigError> {
    super::radio::read(section)
}

#[cfg(test)]
mod tests {
    use super::humanize;

    #[test]
    fn labels_are_shown_as_words() {
        for (name, shown) in [
            ("so_so", "So So"),
            ("happy", "Happy"),
            ("not sure?", "Not Sure?"),
            ("NLP", "NLP"),
            ("élan", "Élan"),
        ] {
            assert_eq!(humanize(name), shown);
        }
    }
}
