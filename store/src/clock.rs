//! The hybrid logical clock that orders events across stores.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A point of the hybrid logical clock: milliseconds since 1970 in the upper 48 bits, a counter in the lower 16.
///
/// Stamps are handed out inside the write transaction from the largest one stored, so an event is never
/// stamped behind an event that its store has seen, whatever the wall clock does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Stamp(pub u64);

/// How many low bits of a stamp count events of one millisecond.
const COUNTER_BITS: u32 = 16;

impl Stamp {
    /// The first stamp of a millisecond.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis << COUNTER_BITS)
    }

    /// Milliseconds since 1970; ahead of the wall clock if some store's clock was.
    pub const fn millis(self) -> u64 {
        self.0 >> COUNTER_BITS
    }

    /// The stamp after `self`, at `now_millis` if that is later.
    #[must_use]
    pub fn next(self, now_millis: u64) -> Self {
        Self::from_millis(now_millis).max(Self(self.0.saturating_add(1)))
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Milliseconds since 1970 by the machine's clock; 0 if it stands before.
pub fn wall_millis() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |elapsed| u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX >> COUNTER_BITS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_never_goes_back_when_the_wall_clock_does() {
        let first = Stamp::default().next(5_000);
        assert_eq!(first.millis(), 5_000);
        let second = first.next(1_000);
        assert!(second > first);
        assert_eq!(second.millis(), 5_000);
        assert_eq!(second.next(6_000), Stamp::from_millis(6_000));
    }
}
