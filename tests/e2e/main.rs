//! The promises, kept by the real programs: one link for all end-to-end tests.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod corrupt;
mod disk;
mod displays;
mod entrypoint;
mod gate;
mod hub_client;
mod instances;
mod load;
mod outage;
mod page;
mod phases;
mod potato;
mod restore;
mod secrets;
mod start;
mod walk;

/// A token of the form that the Hub gives.
const TOKEN: &str = "hf_endToEndTestTokenOfNoWorth0000";
const REPO: &str = "lab/backup";
