//! What fields of media share: the files that a value names, and what stands where one cannot be shown.

use askama::Template;
use serde_json::{Map, Value};

use crate::media::{Media, Source};

/// Keys of a mapping that name the file, and the words to it.
const ADDRESSES: [&str; 8] = ["url", "src", "path", "file", "image", "image_url", "video", "audio"];
const CAPTIONS: [&str; 5] = ["caption", "label", "title", "alt", "name"];

/// One file that a value names.
pub(super) struct Named {
    pub(super) source: Source,
    /// The words that the data has for it.
    pub(super) caption: Option<String>,
    pub(super) poster: Option<String>,
    /// Subtitles.
    pub(super) track: Option<String>,
}

/// The files that a value names: a text, a mapping with an address, or a list of either.
pub(super) fn named(value: &Value, media: &Media) -> Vec<Named> {
    match value {
        Value::Array(values) => values.iter().flat_map(|value| named(value, media)).collect(),
        Value::String(text) if !text.trim().is_empty() => {
            vec![Named { source: media.source(text), caption: None, poster: None, track: None }]
        }
        Value::Object(fields) => {
            let address = find(fields, &ADDRESSES).unwrap_or_default();
            let other = |keys: &[&str]| find(fields, keys).and_then(|text| address_of(&text, media));
            vec![Named {
                source: media.source(&address),
                caption: find(fields, &CAPTIONS),
                poster: other(&["poster", "thumbnail"]),
                track: other(&["captions", "subtitles", "track"]),
            }]
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

fn find(fields: &Map<String, Value>, keys: &[&str]) -> Option<String> {
    let text = keys.iter().find_map(|key| fields.get(*key)?.as_str())?;
    (!text.trim().is_empty()).then(|| text.to_owned())
}

/// Where a text leads, if it leads anywhere.
pub(super) fn address_of(text: &str, media: &Media) -> Option<String> {
    match media.source(text) {
        Source::At(address) => Some(address),
        Source::Missing(_) | Source::Refused(_) => None,
    }
}

#[derive(Template)]
#[template(
    source = r#"<p class="media-missing">{% if missing %}The {{ what }} <code>{{ name }}</code> is missing: it is not among the media of this study.{% else %}<code>{{ name }}</code> is not the address of {{ article }} {{ what }}.{% endif %} Please tell whoever runs the study.</p>"#,
    ext = "html"
)]
struct Absent<'a> {
    what: &'a str,
    article: &'a str,
    name: &'a str,
    missing: bool,
}

/// The words that stand in place of a file.
pub(super) fn absent(what: &str, name: &str, missing: bool) -> String {
    let article = if what.starts_with(['a', 'i']) { "an" } else { "a" };
    super::written(&Absent { what, article, name, missing })
}
