//! The dataset repo on the Hub.

mod client;
mod fetch;
mod outcome;
mod tree;

pub use client::{Head, Hub, HubSettings};
pub use fetch::{FetchError, fetch};
pub use outcome::{HubError, Kind};
