//! `video`: a film between the other schemes; nothing is asked and nothing stored.

use askama::Template;
use serde_json::Value;

use super::form::{Form, written};
use super::registry::Widget;
use super::{Accepted, Kind, Labels, Refused, Scheme};
use crate::config::{ConfigError, Section, length};
use crate::text;
use crate::yaml::Yaml;

pub(super) const KEYS: &[&str] = &[
    "video_path",
    "autoplay",
    "loop",
    "muted",
    "controls",
    "custom_css",
    "fallback_text",
    "additional_sources",
];

const FALLBACK: &str = "This browser cannot play the film.";
/// Properties of `custom_css`.
const SIZES: [&str; 4] = ["width", "height", "max-width", "max-height"];

/// A film.
#[expect(clippy::struct_excessive_bools, reason = "each is a key of the config by the same name")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Video {
    /// The first that the browser can play is played.
    addresses: Vec<String>,
    controls: bool,
    autoplay: bool,
    repeats: bool,
    muted: bool,
    style: String,
    fallback: String,
}

pub(super) fn read(section: &Section<'_>) -> Result<Kind, ConfigError> {
    let flag = |key, default| Ok::<_, ConfigError>(section.flag(key)?.unwrap_or(default));
    let mut addresses = vec![address(section, "video_path", &section.required_text("video_path")?)?];
    for other in sources(section)? {
        addresses.push(address(section, "additional_sources", &other)?);
    }
    Ok(Kind::Video(Video {
        addresses,
        controls: flag("controls", true)?,
        autoplay: flag("autoplay", false)?,
        repeats: flag("loop", false)?,
        muted: flag("muted", false)?,
        style: style(section)?,
        fallback: section.text("fallback_text")?.unwrap_or_else(|| FALLBACK.to_owned()),
    }))
}

/// Addresses, or mappings with the address under `src`, `path` or `url`.
fn sources(section: &Section<'_>) -> Result<Vec<String>, ConfigError> {
    let mut found = Vec::new();
    for (i, node) in section.list("additional_sources")?.unwrap_or_default().iter().enumerate() {
        let key = format!("additional_sources[{i}]");
        if !matches!(node.value, Yaml::Map(_)) {
            found.push(section.node_text(&key, node)?);
            continue;
        }
        let source = section.enter(&key, node)?;
        match source.text("src")?.or(source.text("path")?).or(source.text("url")?) {
            Some(address) => found.push(address),
            None => return Err(source.refuse("src", "is missing and must be the address of a film")),
        }
    }
    Ok(found)
}

/// Where an address of the config leads: a relative one to the project's media.
fn address(section: &Section<'_>, key: &str, value: &str) -> Result<String, ConfigError> {
    text::address(value).ok_or_else(|| {
        section.refuse(key, format!("{value:?} is neither a file of the media nor http or https"))
    })
}

/// The sizes among `custom_css`.
fn style(section: &Section<'_>) -> Result<String, ConfigError> {
    if !matches!(section.get("custom_css").map(|node| &node.value), Some(Yaml::Map(_))) {
        if section.has("custom_css") {
            section.warn("custom_css", "has no effect unless it is a mapping of width, height and the like");
        }
        return Ok(String::new());
    }
    let Some(css) = section.section("custom_css")? else { return Ok(String::new()) };
    css.warn_unknown(&[&SIZES]);
    let size = |name: &str| Ok(length(&css, name)?.map(|length| format!("{name}: {length}; ")));
    let sizes = SIZES.iter().filter_map(|name| size(name).transpose());
    sizes.collect::<Result<String, ConfigError>>()
}

#[derive(Template)]
#[template(path = "video.html")]
struct Page<'a> {
    video: &'a Video,
    description: &'a str,
}

impl Widget for Video {
    fn class(&self) -> &'static str {
        "video"
    }

    fn accept(&self, scheme: &Scheme, label: &str, value: &Value) -> Result<Accepted, Refused> {
        Err(scheme.refused(label, value, "nothing: this scheme only shows a film"))
    }

    fn body(&self, form: &Form<'_>) -> String {
        written(&Page { video: self, description: &form.scheme.description })
    }

    /// There is nothing to answer.
    fn answered(&self, _labels: &Labels) -> bool {
        true
    }
}
