//! A field of type `code`: shown to the letter.

use askama::filters::{Html, escape};
use serde_json::Value;

pub(super) const OPTIONS: &[&str] = &["language", "show_line_numbers", "wrap_lines"];

pub(super) fn html(value: &Value) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => format!("{other:#}"),
    };
    let escaped = escape(&text, Html).map(|text| text.to_string()).unwrap_or_default();
    format!("<pre class=\"code-field\" tabindex=\"0\"><code>{escaped}</code></pre>")
}
