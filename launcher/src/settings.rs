//! What the environment says about processes, read once. Names and defaults are gunicorn's and Potato's entrypoint's.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use crate::gunicorn::{self, Given};

/// The file that is served where nothing says which.
const CONFIG: &str = "config.yaml";
const HOST: &str = "0.0.0.0";
const PORT: u16 = 7860;
const WORKERS: u32 = 2;
const THREADS: u32 = 4;
const TIMEOUT_SECONDS: u32 = 30;
/// More processes than this are a slip of the finger.
pub const MOST_WORKERS: u32 = 256;

/// Answers what a variable is set to.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// All that is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The project's config.
    pub config: PathBuf,
    /// The address or name to listen at.
    pub host: String,
    /// The port to listen at; 0 takes a free one.
    pub port: u16,
    /// How many workers, 1 to [`MOST_WORKERS`].
    pub workers: u32,
    /// How many requests a worker works on at once.
    pub threads: u32,
    /// How long a process may be silent before it counts as hung; `None` waits for ever.
    pub timeout: Option<Duration>,
    /// What was set and is not used, a sentence each.
    pub warnings: Vec<String>,
}

/// A setting that cannot be used; the exit code is 78.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A variable has a value that is not allowed.
    #[error("{variable} is '{value}', which is not {allowed}")]
    Value {
        /// Which; for a flag in `GUNICORN_CMD_ARGS` with its name.
        variable: String,
        /// Its value.
        value: String,
        /// What is allowed.
        allowed: &'static str,
    },
    /// There is nothing to serve.
    #[error("there is no config file '{}': set POTATO_CONFIG, or give its path", path.display())]
    NoConfig {
        /// Where it was looked for.
        path: PathBuf,
    },
}

impl Settings {
    /// Reads them from a source of variables, where an empty one counts as not set; `config` wins over it.
    pub fn read(config: Option<PathBuf>, source: Environment<'_>) -> Result<Self, SettingsError> {
        let get = |name: &str| source(name).filter(|value| !value.trim().is_empty());
        let own = |name: &str| get(name).map(|value| Given { variable: name.to_owned(), value });
        let arguments = gunicorn::arguments(get("GUNICORN_CMD_ARGS").as_deref())?;
        let config = config.or_else(|| get("POTATO_CONFIG").map(PathBuf::from));
        let (bound_host, bound_port) = arguments.bind.unzip();
        let workers = own("GUNICORN_WORKERS").or(arguments.workers).or_else(|| own("WEB_CONCURRENCY"));
        let threads = own("GUNICORN_THREADS").or(arguments.threads);
        let timeout = own("GUNICORN_TIMEOUT").or(arguments.timeout);
        let seconds = parsed::<u32>(timeout, "a whole number of seconds, or 0 to wait for ever")?;
        let port = parsed(own("PORT"), "a port from 1 to 65535, or 0 for a free one")?;
        Ok(Self {
            config: config.unwrap_or_else(|| CONFIG.into()),
            host: get("HOST").or(bound_host).unwrap_or_else(|| HOST.to_owned()),
            port: port.or(bound_port).unwrap_or(PORT),
            workers: number_of_workers(workers)?,
            threads: parsed::<NonZeroU32>(threads, "a number of threads, 1 or more")?
                .map_or(THREADS, NonZeroU32::get),
            timeout: Some(Duration::from_secs(seconds.unwrap_or(TIMEOUT_SECONDS).into()))
                .filter(|timeout| !timeout.is_zero()),
            warnings: arguments.warnings,
        })
    }

    /// Refuses a config that is not there before anything is started.
    pub fn require_config(&self) -> Result<(), SettingsError> {
        if self.config.is_file() {
            return Ok(());
        }
        Err(SettingsError::NoConfig { path: self.config.clone() })
    }
}

fn number_of_workers(given: Option<Given>) -> Result<u32, SettingsError> {
    const ALLOWED: &str = "a number of workers from 1 to 256";
    let Some(given) = given else { return Ok(WORKERS) };
    let value = given.value.clone();
    let variable = given.variable.clone();
    match parsed::<u32>(Some(given), ALLOWED)? {
        Some(workers @ 1..=MOST_WORKERS) => Ok(workers),
        _ => Err(SettingsError::Value { variable, value, allowed: ALLOWED }),
    }
}

fn parsed<T: FromStr>(given: Option<Given>, allowed: &'static str) -> Result<Option<T>, SettingsError> {
    let Some(Given { variable, value }) = given else { return Ok(None) };
    value.trim().parse().map(Some).map_err(|_| SettingsError::Value { variable, value, allowed })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(pairs: &[(&str, &str)]) -> Result<Settings, String> {
        let find =
            |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Settings::read(None, &find).map_err(|error| error.to_string())
    }

    #[test]
    fn nothing_set_means_two_workers_of_four_threads_on_port_7860() {
        let settings = settings(&[("PORT", " "), ("GUNICORN_WORKERS", "")]).unwrap();
        assert_eq!((settings.workers, settings.threads, settings.port), (2, 4, 7860));
        assert_eq!(settings.host, "0.0.0.0");
        assert_eq!(settings.timeout, Some(Duration::from_secs(30)));
        assert_eq!(settings.config, PathBuf::from("config.yaml"));
    }

    #[test]
    fn own_variables_win_over_gunicorn_cmd_args_and_these_over_web_concurrency() {
        let arguments = ("GUNICORN_CMD_ARGS", "--workers 3 --threads=5 -b 127.0.0.1:9000 --timeout 0");
        let read = settings(&[arguments, ("WEB_CONCURRENCY", "7")]).unwrap();
        assert_eq!((read.workers, read.threads, read.port, read.timeout), (3, 5, 9000, None));
        assert_eq!(read.host, "127.0.0.1");
        let read = settings(&[arguments, ("GUNICORN_WORKERS", "6"), ("PORT", "80")]).unwrap();
        assert_eq!((read.workers, read.port), (6, 80));
        assert_eq!(settings(&[("WEB_CONCURRENCY", "7")]).unwrap().workers, 7);
    }

    #[test]
    fn a_bad_value_is_named_with_its_variable_and_what_is_allowed() {
        for (variable, value, complaint) in [
            (
                "GUNICORN_WORKERS",
                "0",
                "GUNICORN_WORKERS is '0', which is not a number of workers from 1 to 256",
            ),
            (
                "WEB_CONCURRENCY",
                "999",
                "WEB_CONCURRENCY is '999', which is not a number of workers from 1 to 256",
            ),
            (
                "GUNICORN_THREADS",
                "many",
                "GUNICORN_THREADS is 'many', which is not a number of threads, 1 or more",
            ),
            ("PORT", "70000", "PORT is '70000', which is not a port from 1 to 65535, or 0 for a free one"),
            (
                "GUNICORN_TIMEOUT",
                "-1",
                "GUNICORN_TIMEOUT is '-1', which is not a whole number of seconds, or 0 to wait for ever",
            ),
            (
                "GUNICORN_CMD_ARGS",
                "--workers x",
                "--workers in GUNICORN_CMD_ARGS is 'x', which is not a number of workers from 1 to 256",
            ),
        ] {
            assert_eq!(settings(&[(variable, value)]).unwrap_err(), complaint);
        }
    }
}
