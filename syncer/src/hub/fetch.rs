//! Bringing files of one commit here, each checked against the digest that the commit's tree names.

use std::path::Path;

use futures_util::{StreamExt, TryStreamExt, stream};

use super::{Hub, HubError};
use crate::disk::oid::Oid;
use crate::disk::{stable_read, whole_file};
use crate::rounds::plan::RemoteFile;

const AT_ONCE: usize = 8;

/// Why files could not be brought.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The Hub did not give one.
    #[error("{path}: {source}")]
    Hub {
        /// The file.
        path: String,
        /// The cause.
        source: HubError,
    },
    /// What came is not what the commit holds.
    #[error("{path} arrived with {size} bytes that are not those that the repo lists")]
    Damaged {
        /// The file.
        path: String,
        /// The bytes that came.
        size: usize,
    },
    /// It cannot be written.
    #[error("{path} cannot be written: {source}")]
    Write {
        /// The file.
        path: String,
        /// The cause.
        source: std::io::Error,
    },
}

/// Fetches files of commit `sha` into `dir`; those that are there already and are right are kept. `progress` is told
/// how many are done.
pub async fn fetch(
    hub: &Hub,
    sha: &str,
    files: &[(String, RemoteFile)],
    dir: &Path,
    progress: impl Fn(usize),
) -> Result<(), FetchError> {
    let one = async |(path, file): &(String, RemoteFile)| {
        let write_error = |source| FetchError::Write { path: path.clone(), source };
        let place = dir.join(path);
        if stable_read::oid(&place).is_ok_and(|(oid, _)| file.holds(&oid)) {
            return Ok(());
        }
        let content =
            hub.file(sha, path).await.map_err(|source| FetchError::Hub { path: path.clone(), source })?;
        if !file.holds(&Oid::of(&content)) {
            return Err(FetchError::Damaged { path: path.clone(), size: content.len() });
        }
        let parent = place.parent().unwrap_or(dir);
        whole_file::make_dirs(parent).and_then(|()| whole_file::write(&place, &content)).map_err(write_error)
    };
    let mut running = stream::iter(files).map(one).buffer_unordered(AT_ONCE);
    let mut done = 0;
    while running.try_next().await?.is_some() {
        done += 1;
        progress(done);
    }
    Ok(())
}
