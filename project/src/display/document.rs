//! A field of type `document`: long text or HTML that scrolls in itself, with its headings as a table of contents.

use std::fmt::Write;

use serde_json::Value;

use super::Kind;
use super::options::Options;
use crate::config::{ConfigError, PageOptions};
use crate::markup::{self, Piece};
use crate::text;

pub(super) const OPTIONS: &[&str] = &["show_outline"];

/// Fewer headings need no contents.
const LEAST_HEADINGS: usize = 2;

/// How a document is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Document {
    outlined: bool,
}

/// A heading of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u32,
    /// The `id` of its element.
    pub id: String,
    /// Its words.
    pub text: String,
}

pub(super) fn read(options: &Options<'_>) -> Result<Kind, ConfigError> {
    Ok(Kind::Document(Document { outlined: options.flag("show_outline", true)? }))
}

/// Tags and their attributes count nothing, so that spans lie as in the text alone.
pub(super) fn html(value: &Value, key: &str, page: &PageOptions) -> String {
    let html = match value {
        Value::String(text) => text::sanitise(text),
        other => text::sanitise(&text::displayed_text(other, page)),
    };
    let class = if html.contains('<') { "document" } else { "document plain" };
    format!("<div class=\"{class}\">{}</div>", with_ids(&html, key))
}

impl Document {
    pub(super) fn headings(&self, html: &str) -> Vec<Heading> {
        let mut found: Vec<Heading> = Vec::new();
        let mut open = false;
        for piece in markup::pieces(html).filter(|_| self.outlined) {
            match piece {
                Piece::Tag(tag) => match level(tag) {
                    Some(level) => {
                        let id = tag.split_once(" id=\"").and_then(|(_, id)| id.split('"').next());
                        let id = id.unwrap_or_default().to_owned();
                        found.push(Heading { level, id, text: String::new() });
                        open = true;
                    }
                    None if tag.starts_with("</h") => open = false,
                    None => {}
                },
                Piece::Char(_, c) => {
                    if let Some(heading) = found.last_mut().filter(|_| open) {
                        heading.text.push(c);
                    }
                }
            }
        }
        found.retain(|heading| !heading.text.trim().is_empty());
        if found.len() < LEAST_HEADINGS { Vec::new() } else { found }
    }
}

/// The level of a tag that opens a heading.
fn level(tag: &str) -> Option<u32> {
    let mut name = tag.strip_prefix("<h")?.chars();
    let level = name.next()?.to_digit(10).filter(|level| (1..=6).contains(level))?;
    name.next().is_some_and(|next| next == '>' || next == ' ').then_some(level)
}

/// Each heading with an id to go to; `key` keeps documents of one page apart.
fn with_ids(html: &str, key: &str) -> String {
    let key: String = key.chars().filter(|c| c.is_alphanumeric()).collect();
    let mut whole = String::with_capacity(html.len());
    let mut number = 0;
    for piece in markup::pieces(html) {
        match piece {
            Piece::Tag(tag) if level(tag).is_some() => {
                let (name, attributes) = tag.split_at("<h1".len());
                number += 1;
                // Writing into memory does not fail.
                let _ = write!(whole, "{name} id=\"{key}-section-{number}\"{attributes}");
            }
            Piece::Tag(written) | Piece::Char(written, _) => whole.push_str(written),
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn headings_are_the_contents_and_the_text_stays_as_it_is() {
        let document = Document { outlined: true };
        let html = super::html(
            &json!(
                "<h1 class=\"a\" title=\"<h1>\">One &amp; <i>only</i></h1><hr><p>é</p><h3>Three</h3><h2></h2>"
            ),
            "my text",
            &PageOptions::default(),
        );
        let headings = document.headings(&html);
        let seen: Vec<_> = headings
            .iter()
            .map(|heading| (heading.level, heading.id.as_str(), heading.text.as_str()))
            .collect();
        assert_eq!(seen, [(1, "mytext-section-1", "One & only"), (3, "mytext-section-2", "Three")]);
        assert_eq!(text::page_text(&html), "One & onlyéThree");
        assert_eq!(document.headings("<h1 id=\"x\">alone</h1>"), []);
        let plain = super::html(&json!("a < b\n\nc"), "k", &PageOptions::default());
        assert_eq!(plain, "<div class=\"document plain\">a &lt; b\n\nc</div>");
    }
}
