//! Owns processes: binds the port, starts the workers and the syncer, watches them, stops them in order. Knows nothing of
//! annotation.

mod gunicorn;
pub mod settings;
