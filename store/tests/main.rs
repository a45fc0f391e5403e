//! What the store promises, seen from outside.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod accounts;
mod assignment;
mod cost;
mod histories;
mod import;
mod phases;
mod saving;
mod simulation;
mod strategies;
mod study;
