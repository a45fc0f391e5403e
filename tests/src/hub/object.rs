//! A file's content under the names that git and LFS give it.

use bytes::Bytes;
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its bytes.
    pub content: Bytes,
    /// The git blob's SHA-1; of the pointer, if it is large.
    pub git: String,
    /// SHA-256 of a file that is kept in LFS.
    pub lfs: Option<String>,
}

impl Object {
    pub(super) fn regular(content: Bytes) -> Self {
        Self { git: git(&content), content, lfs: None }
    }

    pub(super) fn large(content: Bytes) -> Self {
        let oid = sha256(&content);
        let pointer =
            format!("version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {}\n", content.len());
        Self { git: git(pointer.as_bytes()), content, lfs: Some(oid) }
    }
}

/// The name of a blob in git.
fn git(content: &[u8]) -> String {
    let mut hasher = Sha1::new();
    hasher.update(format!("blob {}\0", content.len()));
    hasher.update(content);
    hex(&hasher.finalize())
}

pub(super) fn sha1(parts: &[&[u8]]) -> String {
    let mut hasher = Sha1::new();
    for part in parts {
        hasher.update(part);
    }
    hex(&hasher.finalize())
}

pub(super) fn sha256(content: &[u8]) -> String {
    hex(&Sha256::digest(content))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing into memory does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
