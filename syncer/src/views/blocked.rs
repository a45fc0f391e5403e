//! Users whose `user_state.json` cannot be read: it is left as it is, and they are told.
//!
//! The contract with whoever shows it: `<state_dir>/blocked.json` is a JSON object, user → one sentence; it is replaced
//! whole, and absent or empty while nobody is blocked.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use crate::disk::whole_file;

const FILE: &str = "blocked.json";

/// Who is blocked, and why.
#[derive(Debug)]
pub struct Blocked {
    path: PathBuf,
    users: BTreeMap<String, String>,
}

impl Blocked {
    /// As it was left by the last run.
    pub fn open(state_dir: &Path) -> Self {
        let path = state_dir.join(FILE);
        let users = std::fs::read(&path)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default();
        Self { path, users }
    }

    /// Blocks a user; whether that is news.
    pub fn block(&mut self, user: &str, reason: &str) -> io::Result<bool> {
        if self.users.get(user).is_some_and(|known| known == reason) {
            return Ok(false);
        }
        self.users.insert(user.to_owned(), reason.to_owned());
        self.save().map(|()| true)
    }

    /// Lets a user go on; whether that is news.
    pub fn release(&mut self, user: &str) -> io::Result<bool> {
        if self.users.remove(user).is_none() {
            return Ok(false);
        }
        self.save().map(|()| true)
    }

    /// Who is blocked.
    pub fn users(&self) -> &BTreeMap<String, String> {
        &self.users
    }

    fn save(&self) -> io::Result<()> {
        let bytes = serde_json::to_vec_pretty(&self.users)?;
        whole_file::write(&self.path, &bytes)
    }
}
