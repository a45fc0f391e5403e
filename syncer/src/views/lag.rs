//! When a view is due: small ones soon, large ones later, so that what is written stays in proportion to what changed.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::rounds::cadence::Moment;

/// Written this long after the change, so that with the writing itself it is within 5 s.
const SMALL_LAG: Duration = Duration::from_secs(3);
const SMALL_BYTES: u64 = 64 << 10;
/// With the writing itself within 5 minutes.
const LARGEST_LAG: Duration = Duration::from_secs(280);

/// The users whose views are behind, and when each is due.
#[derive(Debug, Default)]
pub struct Behind(BTreeMap<String, Moment>);

impl Behind {
    /// A user's state changed; the view has `bytes` now.
    pub fn add(&mut self, user: String, bytes: u64, now: Moment) {
        self.0.entry(user).or_insert_with(|| now + lag(bytes));
    }

    /// A user's view is due at once.
    pub fn add_now(&mut self, user: String, now: Moment) {
        self.0.insert(user, now);
    }

    /// Takes out those that are due at `now`, or all.
    pub fn take_due(&mut self, now: Moment, all: bool) -> Vec<String> {
        let due: Vec<String> =
            self.0.iter().filter(|(_, at)| all || **at <= now).map(|(user, _)| user.clone()).collect();
        for user in &due {
            self.0.remove(user);
        }
        due
    }

    /// Whether all views are current.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn lag(bytes: u64) -> Duration {
    if bytes < SMALL_BYTES {
        return SMALL_LAG;
    }
    let times = u32::try_from(bytes / SMALL_BYTES).unwrap_or(u32::MAX);
    SMALL_LAG.saturating_mul(times).min(LARGEST_LAG)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_lags_by_its_size_and_counts_from_the_first_change() {
        let mut behind = Behind::default();
        let secs = Duration::from_secs;
        behind.add("small".to_owned(), 1000, secs(0));
        behind.add("large".to_owned(), 640 << 10, secs(0));
        behind.add("huge".to_owned(), u64::MAX, secs(0));
        behind.add("small".to_owned(), 1000, secs(2));
        assert!(behind.take_due(secs(2), false).is_empty());
        assert_eq!(behind.take_due(secs(3), false), ["small"]);
        assert_eq!(behind.take_due(secs(30), false), ["large"]);
        assert_eq!(behind.take_due(secs(30), true), ["huge"]);
        assert!(behind.is_empty());
    }
}
