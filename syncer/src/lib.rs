//! Sends out what the store holds: views for people and Potato's tools, and a history that is the way back.
//!
//! [`syncer::run`] is the whole. What decides is pure and apart from what does: [`rounds::plan`] (which files make a commit),
//! [`rounds::cadence`] (when), [`rounds::after`] (what follows a failure). [`disk`] and [`hub`] know only files and the Hub;
//! [`views`] and [`history`] turn the store into files and back; [`boot`] finds out whether there is a backup.

mod blocking;
pub mod boot;
pub mod clock;
pub mod disk;
pub mod history;
pub mod hub;
pub mod rounds;
pub mod secrets;
pub mod settings;
pub mod status;
pub mod stop;
pub mod syncer;
pub mod views;

pub use rounds::Left;
