//! The page until annotations are taken.

use askama::Template;
use store::Gate;

#[derive(Template)]
#[template(path = "waiting.html")]
pub(crate) struct Waiting<'a> {
    task: &'a str,
    gate: &'a Gate,
}

impl<'a> Waiting<'a> {
    pub(crate) fn new(task: &'a str, gate: &'a Gate) -> Self {
        Self { task, gate }
    }

    pub(crate) fn render(&self) -> String {
        super::text(self)
    }
}
