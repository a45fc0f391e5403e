//! What children say about themselves: `READY=1` and `WATCHDOG=1` datagrams, as in `sd_notify(3)`. Who said it is what the kernel
//! says, not the message.

use std::fs;
use std::io::{self, IoSliceMut};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};

use nix::cmsg_space;
use nix::errno::Errno;
use nix::sys::socket::sockopt::PassCred;
use nix::sys::socket::{ControlMessageOwned, MsgFlags, UnixCredentials, recvmsg, setsockopt};
use nix::unistd::Pid;
use tempfile::TempDir;

/// A message is a few short lines; what is longer is none of ours.
const LONGEST_BYTES: usize = 4096;
const PREFIX: &str = "spud-launcher-";
const SOCKET: &str = "notify";
const SHARED_MEMORY: &str = "/dev/shm";

/// One thing that was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    Ready,
    Alive,
}

/// The socket. It lies in a folder that only this user can enter, and goes with it.
pub(crate) struct Notices {
    socket: UnixDatagram,
    path: PathBuf,
    _folder: TempDir,
}

/// No place for the socket.
#[derive(Debug, thiserror::Error)]
#[error("no socket can be made in {}: {source}; mount a tmpfs on /tmp, or set TMPDIR", tried.display())]
pub(crate) struct NoPlace {
    tried: PathBuf,
    source: io::Error,
}

impl Notices {
    /// Listens in a new folder in `home`, or where shared memory is. The clients know no abstract names.
    pub(crate) fn bind(home: &Path) -> Result<Self, NoPlace> {
        let refused = |source| NoPlace { tried: home.to_owned(), source };
        Self::bind_in(home)
            .or_else(|error| Self::bind_in(Path::new(SHARED_MEMORY)).map_err(|_| refused(error)))
    }

    fn bind_in(home: &Path) -> io::Result<Self> {
        sweep(home);
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(home)?;
        let path = folder.path().join(SOCKET);
        let socket = UnixDatagram::bind(&path)?;
        socket.set_nonblocking(true)?;
        setsockopt(&socket, PassCred, &true)?;
        Ok(Self { socket, path, _folder: folder })
    }

    /// The value of `NOTIFY_SOCKET` for a child.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The next message's sender and words; none if nothing waits.
    pub(crate) fn next(&self) -> io::Result<Option<(Pid, Vec<Word>)>> {
        let mut bytes = [0; LONGEST_BYTES];
        let mut parts = [IoSliceMut::new(&mut bytes)];
        let mut control = cmsg_space!(UnixCredentials);
        let flags = MsgFlags::MSG_CMSG_CLOEXEC;
        let (length, sender) =
            match recvmsg::<()>(self.socket.as_raw_fd(), &mut parts, Some(&mut control), flags) {
                // A message with more than the sender's credentials has descriptors that nobody asked for.
                Ok(message) => (message.bytes, message.cmsgs().ok().and_then(sender)),
                Err(Errno::EAGAIN) => return Ok(None),
                Err(error) => return Err(error.into()),
            };
        Ok(Some((sender.unwrap_or(Pid::from_raw(0)), words(&bytes[..length]))))
    }
}

impl AsFd for Notices {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

/// Takes away what launchers left that were killed: their sockets are there and nobody listens. What cannot be taken away is somebody
/// else's.
fn sweep(home: &Path) {
    let Ok(entries) = home.read_dir() else { return };
    let left = entries.filter_map(Result::ok).filter(|entry| {
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        is_folder && entry.file_name().to_string_lossy().starts_with(PREFIX)
    });
    for folder in left.map(|entry| entry.path()) {
        let socket = folder.join(SOCKET);
        let answer = UnixDatagram::unbound().and_then(|speaker| speaker.connect(&socket));
        if answer.is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
            && fs::remove_file(&socket).is_ok()
        {
            drop(fs::remove_dir(&folder));
        }
    }
}

fn sender(mut control: impl Iterator<Item = ControlMessageOwned>) -> Option<Pid> {
    control.find_map(|message| match message {
        ControlMessageOwned::ScmCredentials(credentials) => Some(Pid::from_raw(credentials.pid())),
        _ => None,
    })
}

fn words(message: &[u8]) -> Vec<Word> {
    let lines = message.split(|byte| *byte == b'\n');
    lines
        .filter_map(|line| match line {
            b"READY=1" => Some(Word::Ready),
            b"WATCHDOG=1" => Some(Word::Alive),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_with_the_pid_of_the_one_who_said_them() {
        let notices = Notices::bind(&std::env::temp_dir()).unwrap();
        assert_eq!(notices.next().unwrap(), None);
        let speaker = UnixDatagram::unbound().unwrap();
        speaker.send_to(b"READY=1\nSTATUS=fine\nWATCHDOG=1", notices.path()).unwrap();
        speaker.send_to(b"\xff\n", notices.path()).unwrap();
        assert_eq!(notices.next().unwrap(), Some((Pid::this(), vec![Word::Ready, Word::Alive])));
        assert_eq!(notices.next().unwrap(), Some((Pid::this(), vec![])));
        assert_eq!(notices.next().unwrap(), None);
    }

    #[test]
    fn what_a_killed_launcher_left_is_taken_away_and_what_is_in_use_stays() {
        let home = tempfile::tempdir().unwrap();
        let left = home.path().join(format!("{PREFIX}left"));
        fs::create_dir(&left).unwrap();
        drop(UnixDatagram::bind(left.join(SOCKET)).unwrap());
        let first = Notices::bind(home.path()).unwrap();
        assert!(!left.exists());
        let second = Notices::bind(home.path()).unwrap();
        assert!(first.path().exists() && second.path().exists());
    }

    #[test]
    fn a_folder_that_cannot_be_used_is_made_up_for_and_nothing_stays() {
        let notices = Notices::bind(Path::new("/proc")).unwrap();
        let folder = notices.path().parent().unwrap().to_owned();
        assert!(folder.starts_with(SHARED_MEMORY) && folder.exists());
        drop(notices);
        assert!(!folder.exists());
    }
}
