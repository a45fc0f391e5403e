//! A field of type `gallery`: several images in a grid, each with its words.

use std::fmt::Write;

use serde_json::Value;

use super::options::Options;
use super::{Kind, Place, image, sources};
use crate::config::ConfigError;

pub(super) const OPTIONS: &[&str] = &["zoomable", "columns", "show_captions"];

/// How images are laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Gallery {
    zoomable: bool,
    /// As many as there is room for where it is not given.
    columns: Option<u32>,
    captions: bool,
}

pub(super) fn read(options: &Options<'_>) -> Result<Kind, ConfigError> {
    Ok(Kind::Gallery(Gallery {
        zoomable: options.flag("zoomable", true)?,
        columns: options.size("columns", "columns")?,
        captions: options.flag("show_captions", true)?,
    }))
}

impl Gallery {
    pub(super) fn html(&self, value: &Value, place: &Place<'_>) -> String {
        let columns =
            self.columns.map(|columns| format!(" style=\"--columns: {columns}\"")).unwrap_or_default();
        let mut html = format!("<ul class=\"gallery\"{columns}>");
        for (n, named) in sources::named(value, place.media).iter().enumerate() {
            let alt = format!("{} {}", place.name, n + 1);
            let picture = image::draw(named, &alt, self.zoomable, None, self.captions);
            // Writing into memory does not fail.
            let _ = write!(html, "<li>{picture}</li>");
        }
        html.push_str("</ul>");
        html
    }
}
