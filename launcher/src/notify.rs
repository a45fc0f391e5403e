//! What children say about themselves: `READY=1` and `WATCHDOG=1` datagrams, as in `sd_notify(3)`. Who said it is what the kernel
//! says, not the message.

use std::io::{self, IoSliceMut};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};

use nix::cmsg_space;
use nix::errno::Errno;
use nix::sys::socket::sockopt::PassCred;
use nix::sys::socket::{ControlMessageOwned, MsgFlags, UnixCredentials, recvmsg, setsockopt};
use nix::unistd::Pid;

/// A message is a few short lines; what is longer is none of ours.
const LONGEST_BYTES: usize = 4096;

/// One thing that was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    Ready,
    Alive,
}

/// The socket.
pub(crate) struct Notices {
    socket: UnixDatagram,
    name: String,
}

impl Notices {
    /// Listens at an abstract name that ends in `unique`.
    pub(crate) fn bind(unique: &str) -> io::Result<Self> {
        let name = format!("spud-notify-{unique}");
        let socket = UnixDatagram::bind_addr(&SocketAddr::from_abstract_name(&name)?)?;
        socket.set_nonblocking(true)?;
        setsockopt(&socket, PassCred, &true)?;
        Ok(Self { socket, name })
    }

    /// The value of `NOTIFY_SOCKET` for a child.
    pub(crate) fn address(&self) -> String {
        format!("@{}", self.name)
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
        let notices = Notices::bind(&format!("test-{}", Pid::this())).unwrap();
        assert_eq!(notices.next().unwrap(), None);
        let speaker = UnixDatagram::unbound().unwrap();
        let address = SocketAddr::from_abstract_name(notices.address().trim_start_matches('@')).unwrap();
        speaker.send_to_addr(b"READY=1\nSTATUS=fine\nWATCHDOG=1", &address).unwrap();
        speaker.send_to_addr(b"\xff\n", &address).unwrap();
        assert_eq!(notices.next().unwrap(), Some((Pid::this(), vec![Word::Ready, Word::Alive])));
        assert_eq!(notices.next().unwrap(), Some((Pid::this(), vec![])));
        assert_eq!(notices.next().unwrap(), None);
    }
}
