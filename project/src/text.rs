//! The text of an item as annotators see it: tidied, lists laid out, and only harmless HTML left.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use serde_json::Value;

use crate::config::{PageOptions, Prefix};
use crate::markup::{self, Piece};
use crate::media;

/// Tags that may stand in a text; others are shown as the text that they are, as in Potato: `<user>` may be data.
const TAGS: &[&str] = &[
    "span",
    "b",
    "i",
    "u",
    "strong",
    "em",
    "mark",
    "s",
    "del",
    "ins",
    "br",
    "hr",
    "wbr",
    "div",
    "p",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "table",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "th",
    "td",
    "caption",
    "colgroup",
    "col",
    "sub",
    "sup",
    "small",
    "code",
    "pre",
    "blockquote",
    "abbr",
    "cite",
    "kbd",
    "samp",
    "var",
    "details",
    "summary",
    "a",
    "img",
    "figure",
    "figcaption",
    "video",
    "audio",
    "source",
    "track",
    "ruby",
    "rt",
    "rp",
];

/// Attributes that every tag may carry.
const ATTRIBUTES: &[&str] = &["class", "title", "lang", "dir"];

/// Attributes of single tags.
const TAG_ATTRIBUTES: &[(&str, &[&str])] = &[
    ("a", &["href"]),
    ("img", &["src", "alt", "width", "height"]),
    ("video", &["src", "controls", "width", "height", "poster", "loop", "muted", "preload"]),
    ("audio", &["src", "controls", "loop", "muted", "preload"]),
    ("source", &["src", "type"]),
    ("track", &["src", "kind", "srclang", "label"]),
    ("td", &["colspan", "rowspan"]),
    ("th", &["colspan", "rowspan", "scope"]),
    ("col", &["span"]),
    ("colgroup", &["span"]),
    ("ol", &["start", "type", "reversed"]),
    ("details", &["open"]),
];

/// Schemes of addresses; a relative address passes too.
const URL_SCHEMES: &[&str] = &["http", "https", "mailto"];

/// Between the entries of a list.
const ENTRY_BREAK: &str = "<br/><br/>";

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::new();
    builder
        .tags(TAGS.iter().copied().collect())
        .generic_attributes(ATTRIBUTES.iter().copied().collect())
        .tag_attributes(attributes())
        .url_schemes(URL_SCHEMES.iter().copied().collect())
        .url_relative(UrlRelative::Custom(Box::new(relative)))
        .link_rel(Some("noopener noreferrer"));
    builder
});

fn attributes() -> HashMap<&'static str, HashSet<&'static str>> {
    TAG_ATTRIBUTES.iter().map(|(tag, names)| (*tag, names.iter().copied().collect())).collect()
}

/// A relative address in the data means a file of the project's media; one from the root on, or within the page, means what it says.
#[expect(clippy::unnecessary_wraps, reason = "the shape that the sanitiser asks for")]
fn relative(address: &str) -> Option<Cow<'_, str>> {
    if address.is_empty() || address.starts_with(['/', '#', '?']) {
        return Some(Cow::Borrowed(address));
    }
    Some(Cow::Owned(format!("{}{}", media::PREFIX, address.strip_prefix("./").unwrap_or(address))))
}

/// Where an address of the project leads; none if that is nowhere on the web.
pub(crate) fn address(value: &str) -> Option<String> {
    let value = value.trim();
    match value.split_once(':').map(|(scheme, _)| scheme.to_lowercase()) {
        Some(scheme) if scheme == "http" || scheme == "https" => Some(value.to_owned()),
        Some(scheme) if !scheme.contains(['/', '?', '#']) => None,
        _ => relative(value).filter(|address| !address.is_empty()).map(Cow::into_owned),
    }
}

/// HTML with only the tags, attributes and addresses that do no harm.
pub fn sanitise(html: &str) -> String {
    SANITISER.clean(&escape_other_tags(html)).to_string()
}

/// The text that a page shows for sanitised HTML: no tags, each entity one character. The offsets of spans count its code points.
pub fn page_text(sanitised: &str) -> String {
    let char = |piece| match piece {
        Piece::Tag(_) => None,
        Piece::Char(_, meant) => Some(meant),
    };
    markup::pieces(sanitised).filter_map(char).collect()
}

/// Every `<` that does not open or close a tag of the list, or that nothing ends, becomes text.
fn escape_other_tags(html: &str) -> Cow<'_, str> {
    let last_end = html.rfind('>').unwrap_or(0);
    let mut escaped = String::new();
    let mut copied = 0;
    for (at, _) in
        html.match_indices('<').filter(|(at, _)| *at >= last_end || !is_listed_tag(&html[at + 1..]))
    {
        escaped.push_str(&html[copied..at]);
        escaped.push_str("&lt;");
        copied = at + 1;
    }
    if copied == 0 {
        return Cow::Borrowed(html);
    }
    escaped.push_str(&html[copied..]);
    Cow::Owned(escaped)
}

/// Whether `rest`, which follows a `<`, begins with the name of a tag of the list.
fn is_listed_tag(rest: &str) -> bool {
    let name_on = rest.strip_prefix('/').unwrap_or(rest);
    let end = name_on.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name_on.len());
    let (name, after) = name_on.split_at(end);
    after.starts_with(|c: char| c == '>' || c == '/' || c.is_ascii_whitespace())
        && TAGS.iter().any(|tag| tag.eq_ignore_ascii_case(name))
}

