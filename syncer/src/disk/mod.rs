//! The output directory and the state directory: what lies there, under which name, read and written whole.

pub mod manifest;
pub mod names;
pub mod oid;
pub mod scan;
pub mod stable_read;
pub mod watch;
pub mod whole_file;
