//! The syncer as a whole: what its parts share, and the order in which it starts and ends.

use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use store::{Store, StoreError};
use tokio::sync::{Mutex as AsyncMutex, Notify};
use tracing::{info, warn};
use uuid::Uuid;

use crate::blocking::blocking;
use crate::boot::open_gate;
use crate::clock::{Clock, wall_millis_now};
use crate::disk::manifest::{Manifest, ManifestError};
use crate::disk::watch::Watch;
use crate::disk::whole_file;
use crate::hub::{Hub, HubError};
use crate::rounds::cadence::{Cadence, Moment, Pace};
use crate::rounds::trouble::Trouble;
use crate::rounds::{self, Left};
use crate::settings::Settings;
use crate::status::{Board, Socket};
use crate::stop::Stop;
use crate::views::mirror::{Mirror, MirrorError};

const LOCK: &str = "syncer.lock";
const MANIFEST: &str = "syncer.sqlite";
/// How long the syncer of an earlier start may take to end.
const LOCK_WAIT: Duration = Duration::from_secs(15);
const LOCK_POLL: Duration = Duration::from_millis(100);
/// How often the store is asked for news.
const POLL: Duration = Duration::from_millis(500);
const HOUR_MILLIS: i64 = 3_600_000;

/// What all parts share.
pub struct Syncer {
    pub(crate) settings: Arc<Settings>,
    pub(crate) store: Store,
    pub(crate) manifest: Arc<Manifest>,
    pub(crate) mirror: AsyncMutex<Mirror>,
    pub(crate) hub: Option<Hub>,
    pub(crate) clock: Clock,
    pub(crate) board: Board,
    pub(crate) wake: Notify,
    cadence: Mutex<Cadence>,
    trouble: Mutex<Trouble>,
}

