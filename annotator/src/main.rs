//! The `annotator` program: start-up only.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use annotator::{Settings, StartError, check, serve};
use clap::{Parser, Subcommand};
use rustix::process::{DumpableBehavior, set_dumpable_behavior};

#[derive(Parser)]
#[command(version, about = "Serves a Potato project over HTTP")]
struct Arguments {
    #[command(subcommand)]
    command: Option<Do>,
}

#[derive(Subcommand)]
enum Do {
    /// Serve until told to stop (the default).
    Serve {
        /// The project's config file; `POTATO_CONFIG` or `config.yaml` otherwise.
        config: Option<PathBuf>,
    },
    /// Read a project as the start does, and say what is wrong with it.
    Check {
        /// As for `serve`.
        config: Option<PathBuf>,
    },
}

fn main() -> ExitCode {
    // Others of this user must not read session keys from here.
    if let Err(error) = set_dumpable_behavior(DumpableBehavior::NotDumpable) {
        eprintln!("annotator: this process cannot be hidden from others of its user: {error}");
    }
    match start(&Arguments::parse().command.unwrap_or(Do::Serve { config: None })) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("annotator: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

fn start(command: &Do) -> Result<(), StartError> {
    let env = |name: &str| std::env::var(name).ok();
    let mut settings = Settings::read(&env)?;
    let (Do::Serve { config } | Do::Check { config }) = command;
    if let Some(config) = config {
        settings.config.clone_from(config);
    }
    if let Do::Check { .. } = command {
        check(&settings)?.iter().for_each(|warning| eprintln!("annotator: {warning}"));
        return Ok(());
    }
    log_to_stderr();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|source| StartError::System { doing: "starting threads", source })?;
    let ended = runtime.block_on(serve(settings, &env));
    runtime.shutdown_background();
    ended
}

fn log_to_stderr() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,annotator=info,store=info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
}
