//! One seed for all that is random in a test; the variable `SPUD_SEED` replays it.

use std::cell::Cell;

/// A source of numbers (splitmix64), good enough to choose whom to kill and what to answer.
#[derive(Debug)]
pub struct Seed(Cell<u64>);

impl Seed {
    /// From `SPUD_SEED`, or a new one; printed, so that a failure can be replayed.
    pub fn from_env() -> Self {
        let given = std::env::var("SPUD_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(|| uuid::Uuid::new_v4().as_u64_pair().0);
        println!("SPUD_SEED={seed}");
        Self(Cell::new(seed))
    }

    /// A number below `end`, which is not 0.
    pub fn below(&self, end: u64) -> u64 {
        let next = self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.0.set(next);
        let mixed = (next ^ (next >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }
}
