//! The HTTP worker: takes in what annotators do. A request becomes one transaction of the store and a page.
//!
//! [`router`] has all routes; [`serve`] is the start-up. What a worker needs to know about a request is in the request and in
//! the store, so any worker can answer any request.

mod accounts;
mod app;
mod assets;
mod blocked;
mod gate;
mod origin;
mod pages;
mod passwords;
mod payload;
mod respond;
mod router;
mod routes;
mod serve;
mod session;
mod settings;

pub use accounts::SeedError;
pub use app::App;
pub use router::router;
pub use serve::{StartError, check, serve};
pub use session::{KeyError, key};
pub use settings::{SettingError, Settings};
