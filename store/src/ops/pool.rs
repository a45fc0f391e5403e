//! What an annotator's random order is made of: all items, or those of some shelves one after the other.

use crate::StoreError;
use crate::sqlite::{Candidate, Tx};

pub(crate) enum Pool {
    /// This many items.
    All(u64),
    /// Shelves and how many items stand there.
    Shelves(Vec<(String, u64)>),
}

impl Pool {
    pub(crate) fn all(tx: &Tx<'_>) -> Result<Self, StoreError> {
        Ok(Self::All(tx.item_count()?))
    }

    pub(crate) fn of_shelves(tx: &Tx<'_>, names: &[String]) -> Result<Self, StoreError> {
        let shelf = |name: &String| Ok((name.clone(), tx.shelf_len(name)?));
        names.iter().map(shelf).collect::<Result<_, StoreError>>().map(Self::Shelves)
    }

    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::All(len) => *len,
            Self::Shelves(shelves) => shelves.iter().map(|(_, len)| len).sum(),
        }
    }

    /// The item at an index, if it has a free place.
    pub(crate) fn open_at(&self, tx: &Tx<'_>, index: u64) -> Result<Option<Candidate>, StoreError> {
        match self {
            Self::All(_) => tx.open_at(index),
            Self::Shelves(shelves) => {
                let mut rest = index;
                for (name, len) in shelves {
                    match rest.checked_sub(*len) {
                        Some(beyond) => rest = beyond,
                        None => return tx.open_on_shelf(name, rest),
                    }
                }
                Ok(None)
            }
        }
    }

    /// Visits items with a free place from an index on, until `each` says stop.
    pub(crate) fn each_open(
        &self,
        tx: &Tx<'_>,
        from: u64,
        mut each: impl FnMut(Candidate) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        let shelves = match self {
            Self::All(_) => return tx.each_open(from, each),
            Self::Shelves(shelves) => shelves,
        };
        let (mut before, mut wants_more) = (0, true);
        for (name, len) in shelves {
            if wants_more && from < before + len {
                tx.each_on_shelf(name, from.saturating_sub(before), |candidate| {
                    wants_more = each(candidate)?;
                    Ok(wants_more)
                })?;
            }
            before += len;
        }
        Ok(())
    }
}
