//! Why a config is refused, in one line.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// A config that cannot be served as it is.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is missing, unreadable or not a config at all.
    #[error("{file}: {problem}", file = file.display())]
    File {
        /// The path as given.
        file: PathBuf,
        /// What is wrong and what to do.
        problem: String,
    },
    /// The file cannot be read.
    #[error("{file}: cannot be read: {source}", file = file.display())]
    Read {
        /// The path as given.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is not YAML.
    #[error("{file} at line {line}: not valid YAML: {problem}", file = file.display())]
    Syntax {
        /// The config file.
        file: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What the parser found.
        problem: String,
    },
    /// One key has a value that cannot be served.
    #[error("{file}{line}: {key}: {problem}", file = file.display(), line = AtLine(*line))]
    Key {
        /// The config file.
        file: PathBuf,
        /// Counted from 1, where known.
        line: Option<usize>,
        /// Dotted, list places in brackets: `annotation_schemes[0].size`.
        key: String,
        /// The value, and what is allowed.
        problem: String,
    },
}

struct AtLine(Option<usize>);

impl fmt::Display for AtLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(line) => write!(f, " at line {line}"),
            None => Ok(()),
        }
    }
}
