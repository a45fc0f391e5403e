//! What the supervisor is told and what it wants done.

use std::fmt;
use std::time::Duration;

/// Time since the launcher started, on a clock that never goes back.
pub type Moment = Duration;

/// Names a child before and after it has a pid; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub u64);

/// What a child is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Reads the project once, before anything is served.
    Check,
    /// Takes requests; the number stays when it is replaced.
    Worker(u32),
    /// Sends out.
    Syncer,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Check => f.write_str("the check of the project"),
            Self::Worker(number) => write!(f, "worker {number}"),
            Self::Syncer => f.write_str("the syncer"),
        }
    }
}

/// How a child ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// By itself, with this code.
    Code(i32),
    /// By a signal of this number.
    Signal(i32),
    /// It never began.
    NotStarted,
}

/// A wish of whoever runs the launcher.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Stop in order; at once if said again.
    Stop,
    /// Stop at once.
    StopNow,
    /// Replace all workers.
    Reload,
    /// One worker more.
    More,
    /// One worker less.
    Fewer,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The launcher is up.
    Begin,
    /// A child that was asked for runs.
    Started(Id, i32),
    /// A child said that it is ready.
    Ready(Id),
    /// A child said that it is alive.
    Alive(Id),
    /// A child is gone.
    Exited(Id, Ending),
    /// Someone wants something.
    Wished(Wish),
    /// Time went by.
    Tick,
}

/// Signals as the supervisor uses them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// SIGTERM: end in order.
    End,
    /// SIGUSR2: the end is near, begin a push.
    Hurry,
    /// SIGABRT: end and show why.
    Abort,
    /// SIGKILL, to the whole group.
    Kill,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Listen at the port, before any worker starts.
    Listen,
    /// Start a child.
    Spawn(Id, Role),
    /// Signal a child.
    Signal(Id, Order),
    /// Tell whoever started the launcher that all is up.
    AnnounceReady,
    /// Tell it that the stop has begun, and take no more connections.
    AnnounceStop,
    /// Tell it how things stand.
    Status(String),
    /// A line for the log.
    Say(String),
    /// Nothing is left to do: end with this code.
    Exit(u8),
}
