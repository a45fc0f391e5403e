//! The handle through which processes use the store.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use project::config::Config;
use project::user_state::UserState;
use uuid::Uuid;

use crate::history::{Numbered, Seal, Vector};
use crate::ops::union::{Merged, Piece};
use crate::ops::{accounts, arrive, corpus, go, import, look, reclaim, save, union, view};
use crate::sqlite::{Backend, Tx};
use crate::study::{Gate, Study};
use crate::work::{
    Desk, Go, Ingested, ItemAnswers, Known, ListedItem, Place, Registered, Save, SaveError, Saved, View, Went,
};
use crate::{Digest, Rules, StoreError};

/// How old an answer of [`Store::gate`] or [`Store::health`] may be.
const GATE_FRESH: Duration = Duration::from_millis(100);
const HEALTH_FRESH: Duration = Duration::from_secs(1);

/// How to open a store.
#[derive(Clone, Debug)]
pub struct Options {
    /// The directory of the store's files, on a local disk.
    pub dir: PathBuf,
    /// How many reads at once (`GUNICORN_THREADS`).
    pub readers: usize,
    /// The study's rules.
    pub rules: Rules,
    /// Names this start of all processes together; the gate is opened for one boot.
    pub boot: Option<String>,
}

/// An opened store. Clones share it.
#[derive(Clone, Debug)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    backend: Backend,
    boot: Option<String>,
    /// Once open, the gate stays open for this boot.
    open: AtomicBool,
    gate: Mutex<Option<(Instant, Gate)>>,
    healthy: Mutex<Option<Instant>>,
}

#[expect(
    clippy::redundant_closure_for_method_calls,
    reason = "the method's lifetime is bound too early to be passed"
)]
impl Store {
    /// Opens the store, making it if there is none. Blocks.
    pub fn open(options: Options) -> Result<Self, StoreError> {
        let Options { dir, readers, rules, boot } = options;
        let backend = Backend::open(dir, readers, rules, corpus::refresh)?;
        Ok(Self(Arc::new(Inner {
            backend,
            boot,
            open: AtomicBool::new(false),
            gate: Mutex::default(),
            healthy: Mutex::default(),
        })))
    }

    /// Waits until all that is queued is written, and takes no more.
    pub async fn close(self) {
        self.0.backend.close().await;
    }

    /// Whether a write would work now.
    pub async fn health(&self) -> Result<(), StoreError> {
        let fresh =
            |at: &Mutex<Option<Instant>>| *at.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if fresh(&self.0.healthy).is_some_and(|at| at.elapsed() < HEALTH_FRESH) {
            return Ok(());
        }
        self.0.backend.room()?;
        self.write(|tx| tx.set_meta_number("probe", tx.kernel_millis().cast_signed())).await?;
        *self.0.healthy.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(Instant::now());
        Ok(())
    }

    /// How long writes have been waiting for another process, and its pid, if that is worth telling.
    pub fn waiting(&self) -> Option<(Duration, u32)> {
        self.0.backend.waiting()
    }

    /// Who this store is.
    pub async fn study(&self) -> Result<Study, StoreError> {
        self.read(|tx| Ok(Study { id: study_id(tx)?, origin: tx.own_origin()? })).await
    }

    /// Gives the store its study, unless it has one; the one it has.
    pub async fn claim(&self, id: Uuid) -> Result<Uuid, StoreError> {
        self.write(move |tx| {
            if let Some(id) = study_id(tx)? {
                return Ok(id);
            }
            tx.set_meta_text("study", &id.to_string())?;
            Ok(id)
        })
        .await
    }

    /// Whether annotations are taken in this boot.
    pub async fn gate(&self) -> Result<Gate, StoreError> {
        if self.0.open.load(Ordering::Acquire) {
            return Ok(Gate::Open);
        }
        let cached = self.0.gate.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        if let Some((at, gate)) = cached
            && at.elapsed() < GATE_FRESH
        {
            return Ok(gate);
        }
        let boot = self.0.boot.clone().unwrap_or_default();
        let gate = self
            .read(move |tx| {
                if tx.meta_text("gate_boot")?.as_deref() == Some(&boot) {
                    read_gate(tx)
                } else {
                    Ok(Gate::Starting)
                }
            })
            .await?;
        self.0.open.store(gate == Gate::Open, Ordering::Release);
        *self.0.gate.lock().unwrap_or_else(std::sync::PoisonError::into_inner) =
            Some((Instant::now(), gate.clone()));
        Ok(gate)
    }

