//! Sessions: an encrypted cookie that says who it is, good at any worker and after a restart.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use axum::extract::{FromRef, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::PrivateCookieJar;
use axum_extra::extract::cookie::{Cookie, Key, SameSite};
use project::config::{Config, SameSite as Configured, Sessions};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::settings::Settings;

const COOKIE: &str = "session";
/// A cookie in use is renewed at most this often, in seconds.
const RENEW_SECONDS: u64 = 60;

/// What the cookie holds. Times are seconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Session {
    #[serde(rename = "u")]
    pub(crate) user: String,
    #[serde(rename = "c")]
    created: u64,
    #[serde(rename = "s")]
    seen: u64,
}

/// Who makes a request; none if nobody is signed in.
pub(crate) struct Visitor(pub(crate) Option<String>);

impl<S> FromRequestParts<S> for Visitor
where
    S: Send + Sync,
    App: FromRef<S>,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let app = App::from_ref(state);
        let jar = PrivateCookieJar::from_headers(&parts.headers, Key::from_ref(&app));
        Ok(Self(current(&jar, &app.config().sessions).map(|session| session.user)))
    }
}

/// The session of a request, if there is one that still holds.
fn current(jar: &PrivateCookieJar, sessions: &Sessions) -> Option<Session> {
    let session: Session = serde_json::from_str(jar.get(COOKIE)?.value()).ok()?;
    let now = now();
    let holds = now.saturating_sub(session.created) < sessions.lifetime.as_secs()
        && now.saturating_sub(session.seen) < sessions.idle.as_secs();
    holds.then_some(session)
}

/// Renews the cookie of a session in use, so that it ends only when nothing is heard.
pub(crate) async fn renew(State(app): State<App>, request: Request, next: Next) -> Response {
    let jar = PrivateCookieJar::from_headers(request.headers(), Key::from_ref(&app));
    let session = current(&jar, &app.config().sessions);
    let secure = is_https(request.headers());
    let response = next.run(request).await;
    match session {
        Some(session) if now().saturating_sub(session.seen) >= RENEW_SECONDS && !sets_cookie(&response) => {
            let renewed = Session { seen: now(), ..session };
            (jar.add(cookie(&renewed, &app.config().sessions, secure)), response).into_response()
        }
        _ => response,
    }
}

fn sets_cookie(response: &Response) -> bool {
    response.headers().contains_key(axum::http::header::SET_COOKIE)
}

/// The jar with a new session.
pub(crate) fn begin(
    jar: PrivateCookieJar,
    user: &str,
    sessions: &Sessions,
    secure: bool,
) -> PrivateCookieJar {
    let session = Session { user: user.to_owned(), created: now(), seen: now() };
    jar.add(cookie(&session, sessions, secure))
}

/// The jar without one.
pub(crate) fn end(jar: PrivateCookieJar) -> PrivateCookieJar {
    jar.remove(Cookie::build(COOKIE).path("/"))
}

/// Whether the browser came over TLS, as the proxy in front says.
pub(crate) fn is_https(headers: &axum::http::HeaderMap) -> bool {
    let proto = headers.get("x-forwarded-proto").and_then(|value| value.to_str().ok()).unwrap_or_default();
    proto.split(',').next().is_some_and(|first| first.trim().eq_ignore_ascii_case("https"))
}

fn cookie(session: &Session, sessions: &Sessions, secure: bool) -> Cookie<'static> {
    let value = serde_json::to_string(session).expect("a session is strings and numbers");
    let same_site = match sessions.same_site {
        Some(Configured::Strict) => SameSite::Strict,
        Some(Configured::None) => SameSite::None,
        Some(Configured::Lax) | None => SameSite::Lax,
    };
    let mut cookie = Cookie::new(COOKIE, value);
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_same_site(same_site);
    cookie.set_secure(secure || sessions.secure);
    cookie.set_max_age(time::Duration::try_from(sessions.lifetime).unwrap_or(time::Duration::MAX));
    cookie
}

fn now() -> u64 {
    Duration::from_millis(store::wall_millis()).as_secs()
}

/// Why there is no key to encrypt sessions with.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The config names a variable that is not set.
    #[error(transparent)]
    Secret(#[from] project::secret::SecretError),
    /// The key's file can neither be read nor made.
    #[error(
        "the session key at {path} can neither be read nor made: {source}; set POTATO_SECRET_KEY instead"
    )]
    File {
        /// The file.
        path: String,
        /// The cause.
        source: std::io::Error,
    },
}

/// The key: from the config, the environment, or a file that is made once for all workers.
pub fn key(
    config: &Config,
    settings: &Settings,
    source: &dyn Fn(&str) -> Option<String>,
) -> Result<Key, KeyError> {
    let secret = match &config.sessions.secret_key {
        Some(secret) => Some(secret.resolve(source)?),
        None => settings.potato_secret_key.clone().or_else(|| settings.session_key.clone()),
    };
    let secret = match secret {
        Some(secret) => secret,
        None => kept(&config.state_dir).map_err(|source| KeyError::File {
            path: config.state_dir.join(FILE).display().to_string(),
            source,
        })?,
    };
    let mut stretched = [0; 64];
    blake3::Hasher::new_derive_key("spud session cookie v1")
        .update(secret.as_bytes())
        .finalize_xof()
        .fill(&mut stretched);
    Ok(Key::from(&stretched))
}

const FILE: &str = "session.key";

/// The key in the state directory, made by whichever worker comes first.
fn kept(dir: &Path) -> std::io::Result<String> {
    let path = dir.join(FILE);
    if !path.exists() {
        std::fs::create_dir_all(dir)?;
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
        // Made whole under a name of its own, then linked: a reader never sees half a key, and only one wins.
        let key = blake3::Hash::from(bytes).to_hex();
        let own = dir.join(format!("{FILE}.{}.tmp", blake3::hash(&bytes).to_hex().split_at(8).0));
        let mut file =
            std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&own)?;
        file.write_all(key.as_bytes())?;
        file.sync_all()?;
        let linked = std::fs::hard_link(&own, &path);
        std::fs::remove_file(&own)?;
        if let Err(error) = linked
            && error.kind() != std::io::ErrorKind::AlreadyExists
        {
            return Err(error);
        }
    }
    std::fs::read_to_string(&path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_that_start_together_agree_on_one_key() {
        let dir = tempfile::tempdir().unwrap();
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let dir = dir.path().join("state");
                std::thread::spawn(move || kept(&dir).unwrap())
            })
            .collect();
        let keys: Vec<String> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        assert_eq!(keys[0].len(), 64);
        assert!(keys.iter().all(|key| *key == keys[0]));
        let files = std::fs::read_dir(dir.path().join("state")).unwrap().count();
        assert_eq!(files, 1, "no half-made key is left");
    }
}
