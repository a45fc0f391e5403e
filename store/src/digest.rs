//! A digest of the whole state that does not depend on the order in which it came about.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The sum of the hashes of all rows of a state, so that it can be kept current row by row.
///
/// It finds damage and divergence; it is no defence against somebody who makes rows to fit it.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Digest([u64; 4]);

impl Digest {
    /// The digest of one row, from its parts.
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        Self::from_bytes(hasher.finalize().as_bytes())
    }

    /// With a row more.
    #[must_use]
    pub fn plus(self, row: Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i].wrapping_add(row.0[i])))
    }

    /// With a row less.
    #[must_use]
    pub fn minus(self, row: Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i].wrapping_sub(row.0[i])))
    }

    /// As 32 bytes, to be stored.
    pub fn to_bytes(self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for (chunk, word) in bytes.chunks_exact_mut(8).zip(self.0) {
            chunk.copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }

    /// From the 32 bytes of [`Self::to_bytes`].
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        let mut words = [0; 4];
        for (word, chunk) in words.iter_mut().zip(bytes.as_chunks::<8>().0) {
            *word = u64::from_le_bytes(*chunk);
        }
        Self(words)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_bytes().iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let wrong = || serde::de::Error::custom(format!("digest '{text}' is not 64 hex digits"));
        let hash = blake3::Hash::from_hex(&text).map_err(|_| wrong())?;
        Ok(Self::from_bytes(hash.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_can_be_taken_out_in_any_order() {
        let (a, b) = (Digest::of(&[b"a"]), Digest::of(&[b"b"]));
        assert_eq!(Digest::default().plus(a).plus(b).minus(a), b);
        assert_ne!(Digest::of(&[b"ab", b""]), Digest::of(&[b"a", b"b"]));
        let text = serde_json::to_string(&a).unwrap();
        assert_eq!(serde_json::from_str::<Digest>(&text).unwrap(), a);
    }
}
