//! The launcher's own environment. What a process was started with can be read in `/proc/PID/environ` as long as it runs, by
//! root if by nobody else; so the launcher begins again, in its own place, without the secrets that it only hands on.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::process::CommandExt;
use std::process::Command;

use nix::sys::memfd::{MFdFlags, memfd_create};
use nix::unistd::close;

use crate::environment::{Environment, Variables};

/// Names the descriptor that carries the secrets from the first beginning to the second.
pub(crate) const CARRIER: &str = "SPUD_LAUNCHER_SECRETS";

/// Why the environment cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OwnError {
    /// A variable of it.
    #[error(transparent)]
    NotText(#[from] crate::environment::NotText),
    /// The system.
    #[error("the secrets cannot be taken out of the launcher's own environment: {0}")]
    Io(#[from] io::Error),
}

/// All variables that this was started with. Does not return the first time, if a secret is among them.
pub fn variables() -> Result<Variables, OwnError> {
    let mut all: Variables = std::env::vars_os().collect();
    if let Some(carrier) = all.remove(&OsString::from(CARRIER)) {
        let carrier = carrier.to_str().and_then(|text| text.parse().ok());
        all.extend(unpack(carrier.ok_or_else(|| io::Error::other(format!("{CARRIER} is no descriptor")))?)?);
        return Ok(all);
    }
    let secrets = Environment::divide(all.clone())?.syncer_secrets;
    if secrets.is_empty() {
        return Ok(all);
    }
    Err(begin_again(&secrets)?.into())
}

/// Runs this program anew; answers only if that failed.
fn begin_again(secrets: &BTreeMap<String, String>) -> io::Result<io::Error> {
    let mut carrier = File::from(memfd_create(c"spud-secrets", MFdFlags::empty())?);
    carrier.write_all(&serde_json::to_vec(secrets)?)?;
    carrier.rewind()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(std::env::args_os().skip(1)).env(CARRIER, carrier.as_raw_fd().to_string());
    for name in secrets.keys() {
        command.env_remove(name);
    }
    Ok(command.exec())
}

fn unpack(carrier: RawFd) -> io::Result<impl Iterator<Item = (OsString, OsString)>> {
    let mut text = String::new();
    File::open(format!("/proc/self/fd/{carrier}"))?.read_to_string(&mut text)?;
    close(carrier)?;
    // The parser's words could show what it stumbled over.
    let secrets: BTreeMap<String, String> =
        serde_json::from_str(&text).map_err(|_| io::Error::other("the carrier holds no JSON object"))?;
    Ok(secrets.into_iter().map(|(name, value)| (name.into(), value.into())))
}
