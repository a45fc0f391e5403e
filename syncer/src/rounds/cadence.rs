//! When to push: a decision over times that are passed in, with no clock of its own.

use std::collections::VecDeque;
use std::time::Duration;

/// Time since some fixed moment of this process; never goes back.
pub type Moment = Duration;

/// How long nothing may have changed before a push, if the schedule allows that much.
const QUIET: Duration = Duration::from_secs(10);
/// The Hub refuses more than 128 commits an hour; some of them may be somebody else's.
const COMMITS_AN_HOUR: usize = 100;
const HOUR: Duration = Duration::from_hours(1);
const FIRST_BACK_OFF: Duration = Duration::from_secs(1);
const LONGEST_BACK_OFF: Duration = Duration::from_mins(5);

/// The speed that was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// At the latest this long after the first change.
    pub schedule: Duration,
    /// As soon as nothing has changed for this long.
    pub quiet: Duration,
    /// Own commits in any hour.
    pub commits_an_hour: usize,
}

impl Pace {
    /// From `schedule_minutes`.
    pub fn new(schedule: Duration) -> Self {
        Self { schedule, quiet: QUIET.min(schedule / 3), commits_an_hour: COMMITS_AN_HOUR }
    }
}

/// Why a push came to nothing, as far as it matters for the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The Hub or the way to it failed; it may work soon.
    Trouble,
    /// Too many requests.
    Quota {
        /// What the Hub says; none means that the hourly quota of commits is used up.
        retry_after: Option<Duration>,
    },
}

/// What to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Nothing has changed.
    Idle,
    /// Not before this moment.
    At(Moment),
    /// Push.
    Now,
}

/// Decides when the next push is due.
#[derive(Debug)]
pub struct Cadence {
    pace: Pace,
    first: Option<Moment>,
    last: Moment,
    hurry: bool,
    hold: Moment,
    failures: u32,
    commits: VecDeque<Moment>,
    jitter: Jitter,
}

impl Cadence {
    /// With nothing pending; `seed` decides the jitter.
    pub fn new(pace: Pace, seed: u64) -> Self {
        Self {
            pace,
            first: None,
            last: Moment::ZERO,
            hurry: false,
            hold: Moment::ZERO,
            failures: 0,
            commits: VecDeque::new(),
            jitter: Jitter(seed),
        }
    }

    /// Something changed that is to be pushed.
    pub fn changed(&mut self, now: Moment) {
        self.first.get_or_insert(now);
        self.last = self.last.max(now);
    }

    /// Whoever runs us will stop soon: do not wait for quiet.
    pub fn hurry(&mut self) {
        self.hurry = true;
    }

    /// Since when something waits to be pushed.
    pub fn waiting_since(&self) -> Option<Moment> {
        self.first
    }

    /// Until when the Hub is left alone after a failure.
    pub fn held_until(&self) -> Moment {
        self.hold
    }

    /// Commits in the hour before `now`.
    pub fn commits(&mut self, now: Moment) -> usize {
        while self.commits.front().is_some_and(|at| *at + HOUR <= now) {
            self.commits.pop_front();
        }
        self.commits.len()
    }

    /// What to do at `now`.
    pub fn due(&mut self, now: Moment) -> Due {
        let Some(first) = self.first else { return Due::Idle };
        let Pace { schedule, quiet, commits_an_hour } = self.pace;
        let wanted = if self.hurry { first } else { (self.last + quiet).min(first + schedule) };
        let affordable = if self.commits(now) < commits_an_hour {
            Moment::ZERO
        } else {
            self.commits.front().map_or(Moment::ZERO, |oldest| *oldest + HOUR)
        };
        let at = wanted.max(self.hold).max(affordable);
        if at <= now { Due::Now } else { Due::At(at) }
    }

    /// A commit was sent, whatever came of it: it counts.
    pub fn sent(&mut self, now: Moment) {
        self.commits.push_back(now);
    }

    /// A batch is on the Hub. `more` is left to be sent; else only what changed after `as_of` still waits.
    pub fn pushed(&mut self, now: Moment, as_of: Moment, more: bool) {
        self.failures = 0;
        self.hold = now;
        if more {
            self.hurry = true;
        } else {
            self.hurry = false;
            self.first = (self.last > as_of).then_some(self.last);
        }
    }

    /// Nothing more was to be sent than what is on the Hub already.
    pub fn nothing_to_send(&mut self, as_of: Moment) {
        self.hurry = false;
        self.first = (self.last > as_of).then_some(self.last);
    }

