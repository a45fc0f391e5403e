//! What the syncer is told: the project's config, and the environment.

use std::path::PathBuf;
use std::time::Duration;

use project::config::{Backup, Config};
use project::schemes::Scheme;
use project::secret::SecretError;
use store::Rules;

use crate::hub::HubSettings;

/// The Hub where `HF_ENDPOINT` names no other.
const PUBLIC_HUB: &str = "https://huggingface.co";
/// What a Space leaves between the first word and the last.
const STOP_BUDGET: Duration = Duration::from_secs(9);
/// Only one of the store's readers is needed here.
const READERS: usize = 2;

/// Answers what a variable is set to.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// All that is told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `output_annotation_dir`.
    pub out: PathBuf,
    /// `state_dir`.
    pub state: PathBuf,
    /// The study's rules, for the store.
    pub rules: Rules,
    /// `max_annotations_per_user`, for the views.
    pub quota: Option<u32>,
    /// The schemes whose options stand in an order of the annotator's own, for the views.
    pub shuffled: Vec<Scheme>,
    /// `SPUD_BOOT`: names this start of all processes together.
    pub boot: Option<String>,
    /// `SPACE_ID`, recorded as the owner of the backup.
    pub owner: Option<String>,
    /// `--adopt`: take over a repo of another owner.
    pub adopt: bool,
    /// `SPUD_STOP_SECONDS`.
    pub stop_budget: Duration,
    /// How often, at least, a change is sealed and pushed.
    pub schedule: Duration,
    /// The backup, if there is one.
    pub hub: Option<HubSettings>,
}

/// Settings that cannot be used; the exit code is 78.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A secret's variable is not set.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// There is a backup and no token.
    #[error("backup: the repo {repo} needs a token: set the environment variable HF_TOKEN, or backup.token")]
    NoToken {
        /// The repo.
        repo: String,
    },
    /// A variable has a value that is not allowed.
    #[error("{variable} is '{value}': {allowed}")]
    Variable {
        /// Which.
        variable: &'static str,
        /// Its value.
        value: String,
        /// What is allowed.
        allowed: &'static str,
    },
}

impl Settings {
    /// From a config and the environment; `secrets` is the environment with what the launcher adds to it.
    pub fn new(
        config: &Config,
        adopt: bool,
        env: Environment<'_>,
        secrets: Environment<'_>,
    ) -> Result<Self, SettingsError> {
        let set = |name: &str| env(name).filter(|value| !value.is_empty());
        let hub = config.backup.as_ref().map(|backup| hub(config, backup, &set, secrets)).transpose()?;
        Ok(Self {
            out: config.output_dir.clone(),
            state: config.state_dir.clone(),
            rules: rules(config),
            quota: config.assignment.items_per_annotator,
            shuffled: config.schemes.iter().filter(|scheme| scheme.is_shuffled()).cloned().collect(),
            boot: set("SPUD_BOOT"),
            owner: set("SPACE_ID"),
            adopt,
            stop_budget: stop_budget(set("SPUD_STOP_SECONDS"))?,
            schedule: config.backup.as_ref().map_or(DEFAULT_SCHEDULE, |backup| backup.interval),
            hub,
        })
    }

    /// How to open the store.
    pub fn store(&self) -> store::Options {
        store::Options {
            dir: self.state.clone(),
            readers: READERS,
            rules: self.rules.clone(),
            boot: self.boot.clone(),
        }
    }
}

/// Segments are sealed this often where there is no backup.
const DEFAULT_SCHEDULE: Duration = Duration::from_mins(5);

fn stop_budget(value: Option<String>) -> Result<Duration, SettingsError> {
    let Some(value) = value else { return Ok(STOP_BUDGET) };
    let seconds = value.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds.ok_or(SettingsError::Variable {
        variable: "SPUD_STOP_SECONDS",
        value,
        allowed: "a number of seconds, 0 or more, is allowed",
    })
}

fn hub(
    config: &Config,
    backup: &Backup,
    set: Environment<'_>,
    secrets: Environment<'_>,
) -> Result<HubSettings, SettingsError> {
    let Backup { owner, name, path_in_repo, token, interval: _, private } = backup;
    let fallback = || {
        ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"]
            .iter()
            .find_map(|name| secrets(name).filter(|value| !value.is_empty()))
    };
    let token = match token.as_ref().map(|token| token.resolve(secrets)) {
        Some(Ok(token)) if !token.is_empty() => token,
        Some(Err(error)) => fallback().ok_or(error)?,
        _ => fallback().ok_or_else(|| SettingsError::NoToken { repo: format!("{owner}/{name}") })?,
    };
    Ok(HubSettings {
        endpoint: set("HF_ENDPOINT")
            .unwrap_or_else(|| PUBLIC_HUB.to_owned())
            .trim_end_matches('/')
            .to_owned(),
        token,
        owner: owner.clone(),
        name: name.clone(),
        path_in_repo: path_in_repo.clone(),
        private: *private,
        cache: config.state_dir.join("hub"),
    })
}

/// The config's rules as the store takes them.
pub fn rules(config: &Config) -> Rules {
    Rules::from_config(config)
}
