//! The annotation page.

use std::collections::BTreeSet;

use askama::Template;
use project::config::{Config, FormLayout, PageKind, PageOptions};
use project::display::{Field, Heading};
use project::items::Item;
use project::keywords::Group;
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
    /// The labels of the keywords that are marked in the blocks, each with its number.
    legend: Vec<(usize, &'a Group)>,
    /// Whether the blocks stand side by side.
    horizontal: bool,
    /// The room between them.
    gap: Option<&'a str>,
    forms: Vec<String>,
    layout: &'a FormLayout,
    /// JSON, id → span; none where no scheme marks any.
    spans: Option<String>,
    /// JSON, id → link.
    links: String,
    /// JSON, id → event.
    events: String,
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
    /// The field in words.
    name: &'a str,
    /// Sanitised HTML.
    html: String,
    /// What a document's contents name.
    headings: Vec<Heading>,
    /// Whether spans may be in it.
    marked: bool,
}

fn blocks<'a>(config: &'a Config, item: &Item, marks: bool) -> Vec<Block<'a>> {
    let Some(display) = &config.display else {
        let text_key = &config.item_properties.text_key;
        if !marks && config.schemes.iter().any(|scheme| scheme.shows_item(text_key)) {
            return Vec::new();
        }
        let (html, headings) = (item.displayed(config), Vec::new());
        return vec![Block { field: None, name: "", html, headings, marked: marks }];
    };
    // Where no field is named for spans, the one that holds the item's text takes them.
    let named = display.fields.iter().any(|field| field.span_target);
    let is_text = |field: &Field| field.kind_name == "text" && field.key == config.item_properties.text_key;
    let block = |field: &'a Field| {
        let html = field.html(&item.fields, config);
        Block {
            field: Some(field),
            name: field.label.as_deref().unwrap_or(&field.key),
            headings: field.headings(&html),
            html,
            marked: marks && if named { field.span_target } else { is_text(field) },
        }
    };
    display.fields.iter().map(block).collect()
}

/// Marks the keywords in the blocks of text; the labels that occur.
fn highlight<'a>(config: &'a Config, blocks: &mut [Block<'a>]) -> Vec<(usize, &'a Group)> {
    let Some(keywords) = &config.keywords else { return Vec::new() };
    let mut occurring = BTreeSet::new();
    for block in blocks.iter_mut().filter(|block| block.field.is_none_or(Field::is_text)) {
        let (html, groups) = keywords.mark(&block.html);
        block.html = html;
        occurring.extend(groups);
    }
    occurring.into_iter().map(|group| (group + 1, &keywords.groups()[group])).collect()
}

impl<'a> Annotate<'a> {
    pub(crate) fn new(config: &'a Config, user: &'a str, desk: &'a Desk, blocked: Option<String>) -> Self {
        let fields = serde_json::from_str(&desk.fields).unwrap_or_default();
        let item = Item { id: desk.item.clone(), fields };
        let marks = config.schemes.iter().any(Scheme::marks_spans);
        let display = config.display.as_ref();
        let occasion = Occasion { annotator: user, item: Some(&item) };
        let mut blocks = blocks(config, &item, marks);
        Self {
            task: &config.task_name,
            user,
            options: &config.page,
            desk,
            legend: highlight(config, &mut blocks),
            blocks,
            horizontal: display.is_some_and(|display| display.horizontal),
            gap: display.and_then(|display| display.gap.as_deref()),
            layout: &config.layout,
            forms: schemes::forms(&config.schemes, &desk.stored.answers, &occasion),
            links: serde_json::to_string(&desk.stored.links).unwrap_or_default(),
            events: serde_json::to_string(&desk.stored.events).unwrap_or_default(),
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
