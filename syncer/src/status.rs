//! What an admin wants to know: one JSON line to whoever connects to `<state_dir>/syncer.sock`.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt;
use tokio::net::UnixListener;
use tokio::task::JoinHandle;

use crate::clock::wall_millis_now;

/// The socket's name in the state directory.
pub const SOCKET: &str = "syncer.sock";

/// How it stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// `owner/name` of the backup; none if there is none.
    pub repo: Option<String>,
    /// The last own event that is on the Hub.
    pub pushed: u64,
    /// When the Hub last had everything or took a commit, ms since 1970; none if never.
    pub pushed_at: Option<i64>,
    /// How long the oldest change that is not on the Hub has waited, in seconds; 0 if none waits.
    pub lag_seconds: f64,
    /// Events that wait.
    pub pending_events: u64,
    /// Files that wait, as of the last round.
    pub pending_files: u64,
    /// Their bytes.
    pub pending_bytes: u64,
    /// Commits in the last hour.
    pub commits_this_hour: u64,
    /// Bytes of files sent since the start.
    pub sent_bytes: u64,
    /// Users whose file cannot be read.
    pub blocked_users: u64,
    /// What went wrong last, until it works again.
    pub last_error: Option<LastError>,
}

/// A failure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LastError {
    /// One sentence.
    pub message: String,
    /// ms since 1970.
    pub at: i64,
}

/// The status, shared.
#[derive(Clone, Debug, Default)]
pub struct Board(Arc<Mutex<(Status, Option<Instant>)>>);

impl Board {
    /// Changes it.
    pub fn update(&self, change: impl FnOnce(&mut Status)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).0);
    }

    /// Notes since when something waits.
    pub fn set_waiting(&self, since: Option<Instant>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1 = since;
    }

    /// Notes a failure.
    pub fn set_error(&self, message: String) {
        self.update(|status| status.last_error = Some(LastError { message, at: wall_millis_now() }));
    }

    /// As it is now.
    pub fn get(&self) -> Status {
        let (status, since) = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Status { lag_seconds: since.map_or(0.0, |since| since.elapsed().as_secs_f64()), ..status }
    }
}

/// Answers on the socket until it is dropped.
#[derive(Debug)]
pub struct Socket {
    path: PathBuf,
    task: JoinHandle<()>,
}

impl Socket {
    /// Binds it: under another name first, so that it is never there without answering.
    pub fn bind(state_dir: &Path, board: Board) -> io::Result<Self> {
        let (path, new) = (state_dir.join(SOCKET), state_dir.join(".syncer.sock.tmp"));
        match std::fs::remove_file(&new) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(&new)?;
        std::fs::rename(&new, &path)?;
        let task = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut line = serde_json::to_vec(&board.get()).unwrap_or_default();
                line.push(b'\n');
                // Whoever asked may be gone; the next one gets an answer.
                drop(stream.write_all(&line).await);
            }
        });
        Ok(Self { path, task })
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.task.abort();
        drop(std::fs::remove_file(&self.path));
    }
}

/// Asks a running syncer.
pub fn ask(state_dir: &Path) -> io::Result<Status> {
    let stream = std::os::unix::net::UnixStream::connect(state_dir.join(SOCKET))?;
    stream.set_read_timeout(Some(std::time::Duration::from_secs(5)))?;
    Ok(serde_json::from_reader(stream)?)
}
