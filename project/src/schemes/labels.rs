//! The entries of `labels`: a name that is stored, and how it is shown.

use std::collections::HashSet;
use std::path::Path;

use indexmap::IndexMap;

use super::common::humanize;
use crate::config::{ConfigError, Section};
use crate::yaml::{Node, Yaml};

/// Keys of a label's mapping.
const KEYS: &[&str] = &[
    "name",
    "displayed_label",
    "text",
    "label",
    "tooltip",
    "tooltip_file",
    "key_value",
    "color",
    "abbreviation",
    "videopath",
];

/// Colours of labels that have none of their own, by position: far apart in hue, readable at low alpha.
pub(super) const PALETTE: [(u8, u8, u8); 12] = [
    (59, 91, 219),
    (230, 119, 0),
    (43, 138, 62),
    (201, 42, 42),
    (134, 46, 156),
    (12, 133, 153),
    (166, 30, 77),
    (102, 128, 0),
    (95, 61, 196),
    (180, 83, 9),
    (8, 127, 91),
    (73, 80, 87),
];

/// Opacity at which `/api/colors` gives a colour.
const ALPHA: &str = "0.8";

/// One label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    /// What is stored.
    pub(crate) name: String,
    /// What is shown.
    pub(crate) shown: String,
    /// Shown on hover and focus.
    pub(crate) tooltip: Option<String>,
    /// `key_value`, lower case.
    pub(crate) key: Option<char>,
    /// Shown where there is little room.
    pub(crate) abbreviation: Option<String>,
    /// `color`, where given.
    pub(crate) color: Option<(u8, u8, u8)>,
}

/// Reads `labels`; at least one, no doubles.
pub(super) fn read(section: &Section<'_>) -> Result<Vec<Choice>, ConfigError> {
    read_under(section, "labels")
}

/// Reads the labels that stand under another key.
pub(super) fn read_under(section: &Section<'_>, list_key: &str) -> Result<Vec<Choice>, ConfigError> {
    let Some(list) = section.list(list_key)? else {
        return Err(section.refuse(list_key, "is missing and must be a list of labels"));
    };
    if list.is_empty() {
        return Err(section.refuse(list_key, "must name at least one label"));
    }
    let humanized = section.flag("humanize_labels")?.unwrap_or(section.humanizes());
    let mut names = HashSet::new();
    let mut choices = Vec::new();
    for (i, node) in list.iter().enumerate() {
        let key = format!("{list_key}[{i}]");
        let choice = choice(section, &key, node, humanized)?;
        if !names.insert(choice.name.clone()) {
            let problem =
                format!("the label {:?} is given twice; each label may stand once in a scheme", choice.name);
            return Err(section.refuse_at(&section.key(&key), Some(node.line), problem));
        }
        choices.push(choice);
    }
    Ok(choices)
}

fn choice(section: &Section<'_>, key: &str, node: &Node, humanized: bool) -> Result<Choice, ConfigError> {
    let own_words = |name: &str| if humanized { humanize(name) } else { name.to_owned() };
    let Yaml::Map(_) = &node.value else {
        let name = label_name(section, key, node)?;
        return Ok(Choice {
            shown: own_words(&name),
            name,
            tooltip: None,
            key: None,
            abbreviation: None,
            color: None,
        });
    };
    let label = section.enter(key, node)?;
    label.warn_unknown(&[KEYS]);
    read_mapping(&label, humanized)
}

/// A mapping that has the keys of a label among others.
pub(super) fn of_section(label: &Section<'_>) -> Result<Choice, ConfigError> {
    read_mapping(label, false)
}

fn read_mapping(label: &Section<'_>, humanized: bool) -> Result<Choice, ConfigError> {
    let own_words = |name: &str| if humanized { humanize(name) } else { name.to_owned() };
    let Some(node) = label.get("name") else {
        return Err(label.refuse("name", "is missing and must be the text that is stored"));
    };
    let name = label_name(label, "name", node)?;
    let mut shown = None;
    for key in ["displayed_label", "text", "label"] {
        shown = shown.or(label.text(key)?);
    }
    Ok(Choice {
        shown: shown.unwrap_or_else(|| own_words(&name)),
        tooltip: tooltip(label)?,
        key: key_value(label)?,
        abbreviation: label.text("abbreviation")?,
        color: color(label)?,
        name,
    })
}

fn label_name(section: &Section<'_>, key: &str, node: &Node) -> Result<String, ConfigError> {
    if let Yaml::Bool(_) = node.value {
        let problem = "must be text, got a boolean: YAML reads yes, no, on, off, true and false as booleans; \
                       put the label in quotes (\"yes\")";
        return Err(section.refuse_at(&section.key(key), Some(node.line), problem));
    }
    let name = section.node_text(key, node)?.trim().to_owned();
    if name.is_empty() {
        return Err(section.refuse_at(&section.key(key), Some(node.line), "must not be empty"));
    }
    Ok(name)
}

