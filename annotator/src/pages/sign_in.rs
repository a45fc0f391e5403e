//! The sign-in page.

use askama::Template;

#[derive(Template)]
#[template(path = "sign_in.html")]
pub(crate) struct SignIn<'a> {
    pub(crate) task: &'a str,
    pub(crate) description: Option<&'a str>,
    /// Whether a password is asked for.
    pub(crate) password: bool,
    /// What went wrong before.
    pub(crate) error: Option<&'a str>,
    /// The name that was typed.
    pub(crate) name: &'a str,
}

impl SignIn<'_> {
    pub(crate) fn render(&self) -> String {
        super::text(self)
    }
}
