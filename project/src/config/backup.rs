//! `backup`, `huggingface_backup`, `commit_scheduler`: the dataset repo on the Hub.

use std::time::Duration;

use super::{ConfigError, Section};
use crate::secret::Secret;

/// The dataset repo on the Hub that is the backup and the way back.
#[derive(Debug, Clone, PartialEq)]
pub struct Backup {
    /// User or organisation.
    pub owner: String,
    /// Name of the repo below it.
    pub name: String,
    /// Folder in the repo, without slashes at its ends; `None`: the root.
    pub path_in_repo: Option<String>,
    /// Where the config gives one; else the process takes `HF_TOKEN`.
    pub token: Option<Secret>,
    /// At the latest after so long a change is pushed.
    pub interval: Duration,
    /// Whether a repo that is missing is made private.
    pub private: bool,
}

/// Names of the older block, the documented one first.
const BLOCKS: [&str; 2] = ["huggingface_backup", "commit_scheduler"];
const DEFAULT_MINUTES: f64 = 5.0;
/// Longest interval: a week, in minutes.
const MAX_MINUTES: f64 = 7.0 * 24.0 * 60.0;
const MINUTE: Duration = Duration::from_mins(1);

/// The newer block wins over the older; where both are given and on, they must say the same.
pub(super) fn read(top: &Section<'_>) -> Result<Option<Backup>, ConfigError> {
    let mut older: Option<(&str, Backup)> = None;
    for name in BLOCKS {
        let Some(block) = top.section(name)? else { continue };
        let Some(backup) = older_block(&block)? else { continue };
        match &older {
            None => older = Some((name, backup)),
            Some((_, first)) if *first == unkeyed(&backup, first) => {}
            Some((other, _)) => return Err(two(top, name, other)),
        }
    }
    let Some(block) = top.section("backup")? else { return Ok(older.map(|(_, backup)| backup)) };
    block.warn_unknown(&[&["enabled", "schedule_minutes", "restore_on_boot", "sinks"]]);
    if !block.lenient_flag("enabled")?.unwrap_or(true) {
        return Ok(None);
    }
    let Some(newer) = newer_block(&block)? else {
        let without = || {
            block.refuse(
                "sinks",
                "is missing or empty; name one sink of type huggingface, or set enabled: false",
            )
        };
        return older.map(|(_, backup)| Some(backup)).ok_or_else(without);
    };
    match older {
        Some((name, older)) if newer != unkeyed(&older, &newer) => Err(two(top, "backup", name)),
        _ => Ok(Some(newer)),
    }
}

fn two(top: &Section<'_>, name: &str, other: &str) -> ConfigError {
    top.refuse(name, format!("says something else than {other}; keep one of the two blocks"))
}

/// The backup with the token of another: two blocks may name one token differently.
fn unkeyed(backup: &Backup, other: &Backup) -> Backup {
    Backup { token: other.token.clone(), ..backup.clone() }
}

fn older_block(block: &Section<'_>) -> Result<Option<Backup>, ConfigError> {
    const KEYS: &[&str] = &[
        "enabled",
        "repo_id",
        "token",
        "schedule_minutes",
        "private",
        "repo_type",
        "restore_on_boot",
        "path_in_repo",
        "responses",
    ];
    block.warn_unknown(&[KEYS]);
    if !block.lenient_flag("enabled")?.unwrap_or(false) {
        return Ok(None);
    }
    repo(block, interval(block)?).map(Some)
}

fn newer_block(block: &Section<'_>) -> Result<Option<Backup>, ConfigError> {
    const KEYS: &[&str] = &["type", "repo_id", "repo_type", "private", "token", "path_in_repo", "responses"];
    let interval = interval(block)?;
    let mut backup = None;
    for (i, node) in block.list("sinks")?.unwrap_or_default().iter().enumerate() {
        let sink = block.enter(&format!("sinks[{i}]"), node)?;
        match sink.required_text("type")?.trim() {
            "huggingface" | "hf" => {}
            "s3" => {
                let problem = "s3 is not built here; a sink of type huggingface is";
                return Err(sink.refuse("type", problem));
            }
            other => {
                return Err(sink.refuse("type", format!("{other:?} is not a sink; allowed: huggingface, hf")));
            }
        }
        sink.warn_unknown(&[KEYS]);
        if backup.is_some() {
            return Err(sink.refuse("type", "is a second sink; one sink of type huggingface is built here"));
        }
        backup = Some(repo(&sink, interval)?);
    }
    Ok(backup)
}

fn repo(section: &Section<'_>, interval: Duration) -> Result<Backup, ConfigError> {
    match section.text("repo_type")?.as_deref().map(str::trim) {
        None | Some("dataset") => {}
        Some("space") => {
            let problem = "space is refused: each push to a Space's own repo rebuilds and restarts it; use a dataset repo";
            return Err(section.refuse("repo_type", problem));
        }
        Some(other) => return Err(section.refuse("repo_type", format!("must be dataset, got {other:?}"))),
    }
    let repo_id = section.required_text("repo_id")?;
    let (owner, name) = match repo_id.trim().split_once('/') {
        Some((owner, name)) if is_repo_part(owner) && is_repo_part(name) => {
            (owner.to_owned(), name.to_owned())
        }
        _ => {
            let problem = format!("must be OWNER/NAME (letters, digits, - _ .), got {repo_id:?}");
            return Err(section.refuse("repo_id", problem));
        }
    };
    Ok(Backup {
        owner,
        name,
        path_in_repo: path_in_repo(section)?,
        token: section.secret("token")?,
        interval,
        private: section.lenient_flag("private")?.unwrap_or(true),
    })
}

/// What the Hub allows in a name: no dot or hyphen at its ends, no two of them together.
fn is_repo_part(part: &str) -> bool {
    const MAX_CHARS: usize = 96;
    !part.is_empty()
        && part.len() <= MAX_CHARS
        && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        && !part.starts_with(['-', '.'])
        && !part.ends_with(['-', '.'])
        && !part.contains("--")
        && !part.contains("..")
}

fn path_in_repo(section: &Section<'_>) -> Result<Option<String>, ConfigError> {
    let Some(path) = section.text("path_in_repo")? else { return Ok(None) };
    let path = path.trim().trim_matches('/');
    if path.is_empty() || path == "." {
        return Ok(None);
    }
    let fits = path
        .split('/')
        .all(|part| !part.is_empty() && part != "." && part != ".." && !part.contains(char::is_control));
    if fits && !path.contains('\\') {
        return Ok(Some(path.to_owned()));
    }
    Err(section
        .refuse("path_in_repo", format!("must be a folder of the repo (a/b, no . or ..), got {path:?}")))
}

fn interval(section: &Section<'_>) -> Result<Duration, ConfigError> {
    let minutes = section.number("schedule_minutes")?.unwrap_or(DEFAULT_MINUTES);
    if minutes > 0.0 && minutes <= MAX_MINUTES {
        return Ok(MINUTE.mul_f64(minutes));
    }
    Err(section
        .refuse("schedule_minutes", format!("must be more than 0 and at most {MAX_MINUTES}, got {minutes}")))
}
