//! Passwords: checked against Potato's hashes and ours, hashed with argon2id.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use project::roster::PotatoHash;
use tokio::sync::Semaphore;

/// Memory of one hash in KiB and its passes: OWASP's first choice for argon2id.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
/// Hashes computed at once; each takes a core and its memory.
const AT_ONCE: usize = 2;

/// Computes hashes beside the requests, few at a time.
#[derive(Clone)]
pub(crate) struct Hasher {
    places: Arc<Semaphore>,
}

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Wrong,
    Right,
    /// Right, and kept in a form that should be replaced.
    Outdated,
}

impl Default for Hasher {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Hasher {
    /// A new hash, as a PHC string; none if the machine gives no randomness or memory.
    pub(crate) async fn hash(&self, password: String) -> Option<String> {
        self.run(move || argon2().hash_password(password.as_bytes()).ok().map(|hash| hash.to_string()))
            .await
            .flatten()
    }

    /// Checks a password; takes as long where there is no hash to check against.
    pub(crate) async fn check(&self, password: String, hash: Option<String>) -> Verdict {
        let checked = self.run(move || {
            if let Some(hash) = hash {
                return check(&password, &hash);
            }
            // The same work for a name that does not exist, so that the time does not tell.
            let _ = argon2().hash_password(password.as_bytes());
            Verdict::Wrong
        });
        checked.await.unwrap_or(Verdict::Wrong)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let place = Arc::clone(&self.places).acquire_owned().await.ok()?;
        let work = move || {
            let _place = place;
            work()
        };
        tokio::task::spawn_blocking(work).await.ok()
    }
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).expect("constants within argon2's limits");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn check(password: &str, hash: &str) -> Verdict {
    if let Some(potato) = PotatoHash::parse(hash) {
        return if potato.verify(password) { Verdict::Outdated } else { Verdict::Wrong };
    }
    let right = PasswordHash::new(hash)
        .is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok());
    if right { Verdict::Right } else { Verdict::Wrong }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn our_hashes_and_potatos_are_checked_and_only_potatos_are_outdated() {
        let hasher = Hasher::default();
        let ours = hasher.hash("secret".to_owned()).await.unwrap();
        assert!(ours.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert_eq!(hasher.check("secret".to_owned(), Some(ours.clone())).await, Verdict::Right);
        assert_eq!(hasher.check("wrong".to_owned(), Some(ours)).await, Verdict::Wrong);
        assert_eq!(hasher.check("secret".to_owned(), None).await, Verdict::Wrong);
        assert_eq!(hasher.check(String::new(), Some(String::new())).await, Verdict::Wrong);
    }
}
