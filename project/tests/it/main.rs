//! What other crates rely on, through the public API alone.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod answers;
mod assignment;
mod backup;
mod conditions;
mod config;
mod display;
mod examples;
mod forms;
mod items;
mod kit;
mod layout;
mod phases;
mod scales;
mod user_state;
