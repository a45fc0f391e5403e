//! What all requests of a worker share.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::extract::FromRef;
use axum_extra::extract::cookie::Key;
use project::config::Config;
use store::Store;
use tokio::sync::watch;

use crate::blocked::Blocked;
use crate::passwords::Hasher;

/// The worker, as its handlers see it. Clones share it.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    config: Config,
    key: Key,
    hasher: Hasher,
    /// Not there until it is opened; requests are answered before that.
    store: OnceLock<Store>,
    /// Why there is no store yet, where that is known.
    trouble: Mutex<Option<String>>,
    /// Whether the roster's accounts are in the store.
    settled: watch::Sender<bool>,
    blocked: Blocked,
}

impl App {
    /// A worker that has a project and no store yet.
    pub fn new(config: Config, key: Key) -> Self {
        let blocked = Blocked::new(&config.state_dir);
        let (hasher, store, settled) = (Hasher::default(), OnceLock::new(), watch::Sender::new(false));
        let trouble = Mutex::default();
        Self(Arc::new(Inner { config, key, hasher, store, trouble, settled, blocked }))
    }

    /// Hands over the store.
    pub fn open(&self, store: Store) {
        // Only the start-up calls this, once.
        let _ = self.0.store.set(store);
    }

    /// Says why there is no store yet.
    pub(crate) fn refuse(&self, reason: String) {
        *self.0.trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(reason);
    }

    /// See [`Self::refuse`].
    pub(crate) fn trouble(&self) -> Option<String> {
        self.0.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Says that all accounts are there, so that people may come in.
    pub fn settle(&self) {
        self.0.settled.send_replace(true);
    }

    /// See [`Self::settle`].
    pub(crate) fn is_settled(&self) -> bool {
        *self.0.settled.borrow()
    }

    /// Waits until people may come in.
    pub(crate) async fn settled(&self) {
        // The sender is in here, too: it is not dropped before this.
        let _ = self.0.settled.subscribe().wait_for(|settled| *settled).await;
    }

    /// Users whose earlier file cannot be read.
    pub(crate) fn blocked(&self) -> &Blocked {
        &self.0.blocked
    }

    /// The store, once it is open.
    pub fn try_store(&self) -> Option<&Store> {
        self.0.store.get()
    }

    /// The store, behind the gate that lets no request through without it.
    pub(crate) fn store(&self) -> &Store {
        self.0.store.get().expect("the gate lets no request pass before the store is open")
    }

    /// The project.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// Hashes passwords, a few at a time.
    pub(crate) fn hasher(&self) -> &Hasher {
        &self.0.hasher
    }
}

impl FromRef<App> for Key {
    fn from_ref(app: &App) -> Self {
        app.0.key.clone()
    }
}
