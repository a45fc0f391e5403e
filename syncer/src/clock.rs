//! Time as the decisions want it.

use std::time::{Duration, Instant, SystemTime};

use crate::rounds::cadence::Moment;

/// Counts from when it was made.
#[derive(Clone, Copy, Debug)]
pub struct Clock(Instant);

impl Clock {
    /// Starts at an hour, so that moments before the start can be named.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Now.
    pub fn now(&self) -> Moment {
        HEAD_START + self.0.elapsed()
    }

    /// As an instant to sleep until.
    pub fn instant(&self, moment: Moment) -> tokio::time::Instant {
        tokio::time::Instant::from_std(self.0 + moment.saturating_sub(HEAD_START))
    }

    /// A wall time of the last hour as a moment.
    pub fn moment(&self, wall_millis: i64) -> Moment {
        let age = u64::try_from(wall_millis_now() - wall_millis).unwrap_or(0);
        self.now().saturating_sub(Duration::from_millis(age))
    }
}

const HEAD_START: Duration = Duration::from_hours(1);

/// Milliseconds since 1970 by the wall clock.
pub fn wall_millis_now() -> i64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_millis()).unwrap_or(i64::MAX)
}
