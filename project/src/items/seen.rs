//! Which ids have been read, without keeping them: a million take some 50 MB less than their text would.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;

/// Two keyed hashes of an id are as good as the id: the chance that two of a million meet is below 1e-26.
#[derive(Default)]
pub(super) struct Seen {
    first: RandomState,
    second: RandomState,
    places: HashMap<(u64, u64), (u32, u64)>,
}

impl Seen {
    /// The file and line at which the id was read before, if it was.
    pub(super) fn insert(&mut self, id: &str, file: usize, line: u64) -> Option<(usize, u64)> {
        let key = (self.first.hash_one(id), self.second.hash_one(id));
        let place = (u32::try_from(file).unwrap_or(u32::MAX), line);
        match self.places.entry(key) {
            std::collections::hash_map::Entry::Occupied(entry) => {
                let (file, line) = *entry.get();
                Some((file as usize, line))
            }
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(place);
                None
            }
        }
    }
}
