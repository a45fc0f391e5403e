//! What is known of a running child, and of the posts that children hold.

use std::fmt;

use nix::sys::signal::Signal;

use super::backoff::Backoff;
use super::event::{Ending, Id, Moment, Role};

/// A child from its start to its end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Child {
    pub(crate) role: Role,
    pub(crate) pid: Option<i32>,
    /// Since when it does its work.
    pub(crate) ready_at: Option<Moment>,
    /// It hangs if it says nothing until then.
    pub(crate) alive_by: Option<Moment>,
    /// It is given up if it is not ready by then.
    pub(crate) ready_by: Option<Moment>,
    /// It is killed then.
    pub(crate) kill_at: Option<Moment>,
    /// It was found to hang.
    pub(crate) hung: bool,
}

impl Child {
    pub(crate) fn new(role: Role) -> Self {
        Self { role, pid: None, ready_at: None, alive_by: None, ready_by: None, kill_at: None, hung: false }
    }

    /// It was told to end: silence is no fault any more, staying after `until` is.
    pub(crate) fn leaves(&mut self, until: Moment) {
        self.alive_by = None;
        self.ready_by = None;
        self.kill_at = Some(self.kill_at.map_or(until, |earlier| earlier.min(until)));
    }

    /// When something is to be done about it, if nothing else happens.
    pub(crate) fn due(&self) -> Option<Moment> {
        [self.alive_by, self.ready_by, self.kill_at].into_iter().flatten().min()
    }
}

impl fmt::Display for Child {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pid {
            Some(pid) => write!(f, "{} (pid {pid})", self.role),
            None => write!(f, "{}", self.role),
        }
    }
}

/// A place that one child holds at a time.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Post {
    pub(crate) holder: Option<Id>,
    /// When the next holder is started.
    pub(crate) vacant_until: Option<Moment>,
    pub(crate) backoff: Backoff,
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Code(code) => write!(f, "ended with code {code}"),
            Self::Signal(number) => match Signal::try_from(number) {
                Ok(signal) => write!(f, "was killed by {signal}"),
                Err(_) => write!(f, "was killed by signal {number}"),
            },
            Self::NotStarted => f.write_str("could not be started"),
        }
    }
}
