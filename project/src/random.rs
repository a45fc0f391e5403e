//! Python's `random.Random`, number for number, where an order must be that of Potato or stay the same for ever.

use rand_mt::Mt;

/// A Mersenne Twister as Python seeds it.
pub(crate) struct Random(Mt);

impl Random {
    /// The words of the seed, the lowest first, without leading zeros.
    pub(crate) fn new(seed: u64) -> Self {
        let word = |shift: u32| u32::try_from((seed >> shift) & u64::from(u32::MAX)).unwrap_or(u32::MAX);
        let (low, high) = (word(0), word(u32::BITS));
        Self(if high == 0 { Mt::new_with_key([low]) } else { Mt::new_with_key([low, high]) })
    }

    /// `random.shuffle`
    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.below(last + 1));
        }
    }

    /// `_randbelow`: as many bits as the bound has, again while they are too many.
    fn below(&mut self, bound: usize) -> usize {
        let bits = usize::BITS - bound.leading_zeros();
        loop {
            let drawn = (self.0.next_u32() >> (u32::BITS - bits)) as usize;
            if drawn < bound {
                return drawn;
            }
        }
    }
}
