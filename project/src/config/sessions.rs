//! `secret_key`, `session_lifetime_days`, `session_timeout_minutes`, `session_cookie_*`.

use std::time::Duration;

use super::{ConfigError, Section};
use crate::secret::Secret;

/// Session cookies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sessions {
    /// What cookies are encrypted with, where the config says it.
    pub secret_key: Option<Secret>,
    /// How long a cookie is good for, 2 days where absent.
    pub lifetime: Duration,
    /// How long without a request until it ends, 8 hours where absent.
    pub idle: Duration,
    /// `session_cookie_samesite`, where given.
    pub same_site: Option<SameSite>,
    /// `session_cookie_secure`.
    pub secure: bool,
}

/// The cookie attribute of that name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SameSite {
    /// `Lax`
    Lax,
    /// `Strict`
    Strict,
    /// `None`: needs a secure cookie.
    None,
}

const DAY: Duration = Duration::from_hours(24);
const MINUTE: Duration = Duration::from_mins(1);
const DEFAULT_DAYS: f64 = 2.0;
const DEFAULT_IDLE_MINUTES: f64 = 480.0;
/// Longest session, in days.
const MAX_DAYS: f64 = 3660.0;

pub(super) fn read(top: &Section<'_>) -> Result<Sessions, ConfigError> {
    const WORDS: &[(&str, SameSite)] =
        &[("Lax", SameSite::Lax), ("Strict", SameSite::Strict), ("None", SameSite::None)];
    top.flag("persist_sessions")?;
    let same_site = top.word("session_cookie_samesite", WORDS)?;
    let secure = top.flag("session_cookie_secure")?.unwrap_or(false);
    if same_site == Some(SameSite::None) && !secure {
        return Err(top.refuse("session_cookie_samesite", "None needs session_cookie_secure: true"));
    }
    Ok(Sessions {
        secret_key: top.secret("secret_key")?,
        lifetime: span(top, "session_lifetime_days", DAY, DEFAULT_DAYS)?,
        idle: span(top, "session_timeout_minutes", MINUTE, DEFAULT_IDLE_MINUTES)?,
        same_site,
        secure,
    })
}

fn span(top: &Section<'_>, key: &str, unit: Duration, default: f64) -> Result<Duration, ConfigError> {
    let count = top.number(key)?.unwrap_or(default);
    let days = count * unit.as_secs_f64() / DAY.as_secs_f64();
    if count > 0.0 && days <= MAX_DAYS {
        return Ok(unit.mul_f64(count));
    }
    Err(top.refuse(key, format!("must be more than 0 and at most {MAX_DAYS} days, got {count}")))
}