/// What Potato shows for the value under `text_key`, as HTML that has not been sanitised.
pub fn displayed_text(value: &Value, page: &PageOptions) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => tidied(text, page.highlight_linebreaks),
        Value::Number(number) => number.to_string(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Array(entries) => list(entries, page),
        Value::Object(_) => {
            format!("{value:#}")
        }
    }
}

/// Control characters but the newline removed (a tab too, as Potato does), runs of spaces made one, ends stripped.
fn tidied(text: &str, breaks: bool) -> String {
    let mut tidy = String::with_capacity(text.len());
    for c in text.chars().filter(|c| *c == '\n' || !c.is_control()) {
        if !(c == ' ' && tidy.ends_with(' ')) {
            tidy.push(c);
        }
    }
    let tidy = tidy.trim();
    if breaks { tidy.replace('\n', "<br/>") } else { tidy.to_owned() }
}

fn list(entries: &[Value], page: &PageOptions) -> String {
    let entries = entries.iter().enumerate().map(|(i, entry)| {
        let text = displayed_text(entry, page);
        match prefix(page.list_as_text.prefix, i) {
            Some(prefix) => format!("<b>{prefix}</b> {text}"),
            None => text,
        }
    });
    entries.collect::<Vec<_>>().join(ENTRY_BREAK)
}

fn prefix(kind: Prefix, position: usize) -> Option<String> {
    match kind {
        Prefix::Alphabet => Some(format!("{}.", letters(position))),
        Prefix::Number => Some(format!("{}.", position + 1)),
        Prefix::Bullet => Some("•".to_owned()),
        Prefix::None => None,
    }
}

/// A … Z, AA, AB …
pub(crate) fn letters(mut position: usize) -> String {
    const ALPHABET: &[u8; 26] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(ALPHABET[position % ALPHABET.len()]));
        if position < ALPHABET.len() {
            break;
        }
        position = position / ALPHABET.len() - 1;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::config::ListAsText;

    fn shown(value: &Value) -> String {
        displayed_text(value, &PageOptions::default())
    }

    #[test]
    fn text_is_tidied_as_potato_does() {
        assert_eq!(shown(&json!(" a\tb \r\n c   d ")), "ab \n c d");
        let page = PageOptions { highlight_linebreaks: true, ..PageOptions::default() };
        assert_eq!(displayed_text(&json!("a\nb"), &page), "a<br/>b");
    }

    #[test]
    fn other_values_are_shown_as_text() {
        assert_eq!(shown(&json!(null)), "");
        assert_eq!(shown(&json!(4.5)), "4.5");
        assert_eq!(shown(&json!({"a": 1})), "{\n  \"a\": 1\n}");
        assert_eq!(shown(&json!(["x", "y"])), "<b>A.</b> x<br/><br/><b>B.</b> y");
        let bullets = ListAsText { prefix: Prefix::Bullet, ..ListAsText::default() };
        let page = PageOptions { list_as_text: bullets, ..PageOptions::default() };
        assert_eq!(displayed_text(&json!(["x"]), &page), "<b>•</b> x");
    }

    #[test]
    fn entries_beyond_the_alphabet_have_two_letters() {
        assert_eq!(
            (letters(25), letters(26), letters(27), letters(52)),
            ("Z".into(), "AA".into(), "AB".into(), "BA".into())
        );
    }

    #[test]
    fn what_only_looks_like_a_tag_is_shown_as_text() {
        for (text, shown) in [
            ("<user> said a < b", "&lt;user&gt; said a &lt; b"),
            ("1 <b", "1 &lt;b"),
            ("<!-- x -->", "&lt;!-- x --&gt;"),
            ("<B>x</B> <br/>", "<b>x</b> <br>"),
            ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
            ("AT&T &amp; co", "AT&amp;T &amp; co"),
            ("", ""),
        ] {
            assert_eq!(sanitise(text), shown, "{text}");
        }
    }

    #[test]
    fn offsets_count_what_the_page_shows() {
        let html = sanitise(&shown(&json!("Tom works at  Acme\nand <b>likes</b> pizza & beer.")));
        assert_eq!(page_text(&html), "Tom works at Acme\nand likes pizza & beer.");
        assert_eq!(page_text(&sanitise("<a title=\"a > b\" href=\"x\">é</a> 1 < 2<br>x")), "é 1 < 2x");
    }

    #[test]
    fn relative_addresses_lead_to_the_media() {
        for (html, shown) in [
            ("<img src=\"a/b.png\">", "<img src=\"/media/a/b.png\">"),
            ("<img src=\"./b.png\">", "<img src=\"/media/b.png\">"),
            ("<img src=\"/media/b.png\">", "<img src=\"/media/b.png\">"),
            ("<img src=\"https://x.org/b.png\">", "<img src=\"https://x.org/b.png\">"),
        ] {
            assert_eq!(sanitise(html), shown);
        }
        assert!(sanitise("<a href=\"#end\">x</a>").contains("href=\"#end\""));
    }

    #[test]
    fn harmless_html_stays_and_the_rest_goes() {
        let html = "Tom <b>likes</b> pizza & beer<script>alert(1)</script>\
                    <a href=\"javascript:alert(1)\">x</a><img src=x onerror=alert(1)><svg onload=alert(1)></svg>";
        let clean = sanitise(html);
        assert!(clean.contains("<b>likes</b> pizza &amp; beer"), "{clean}");
        for harm in ["<script", "javascript:", "onerror", "<svg"] {
            assert!(!clean.contains(harm), "{harm} in {clean}");
        }
    }
}
