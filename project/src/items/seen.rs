//! Which ids have been read, without keeping their text: some 50 bytes an id, however long it is.

use std::collections::HashMap;
use std::collections::hash_map::{Entry, RandomState};
use std::hash::BuildHasher as _;

/// Bits of a place that hold the line; the file has the rest.
const LINE_BITS: u32 = 40;

/// Two keyed hashes stand for an id: the chance that two of a million ids share them is below 1e-26.
#[derive(Default)]
pub(super) struct Seen {
    first: RandomState,
    second: RandomState,
    places: HashMap<(u64, u64), u64>,
}

impl Seen {
    /// The file and line at which the id was read before, if it was.
    pub(super) fn insert(&mut self, id: &str, file: usize, line: u64) -> Option<(usize, u64)> {
        let key = (self.first.hash_one(id), self.second.hash_one(id));
        match self.places.entry(key) {
            Entry::Occupied(entry) => Some(unpacked(*entry.get())),
            Entry::Vacant(entry) => {
                entry.insert(packed(file, line));
                None
            }
        }
    }
}

fn packed(file: usize, line: u64) -> u64 {
    (file as u64) << LINE_BITS | line & ((1 << LINE_BITS) - 1)
}

fn unpacked(place: u64) -> (usize, u64) {
    (usize::try_from(place >> LINE_BITS).unwrap_or(0), place & ((1 << LINE_BITS) - 1))
}
