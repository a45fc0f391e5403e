//! The one listener that all workers share: adopted from whoever started the launcher, or bound here.

use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::os::fd::AsRawFd;

use listenfd::ListenFd;
use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::sys::socket::sockopt::ReuseAddr;
use nix::sys::socket::{
    AddressFamily, Backlog, SockFlag, SockType, SockaddrIn, SockaddrIn6, bind, listen, setsockopt, socket,
};

/// Connections that may wait while workers are replaced.
const BACKLOG: i32 = 1024;

/// No listener; the exit code is 78.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// The host's name leads nowhere.
    #[error("HOST is '{host}', which is no address of this machine: {source}")]
    Host {
        /// As given.
        host: String,
        /// The cause.
        source: io::Error,
    },
    /// Somebody else listens there.
    #[error("PORT {port} of {host} is in use by another process: stop it, or set PORT to a free one")]
    InUse {
        /// As given.
        host: String,
        /// As given.
        port: u16,
    },
    /// Ports below 1024 are for root.
    #[error("PORT {port} of {host} is not allowed for this user: set PORT to 1024 or more")]
    Denied {
        /// As given.
        host: String,
        /// As given.
        port: u16,
    },
    /// Something else.
    #[error("cannot listen at PORT {port} of {host}: {source}")]
    Other {
        /// As given.
        host: String,
        /// As given.
        port: u16,
        /// The cause.
        source: io::Error,
    },
    /// What was handed over is no listener.
    #[error("LISTEN_FDS: descriptor 3 is no TCP socket that listens: {0}")]
    Adopted(io::Error),
}

/// Descriptor 3 where `LISTEN_FDS` says so, as in `sd_listen_fds(3)`. To be called before this process opens anything.
pub fn adopted() -> Result<Option<TcpListener>, BindError> {
    let listener = ListenFd::from_env().take_tcp_listener(0).map_err(BindError::Adopted)?;
    if let Some(listener) = &listener {
        fcntl(listener, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC))
            .map_err(|error| BindError::Adopted(error.into()))?;
    }
    Ok(listener)
}

/// A new listener at `host` and `port`.
pub fn listener(host: &str, port: u16) -> Result<TcpListener, BindError> {
    let plain = host.trim_start_matches('[').trim_end_matches(']');
    let unknown = |source| BindError::Host { host: host.to_owned(), source };
    let addresses = (plain, port).to_socket_addrs().map_err(unknown)?;
    let mut failure = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in addresses {
        match bound(address) {
            Ok(listener) => return Ok(listener),
            Err(error) => failure = error,
        }
    }
    let host = host.to_owned();
    Err(match failure.kind() {
        io::ErrorKind::AddrNotAvailable => BindError::Host { host, source: failure },
        io::ErrorKind::AddrInUse => BindError::InUse { host, port },
        io::ErrorKind::PermissionDenied => BindError::Denied { host, port },
        _ => BindError::Other { host, port, source: failure },
    })
}

/// As the standard library does it, with a longer backlog.
fn bound(address: SocketAddr) -> io::Result<TcpListener> {
    let family = if address.is_ipv4() { AddressFamily::Inet } else { AddressFamily::Inet6 };
    let socket = socket(family, SockType::Stream, SockFlag::SOCK_CLOEXEC, None)?;
    setsockopt(&socket, ReuseAddr, &true)?;
    match address {
        SocketAddr::V4(address) => bind(socket.as_raw_fd(), &SockaddrIn::from(address))?,
        SocketAddr::V6(address) => bind(socket.as_raw_fd(), &SockaddrIn6::from(address))?,
    }
    listen(&socket, Backlog::new(BACKLOG)?)?;
    Ok(socket.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpStream;

    #[test]
    fn a_port_that_is_taken_is_named() {
        let first = listener("127.0.0.1", 0).unwrap();
        let port = first.local_addr().unwrap().port();
        TcpStream::connect(("127.0.0.1", port)).unwrap();
        let error = listener("127.0.0.1", port).unwrap_err().to_string();
        assert_eq!(
            error,
            format!(
                "PORT {port} of 127.0.0.1 is in use by another process: stop it, or set PORT to a free one"
            )
        );
    }

    #[test]
    fn a_host_that_is_not_this_machine_is_named() {
        // An address for documentation, which no machine has (RFC 5737).
        let error = listener("192.0.2.1", 0).unwrap_err().to_string();
        assert!(error.starts_with("HOST is '192.0.2.1', which is no address of this machine"), "{error}");
    }
}
