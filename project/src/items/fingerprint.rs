//! What tells, without reading it, that a data file was not touched.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;

use super::ItemError;
use crate::config::Config;

/// Path, size, time and inode of a data file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Fingerprint {
    /// Absolute.
    pub path: PathBuf,
    /// Bytes.
    pub size: u64,
    /// Nanoseconds since the epoch.
    pub mtime_ns: i128,
    /// Of the file system.
    pub inode: u64,
}

/// One for each data file, in their order.
pub fn fingerprint(config: &Config) -> Result<Vec<Fingerprint>, ItemError> {
    const NS_PER_S: i128 = 1_000_000_000;
    let one = |path: &PathBuf| {
        let meta = fs::metadata(path)
            .map_err(|error| ItemError::at(path, None, format!("cannot be looked at: {error}")))?;
        Ok(Fingerprint {
            path: path.clone(),
            size: meta.len(),
            mtime_ns: i128::from(meta.mtime()) * NS_PER_S + i128::from(meta.mtime_nsec()),
            inode: meta.ino(),
        })
    };
    config.data_files.iter().map(|file| one(&file.path)).collect()
}
