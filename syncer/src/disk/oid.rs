//! The two names that content has on the Hub: git's blob id, and the SHA-256 of a large file.

use std::fmt;
use std::io::{self, Read};

use sha1::{Digest as _, Sha1};
use sha2::Sha256;

const CHUNK_BYTES: usize = 128 * 1024;

/// The digests of a content of known size.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Oid {
    /// `sha1("blob <size>\0" content)`, as in `git hash-object`.
    pub git: [u8; 20],
    /// SHA-256 of the content.
    pub sha256: [u8; 32],
    /// Bytes.
    pub size: u64,
}

impl Oid {
    /// Of bytes in memory.
    pub fn of(content: &[u8]) -> Self {
        let size = content.len() as u64;
        let git = Sha1::new().chain_update(format!("blob {size}\0")).chain_update(content).finalize().into();
        Self { git, sha256: Sha256::digest(content).into(), size }
    }

    /// Of all that `reader` gives, which must be `size` bytes.
    ///
    /// # Errors
    /// The reader's, or `UnexpectedEof` if there are not as many bytes.
    pub fn read(reader: &mut impl Read, size: u64) -> io::Result<Self> {
        let mut git = Sha1::new();
        git.update(format!("blob {size}\0"));
        let mut sha256 = Sha256::new();
        let (mut buffer, mut seen) =
            (vec![0; CHUNK_BYTES.min(usize::try_from(size).unwrap_or(CHUNK_BYTES) + 1)], 0);
        loop {
            let n = reader.read(&mut buffer)?;
            if n == 0 {
                break;
            }
            seen += n as u64;
            git.update(&buffer[..n]);
            sha256.update(&buffer[..n]);
        }
        if seen != size {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                format!("{seen} bytes instead of {size}"),
            ));
        }
        Ok(Self { git: git.finalize().into(), sha256: sha256.finalize().into(), size })
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", hex(&self.git), self.size)
    }
}

/// Lower-case hex digits.
pub fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes all");
        text
    })
}

/// The bytes of exactly `2 * N` hex digits.
pub fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != 2 * N || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_what_git_calls_the_blob() {
        let oid = Oid::of(b"hello\n");
        assert_eq!(hex(&oid.git), "ce013625030ba8dba906f756967f9e9ca394464a");
        assert_eq!(unhex::<20>(&hex(&oid.git)), Some(oid.git));
        assert_eq!(unhex::<20>("xyz"), None);
        assert!(Oid::read(&mut &b"short"[..], 9).is_err());
    }
}
