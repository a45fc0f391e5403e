//! What the store promises, seen from outside.

mod accounts;
mod assignment;
mod histories;
mod import;
mod saving;
mod study;
