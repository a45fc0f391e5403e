//! The accounts that come with the project: Potato's roster, taken in once.

use project::config::Config;
use project::names;
use project::roster::{self, Password, RosterError};
use store::{Store, StoreError};
use tracing::{info, warn};

use crate::app::App;

/// Why the roster cannot be taken in.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// Its file.
    #[error(transparent)]
    Roster(#[from] RosterError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl SeedError {
    /// Whether a person must change something first.
    pub fn is_configuration(&self) -> bool {
        matches!(self, Self::Roster(_))
    }
}

/// Whether the roster can be read.
pub(crate) fn check(config: &Config) -> Result<(), SeedError> {
    roster::read(&config.sign_in.roster)?;
    Ok(())
}

/// Makes the roster's accounts that are missing. One that exists stays as it is: its owner may have changed it since.
pub(crate) async fn seed(app: &App, store: &Store) -> Result<(), SeedError> {
    let roster = roster::read(&app.config().sign_in.roster)?;
    roster.warnings.iter().for_each(|warning| warn!("{warning}"));
    let mut accounts = Vec::new();
    for line in roster.lines {
        if let Err(error) = names::check(&line.username) {
            warn!("the roster's user '{}' is left out: {error}", line.username);
            continue;
        }
        if store.known(&line.username).await?.is_some_and(|known| known.registered) {
            continue;
        }
        let hash = match line.password {
            Password::Hash(hash) => Some(hash.to_string()),
            Password::Plain(plain) => app.hasher().hash(plain.0).await,
            Password::None => None,
        };
        accounts.push((line.username, hash));
    }
    let made = if accounts.is_empty() { 0 } else { store.seed_accounts(accounts).await? };
    if made > 0 {
        info!(made, "accounts of the roster were taken in");
    }
    Ok(())
}