fn tooltip(label: &Section<'_>) -> Result<Option<String>, ConfigError> {
    if let Some(text) = label.text("tooltip")? {
        return Ok(Some(text));
    }
    let Some(name) = label.text("tooltip_file")? else { return Ok(None) };
    read_text(label, "tooltip_file", &name).map(Some)
}

/// Reads a text file that a key names, relative to `task_dir`.
pub(super) fn read_text(section: &Section<'_>, key: &str, name: &str) -> Result<String, ConfigError> {
    let path = section.resolve(key, name)?;
    std::fs::read_to_string(Path::new(&path))
        .map_err(|error| section.refuse(key, format!("{name:?} cannot be read as UTF-8 text: {error}")))
}

fn key_value(label: &Section<'_>) -> Result<Option<char>, ConfigError> {
    let Some(text) = label.text("key_value")? else { return Ok(None) };
    let mut chars = text.trim().chars();
    match (chars.next(), chars.next()) {
        (None, _) => Ok(None),
        (Some(key), None) => Ok(Some(key.to_lowercase().next().unwrap_or(key))),
        (Some(_), Some(_)) => Err(label.refuse("key_value", format!("must be one character, got {text:?}"))),
    }
}

/// `#rgb`, `#rrggbb`, `rgb(r, g, b)` or `(r, g, b)`; anything else warns and is left to the palette.
fn color(label: &Section<'_>) -> Result<Option<(u8, u8, u8)>, ConfigError> {
    let Some(text) = label.text("color")? else { return Ok(None) };
    let color = parse_color(text.trim());
    if color.is_none() {
        label.warn(
            "color",
            &format!("{text:?} is not #rgb, #rrggbb, rgb(r, g, b) or (r, g, b); a default is used"),
        );
    }
    Ok(color)
}

/// A colour as three numbers for a CSS `rgb()`.
pub(super) fn rgb(text: &str) -> Option<String> {
    parse_color(text.trim()).map(|(red, green, blue)| format!("{red} {green} {blue}"))
}

pub(crate) fn parse_color(text: &str) -> Option<(u8, u8, u8)> {
    if let Some(hex) = text.strip_prefix('#') {
        let digit = |i: usize| hex.get(i..=i).and_then(|digit| u8::from_str_radix(digit, 16).ok());
        return match hex.len() {
            3 => Some((digit(0)? * 17, digit(1)? * 17, digit(2)? * 17)),
            6 => Some((digit(0)? * 16 + digit(1)?, digit(2)? * 16 + digit(3)?, digit(4)? * 16 + digit(5)?)),
            _ => None,
        };
    }
    let inside = text.strip_prefix("rgb").unwrap_or(text).trim().strip_prefix('(')?.strip_suffix(')')?;
    let mut parts = inside.split(',').map(|part| part.trim().parse::<u8>().ok());
    let color = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_none() { Some(color) } else { None }
}

/// The colour of the choice at `position`.
fn color_at(choice: &Choice, position: usize) -> (u8, u8, u8) {
    choice.color.unwrap_or(PALETTE[position % PALETTE.len()])
}

/// The colour of a position as three numbers for a CSS `rgb()`.
pub(crate) fn palette(position: usize) -> String {
    let (red, green, blue) = PALETTE[position % PALETTE.len()];
    format!("{red} {green} {blue}")
}

/// The colour as three numbers for a CSS `rgb()`.
pub(super) fn css_rgb(choice: &Choice, position: usize) -> String {
    let (red, green, blue) = color_at(choice, position);
    format!("{red} {green} {blue}")
}

pub(super) fn colors(choices: &[Choice]) -> IndexMap<String, String> {
    choices
        .iter()
        .enumerate()
        .map(|(position, choice)| {
            let (red, green, blue) = color_at(choice, position);
            (choice.name.clone(), format!("rgba({red}, {green}, {blue}, {ALPHA})"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_in_all_documented_forms() {
        for (text, expected) in [
            ("#fff", Some((255, 255, 255))),
            ("#10a0Ff", Some((16, 160, 255))),
            ("rgb(1, 2,3)", Some((1, 2, 3))),
            ("(4,5,6)", Some((4, 5, 6))),
            ("red", None),
            ("#12", None),
            ("#ää", None),
            ("(1,2,3,4)", None),
            ("rgb(256,0,0)", None),
        ] {
            assert_eq!(parse_color(text), expected, "{text}");
        }
    }
}
