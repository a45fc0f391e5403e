//! What lies in the output directory: names and stamps from a walk, contents only where a stamp is new.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::disk::manifest::{Manifest, ManifestError};
use crate::disk::names::HISTORY;
use crate::disk::oid::Oid;
use crate::disk::stable_read::{self, Stat};
use crate::disk::whole_file::TEMP_SUFFIX;

/// A file written this shortly before it was read could change again without a new time stamp.
const STAMP_GRAIN: Duration = Duration::from_millis(50);
/// Never sent: half-written files, what a database keeps beside itself, and logs (they hold names and addresses).
const LEFT_OUT: [&str; 5] = [TEMP_SUFFIX, ".log", "-journal", "-wal", "-shm"];

/// A file that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Relative to the directory, with `/`.
    pub path: String,
    /// Its content.
    pub oid: Oid,
}

/// What a scan found.
#[derive(Debug, Default)]
pub struct Scan {
    /// The files, by path in order.
    pub files: Vec<Found>,
    /// Files that could not be read now, each with the reason: they are left for the next scan.
    pub unread: Vec<(String, io::Error)>,
}

/// A scan that could not be done.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// The directory cannot be listed.
    #[error("{} cannot be listed: {source}", path.display())]
    List {
        /// The directory.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The manifest failed.
    #[error("the syncer's own file failed: {0}")]
    Manifest(#[from] ManifestError),
}

/// Scans `dir`, leaving out `state_dir`. Blocking.
pub fn scan(dir: &Path, state_dir: &Path, manifest: &Manifest) -> Result<Scan, ScanError> {
    let mut known = manifest.files()?;
    let mut scan = Scan::default();
    let mut fresh = Vec::new();
    let mut walk = Walk { state_dir, found: Vec::new() };
    walk.descend(dir, "", true)?;
    for (path, stat) in walk.found {
        let remembered = known.remove(&path).filter(|(then, _)| *then == stat);
        let oid = match remembered {
            Some((_, oid)) => oid,
            None => match stable_read::oid(&dir.join(&path)) {
                Ok((oid, stat)) => {
                    if is_settled(&stat) {
                        fresh.push((path.clone(), stat, oid));
                    }
                    oid
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => {
                    scan.unread.push((path, error));
                    continue;
                }
            },
        };
        scan.files.push(Found { path, oid });
    }
    scan.files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    forget(&known, &fresh, manifest)?;
    Ok(scan)
}

fn forget(
    gone: &HashMap<String, (Stat, Oid)>,
    fresh: &[(String, Stat, Oid)],
    manifest: &Manifest,
) -> Result<(), ManifestError> {
    if fresh.is_empty() && gone.is_empty() {
        return Ok(());
    }
    let gone: Vec<String> = gone.keys().cloned().collect();
    manifest.set_files(fresh, &gone)
}

fn is_settled(stat: &Stat) -> bool {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let written = u64::try_from(stat.mtime).map(Duration::from_nanos).unwrap_or_default();
    now.saturating_sub(written) > STAMP_GRAIN
}

struct Walk<'a> {
    state_dir: &'a Path,
    found: Vec<(String, Stat)>,
}

impl Walk<'_> {
    fn descend(&mut self, dir: &Path, prefix: &str, root: bool) -> Result<(), ScanError> {
        let list_error = |source| ScanError::List { path: dir.to_owned(), source };
        let entries = match std::fs::read_dir(dir) {
            Err(error) if !root && error.kind() == io::ErrorKind::NotFound => return Ok(()),
            entries => entries.map_err(list_error)?,
        };
        for entry in entries {
            let entry = entry.map_err(list_error)?;
            // Git, and so the Hub, could take other names; Potato's readers could not.
            let Ok(name) = entry.file_name().into_string() else { continue };
            let wanted =
                if root { name == HISTORY || !name.starts_with('.') } else { !name.starts_with('.') };
            if !wanted || LEFT_OUT.iter().any(|end| name.ends_with(end)) || entry.path() == self.state_dir {
                continue;
            }
            let Ok(metadata) = entry.metadata() else { continue };
            let path = format!("{prefix}{name}");
            if metadata.is_dir() {
                self.descend(&entry.path(), &format!("{path}/"), false)?;
            } else if metadata.is_file() {
                self.found.push((path, Stat::from(&metadata)));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(scan: &Scan) -> Vec<&str> {
        scan.files.iter().map(|file| file.path.as_str()).collect()
    }

    #[test]
    fn finds_what_is_to_be_sent_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        for path in [
            "ann/user_state.json",
            "ann/.user_state.json.tmp",
            "ann/x.tmp",
            ".history/o/head.json",
            ".spud/store.sqlite",
            "state/store.sqlite",
            ".git/HEAD",
            "potato.log",
            "export.csv",
        ] {
            let path = dir.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "x").unwrap();
        }
        std::os::unix::fs::symlink("/etc/passwd", dir.path().join("link")).unwrap();
        let manifest = Manifest::open(&dir.path().join("state/syncer.sqlite")).unwrap();
        let scan = scan(dir.path(), &dir.path().join("state"), &manifest).unwrap();
        assert_eq!(paths(&scan), [".history/o/head.json", "ann/user_state.json", "export.csv"]);
    }

    #[test]
    fn a_file_that_did_not_change_is_not_read_again_and_one_that_is_gone_is_forgotten() {
        let dir = tempfile::tempdir().unwrap();
        let state = tempfile::tempdir().unwrap();
        let manifest = Manifest::open(&state.path().join("syncer.sqlite")).unwrap();
        let path = dir.path().join("a");
        std::fs::write(&path, "content").unwrap();
        let past = SystemTime::now() - Duration::from_mins(1);
        std::fs::File::options().write(true).open(&path).unwrap().set_modified(past).unwrap();
        let first = scan(dir.path(), state.path(), &manifest).unwrap();
        let (stat, oid) = manifest.files().unwrap()["a"];
        assert_eq!(first.files[0].oid, oid);
        let remembered = Oid::of(b"another");
        manifest.set_files(&[("a".to_owned(), stat, remembered)], &[]).unwrap();
        assert_eq!(scan(dir.path(), state.path(), &manifest).unwrap().files[0].oid, remembered);
        std::fs::remove_file(&path).unwrap();
        assert!(scan(dir.path(), state.path(), &manifest).unwrap().files.is_empty());
        assert!(manifest.files().unwrap().is_empty());
    }
}
