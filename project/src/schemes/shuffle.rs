//! Options in an order of each annotator's own (`option_randomization`), the same whenever he comes back to the item.
//!
//! The order is Potato's to the last place, so that a study may move between the two with the options where they were:
//! Python's `random.Random(seed).shuffle`, the seed being the BLAKE2b-64 of annotator, item and scheme.

use blake2::digest::consts::U8;
use blake2::{Blake2b, Digest};
use rand_mt::Mt;

/// Puts the options in their order.
pub(super) fn shuffle<T>(options: &mut [T], annotator: &str, item: &str, scheme: &str) {
    let text = format!("{annotator}\u{1f}{item}\u{1f}{scheme}");
    let seed = u64::from_be_bytes(Blake2b::<U8>::digest(text.as_bytes()).into());
    let mut source = generator(seed);
    for last in (1..options.len()).rev() {
        options.swap(last, below(&mut source, last + 1));
    }
}

/// Python's `random.Random(seed)`: the words of the seed, the lowest first, without leading zeros.
fn generator(seed: u64) -> Mt {
    let bytes = seed.to_le_bytes();
    let word = |from: usize| u32::from_le_bytes(std::array::from_fn(|i| bytes[from + i]));
    let (low, high) = (word(0), word(4));
    if high == 0 { Mt::new_with_key([low]) } else { Mt::new_with_key([low, high]) }
}

/// Python's `_randbelow`: as many bits as the bound has, again while they are too many.
fn below(source: &mut Mt, bound: usize) -> usize {
    let bits = usize::BITS - bound.leading_zeros();
    loop {
        let drawn = (source.next_u32() >> (u32::BITS - bits)) as usize;
        if drawn < bound {
            return drawn;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::shuffle;

    /// What Python 3.11 makes of the same seeds.
    #[test]
    fn the_order_is_that_of_python() {
        let order = |annotator: &str, item: &str, scheme: &str, options: &str| {
            let mut options: Vec<char> = options.chars().collect();
            shuffle(&mut options, annotator, item, scheme);
            options.into_iter().collect::<String>()
        };
        assert_eq!(order("alice", "item_1", "awesomeness", "123"), "312");
        assert_eq!(order("bob", "7", "mood", "abcdefghijkl"), "gldakchifjbe");
        assert_eq!(order("ä", "x", "m", "ab"), "ba");
    }
}
