//! Signing in and out, and registering. Forms, answers and sentences are Potato's.

use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::PrivateCookieJar;
use project::names;
use serde::Deserialize;
use store::Registered;

use super::home;
use crate::app::App;
use crate::passwords::Verdict;
use crate::respond::{Answer, refuse, see};
use crate::session::{self, Visitor};

/// The fields of both forms. A field that is absent is not an empty one.
#[derive(Deserialize)]
pub(crate) struct Fields {
    email: Option<String>,
    pass: Option<String>,
}

/// What a request brings along to be answered with a session.
pub(crate) struct Caller {
    jar: PrivateCookieJar,
    https: bool,
}

const TAKEN: &str = "That username is already in use on this task.";
const ORPHANED: &str =
    "That username is already in use on this task. Ask the study administrator to restore your account.";

/// `POST /auth`
pub(crate) async fn sign_in(
    State(app): State<App>,
    Visitor(visitor): Visitor,
    jar: PrivateCookieJar,
    headers: HeaderMap,
    form: Result<Form<Fields>, FormRejection>,
) -> Answer {
    let Form(fields) = match form.map_err(|rejection| refuse(rejection.status(), rejection.body_text())) {
        Ok(form) => form,
        Err(refused) => return Ok(refused),
    };
    let caller = Caller { jar, https: session::is_https(&headers) };
    let name = fields.email.unwrap_or_default();
    if let Some(visitor) = visitor
        && app.store().known(&visitor).await?.is_some()
    {
        return Ok(see("/annotate"));
    }
    if name.trim().is_empty() {
        return Ok(home::sign_in(&app, StatusCode::OK, Some("User ID is required"), &name));
    }
    if app.config().sign_in.require_password {
        with_password(&app, caller, &name, fields.pass).await
    } else {
        by_name(&app, caller, &name).await
    }
}

async fn with_password(app: &App, caller: Caller, name: &str, password: Option<String>) -> Answer {
    const WRONG: &str = "Invalid user ID or password";
    let known = app.store().known(name).await?.filter(|known| known.registered && !known.disabled);
    // Without the field there is nothing to check, and nobody comes in.
    let given = password.filter(|password| !password.is_empty());
    let hash = known.as_ref().and_then(|known| known.password.clone());
    let verdict = match given.clone() {
        Some(password) => app.hasher().check(password, hash).await,
        None => Verdict::Wrong,
    };
    if verdict == Verdict::Wrong {
        return Ok(home::sign_in(app, StatusCode::OK, Some(WRONG), name));
    }
    if let (Verdict::Outdated, Some(password)) = (verdict, given)
        && let Some(hash) = app.hasher().hash(password).await
    {
        app.store().set_password(name, hash).await?;
    }
    Ok(enter(app, caller, name, "/annotate"))
}

async fn by_name(app: &App, caller: Caller, name: &str) -> Answer {
    match app.store().known(name).await? {
        Some(known) if known.disabled => Ok(home::sign_in(app, StatusCode::OK, Some("Login failed"), name)),
        Some(_) => Ok(enter(app, caller, name, "/annotate")),
        None => make(app, caller, name, None, "/annotate").await,
    }
}

/// `POST /register`
pub(crate) async fn register(
    State(app): State<App>,
    Visitor(visitor): Visitor,
    jar: PrivateCookieJar,
    headers: HeaderMap,
    form: Result<Form<Fields>, FormRejection>,
) -> Answer {
    let Form(fields) = match form.map_err(|rejection| refuse(rejection.status(), rejection.body_text())) {
        Ok(form) => form,
        Err(refused) => return Ok(refused),
    };
    if let Some(visitor) = visitor {
        let went = app.store().arrive(&visitor).await?;
        if went != store::Went::NoAnnotator {
            return Ok(home::place(&app, &visitor, &went));
        }
    }
    let caller = Caller { jar, https: session::is_https(&headers) };
    let (name, password) = (fields.email.unwrap_or_default(), fields.pass.unwrap_or_default());
    if name.trim().is_empty() || password.is_empty() {
        let error = Some("Username and password are required");
        return Ok(home::sign_in(&app, StatusCode::OK, error, &name));
    }
    make(&app, caller, &name, Some(password), "/").await
}

/// Makes an account and signs in.
async fn make(app: &App, caller: Caller, name: &str, password: Option<String>, to: &'static str) -> Answer {
    let refused = |why: &str| Ok(home::sign_in(app, StatusCode::OK, Some(why), name));
    if let Err(error) = names::check(name) {
        return refused(&error.to_string());
    }
    let rules = &app.config().sign_in;
    if !rules.open && !rules.users.iter().any(|user| user == name) {
        return refused("Unauthorized user");
    }
    let hash = match password {
        None => None,
        Some(password) => match app.hasher().hash(password).await {
            Some(hash) => Some(hash),
            None => {
                return Ok(refuse(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "The server is too busy to register now.",
                ));
            }
        },
    };
    match app.store().register(name, hash).await? {
        Registered::New => Ok(enter(app, caller, name, to)),
        Registered::Exists => refused("An account with that username already exists. Log in instead."),
        Registered::Orphaned => refused(ORPHANED),
        Registered::LooksLike(_) => refused(TAKEN),
    }
}

/// `GET` or `POST /logout`
pub(crate) async fn sign_out(jar: PrivateCookieJar) -> Response {
    (session::end(jar), see("/")).into_response()
}

fn enter(app: &App, caller: Caller, name: &str, to: &'static str) -> Response {
    let jar = session::begin(caller.jar, name, &app.config().sessions, caller.https);
    (jar, see(to)).into_response()
}
