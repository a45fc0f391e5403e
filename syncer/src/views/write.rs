//! Writing `user_state.json`, off the request path, over nobody's work.

use std::io;

use tracing::{debug, warn};

use crate::disk::manifest::Written;
use crate::disk::names::{STATE_FILE, is_safe};
use crate::disk::oid::Oid;
use crate::disk::stable_read::{self, Stat};
use crate::disk::whole_file;
use crate::views::mirror::{Mirror, MirrorError};
use crate::views::presented;

impl Mirror {
    /// Writes a user's view. What somebody else wrote there is imported first; a file that cannot be read stays.
    pub(crate) async fn write_view(&mut self, user: &str) -> Result<(), MirrorError> {
        if !is_safe(user) || user.contains('/') {
            warn!(user, "an annotator of this name cannot have a folder");
            return Ok(());
        }
        if self.import_if_changed(user).await? && self.blocked.users().contains_key(user) {
            return Ok(());
        }
        let path = self.settings.out.join(user).join(STATE_FILE);
        let file_error = |source| MirrorError::File { path: path.clone(), source };
        let view = self.store.view(user).await?;
        let mut state = view.to_user_state(self.settings.quota);
        presented::add(&self.settings.shuffled, &self.store, view.items.keys(), &mut state).await?;
        let content = state.render();
        let oid = Oid::of(&content);
        match stable_read::oid(&path) {
            Ok((there, _)) if there == oid => {}
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(file_error(error)),
            _ => {
                let dir = path.parent().expect("a file in a folder");
                whole_file::make_dirs(dir)
                    .and_then(|()| whole_file::write(&path, &content))
                    .map_err(file_error)?;
                debug!(user, bytes = content.len(), "view written");
            }
        }
        self.manifest.set_view(user, &Written { seq: view.seq, oid })?;
        if let Ok(stat) = Stat::of(&path) {
            self.left.insert(user.to_owned(), stat);
        }
        Ok(())
    }
}
