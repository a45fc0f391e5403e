//! The start and the end of a worker: in what order its parts come up, and how it leaves.

use std::io;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use project::config::Config;
use sd_notify::NotifyState;
use store::{Gate, Ingested, Rules, Store, StoreError};
use tokio::signal::unix::{SignalKind, signal};
use tracing::{info, warn};

use crate::accounts::{self, SeedError};
use crate::app::App;
use crate::settings::{SettingError, Settings};
use crate::{router, session};

/// Exit codes, as in sysexits.h.
const CONFIG: u8 = 78;
const SOFTWARE: u8 = 70;

/// How often a worker looks whether the gate has opened.
const GATE_POLL: Duration = Duration::from_millis(100);
/// How often it is seen which items nobody works on any more.
const RECLAIM: Duration = Duration::from_mins(1);
/// Between tries to open a store on a disk that is full or cannot be written.
const RETRY: Duration = Duration::from_secs(1);
/// The store's queue gets this long to be written at the end.
const CLOSE: Duration = Duration::from_secs(2);

/// Why a worker cannot start or go on; one sentence each.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A variable of the environment.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// The project's config.
    #[error(transparent)]
    Config(#[from] project::config::ConfigError),
    /// The key of the sessions.
    #[error(transparent)]
    Key(#[from] session::KeyError),
    /// The address.
    #[error("cannot listen at {host}:{port}: {source}; set PORT to a free port")]
    Listen {
        /// The name or address.
        host: String,
        /// The port.
        port: u16,
        /// The cause.
        source: io::Error,
    },
    /// The items or the store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The accounts of the roster.
    #[error(transparent)]
    Seed(#[from] SeedError),
    /// Anything of the system's.
    #[error("{doing}: {source}")]
    System {
        /// What was tried.
        doing: &'static str,
        /// The cause.
        source: io::Error,
    },
}

impl StartError {
    /// The exit code: 78 where a person must change something first.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Setting(_) | Self::Config(_) | Self::Key(_) | Self::Listen { .. } => CONFIG,
            Self::Store(error) if !error.is_transient() => CONFIG,
            Self::Seed(error) if error.is_configuration() => CONFIG,
            Self::Store(_) | Self::Seed(_) | Self::System { .. } => SOFTWARE,
        }
    }
}

/// Reads a project as the start does, without serving it; answers with its items and warnings.
pub fn check(settings: &Settings) -> Result<Vec<String>, StartError> {
    let loaded = project::config::load(&settings.config)?;
    accounts::check(&loaded.config)?;
    Ok(loaded.warnings)
}

/// Serves until told to stop.
pub async fn serve(settings: Settings, env: &dyn Fn(&str) -> Option<String>) -> Result<(), StartError> {
    let project::config::Loaded { config, warnings } = project::config::load(&settings.config)?;
    // The launcher has said it for all of its workers.
    if settings.boot.is_none() {
        for warning in &warnings {
            warn!("{warning}");
        }
    }
    let key = session::key(&config, &settings, env)?;
    let listener = listen(&settings, &config)?;
    let mut term = signal(SignalKind::terminate()).map_err(system("waiting for SIGTERM"))?;
    let mut int = signal(SignalKind::interrupt()).map_err(system("waiting for SIGINT"))?;
    // What tells the syncer to hurry may reach the whole group.
    let _ignored = signal(SignalKind::user_defined1()).map_err(system("ignoring SIGUSR1"))?;

    let app = App::new(config, key);
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let mut told = stopped.clone();
    let server = axum::serve(listener, router(app.clone()))
        .with_graceful_shutdown(async move { drop(told.wait_for(|stop| *stop).await) });
    let mut server = tokio::spawn(server.into_future());
    let options = store::Options {
        dir: app.config().state_dir.clone(),
        readers: settings.readers,
        rules: Rules::from_config(app.config()),
        boot: settings.boot.clone(),
    };
    let mut work = tokio::spawn(work(app.clone(), options, settings.slot));
    let outcome = tokio::select! {
        _ = term.recv() => Ok(()),
        _ = int.recv() => Ok(()),
        ended = &mut work => ended.unwrap_or_else(|error| Err(system("working")(io::Error::other(error)))),
        ended = &mut server => ended.unwrap_or_else(|error| Err(io::Error::other(error))).map_err(system("serving")),
    };
    tell(NotifyState::Stopping);
    stop.send_replace(true);
    work.abort();
    if tokio::time::timeout(settings.drain, &mut server).await.is_err() {
        server.abort();
    }
    if let Some(store) = app.try_store()
        && tokio::time::timeout(CLOSE, store.clone().close()).await.is_err()
    {
        warn!("the store did not close in time; what was acknowledged is on the disk");
    }
    outcome
}

