//! How long to wait before a child that failed is started again.

use std::time::Duration;

/// The first wait; each further failure doubles it.
pub const FIRST: Duration = Duration::from_millis(250);
/// The longest wait.
pub const LONGEST: Duration = Duration::from_secs(30);
const MOST_DOUBLINGS: u32 = 7;

/// Failures in a row.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Backoff(u32);

impl Backoff {
    /// One more failure; how long to wait.
    pub(crate) fn failed(&mut self) -> Duration {
        let wait = FIRST * 2_u32.pow(self.0.min(MOST_DOUBLINGS));
        self.0 = self.0.saturating_add(1);
        wait.min(LONGEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_from_a_quarter_of_a_second_to_half_a_minute() {
        let mut backoff = Backoff::default();
        let waits: Vec<u128> = (0..9).map(|_| backoff.failed().as_millis()).collect();
        assert_eq!(waits, [250, 500, 1000, 2000, 4000, 8000, 16000, 30000, 30000]);
    }
}