    /// Says whether annotations are taken; for the one who knows about the backup.
    pub async fn set_gate(&self, gate: Gate) -> Result<(), StoreError> {
        let boot = self.0.boot.clone().unwrap_or_default();
        let text = serde_json::to_string(&gate).map_err(|e| StoreError::Backend(Box::new(e)))?;
        self.write(move |tx| {
            tx.set_meta_text("gate_boot", &boot)?;
            tx.set_meta_text("gate", &text)
        })
        .await
    }

    /// Takes in the project's items, unless its files are those that were read last.
    pub async fn ingest(&self, config: &Config) -> Result<Ingested, StoreError> {
        let fingerprint = corpus::fingerprint(config)?;
        let asked = fingerprint.clone();
        if let Some(current) = self.read(move |tx| corpus::current(tx, &asked)).await? {
            return Ok(current);
        }
        let config = config.clone();
        self.write(move |tx| corpus::ingest(tx, &config, &fingerprint)).await
    }

    /// How many items there are.
    pub async fn items(&self) -> Result<u64, StoreError> {
        self.read(|tx| tx.item_count()).await
    }

    /// An item.
    pub async fn item(&self, id: &str) -> Result<Option<ListedItem>, StoreError> {
        let id = id.to_owned();
        self.read(move |tx| tx.item(&id)).await
    }

    /// An account, or the name of somebody whose work was found.
    pub async fn known(&self, name: &str) -> Result<Option<Known>, StoreError> {
        let name = name.to_owned();
        self.read(move |tx| accounts::known(tx, &name)).await
    }

    /// Makes an account.
    pub async fn register(
        &self,
        name: &str,
        password_hash: Option<String>,
    ) -> Result<Registered, StoreError> {
        let name = name.to_owned();
        self.write(move |tx| accounts::register(tx, &name, password_hash)).await
    }

    /// Changes the password of an account; false if there is none.
    pub async fn set_password(&self, name: &str, hash: String) -> Result<bool, StoreError> {
        let name = name.to_owned();
        self.write(move |tx| accounts::set_password(tx, &name, hash)).await
    }

    /// Makes the accounts of a roster (names and password hashes) that are missing; how many.
    pub async fn seed_accounts(&self, accounts: Vec<(String, Option<String>)>) -> Result<u64, StoreError> {
        self.write(move |tx| accounts::seed(tx, accounts)).await
    }

    /// Where an annotator is, if that can be told without handing out anything.
    pub async fn look(&self, user: &str) -> Result<Option<Place>, StoreError> {
        let user = user.to_owned();
        self.read(move |tx| {
            Ok(match look::find(tx, &user)? {
                look::Found::At(place) => Some(place),
                look::Found::Nobody | look::Found::Lost => None,
            })
        })
        .await
    }

    /// Where an annotator is, with the first items handed out, or lapsed ones taken up again, where that is needed.
    pub async fn arrive(&self, user: &str) -> Result<Went, StoreError> {
        let name = user.to_owned();
        let settled = self
            .read(move |tx| {
                Ok(match look::find(tx, &name)? {
                    look::Found::Nobody => Some(Went::NoAnnotator),
                    look::Found::At(place) if arrive::is_settled(tx, &name)? => Some(Went::Place(place)),
                    look::Found::At(_) | look::Found::Lost => None,
                })
            })
            .await?;
        if let Some(went) = settled {
            return Ok(went);
        }
        let user = user.to_owned();
        self.write(move |tx| arrive::arrive(tx, &user)).await
    }

    /// Goes to another item.
    pub async fn go(&self, user: &str, to: Go) -> Result<Went, StoreError> {
        let user = user.to_owned();
        self.write(move |tx| go::go(tx, &user, &to)).await
    }

    /// Stores answers; durable when it answers.
    pub async fn save(&self, save: Save) -> Result<Saved, SaveError> {
        self.0.backend.write(move |tx| save::save(tx, save)).await
    }

