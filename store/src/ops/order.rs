//! An annotator's own random order of the items: a permutation that is computed, never stored.

use crate::EventId;

/// Rounds of the cipher; four make a pseudo-random permutation of a pseudo-random function (Luby and Rackoff, 1988).
const ROUNDS: usize = 4;

/// A permutation of `0..len`, by a small Feistel cipher that is walked until it lands inside.
#[derive(Clone, Debug)]
pub(crate) struct Permutation {
    len: u64,
    half_bits: u32,
    keys: [u64; ROUNDS],
}

impl Permutation {
    /// The order of one annotator, drawn from the study's seed.
    pub(crate) fn of(seed: u64, user: &str, len: u64) -> Self {
        let keys = std::array::from_fn(|round| {
            let id = EventId::from_content(
                "spud random order v1",
                &[&seed.to_le_bytes(), user.as_bytes(), &(round as u64).to_le_bytes()],
            );
            u64::from_le_bytes(id.0[..8].try_into().expect("eight bytes of sixteen"))
        });
        let bits = u64::BITS - len.saturating_sub(1).leading_zeros();
        Self { len, half_bits: bits.div_ceil(2).max(1), keys }
    }

    /// Where the `index`-th item of the order stands in the data.
    pub(crate) fn at(&self, index: u64) -> u64 {
        debug_assert!(index < self.len, "an index inside the order");
        let mut value = index;
        loop {
            value = self.step(value);
            if value < self.len {
                return value;
            }
        }
    }

    fn step(&self, value: u64) -> u64 {
        let mask = (1 << self.half_bits) - 1;
        let (mut left, mut right) = (value >> self.half_bits, value & mask);
        for key in self.keys {
            (left, right) = (right, left ^ (mix(right ^ key) & mask));
        }
        left << self.half_bits | right
    }
}

/// The finaliser of `SplitMix64` (Steele, Lea and Flood, 2014).
fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_item_comes_once_and_annotators_have_different_orders() {
        for len in [1, 2, 3, 7, 64, 1_000] {
            let order = Permutation::of(1234, "ann", len);
            let mut seen: Vec<u64> = (0..len).map(|index| order.at(index)).collect();
            seen.sort_unstable();
            assert_eq!(seen, (0..len).collect::<Vec<_>>());
        }
        let first = |user| (0..10).map(|i| Permutation::of(1234, user, 1_000).at(i)).collect::<Vec<_>>();
        assert_ne!(first("ann"), first("bob"));
    }
}
