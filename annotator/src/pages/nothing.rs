//! The page of somebody for whom there is nothing to do.

use askama::Template;
use store::Nothing;

#[derive(Template)]
#[template(path = "nothing.html")]
pub(crate) struct NothingToDo<'a> {
    task: &'a str,
    user: &'a str,
    why: &'static str,
    next: &'static str,
}

impl<'a> NothingToDo<'a> {
    pub(crate) fn new(task: &'a str, user: &'a str, why: Nothing) -> Self {
        let (why, next) = match why {
            Nothing::NoData => ("This study has no items yet.", "They will appear here once they are added."),
            Nothing::ZeroQuota => (
                "This study gives its annotators no items.",
                "Whoever runs it can change max_annotations_per_user.",
            ),
            Nothing::NoQualifiedCategory => (
                "You have not qualified for any category of this study's items.",
                "Whoever runs it can tell you how to qualify.",
            ),
            Nothing::NoBatchGroup => (
                "None of this study's groups of items is yours.",
                "Whoever runs it can add your name to a group.",
            ),
            Nothing::Saturated => (
                "Every item has been given to enough annotators.",
                "If somebody hands one back, it will appear here: come again in an hour.",
            ),
        };
        Self { task, user, why, next }
    }

    pub(crate) fn render(&self) -> String {
        super::text(self)
    }
}
