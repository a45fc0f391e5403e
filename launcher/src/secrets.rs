//! Hands the syncer its secrets: over a socket, to that one process, if nobody looks into it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};
use std::time::Duration;

use nix::sys::socket::getsockopt;
use nix::sys::socket::sockopt::PeerCredentials;
use nix::unistd::Pid;

/// The answer fits into the socket's buffer; a peer that makes it wait is none of ours.
const WAIT: Duration = Duration::from_millis(200);

/// The socket. It holds secrets, so it does not print.
pub(crate) struct Secrets {
    listener: UnixListener,
    name: String,
    line: Vec<u8>,
}

/// Why a peer got nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    #[error("a process that is not the syncer (pid {0}) asked for its secrets and got none")]
    Stranger(Pid),
    #[error("the syncer (pid {pid}) is traced by pid {tracer} and gets no secrets")]
    Traced { pid: Pid, tracer: String },
    #[error("the syncer did not get its secrets: {0}")]
    Io(#[from] io::Error),
}

impl Secrets {
    /// Listens at an abstract name that ends in `unique`.
    pub(crate) fn bind(unique: &str, secrets: &BTreeMap<String, String>) -> io::Result<Self> {
        let name = format!("spud-secrets-{unique}");
        let listener = UnixListener::bind_addr(&SocketAddr::from_abstract_name(&name)?)?;
        listener.set_nonblocking(true)?;
        let mut line = serde_json::to_vec(secrets)?;
        line.push(b'\n');
        Ok(Self { listener, name, line })
    }

    /// What to connect to, an abstract name without its leading byte.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Answers one peer, if one is there: the process `syncer` gets the secrets, others nothing.
    pub(crate) fn answer(&self, syncer: Option<Pid>) -> Result<(), Refused> {
        let mut stream = match self.listener.accept() {
            Ok((stream, _)) => stream,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let peer = peer(&stream)?;
        if Some(peer) != syncer {
            return Err(Refused::Stranger(peer));
        }
        let tracer = tracer(peer)?;
        if tracer != "0" {
            return Err(Refused::Traced { pid: peer, tracer });
        }
        stream.set_write_timeout(Some(WAIT))?;
        stream.write_all(&self.line)?;
        Ok(())
    }
}

impl AsFd for Secrets {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.listener.as_fd()
    }
}

fn peer(stream: &UnixStream) -> io::Result<Pid> {
    Ok(Pid::from_raw(getsockopt(stream, PeerCredentials)?.pid()))
}

/// The process that traces `pid`, "0" if none does. `TracerPid` of `proc_pid_status(5)`.
fn tracer(pid: Pid) -> io::Result<String> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let tracer = status.lines().find_map(|line| line.strip_prefix("TracerPid:"));
    let tracer = tracer.ok_or_else(|| io::Error::other(format!("/proc/{pid}/status names no TracerPid")))?;
    Ok(tracer.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn asked(syncer: Pid, unique: &str) -> (Result<(), Refused>, String) {
        let secrets = [("HF_TOKEN".to_owned(), "hf_x".to_owned())].into();
        let secrets = Secrets::bind(unique, &secrets).unwrap();
        let address = SocketAddr::from_abstract_name(secrets.name()).unwrap();
        let mut stream = UnixStream::connect_addr(&address).unwrap();
        let result = secrets.answer(Some(syncer));
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        (result, answer)
    }

    #[test]
    fn only_the_process_they_are_for_gets_the_secrets() {
        let me = Pid::this();
        let (result, answer) = asked(me, &format!("test-own-{me}"));
        assert!(result.is_ok());
        assert_eq!(answer, "{\"HF_TOKEN\":\"hf_x\"}\n");

        let (result, answer) = asked(Pid::parent(), &format!("test-other-{me}"));
        assert_eq!(answer, "");
        let message = result.unwrap_err().to_string();
        assert_eq!(
            message,
            format!("a process that is not the syncer (pid {me}) asked for its secrets and got none")
        );
    }
}
