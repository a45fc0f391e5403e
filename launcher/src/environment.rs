//! Who gets which variable: no process is handed a secret that is not its own.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

use hkdf::Hkdf;
use sha2::Sha256;

/// Seen by workers alone: they sign sessions and talk to identity providers.
const WORKERS_SECRETS: [&str; 4] =
    ["OAUTH_CLIENT_SECRET", "POTATO_SECRET_KEY", "POTATO_ADMIN_API_KEY", "SPUD_SESSION_KEY"];
/// Seen by the syncer alone: what it sends needs them.
const SYNCERS_SECRETS: [&str; 2] = ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"];
const SYNCERS_PREFIX: &str = "POTATO_S3_";
/// How a token of the Hub begins, whatever variable holds it, and how long one is at least.
const TOKEN_PREFIX: &str = "hf_";
const TOKEN_BYTES: usize = 20;
/// Between the launcher and whoever started it.
const LAUNCHERS_OWN: [&str; 9] = [
    "NOTIFY_SOCKET",
    "WATCHDOG_USEC",
    "WATCHDOG_PID",
    "LISTEN_FDS",
    "LISTEN_PID",
    "LISTEN_FDNAMES",
    "GUNICORN_CMD_ARGS",
    "SPUD_SECRETS",
    "SPUD_WORKER",
];
const SESSION_KEY: &str = "SPUD_SESSION_KEY";
const SESSION_KEY_BYTES: usize = 32;

/// Variables, in the order in which they are handed on.
pub type Variables = BTreeMap<OsString, OsString>;

/// The environment, taken apart. It holds secrets, so it does not print.
pub struct Environment {
    /// What workers are started with.
    pub worker: Variables,
    /// What the syncer is started with.
    pub syncer: Variables,
    /// What the syncer is given where nobody can look.
    pub syncer_secrets: BTreeMap<String, String>,
}

/// A secret that cannot be handed on; the exit code is 78.
#[derive(Debug, thiserror::Error)]
#[error("{variable} holds bytes that are no UTF-8 text, so it cannot be a token: set it anew")]
pub struct NotText {
    variable: String,
}

impl Environment {
    /// Takes all variables apart; an empty secret counts as not set.
    pub fn divide(all: impl IntoIterator<Item = (OsString, OsString)>) -> Result<Self, NotText> {
        let all: Variables = all.into_iter().collect();
        let text = |name: &str| {
            all.get(OsStr::new(name)).and_then(|value| value.to_str()).filter(|value| !value.is_empty())
        };
        let tokens: Vec<&str> = SYNCERS_SECRETS.iter().filter_map(|name| text(name)).collect();

        let mut divided =
            Self { worker: Variables::new(), syncer: Variables::new(), syncer_secrets: BTreeMap::new() };
        for (name, value) in &all {
            let known_as = name.to_string_lossy();
            if LAUNCHERS_OWN.contains(&known_as.as_ref()) {
                continue;
            }
            if is_for_syncer(&known_as, &value.to_string_lossy(), &tokens) {
                let value =
                    value.to_str().ok_or_else(|| NotText { variable: known_as.clone().into_owned() })?;
                divided.syncer_secrets.insert(known_as.into_owned(), value.to_owned());
                continue;
            }
            divided.worker.insert(name.clone(), value.clone());
            if !WORKERS_SECRETS.contains(&known_as.as_ref()) {
                divided.syncer.insert(name.clone(), value.clone());
            }
        }
        let has_key = [SESSION_KEY, "POTATO_SECRET_KEY"]
            .iter()
            .any(|name| divided.worker.get(OsStr::new(name)).is_some_and(|value| !value.is_empty()));
        if let Some(token) = text("HF_TOKEN").filter(|_| !has_key) {
            let key = session_key(token, text("SPACE_ID").unwrap_or_default());
            divided.worker.insert(SESSION_KEY.into(), key.into());
        }
        Ok(divided)
    }
}

fn is_for_syncer(name: &str, value: &str, tokens: &[&str]) -> bool {
    SYNCERS_SECRETS.contains(&name)
        || name.starts_with(SYNCERS_PREFIX)
        || tokens.contains(&value)
        || tokens.iter().any(|token| token.len() >= TOKEN_BYTES && value.contains(token))
        || holds_token(value)
}

