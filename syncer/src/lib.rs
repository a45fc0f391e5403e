//! Sends out what the store holds: views for people and Potato's tools, and a history that is the way back.
//!
//! [`syncer::run`] is the whole. What decides is pure and apart from what does: [`plan`] (which files make a commit),
//! [`cadence`] (when), [`push`] (what follows a failure). What knows only files and the Hub ([`scan`], [`plan`],
//! [`manifest`], [`hub`]) does not know the store; [`mirror`] turns the store into files.

pub mod blocked;
mod blocking;
pub mod boot;
pub mod cadence;
pub mod clock;
pub mod head;
pub mod hub;
mod import;
pub mod incoming;
pub mod manifest;
pub mod mirror;
pub mod names;
pub mod oid;
pub mod plan;
pub mod push;
mod rounds;
pub mod scan;
mod seal;
pub mod secrets;
pub mod segments;
pub mod settings;
pub mod stable_read;
pub mod status;
pub mod stop;
pub mod syncer;
pub mod trouble;
pub mod view_lag;
mod views;
pub mod watch;
pub mod whole_file;

pub use rounds::Left;
