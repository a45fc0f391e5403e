//! `user_state.json`: written from the store, and taken in where somebody else wrote it.

pub mod blocked;
pub(crate) mod import;
pub mod lag;
pub mod mirror;
pub(crate) mod presented;
mod write;