/// Whether a token of the Hub is anywhere in it, as in an address with a password.
fn holds_token(value: &str) -> bool {
    value.match_indices(TOKEN_PREFIX).any(|(at, _)| {
        let tail = &value[at + TOKEN_PREFIX.len()..];
        let length = tail.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let begins = value[..at].bytes().next_back().is_none_or(|byte| !byte.is_ascii_alphanumeric());
        begins && TOKEN_PREFIX.len() + length >= TOKEN_BYTES
    })
}

/// A key for sessions that stays while token and Space do, and from which the token cannot be found.
fn session_key(token: &str, space: &str) -> String {
    let mut key = [0; SESSION_KEY_BYTES];
    Hkdf::<Sha256>::new(Some(space.as_bytes()), token.as_bytes())
        .expand(b"spud session key v1", &mut key)
        .expect("32 bytes are within what one hash function expands to");
    hex(&key)
}

/// Two digits a byte.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "hf_abcdefghijklmnopqrstuvwx";

    fn divide(pairs: &[(&str, &str)]) -> Environment {
        Environment::divide(pairs.iter().map(|(name, value)| (name.into(), value.into()))).unwrap()
    }

    fn names(variables: &Variables) -> Vec<&str> {
        variables.keys().map(|name| name.to_str().unwrap()).collect()
    }

    #[test]
    fn a_token_reaches_no_environment_under_any_name() {
        let divided = divide(&[
            ("PATH", "/bin"),
            ("HF_TOKEN", TOKEN),
            ("HUGGING_FACE_HUB_TOKEN", "short"),
            ("MY_TOKEN", "hf_0123456789012345678901"),
            ("COPY", TOKEN),
            ("ALSO_SHORT", "short"),
            ("REMOTE", &format!("https://me:{TOKEN}@huggingface.co/datasets/me/notes")),
            ("POTATO_S3_SECRET_KEY", "s3"),
            ("HF_HOME", "/data/hf_cache"),
        ]);
        assert_eq!(names(&divided.syncer), ["HF_HOME", "PATH"]);
        assert_eq!(names(&divided.worker), ["HF_HOME", "PATH", "SPUD_SESSION_KEY"]);
        let secrets: Vec<&str> = divided.syncer_secrets.keys().map(String::as_str).collect();
        assert_eq!(
            secrets,
            [
                "ALSO_SHORT",
                "COPY",
                "HF_TOKEN",
                "HUGGING_FACE_HUB_TOKEN",
                "MY_TOKEN",
                "POTATO_S3_SECRET_KEY",
                "REMOTE"
            ]
        );
    }

    #[test]
    fn what_signs_sessions_is_kept_from_the_syncer() {
        let divided =
            divide(&[("POTATO_SECRET_KEY", "k"), ("OAUTH_CLIENT_SECRET", "o"), ("NOTIFY_SOCKET", "/run/n")]);
        assert!(divided.syncer.is_empty());
        assert_eq!(names(&divided.worker), ["OAUTH_CLIENT_SECRET", "POTATO_SECRET_KEY"]);
    }

    #[test]
    fn the_session_key_follows_token_and_space_and_is_made_only_where_none_is_set() {
        let key = |pairs: &[(&str, &str)]| divide(pairs).worker.get(OsStr::new(SESSION_KEY)).cloned();
        let first = key(&[("HF_TOKEN", TOKEN), ("SPACE_ID", "me/study")]).unwrap();
        assert_eq!(first.len(), 2 * SESSION_KEY_BYTES);
        assert_eq!(key(&[("HF_TOKEN", TOKEN), ("SPACE_ID", "me/study")]), Some(first.clone()));
        assert_ne!(key(&[("HF_TOKEN", TOKEN), ("SPACE_ID", "me/other")]), Some(first));
        assert_eq!(key(&[("HF_TOKEN", TOKEN), ("POTATO_SECRET_KEY", "k")]), None);
        assert_eq!(key(&[("HF_TOKEN", TOKEN), (SESSION_KEY, "mine")]), Some("mine".into()));
        assert_eq!(key(&[("HF_TOKEN", "")]), None);
    }
}
