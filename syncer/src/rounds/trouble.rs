//! Trouble that goes on is said once, and then again at most every half minute.

use std::time::Duration;

use crate::rounds::cadence::Moment;

const SILENCE: Duration = Duration::from_secs(30);

/// Decides whether a failure is worth a line.
#[derive(Debug, Default)]
pub struct Trouble {
    said: Option<Moment>,
    count: u32,
}

impl Trouble {
    /// A failure at `now`: how many there were since the last line, if it is time for one.
    pub fn happened(&mut self, now: Moment) -> Option<u32> {
        self.count += 1;
        if self.said.is_some_and(|said| now < said + SILENCE) {
            return None;
        }
        self.said = Some(now);
        Some(std::mem::take(&mut self.count))
    }

    /// It works again: whether trouble had been told of.
    pub fn over(&mut self) -> bool {
        let told = self.said.is_some();
        *self = Self::default();
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_failures_a_second_make_a_line_every_half_minute() {
        let mut trouble = Trouble::default();
        let lines = (0..601_u64)
            .filter_map(|tenth| trouble.happened(Duration::from_millis(tenth * 100)))
            .collect::<Vec<_>>();
        assert_eq!(lines, [1, 300, 300]);
        assert!(trouble.over());
        assert!(!trouble.over());
    }
}
