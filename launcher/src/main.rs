//! The `launcher` program: start-up only.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use launcher::bind;
use launcher::child::Child;
use launcher::environment::Environment;
use launcher::events::{Launcher, say};
use launcher::own::{self, OwnError};
use launcher::settings::Settings;
use launcher::supervisor::{CONFIG, SOFTWARE};
use nix::sys::prctl::{set_child_subreaper, set_dumpable};

#[derive(Parser)]
#[command(
    version,
    about = "Serves a Potato project: starts the workers and the syncer, watches and stops them"
)]
#[command(args_conflicts_with_subcommands = true)]
struct Arguments {
    /// The project's config file; `POTATO_CONFIG` or config.yaml otherwise.
    config: Option<PathBuf>,
    #[command(subcommand)]
    role: Option<Part>,
}

#[derive(Subcommand)]
enum Part {
    /// Between the launcher and its programs; not for people.
    #[command(hide = true)]
    Child(Child),
}

fn main() -> ExitCode {
    // Others of this user must not read the secrets from here.
    if let Err(error) = set_dumpable(false) {
        say(&format!("this process cannot be hidden from others of its user: {error}"));
        return ExitCode::from(SOFTWARE);
    }
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(CONFIG) } else { ExitCode::SUCCESS };
        }
    };
    let ended = match arguments.role {
        Some(Part::Child(child)) => {
            let error = child.become_it();
            let code = if error.kind() == std::io::ErrorKind::NotFound { CONFIG } else { SOFTWARE };
            Err((code, error.to_string()))
        }
        None => launch(arguments.config),
    };
    ExitCode::from(ended.unwrap_or_else(|(code, message)| {
        say(&message);
        code
    }))
}

fn launch(config: Option<PathBuf>) -> Result<u8, (u8, String)> {
    let wrong = |error: &dyn std::error::Error| (CONFIG, error.to_string());
    let broken = |error: std::io::Error| (SOFTWARE, error.to_string());
    let variables = own::variables().map_err(|error| match error {
        OwnError::NotText(error) => wrong(&error),
        OwnError::Io(_) => (SOFTWARE, error.to_string()),
    })?;
    let adopted = bind::adopted().map_err(|error| wrong(&error))?;
    let value = |name: &str| variables.get(OsStr::new(name));
    let variable = |name: &str| value(name).map(|value| value.to_string_lossy().into_owned());
    let settings = Settings::read(config, &variable).map_err(|error| wrong(&error))?;
    settings.require_config().map_err(|error| wrong(&error))?;
    let environment = Environment::divide(variables.clone()).map_err(|error| wrong(&error))?;
    let directory = value("SPUD_BIN_DIR").filter(|value| !value.is_empty()).map(PathBuf::from);
    set_child_subreaper(true).map_err(|error| broken(error.into()))?;
    Launcher::new(settings, &environment, directory, adopted).and_then(Launcher::run).map_err(broken)
}
