//! Owns processes: binds the port, starts the workers and the syncer, watches them, stops them in order. Knows nothing of
//! annotation.

pub mod environment;
mod gunicorn;
mod secrets;
pub mod settings;
pub mod supervisor;
