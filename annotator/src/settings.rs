//! What the environment says, read once.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

/// The file that is served where `POTATO_CONFIG` does not say.
const CONFIG: &str = "config.yaml";
const PORT: u16 = 7860;
/// Reads at once, as in Potato's deployment guide.
const THREADS: usize = 4;
const DRAIN_SECONDS: u64 = 2;

/// A worker's settings. Secrets are in here, so it does not print.
pub struct Settings {
    /// The project's config.
    pub config: PathBuf,
    /// The address to listen at where no listener was handed over.
    pub host: Option<String>,
    /// As `host`.
    pub port: Option<u16>,
    /// How many requests read from the store at once.
    pub readers: usize,
    /// Which of the launcher's workers this is, from 0.
    pub slot: Option<u32>,
    /// Names this start of all processes together; none if the worker runs alone.
    pub boot: Option<String>,
    /// How long requests in flight may take after the order to stop.
    pub drain: Duration,
    /// `POTATO_SECRET_KEY`.
    pub potato_secret_key: Option<String>,
    /// `SPUD_SESSION_KEY`: what the launcher made of the study's secrets.
    pub session_key: Option<String>,
}

/// A variable that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{variable} is '{value}', which is not {allowed}")]
pub struct SettingError {
    variable: &'static str,
    value: String,
    allowed: &'static str,
}

impl Settings {
    /// Reads them from a source of variables; an empty one counts as not set.
    pub fn read(source: &dyn Fn(&str) -> Option<String>) -> Result<Self, SettingError> {
        let get = |name: &str| source(name).filter(|value| !value.is_empty());
        let threads = parsed(&get, "GUNICORN_THREADS", "a number of threads, 1 or more")?;
        let drain = parsed(&get, "SPUD_DRAIN_SECONDS", "a number of seconds")?;
        Ok(Self {
            config: get("POTATO_CONFIG").unwrap_or_else(|| CONFIG.to_owned()).into(),
            host: get("HOST"),
            port: parsed(&get, "PORT", "a port from 1 to 65535")?,
            readers: threads.map_or(THREADS, NonZeroUsize::get),
            slot: parsed(&get, "SPUD_WORKER", "a worker's number")?,
            boot: get("SPUD_BOOT"),
            drain: Duration::from_secs(drain.unwrap_or(DRAIN_SECONDS)),
            potato_secret_key: get("POTATO_SECRET_KEY"),
            session_key: get("SPUD_SESSION_KEY"),
        })
    }

    /// Where to listen: the environment, then the config, then 0.0.0.0:7860.
    pub fn address(&self, config: &project::config::Config) -> (String, u16) {
        let host = self.host.as_ref().or(config.host.as_ref());
        (host.cloned().unwrap_or_else(|| "0.0.0.0".to_owned()), self.port.or(config.port).unwrap_or(PORT))
    }
}

fn parsed<T: std::str::FromStr>(
    get: &impl Fn(&str) -> Option<String>,
    variable: &'static str,
    allowed: &'static str,
) -> Result<Option<T>, SettingError> {
    get(variable)
        .map(|value| value.trim().parse().map_err(|_| SettingError { variable, value, allowed }))
        .transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(pairs: &[(&str, &str)]) -> Result<Settings, SettingError> {
        let find =
            |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Settings::read(&find)
    }

    #[test]
    fn a_bad_variable_is_named_with_its_value_and_what_is_allowed() {
        let Err(error) = settings(&[("GUNICORN_THREADS", "0")]) else { panic!("0 threads were accepted") };
        assert_eq!(error.to_string(), "GUNICORN_THREADS is '0', which is not a number of threads, 1 or more");
        assert!(settings(&[("PORT", "70000")]).is_err());
    }

    #[test]
    fn an_empty_variable_counts_as_not_set() {
        let settings = settings(&[("PORT", ""), ("GUNICORN_THREADS", "8")]).unwrap();
        assert_eq!((settings.port, settings.readers), (None, 8));
        assert_eq!(settings.config, PathBuf::from("config.yaml"));
    }
}
