//! The history in files: sealed segments, the head that names their state, and those that come from elsewhere.

pub mod head;
pub mod incoming;
pub(crate) mod seal;
pub mod segments;
