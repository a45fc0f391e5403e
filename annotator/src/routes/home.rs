//! Where an annotator is: the one page that answers at `/`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use store::{Place, Went};

use crate::app::App;
use crate::pages::{Annotate, Done, NothingToDo, PhasePage, SignIn};
use crate::respond::{Answer, page, see};
use crate::session::Visitor;

/// The sign-in page, or the place of whoever is signed in.
pub(crate) async fn show(State(app): State<App>, Visitor(user): Visitor) -> Answer {
    let Some(user) = user else { return Ok(sign_in(&app, StatusCode::OK, None, "")) };
    let went = app.store().arrive(&user).await?;
    Ok(place(&app, &user, &went))
}

/// Old addresses.
pub(crate) async fn go() -> Response {
    see("/")
}

/// The sign-in page, with what went wrong before and the name that was typed.
pub(crate) fn sign_in(app: &App, status: StatusCode, error: Option<&str>, name: &str) -> Response {
    let config = app.config();
    let form = SignIn {
        task: &config.task_name,
        description: config.page.task_description.as_deref(),
        password: config.sign_in.require_password,
        error,
        name,
    };
    page(status, form.render())
}

/// The page of a place.
pub(crate) fn place(app: &App, user: &str, went: &Went) -> Response {
    let config = app.config();
    match went {
        Went::NoAnnotator => sign_in(app, StatusCode::OK, None, ""),
        Went::Place(Place::At(desk)) => {
            let blocked = app.blocked().reason(user);
            page(StatusCode::OK, Annotate::new(config, user, desk, blocked).render())
        }
        Went::Place(Place::Page(leaf)) => {
            let blocked = app.blocked().reason(user);
            page(StatusCode::OK, PhasePage::new(config, user, leaf, blocked, &[]).render())
        }
        Went::Place(Place::Done { answered, end }) => {
            let code = config.page.completion_code.as_deref();
            let task = &config.task_name;
            page(StatusCode::OK, Done { task, user, answered: *answered, end, code }.render())
        }
        Went::Place(Place::Nothing(why)) => {
            page(StatusCode::OK, NothingToDo::new(&config.task_name, user, *why).render())
        }
        // Only a search for an open item ends so, and its caller answers that itself.
        Went::NoneUnanswered => see("/annotate"),
    }
}
