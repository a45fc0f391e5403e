//! Taking over what somebody else wrote into a `user_state.json`.

use std::io;

use project::user_state::UserState;
use tracing::{info, warn};

use crate::disk::names::STATE_FILE;
use crate::disk::oid::Oid;
use crate::disk::stable_read::{self, Stat};
use crate::views::mirror::{Mirror, MirrorError};

const NANOS_A_MILLI: i64 = 1_000_000;

impl Mirror {
    /// Imports a user's file if it is not the one that was written last; whether it was another one. One that cannot be
    /// read blocks its user and is left as it is.
    pub(crate) async fn import_if_changed(&mut self, user: &str) -> Result<bool, MirrorError> {
        let path = self.settings.out.join(user).join(STATE_FILE);
        let file_error = |source| MirrorError::File { path: path.clone(), source };
        let written = self.manifest.view(user)?;
        if let Some(left) = self.left.get(user)
            && Stat::of(&path).is_ok_and(|stat| stat == *left)
        {
            return Ok(false);
        }
        let (content, stat) = match stable_read::bytes(&path) {
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                self.blocked.release(user).map_err(file_error)?;
                return Ok(false);
            }
            content => content.map_err(file_error)?,
        };
        if written.is_some_and(|written| written.oid == Oid::of(&content)) {
            self.left.insert(user.to_owned(), stat);
            self.blocked.release(user).map_err(file_error)?;
            return Ok(false);
        }
        let state = match read(user, &content) {
            Ok(state) => state,
            Err(reason) => {
                let reason = format!(
                    "{user}/{STATE_FILE} {reason}. It was left as it is: repair it, or move it away to go on without it."
                );
                if self.blocked.block(user, &reason).map_err(file_error)? {
                    warn!(user, "{reason}");
                }
                return Ok(true);
            }
        };
        let modified = u64::try_from(stat.mtime / NANOS_A_MILLI).unwrap_or(0);
        let changes = self.store.import(user, &state, written.map(|written| written.seq), modified).await?;
        self.blocked.release(user).map_err(file_error)?;
        self.left.insert(user.to_owned(), stat);
        if changes > 0 {
            info!(user, changes, "imported what somebody else wrote into {user}/{STATE_FILE}");
        }
        Ok(true)
    }
}

fn read(user: &str, content: &[u8]) -> Result<UserState, String> {
    project::names::check(user)
        .map_err(|error| format!("is in a folder that is no annotator's ({error})"))?;
    let state = UserState::parse(content).map_err(|error| format!("cannot be read ({error})"))?;
    if state.user_id != user {
        return Err(format!("is about '{}', not about '{user}'", state.user_id));
    }
    Ok(state)
}
