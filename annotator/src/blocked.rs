//! Annotators whose earlier `user_state.json` cannot be read. The syncer leaves the file as it is and lists them in
//! `<state_dir>/blocked.json` (user → one sentence); here they are told.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

const FILE: &str = "blocked.json";
/// How old what is known may be.
const FRESH: Duration = Duration::from_secs(2);

type Users = Arc<BTreeMap<String, String>>;

/// The list, read again now and then.
pub(crate) struct Blocked {
    file: PathBuf,
    known: Mutex<Option<(Instant, Users)>>,
}

impl Blocked {
    pub(crate) fn new(state_dir: &Path) -> Self {
        Self { file: state_dir.join(FILE), known: Mutex::default() }
    }

    /// Why a user's earlier answers are not shown; none if all is well.
    pub(crate) fn reason(&self, user: &str) -> Option<String> {
        self.users().get(user).cloned()
    }

    fn users(&self) -> Users {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        match &*known {
            Some((at, users)) if at.elapsed() < FRESH => Arc::clone(users),
            _ => {
                let read = std::fs::read(&self.file).ok();
                let users: Users =
                    Arc::new(read.and_then(|b| serde_json::from_slice(&b).ok()).unwrap_or_default());
                *known = Some((Instant::now(), Arc::clone(&users)));
                users
            }
        }
    }
}
