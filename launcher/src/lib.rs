//! Owns processes: binds the port, starts the workers and the syncer, watches them, stops them in order. Knows nothing of
//! annotation.

pub mod bind;
pub mod child;
pub mod environment;
pub mod events;
mod gunicorn;
mod inherited;
mod notify;
pub mod own;
mod programs;
mod secrets;
pub mod settings;
pub mod supervisor;
