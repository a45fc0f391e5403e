//! An assignment: that an item was given to an annotator, and what became of it.

use crate::{Digest, EventId, Stamp};

/// What was last said about a reservation. The numbers are stored and never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hold {
    /// It stands.
    Held = 0,
    /// It was given back.
    Released = 1,
    /// It was taken back.
    Lapsed = 2,
    /// There never was one: the answer was found in a file.
    None = 3,
}

impl Hold {
    pub(crate) fn from_number(number: i64) -> Option<Self> {
        [Self::Held, Self::Released, Self::Lapsed, Self::None].into_iter().find(|hold| *hold as i64 == number)
    }
}

/// One item of one annotator.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Assignment {
    pub(crate) user: String,
    pub(crate) item: String,
    /// The earliest event about it, and its index inside: the order of the annotator's list.
    pub(crate) first: (Stamp, EventId, u32),
    pub(crate) hold: Hold,
    /// The event that said so.
    pub(crate) hold_by: (Stamp, EventId),
    /// There is an answer now.
    pub(crate) answered: bool,
    /// It came when the item had all its answers: kept, not counted.
    pub(crate) surplus: bool,
    /// Its index among the annotator's live items.
    pub(crate) place: Option<u64>,
}

impl Assignment {
    /// Whether it is in the annotator's list.
    pub(crate) fn is_live(&self) -> bool {
        self.answered || self.hold == Hold::Held
    }

    /// Whether it takes a place of the item's.
    pub(crate) fn counts(&self) -> bool {
        self.is_live() && !self.surplus
    }

    /// Of what events say about it; what follows from other rows or from the rules is left out.
    pub(crate) fn digest(&self) -> Digest {
        let (first_at, first_id, first_idx) = self.first;
        let (hold_at, hold_id) = self.hold_by;
        Digest::of(&[
            b"assignment",
            self.user.as_bytes(),
            self.item.as_bytes(),
            &first_at.0.to_le_bytes(),
            &first_id.0,
            &first_idx.to_le_bytes(),
            &[self.hold as u8],
            &hold_at.0.to_le_bytes(),
            &hold_id.0,
        ])
    }
}