    /// What an annotator has said about an item.
    pub async fn stored(&self, user: &str, item: &str) -> Result<ItemAnswers, StoreError> {
        let (user, item) = (user.to_owned(), item.to_owned());
        self.read(move |tx| look::answers_of(tx, &user, &item)).await
    }

    /// An item of an annotator's list.
    pub async fn desk(&self, user: &str, item: &str) -> Result<Option<Desk>, StoreError> {
        let (user, item) = (user.to_owned(), item.to_owned());
        self.read(move |tx| match tx.annotator(&user)? {
            Some(annotator) => look::desk(tx, &annotator, &item),
            None => Ok(None),
        })
        .await
    }

    /// Lets the reservations of absent annotators lapse; how many. To be called once a minute.
    pub async fn reclaim(&self) -> Result<u64, StoreError> {
        self.write(reclaim::reclaim).await
    }

    /// The last event's place in the order of this store.
    pub async fn last_seq(&self) -> Result<i64, StoreError> {
        self.read(|tx| tx.last_seq()).await
    }

    /// Whom the events after `after` are about, and the place up to which that is told.
    pub async fn changed_users(&self, after: i64) -> Result<(Vec<String>, i64), StoreError> {
        self.read(move |tx| Ok((tx.users_after(after)?, tx.last_seq()?))).await
    }

    /// An annotator's whole state.
    pub async fn view(&self, user: &str) -> Result<View, StoreError> {
        let user = user.to_owned();
        self.read(move |tx| view::view(tx, &user)).await
    }

    /// Numbers all events, and tells the state of that very moment.
    pub async fn seal(&self) -> Result<Seal, StoreError> {
        self.write(|tx| Ok(Seal { tip: tx.number_events()?, vector: tx.vector()?, digest: tx.digest()? }))
            .await
    }

    /// The lines of this store's own history with numbers in `after + 1 ..= up_to`, without line ends.
    pub async fn lines(&self, after: u64, up_to: u64) -> Result<Vec<String>, StoreError> {
        self.read(move |tx| tx.own_lines(after, up_to)).await
    }

    /// What is known of each origin.
    pub async fn vector(&self) -> Result<Vector, StoreError> {
        self.read(|tx| tx.vector()).await
    }

    /// Applies the history of other stores; what is known already is skipped. Where the state reaches the vector in
    /// `expect`, its digest must be the one named there, else all is undone.
    pub async fn union(
        &self,
        events: Box<dyn Iterator<Item = Result<(Uuid, Numbered), StoreError>> + Send>,
        expect: Option<(Vector, Digest)>,
    ) -> Result<Merged, StoreError> {
        let mut events: Box<dyn Iterator<Item = Piece> + Send> = events;
        self.write(move |tx| union::union(tx, &mut *events, expect.as_ref())).await
    }

    /// Takes over what somebody else changed in a `user_state.json`: `base_seq` names the view that we wrote there last,
    /// `modified_millis` is the file's time (milliseconds since 1970). How many changes there were.
    pub async fn import(
        &self,
        user: &str,
        state: &UserState,
        base_seq: Option<i64>,
        modified_millis: u64,
    ) -> Result<u64, StoreError> {
        let (user, state) = (user.to_owned(), state.clone());
        self.write(move |tx| import::import(tx, &user, &state, base_seq, modified_millis)).await
    }

    /// The digest of the state, computed from scratch.
    pub async fn recount(&self) -> Result<Digest, StoreError> {
        self.read(union::recount).await
    }

    async fn read<R: Send + 'static>(
        &self,
        read: impl FnOnce(&Tx<'_>) -> Result<R, StoreError> + Send + 'static,
    ) -> Result<R, StoreError> {
        self.0.backend.read(read).await
    }

    async fn write<R: Send + 'static>(
        &self,
        write: impl FnOnce(&mut Tx<'_>) -> Result<R, StoreError> + Send + 'static,
    ) -> Result<R, StoreError> {
        self.0.backend.write(write).await
    }
}

fn study_id(tx: &Tx<'_>) -> Result<Option<Uuid>, StoreError> {
    let text = tx.meta_text("study")?;
    text.map(|text| text.parse().map_err(|e| StoreError::Backend(Box::new(e)))).transpose()
}

fn read_gate(tx: &Tx<'_>) -> Result<Gate, StoreError> {
    let text = tx.meta_text("gate")?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(Gate::Starting))
}
