//! The annotation page.

use askama::Template;
use project::config::{Config, PageOptions};
use project::items::Item;
use project::schemes::Scheme;
use serde_json::Value;
use store::Desk;

#[derive(Template)]
#[template(path = "annotate.html")]
pub(crate) struct Annotate<'a> {
    task: &'a str,
    user: &'a str,
    options: &'a PageOptions,
    desk: &'a Desk,
    /// Sanitised HTML.
    text: String,
    forms: Vec<String>,
    /// JSON, id → span; none where no scheme marks any.
    spans: Option<String>,
    answered_here: bool,
    row: String,
    /// Why earlier answers are not shown.
    blocked: Option<String>,
}

impl<'a> Annotate<'a> {
    pub(crate) fn new(config: &'a Config, user: &'a str, desk: &'a Desk, blocked: Option<String>) -> Self {
        let fields = serde_json::from_str(&desk.fields).unwrap_or_default();
        let item = Item { id: desk.item.clone(), fields };
        let schemes = config.schemes.iter().enumerate();
        let marks = config.schemes.iter().any(Scheme::marks_spans);
        Self {
            task: &config.task_name,
            user,
            options: &config.page,
            desk,
            text: item.displayed(config),
            forms: schemes.map(|(n, scheme)| scheme.form(n, desk.stored.answers.get(&scheme.name))).collect(),
            spans: marks.then(|| serde_json::to_string(&desk.stored.spans).unwrap_or_default()),
            answered_here: !desk.stored.is_empty(),
            row: Value::Object(item.fields).to_string(),
            blocked,
        }
    }

    pub(crate) fn render(&self) -> String {
        super::text(self)
    }

    /// Items answered of those that will be, in percent.
    fn percent(&self) -> u64 {
        (self.desk.answered * 100).checked_div(self.desk.expected).unwrap_or(0).min(100)
    }
}
