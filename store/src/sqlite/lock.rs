//! The lock around each write transaction.
//!
//! `SQLite`'s own busy retry starves one of several writers for seconds; a blocking `flock` is fair enough to bound the wait.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use rustix::fs::{FlockOperation, flock};

use super::{io, medium};
use crate::StoreError;

/// A wait longer than this is worth telling.
const LONG: Duration = Duration::from_secs(2);

#[derive(Debug)]
pub(super) struct WriteLock {
    file: File,
    path: PathBuf,
    /// Who we are, as the holder writes it: pid and run of the kernel.
    me: String,
    waiting_since: Mutex<Option<Instant>>,
}

/// The lock while it is held.
#[derive(Debug)]
pub(super) struct Held<'a>(&'a WriteLock);

impl WriteLock {
    pub(super) fn open(dir: &Path) -> Result<Self, StoreError> {
        let path = dir.join("write.lock");
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|e| io(&path, e))?;
        let me = format!("{} {}\n", std::process::id(), medium::boot_id());
        Ok(Self { file, path, me, waiting_since: Mutex::new(None) })
    }

    /// Waits for the lock.
    pub(super) fn take(&self) -> Result<Held<'_>, StoreError> {
        if flock(&self.file, FlockOperation::NonBlockingLockExclusive).is_err() {
            self.refuse_other_kernel()?;
            self.note(Some(Instant::now()));
            let taken = loop {
                match flock(&self.file, FlockOperation::LockExclusive) {
                    Err(rustix::io::Errno::INTR) => {}
                    taken => break taken,
                }
            };
            self.note(None);
            taken.map_err(|e| io(&self.path, e.into()))?;
        }
        // Only a help for those who wait; that it cannot be written is told by the write that follows.
        let _ = self.file.write_all_at(self.me.as_bytes(), 0);
        Ok(Held(self))
    }

    /// For how long this process has been waiting, if that is long, and for whom.
    pub(super) fn waiting(&self) -> Option<(Duration, u32)> {
        let since = (*self.waiting_since.lock().unwrap_or_else(std::sync::PoisonError::into_inner))?;
        let waited = since.elapsed();
        (waited >= LONG).then(|| (waited, self.holder().map_or(0, |(pid, _)| pid)))
    }

    fn note(&self, since: Option<Instant>) {
        *self.waiting_since.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = since;
    }

    fn holder(&self) -> Option<(u32, String)> {
        let mut text = String::new();
        let mut file = &self.file;
        file.seek(SeekFrom::Start(0)).ok()?;
        file.take(128).read_to_string(&mut text).ok()?;
        let mut words = text.split_whitespace();
        Some((words.next()?.parse().ok()?, words.next().unwrap_or_default().to_owned()))
    }

    /// A lock that is held under another kernel means a directory shared between hosts, where nothing else would hold.
    fn refuse_other_kernel(&self) -> Result<(), StoreError> {
        match self.holder() {
            Some((pid, boot)) if !boot.is_empty() && boot != medium::boot_id() => Err(StoreError::Medium {
                path: self.path.clone(),
                reason: format!(
                    "process {pid} of another host or kernel holds it; give each host a `state_dir` of its own"
                ),
            }),
            _ => Ok(()),
        }
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        // Unlocking an open file that we hold cannot fail.
        let _ = flock(&self.0.file, FlockOperation::Unlock);
    }
}
