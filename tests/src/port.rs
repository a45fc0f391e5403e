//! Ports for servers that open their own: no two tests get the same one.

use std::net::TcpListener;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::sync::Mutex;

use anyhow::{Context, Result};

/// Below the ports that the system gives to connections, so that none of these can take one between its choice and its use.
const RANGE: std::ops::Range<u16> = 20_000..30_000;

/// One socket for each port that this process has chosen; they go with the process, however it ends.
static HELD: Mutex<Vec<UnixDatagram>> = Mutex::new(Vec::new());

/// A port that is free, and that no other process of these tests chooses as long as this one lives.
pub fn free() -> Result<u16> {
    let mut held = HELD.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let first = std::process::id() as usize * 97 + held.len();
    let mut from_there = RANGE.cycle().skip(first % RANGE.len()).take(RANGE.len());
    from_there
        .find_map(|port| {
            let name = SocketAddr::from_abstract_name(format!("spud-tests-port-{port}")).ok()?;
            let claim = UnixDatagram::bind_addr(&name).ok()?;
            TcpListener::bind(("127.0.0.1", port)).ok()?;
            held.push(claim);
            Some(port)
        })
        .context("no port is free")
}
