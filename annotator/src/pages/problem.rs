//! The page of an error.

use askama::Template;

#[derive(Template)]
#[template(path = "problem.html")]
pub(crate) struct Problem<'a> {
    pub(crate) status: u16,
    pub(crate) message: &'a str,
}

impl Problem<'_> {
    pub(crate) fn render(&self) -> String {
        super::text(self)
    }
}
