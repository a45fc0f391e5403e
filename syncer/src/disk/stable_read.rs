//! Reading files that others may be writing: what is read is what was there at one moment, or it is not read.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::disk::oid::Oid;

const TRIES: u32 = 3;

/// What tells, without reading it, that a file is still the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stat {
    /// Bytes.
    pub size: u64,
    /// Time of the last change of content, nanoseconds since 1970.
    pub mtime: i64,
    /// Inode number.
    pub inode: u64,
}

impl From<&Metadata> for Stat {
    fn from(metadata: &Metadata) -> Self {
        let mtime = metadata.mtime().saturating_mul(1_000_000_000).saturating_add(metadata.mtime_nsec());
        Self { size: metadata.len(), mtime, inode: metadata.ino() }
    }
}

impl Stat {
    /// Of the file that `path` names now, without following a link.
    pub fn of(path: &Path) -> io::Result<Self> {
        path.symlink_metadata().map(|metadata| Self::from(&metadata))
    }
}

/// Reads the whole file. `WouldBlock` if it changed each time it was tried.
pub fn bytes(path: &Path) -> io::Result<(Vec<u8>, Stat)> {
    stable(path, |file, stat| {
        let mut content = Vec::with_capacity(usize::try_from(stat.size).unwrap_or(0));
        file.read_to_end(&mut content)?;
        Ok((content.len() as u64 == stat.size).then_some(content))
    })
}

/// Digests the whole file without holding it in memory. `WouldBlock` if it changed each time it was tried.
pub fn oid(path: &Path) -> io::Result<(Oid, Stat)> {
    stable(path, |file, stat| match Oid::read(file, stat.size) {
        Ok(oid) => Ok(Some(oid)),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    })
}

fn stable<T>(
    path: &Path,
    mut read: impl FnMut(&mut File, Stat) -> io::Result<Option<T>>,
) -> io::Result<(T, Stat)> {
    for _ in 0..TRIES {
        let mut file = File::open(path)?;
        let before = Stat::from(&file.metadata()?);
        let content = read(&mut file, before)?;
        if let Some(content) = content
            && Stat::from(&file.metadata()?) == before
            && Stat::of(path)? == before
        {
            return Ok((content, before));
        }
    }
    Err(io::Error::new(io::ErrorKind::WouldBlock, "the file changes while it is read"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_file_that_changes_while_it_is_read_is_read_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        std::fs::write(&path, "one").unwrap();
        let mut first = true;
        let (content, _) = stable(&path, |file, _| {
            let mut content = String::new();
            file.read_to_string(&mut content)?;
            if std::mem::take(&mut first) {
                File::options().append(true).open(&path)?.write_all(b" two")?;
            }
            Ok(Some(content))
        })
        .unwrap();
        assert_eq!(content, "one two");
        assert_eq!(bytes(&path).unwrap().0, b"one two");
        assert_eq!(oid(&path).unwrap().0, Oid::of(b"one two"));
    }

    #[test]
    fn a_file_that_never_rests_is_not_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        std::fs::write(&path, "").unwrap();
        let result = stable(&path, |_, _| {
            File::options().append(true).open(&path)?.write_all(b"x")?;
            Ok(Some(()))
        });
        assert_eq!(result.unwrap_err().kind(), io::ErrorKind::WouldBlock);
    }
}