    /// A push failed.
    pub fn failed(&mut self, now: Moment, failure: Failure) {
        let wait = match failure {
            Failure::Trouble => back_off(self.failures, FIRST_BACK_OFF, LONGEST_BACK_OFF, &mut self.jitter),
            Failure::Quota { retry_after } => retry_after.unwrap_or(HOUR),
        };
        self.failures = self.failures.saturating_add(1);
        self.hold = self.hold.max(now + wait);
    }
}

/// The wait after `failures` earlier ones: doubling, with full jitter, but never a tight loop.
pub fn back_off(failures: u32, first: Duration, longest: Duration, jitter: &mut Jitter) -> Duration {
    let ceiling = first.saturating_mul(1 << failures.min(16)).min(longest);
    ceiling.mul_f64(jitter.next_fraction()).max(first / 4)
}

/// A small generator (`splitmix64`): jitter wants spread, not secrecy, and tests want it repeatable.
#[derive(Debug)]
pub struct Jitter(pub u64);

impl Jitter {
    /// From 0 up to 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
    pub fn next_fraction(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((bits ^ (bits >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const fn secs(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    fn cadence(schedule: u64) -> Cadence {
        Cadence::new(Pace::new(secs(schedule)), 1)
    }

    #[test]
    fn pushes_when_it_is_quiet_and_at_the_latest_after_the_schedule() {
        let mut cadence = cadence(300);
        assert_eq!(cadence.due(secs(0)), Due::Idle);
        cadence.changed(secs(100));
        assert_eq!(cadence.due(secs(100)), Due::At(secs(110)));
        for second in 100..400 {
            cadence.changed(secs(second));
        }
        assert_eq!(cadence.due(secs(399)), Due::At(secs(400)));
        assert_eq!(cadence.due(secs(400)), Due::Now);
    }

    #[test]
    fn what_changed_while_a_push_was_under_way_waits_for_the_next() {
        let mut cadence = cadence(6);
        cadence.changed(secs(1));
        cadence.changed(secs(5));
        cadence.pushed(secs(6), secs(4), false);
        assert_eq!(cadence.due(secs(6)), Due::At(secs(7)));
        cadence.pushed(secs(8), secs(7), false);
        assert_eq!(cadence.due(secs(100)), Due::Idle);
    }

    #[test]
    fn a_used_up_quota_waits_for_what_the_hub_says_or_an_hour() {
        let mut cadence = cadence(6);
        cadence.changed(secs(1));
        cadence.failed(secs(10), Failure::Quota { retry_after: Some(secs(42)) });
        assert_eq!(cadence.due(secs(10)), Due::At(secs(52)));
        cadence.failed(secs(60), Failure::Quota { retry_after: None });
        assert_eq!(cadence.due(secs(60)), Due::At(secs(3660)));
    }

    #[test]
    fn a_stop_that_is_near_does_not_wait_for_quiet() {
        let mut cadence = cadence(300);
        cadence.changed(secs(5));
        cadence.hurry();
        assert_eq!(cadence.due(secs(5)), Due::Now);
    }

    proptest! {
        #[test]
        fn never_more_commits_in_an_hour_than_the_budget_and_never_later_than_the_schedule_without_trouble(
            seed: u64,
            changes in proptest::collection::vec(1_u64..200, 1..400),
            failing in proptest::collection::vec(0_u8..8, 400),
        ) {
            let mut cadence = Cadence::new(Pace { commits_an_hour: 20, ..Pace::new(secs(60)) }, seed);
            let (mut now, mut sent, mut failed) = (0, Vec::new(), false);
            for (gap, failure) in changes.iter().zip(failing) {
                let until = now + gap;
                while now < until {
                    if cadence.due(secs(now)) == Due::Now {
                        cadence.sent(secs(now));
                        sent.push(now);
                        match failure {
                            0 => { failed = true; cadence.failed(secs(now), Failure::Trouble); }
                            1 => { failed = true; cadence.failed(secs(now), Failure::Quota { retry_after: None }); }
                            _ => { failed = false; cadence.pushed(secs(now), secs(now), false); }
                        }
                    } else if let Some(since) = cadence.waiting_since() {
                        let busy = sent.iter().filter(|at| **at + 3600 > now).count() >= 20;
                        prop_assert!(failed || busy || now < since.as_secs() + 60);
                    }
                    now += 1;
                }
                cadence.changed(secs(now));
            }
            for window in sent.windows(21) {
                prop_assert!(window[20] - window[0] >= 3600);
            }
        }

        #[test]
        fn back_off_grows_to_its_ceiling_and_never_spins(seed: u64, failures in 0_u32..100) {
            let wait = back_off(failures, secs(1), secs(300), &mut Jitter(seed));
            prop_assert!(wait >= Duration::from_millis(250) && wait <= secs(300));
        }
    }
}
