//! The page at the end.

use askama::Template;
use store::End;

#[derive(Template)]
#[template(path = "done.html")]
pub(crate) struct Done<'a> {
    pub(crate) task: &'a str,
    pub(crate) user: &'a str,
    /// Items answered.
    pub(crate) answered: u64,
    /// How it came to the end.
    pub(crate) end: &'a End,
    /// The completion code, if the study has one.
    pub(crate) code: Option<&'a str>,
}

impl Done<'_> {
    pub(crate) fn render(&self) -> String {
        super::text(self)
    }
}
