//! What a Potato project *is*: its config, its items, its schemes and its file formats.
//!
//! Nothing here writes, listens or reads the environment; the only I/O is reading files.

pub mod conditions;
pub mod config;
pub mod display;
mod instruments;
pub mod items;
pub mod keywords;
mod markup;
pub mod media;
pub mod names;
mod random;
pub mod roster;
pub mod schemes;
pub mod secret;
pub mod text;
pub mod user_state;
mod yaml;
