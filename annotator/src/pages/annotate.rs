//! The annotation page.

use askama::Template;
use project::config::{Config, PageKind, PageOptions};
use project::display::Field;
use project::items::Item;
use project::schemes::{self, Occasion, Scheme};
use serde_json::Value;
use store::Desk;

#[derive(Template)]
#[template(path = "annotate.html")]
pub(crate) struct Annotate<'a> {
    task: &'a str,
    user: &'a str,
    options: &'a PageOptions,
    desk: &'a Desk,
    /// The item's text, or the fields that are shown instead of it.
    blocks: Vec<Block<'a>>,
    /// Whether the blocks stand side by side.
    horizontal: bool,
    forms: Vec<String>,
    /// JSON, id → span; none where no scheme marks any.
    spans: Option<String>,
    /// JSON, id → link.
    links: String,
    answered_here: bool,
    row: String,
    /// Previous leads out of the items at the first.
    back: bool,
    /// Why earlier answers are not shown.
    blocked: Option<String>,
}

/// A piece of the item.
struct Block<'a> {
    /// The field's key; none for the item's text.
    field: Option<&'a Field>,
    /// Sanitised HTML.
    html: String,
    /// Whether spans may be in it.
    marked: bool,
}

fn blocks<'a>(config: &'a Config, item: &Item, marks: bool) -> Vec<Block<'a>> {
    let Some(display) = &config.display else {
        return vec![Block { field: None, html: item.displayed(config), marked: marks }];
    };
    // Where no field is named for spans, the one that holds the item's text takes them.
    let named = display.fields.iter().any(|field| field.span_target);
    let is_text = |field: &Field| field.key == config.item_properties.text_key;
    let block = |field: &'a Field| Block {
        field: Some(field),
        html: field.html(&item.fields, config),
        marked: marks && if named { field.span_target } else { is_text(field) },
    };
    display.fields.iter().map(block).collect()
}

impl<'a> Annotate<'a> {
    pub(crate) fn new(config: &'a Config, user: &'a str, desk: &'a Desk, blocked: Option<String>) -> Self {
        let fields = serde_json::from_str(&desk.fields).unwrap_or_default();
        let item = Item { id: desk.item.clone(), fields };
        let marks = config.schemes.iter().any(Scheme::marks_spans);
        let occasion = Occasion { annotator: user, item: Some(&item) };
        Self {
            task: &config.task_name,
            user,
            options: &config.page,
            desk,
            blocks: blocks(config, &item, marks),
            horizontal: config.display.as_ref().is_some_and(|display| display.horizontal),
            forms: schemes::forms(&config.schemes, &desk.stored.answers, &occasion),
            links: serde_json::to_string(&desk.stored.links).unwrap_or_default(),
            spans: marks.then(|| serde_json::to_string(&desk.stored.spans).unwrap_or_default()),
            answered_here: !desk.stored.is_empty(),
            row: Value::Object(item.fields).to_string(),
            back: config.phases.back
                && config.phases.pages.first().is_some_and(|page| page.kind != PageKind::Annotation),
            blocked,
        }
    }

    pub(crate) fn render(&self) -> String {
        super::text(self)
    }

    /// Whether there is something to go back to.
    fn has_previous(&self) -> bool {
        self.desk.place > 0 || self.back
    }

    /// Items answered of those that will be, in percent.
    fn percent(&self) -> u64 {
        (self.desk.answered * 100).checked_div(self.desk.expected).unwrap_or(0).min(100)
    }
}
