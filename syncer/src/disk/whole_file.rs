//! Files that are there whole or not at all, also after the machine lost power.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

/// Readable by the owner alone: answers are personal data.
const FILE_MODE: u32 = 0o600;
const DIR_MODE: u32 = 0o700;
/// Ends the names of files that are being written; such files are never pushed.
pub const TEMP_SUFFIX: &str = ".tmp";

/// Writes `content` beside `path`, syncs it, and puts it in place.
pub fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let temp = temp_path(path)?;
    let written = (|| {
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(FILE_MODE).open(&temp)?;
        file.write_all(content)?;
        file.sync_all()
    })();
    let placed = written.and_then(|()| place(&temp, path));
    if placed.is_err() {
        drop(std::fs::remove_file(&temp));
    }
    placed
}

/// Moves a file that is synced already to its place, in the same file system.
pub fn place(from: &Path, to: &Path) -> io::Result<()> {
    std::fs::rename(from, to)?;
    File::open(parent(to)?)?.sync_all()
}

/// Makes a directory and those above it, each durably.
pub fn make_dirs(dir: &Path) -> io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    let above = parent(dir)?;
    make_dirs(above)?;
    match DirBuilder::new().mode(DIR_MODE).create(dir) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => File::open(above)?.sync_all(),
    }
}

fn temp_path(path: &Path) -> io::Result<std::path::PathBuf> {
    let name = path.file_name().ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
    let mut temp = std::ffi::OsString::from(".");
    temp.push(name);
    temp.push(TEMP_SUFFIX);
    Ok(path.with_file_name(temp))
}

fn parent(path: &Path) -> io::Result<&Path> {
    match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Ok(Path::new(".")),
        Some(parent) => Ok(parent),
        None => Err(io::Error::from(io::ErrorKind::InvalidInput)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_file_is_replaced_whole_and_leaves_nothing_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ann").join("user_state.json");
        make_dirs(path.parent().unwrap()).unwrap();
        write(&path, b"one").unwrap();
        write(&path, b"two").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }
}
