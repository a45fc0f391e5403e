//! What the pages show: one type a page, filled by the handlers, laid out by the template of its name.

mod annotate;
mod done;
mod nothing;
mod phase;
mod problem;
mod sign_in;
mod waiting;

pub(crate) use annotate::Annotate;
pub(crate) use done::Done;
pub(crate) use nothing::NothingToDo;
pub(crate) use phase::PhasePage;
pub(crate) use problem::Problem;
pub(crate) use sign_in::SignIn;
pub(crate) use waiting::Waiting;

/// The text of a template. Writing into memory does not fail.
fn text(template: &impl askama::Template) -> String {
    template.render().unwrap_or_default()
}
