//! Looking at processes, and ending those that a test started.

use std::path::Path;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// A process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// Its id.
    pub pid: i32,
    /// The name of its executable.
    pub name: String,
}

impl Process {
    /// Sends a signal; one that has gone already is no error.
    pub fn signal(&self, signal: Signal) {
        // It may have ended meanwhile, which is what is wanted.
        let _ = kill(Pid::from_raw(self.pid), signal);
    }
}

/// The children of a process, by name and id; those that have ended and were not waited for are left out.
pub fn children(parent: i32) -> Vec<Process> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    let pids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let mut found: Vec<Process> = pids.filter_map(|pid| child_of(parent, pid)).collect();
    found.sort_by(|a, b| (&a.name, a.pid).cmp(&(&b.name, b.pid)));
    found
}

fn child_of(parent: i32, pid: i32) -> Option<Process> {
    let stat = std::fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("stat")).ok()?;
    // The name is in brackets and may hold anything; the fields after it are numbers.
    let (before, after) = stat.rsplit_once(')')?;
    let name = before.split_once('(')?.1.to_owned();
    let mut fields = after.split_whitespace();
    let state = fields.next()?;
    let its_parent: i32 = fields.next()?.parse().ok()?;
    (its_parent == parent && state != "Z").then_some(Process { pid, name })
}
