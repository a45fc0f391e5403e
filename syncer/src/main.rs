//! The `syncer` program: start-up only.

use std::collections::HashMap;
use std::io::IsTerminal;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::Duration;

use clap::{Parser, Subcommand};
use sd_notify::NotifyState;
use syncer::secrets;
use syncer::settings::Settings;
use syncer::status::{Board, ask};
use syncer::stop::{Stopper, channel};
use syncer::syncer::{Ended, run};

/// Exit codes, as in sysexits.h.
const SOFTWARE: u8 = 70;
const UNSENT: u8 = 75;
const CONFIG: u8 = 78;
/// Set for the transfer library below `hf-hub`, which reports to the Hub otherwise and reads nothing but the environment.
const NO_TELEMETRY: &str = "HF_HUB_DISABLE_TELEMETRY";

#[derive(Parser)]
#[command(version, about = "Sends out what the store holds, and brings it back")]
struct Arguments {
    /// The project's config file.
    #[arg(long, env = "POTATO_CONFIG", global = true, default_value = "config.yaml")]
    config: PathBuf,
    /// Take over a repo that is the backup of another Space.
    #[arg(long, env = "SPUD_ADOPT", global = true, value_parser = clap::builder::FalseyValueParser::new())]
    adopt: bool,
    #[command(subcommand)]
    command: Do,
}

#[derive(Subcommand)]
enum Do {
    /// Keep views, history and backup current until told to stop.
    Run,
    /// Bring everything up to date once.
    Once,
    /// Ask a running syncer how it stands; one line of JSON.
    Status,
}

fn main() -> ExitCode {
    if let Err(error) = secrets::hide() {
        eprintln!("syncer: this process cannot be hidden from others of its user: {error}");
        return ExitCode::from(SOFTWARE);
    }
    let arguments = Arguments::parse();
    if std::env::var_os(NO_TELEMETRY).is_none() {
        return again_without_telemetry();
    }
    start(&arguments).unwrap_or_else(|(code, message)| {
        eprintln!("syncer: {message}");
        ExitCode::from(code)
    })
}

/// Starts this program in its own place; changing the environment of a running one is not sound.
fn again_without_telemetry() -> ExitCode {
    let error = match std::env::current_exe() {
        Ok(program) => Command::new(program).args(std::env::args_os().skip(1)).env(NO_TELEMETRY, "1").exec(),
        Err(error) => error,
    };
    eprintln!("syncer: cannot start itself: {error}");
    ExitCode::from(SOFTWARE)
}

type Failed = (u8, String);

fn start(arguments: &Arguments) -> Result<ExitCode, Failed> {
    let variable = |name: &str| std::env::var(name).ok();
    let given = match variable("SPUD_SECRETS") {
        Some(socket) => secrets::receive(&socket)
            .map_err(|error| (SOFTWARE, format!("SPUD_SECRETS '{socket}': {error}")))?,
        None => HashMap::new(),
    };
    let secret = |name: &str| given.get(name).cloned().or_else(|| variable(name));
    let loaded = project::config::load(&arguments.config).map_err(|error| (CONFIG, error.to_string()))?;
    if let Do::Status = arguments.command {
        let status = ask(&loaded.config.state_dir).map_err(|error| {
            (SOFTWARE, format!("no syncer answers in {}: {error}", loaded.config.state_dir.display()))
        })?;
        println!("{}", serde_json::to_string(&status).expect("a status has only string keys"));
        return Ok(ExitCode::SUCCESS);
    }
    let settings = Settings::new(&loaded.config, arguments.adopt, &variable, &secret)
        .map_err(|error| (CONFIG, format!("{}: {error}", arguments.config.display())))?;
    drop(given);
    log_to_stderr();

    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| (SOFTWARE, error.to_string()))?;
    let once = matches!(arguments.command, Do::Once);
    let ended = runtime.block_on(async {
        let (stopper, stop) = channel(settings.stop_budget);
        let stopper = std::sync::Arc::new(stopper);
        let signals = tokio::spawn(Stopper::obey_signals(std::sync::Arc::clone(&stopper)));
        let watchdog = tokio::spawn(feed_watchdog());
        let tried = || {
            tell(NotifyState::Ready);
            if once {
                stopper.stop();
            }
        };
        tokio::select! {
            ended = run(settings, Board::default(), stop, tried) => ended.map(Some),
            _ = signals => Ok(None),
            _ = watchdog => Ok(None),
        }
    });
    runtime.shutdown_timeout(Duration::from_millis(100));
    match ended {
        Ok(Some(Ended::Clean)) => Ok(ExitCode::SUCCESS),
        Ok(Some(Ended::Unsent(left))) => Err((UNSENT, format!("not sent: {left}"))),
        Ok(None) => Err((UNSENT, "stopped at once, by a second signal".to_owned())),
        Err(error) => Err((SOFTWARE, error.to_string())),
    }
}

fn log_to_stderr() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,syncer=info,store=info,hf_hub=off"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
}

fn tell(state: NotifyState<'_>) {
    // Nobody may be listening.
    drop(sd_notify::notify(&[state]));
}

async fn feed_watchdog() {
    let Some(limit) = sd_notify::watchdog_enabled() else { return std::future::pending().await };
    let mut every = tokio::time::interval(limit / 3);
    loop {
        every.tick().await;
        tell(NotifyState::Watchdog);
    }
}