/// Opens the store and takes in the items; tries again while the disk does not let it.
async fn open(app: &App, options: &store::Options) -> Result<Store, StartError> {
    let mut told = None;
    loop {
        let options = options.clone();
        let opened = tokio::task::spawn_blocking(move || Store::open(options))
            .await
            .map_err(|error| system("opening the store")(io::Error::other(error)))?;
        let ingested = match opened {
            Ok(store) => store.ingest(app.config()).await.map(|ingested| (store, ingested)),
            Err(error) => Err(error),
        };
        match ingested {
            Ok((store, Ingested { items, read })) => {
                if read {
                    info!(items, "the items were read");
                }
                return Ok(store);
            }
            Err(error) if error.is_transient() => {
                let reason = error.to_string();
                if told.as_ref() != Some(&reason) {
                    warn!("{reason}; it is tried again");
                    told = Some(reason.clone());
                }
                app.refuse(reason);
                tokio::time::sleep(RETRY).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Opens the store, then does what comes round until it is told to stop.
async fn work(app: App, options: store::Options, slot: Option<u32>) -> Result<(), StartError> {
    let began = Instant::now();
    let store = open(&app, &options).await?;
    app.open(store.clone());
    tell(NotifyState::Ready);
    info!(slot, ms = began.elapsed().as_millis(), "ready");

    let mut watchdog =
        tokio::time::interval(sd_notify::watchdog_enabled().map_or(RECLAIM, |limit| limit / 3));
    let mut reclaim = tokio::time::interval(RECLAIM);
    let mut gate = tokio::time::interval(GATE_POLL);
    let mut seeded = false;
    loop {
        tokio::select! {
            _ = gate.tick(), if !seeded => {
                // What the backup knows of the accounts comes first.
                if store.gate().await.is_ok_and(|gate| gate == Gate::Open) {
                    match accounts::seed(&app, &store).await {
                        Ok(()) => {
                            app.settle();
                            seeded = true;
                        }
                        Err(error) if error.is_configuration() => return Err(error.into()),
                        Err(error) => warn!(%error, "the roster could not be taken in; it is tried again"),
                    }
                }
            }
            _ = watchdog.tick() => {
                // A worker that cannot read is of no use, whatever else still runs.
                if store.items().await.is_ok() {
                    tell(NotifyState::Watchdog);
                }
            }
            _ = reclaim.tick(), if seeded && slot.unwrap_or_default() == 0 => {
                match store.reclaim().await {
                    Ok(0) => {}
                    Ok(count) => info!(count, "items that nobody works on are open again"),
                    Err(error) => warn!(%error, "open items could not be looked through"),
                }
            }
        }
    }
}

/// The listener that was handed over, or one of our own.
fn listen(settings: &Settings, config: &Config) -> Result<tokio::net::TcpListener, StartError> {
    let handed =
        listenfd::ListenFd::from_env().take_tcp_listener(0).map_err(system("taking over the listener"))?;
    let (host, port) = settings.address(config);
    let listener = match handed {
        Some(listener) => listener,
        None => TcpListener::bind((host.as_str(), port)).map_err(|source| StartError::Listen {
            host,
            port,
            source,
        })?,
    };
    listener
        .set_nonblocking(true)
        .and_then(|()| tokio::net::TcpListener::from_std(listener))
        .map_err(system("using the listener"))
}

fn system(doing: &'static str) -> impl Fn(io::Error) -> StartError {
    move |source| StartError::System { doing, source }
}

fn tell(state: NotifyState<'_>) {
    // Nobody may be listening.
    drop(sd_notify::notify(&[state]));
}
