//! The worker's routes, over its router and a real store.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod any_body;
mod gate;
mod highlights;
mod links;
mod media;
mod phases;
mod random;
mod saving;
mod sessions;
mod shapes;
mod site;
mod spans;
mod walking;