/// Why it cannot run at all.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A file or folder of its own.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// Another one is at work.
    #[error("another syncer holds {}: only one may work on a directory", path.display())]
    Locked {
        /// The lock.
        path: PathBuf,
    },
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The syncer's own file.
    #[error("{}: {source}; it may be deleted, it will be made anew", path.display())]
    Manifest {
        /// Which.
        path: PathBuf,
        /// The cause.
        source: ManifestError,
    },
    /// The output directory.
    #[error(transparent)]
    Mirror(#[from] MirrorError),
    /// The Hub's address or the token cannot be used at all.
    #[error("the backup cannot be used: {0}")]
    Hub(#[from] HubError),
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// All that there was is where it should be.
    Clean,
    /// Something could not be sent.
    Unsent(Left),
}

/// Runs until it is told to stop. `tried` is called when the gate is decided or could not be decided at first.
pub async fn run(
    settings: Settings,
    board: Board,
    stop: Stop,
    tried: impl Fn(),
) -> Result<Ended, StartError> {
    let settings = Arc::new(settings);
    make_dirs(&settings)?;
    let lock = lock(&settings).await?;
    let options = settings.store();
    let store = blocking(move || Store::open(options)).await?;
    let manifest_path = settings.state.join(MANIFEST);
    let manifest = Manifest::open(&manifest_path)
        .map_err(|source| StartError::Manifest { path: manifest_path, source })?;
    let manifest = Arc::new(manifest);
    let mirror = Mirror::new(Arc::clone(&settings), store.clone(), Arc::clone(&manifest))?;
    let hub = settings.hub.clone().map(Hub::new).transpose()?;
    board.update(|status| status.repo = hub.as_ref().map(Hub::repo));
    let socket = Socket::bind(&settings.state, board.clone())
        .map_err(|source| StartError::Io { path: settings.state.join(crate::status::SOCKET), source })?;
    let (clock, seed) = (Clock::start(), Uuid::new_v4().as_u64_pair().0);
    let syncer = Syncer {
        cadence: Mutex::new(Cadence::new(Pace::new(settings.schedule), seed)),
        settings,
        store,
        manifest,
        mirror: AsyncMutex::new(mirror),
        hub,
        clock,
        board,
        wake: Notify::new(),
        trouble: Mutex::default(),
    };
    let ended = syncer.work(stop, tried).await;
    drop(socket);
    let Syncer { store, .. } = syncer;
    store.close().await;
    drop(lock);
    Ok(ended)
}

impl Syncer {
    async fn work(&self, stop: Stop, tried: impl Fn()) -> Ended {
        tokio::select! {
            () = open_gate(self, tried) => {}
            _ = stop.deadline() => return self.ended_before_it_began().await,
        }
        self.remember_commits();
        // The first round finds out what is to be sent.
        self.cadence().changed(self.clock.now());
        tokio::select! {
            left = rounds::run(self, stop) => match left {
                Left::NOTHING => Ended::Clean,
                left => Ended::Unsent(left),
            },
            never = self.keep_mirror() => never,
        }
    }

    /// While the gate is shut nobody else writes: what is in the store came from this disk.
    async fn ended_before_it_began(&self) -> Ended {
        match self.store.last_seq().await {
            Ok(0) => Ended::Clean,
            _ => Ended::Unsent(Left { events: u64::from(self.hub.is_some()), ..Left::NOTHING }),
        }
    }

    /// Keeps the views current, for ever.
    async fn keep_mirror(&self) -> Ended {
        let mut watch = Watch::new(&self.settings.out);
        let mut poll = tokio::time::interval(POLL);
        poll.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut trouble = Trouble::default();
        loop {
            let touched = tokio::select! {
                _ = poll.tick() => None,
                path = watch.touched() => Some(path),
            };
            let mut mirror = self.mirror.lock().await;
            let now = self.clock.now();
            let result = match touched {
                Some(path) => mirror.touched(&path, now).await,
                None => self.tick(&mut mirror, now).await,
            };
            drop(mirror);
            match result {
                Ok(changed) => {
                    if changed {
                        self.changed();
                    }
                    if trouble.over() {
                        info!("the views are written again");
                    }
                }
                Err(error) => {
                    self.board.set_error(error.to_string());
                    if let Some(times) = trouble.happened(now) {
                        warn!(times, "the views are behind: {error}");
                    }
                }
            }
        }
    }

    async fn tick(&self, mirror: &mut Mirror, now: Moment) -> Result<bool, MirrorError> {
        let changed = mirror.notice(now).await?;
        // The first file in a new folder can escape the watch.
        let wrote = mirror.write_due(now, false).await?;
        let blocked = mirror.blocked.users().len() as u64;
        self.board.update(|status| status.blocked_users = blocked);
        Ok(changed || wrote)
    }

    fn changed(&self) {
        let now = self.clock.now();
        self.cadence().changed(now);
        self.show_waiting();
        self.wake.notify_one();
    }

    /// Tells the board since when something waits.
    pub(crate) fn show_waiting(&self) {
        let now = self.clock.now();
        let since = self.cadence().waiting_since();
        self.board.set_waiting(
            since.and_then(|since| std::time::Instant::now().checked_sub(now.saturating_sub(since))),
        );
        let commits = self.cadence().commits(now) as u64;
        self.board.update(|status| status.commits_this_hour = commits);
    }

    /// Commits before this start count for the hour.
    fn remember_commits(&self) {
        let Ok(sent) = self.manifest.sent_since(wall_millis_now() - HOUR_MILLIS) else { return };
        for at in sent {
            let at = self.clock.moment(at);
            self.cadence().sent(at);
        }
    }

    /// A commit is about to be sent.
    pub(crate) fn count_commit(&self) -> Result<(), ManifestError> {
        self.cadence().sent(self.clock.now());
        self.manifest.add_sent(wall_millis_now())
    }

    pub(crate) fn cadence(&self) -> MutexGuard<'_, Cadence> {
        self.cadence.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn trouble(&self) -> MutexGuard<'_, Trouble> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn make_dirs(settings: &Settings) -> Result<(), StartError> {
    for dir in [&settings.out, &settings.state] {
        whole_file::make_dirs(dir).map_err(|source| StartError::Io { path: dir.clone(), source })?;
    }
    Ok(())
}

/// Takes the lock that keeps a second syncer away from the directory; it goes with the process.
async fn lock(settings: &Settings) -> Result<File, StartError> {
    let path = settings.state.join(LOCK);
    let io_error = |source| StartError::Io { path: path.clone(), source };
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(io_error)?;
    let until = tokio::time::Instant::now() + LOCK_WAIT;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(std::fs::TryLockError::Error(source)) => return Err(io_error(source)),
            Err(std::fs::TryLockError::WouldBlock) if tokio::time::Instant::now() >= until => {
                return Err(StartError::Locked { path });
            }
            Err(std::fs::TryLockError::WouldBlock) => tokio::time::sleep(LOCK_POLL).await,
        }
    }
}
