//! A field of type `image`: as large as there is room for, and full size on request.

use askama::Template;
use serde_json::Value;

use super::options::Options;
use super::sources::{self, Named};
use super::{Kind, Place, written};
use crate::config::ConfigError;
use crate::media::Source;

pub(super) const OPTIONS: &[&str] = &["zoomable", "alt_text", "max_width"];

/// How an image is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Image {
    zoomable: bool,
    alt: Option<String>,
    max_width: Option<u32>,
}

pub(super) fn read(options: &Options<'_>) -> Result<Kind, ConfigError> {
    Ok(Kind::Image(Image {
        zoomable: options.flag("zoomable", true)?,
        alt: options.text("alt_text")?,
        max_width: options.size("max_width", "pixels")?,
    }))
}

#[derive(Template)]
#[template(path = "image.html")]
struct Picture<'a> {
    address: &'a str,
    alt: &'a str,
    zoomable: bool,
    max_width: Option<u32>,
    caption: Option<&'a str>,
}

impl Image {
    pub(super) fn html(&self, value: &Value, place: &Place<'_>) -> String {
        let alt = self.alt.as_deref().unwrap_or(place.name);
        let shown = |named: &Named| draw(named, alt, self.zoomable, self.max_width, false);
        sources::named(value, place.media).iter().map(shown).collect()
    }
}

/// One image, or why there is none; `captioned` where its words stand below it, too.
pub(super) fn draw(
    named: &Named,
    alt: &str,
    zoomable: bool,
    max_width: Option<u32>,
    captioned: bool,
) -> String {
    match &named.source {
        Source::At(address) => written(&Picture {
            address,
            alt: named.caption.as_deref().unwrap_or(alt),
            zoomable,
            max_width,
            caption: named.caption.as_deref().filter(|_| captioned),
        }),
        Source::Missing(path) => sources::absent("image", path, true),
        Source::Refused(value) => sources::absent("image", value, false),
    }
}
