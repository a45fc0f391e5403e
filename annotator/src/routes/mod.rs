//! Handlers, one file for what an annotator does in one place.

pub(crate) mod annotate;
pub(crate) mod highlights;
pub(crate) mod home;
pub(crate) mod media;
pub(crate) mod phases;
pub(crate) mod read_back;
pub(crate) mod save;
pub(crate) mod sign_in;
pub(crate) mod status;
pub(crate) mod track;
