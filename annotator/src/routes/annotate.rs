//! The annotation page, and moving between items.

use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use project::schemes::{self, Scheme};
use serde::Deserialize;
use serde_json::json;
use store::{Desk, Go, Place, Went};

use super::{home, phases};
use crate::app::App;
use crate::payload::navigation::{self, Step};
use crate::respond::{Answer, answer, refuse, see};
use crate::session::Visitor;

/// With this header a script asks for JSON instead of a page.
pub(super) const NAVIGATION: &str = "x-potato-navigation";

#[derive(Deserialize)]
pub(crate) struct Wanted {
    instance_id: Option<String>,
}

/// `GET /annotate`
pub(crate) async fn show(
    State(app): State<App>,
    Visitor(user): Visitor,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let Some(user) = user else { return Ok(see("/")) };
    let went = match wanted.instance_id {
        Some(item) => app.store().go(&user, Go::Item(item)).await?,
        None => app.store().arrive(&user).await?,
    };
    Ok(home::place(&app, &user, &went))
}

/// `POST /annotate`, JSON or a form
pub(crate) async fn navigate(
    State(app): State<App>,
    Visitor(user): Visitor,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let Some(user) = user else { return Ok(see("/")) };
    let step = match navigation::read(&headers, &body) {
        Ok(step) => step,
        Err(error) => return Ok(refuse(StatusCode::BAD_REQUEST, error.to_string())),
    };
    step_to(&app, &user, &headers, step).await
}

/// `POST /go_to`, the old jump: a form with `go_to`
pub(crate) async fn jump(
    State(app): State<App>,
    Visitor(user): Visitor,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let Some(user) = user else { return Ok(see("/")) };
    match navigation::read_jump(&headers, &body) {
        Ok(step) => step_to(&app, &user, &headers, step).await,
        Err(error) => Ok(refuse(StatusCode::BAD_REQUEST, error.to_string())),
    }
}

async fn step_to(app: &App, user: &str, headers: &HeaderMap, step: Step) -> Answer {
    let go = match step {
        Step::Stay => {
            let went = app.store().arrive(user).await?;
            return Ok(moved(app, user, headers, &went));
        }
        Step::Go(go) => go,
    };
    match app.store().look(user).await? {
        Some(Place::At(desk)) if leaves_forward(&go, &desk) => {
            let unmet = unmet(&app.config().schemes, &desk);
            if !unmet.is_empty() {
                return Ok(not_complete(&unmet));
            }
        }
        Some(Place::Page(leaf)) => return phases::turn(app, user, headers, go, &leaf).await,
        _ => {}
    }
    let went = app.store().go(user, go).await?;
    Ok(moved(app, user, headers, &went))
}

fn moved(app: &App, user: &str, headers: &HeaderMap, went: &Went) -> Response {
    let script = headers.contains_key(NAVIGATION);
    match went {
        Went::Place(Place::At(desk)) if script => {
            answer(StatusCode::OK, json!({"instance_id": desk.item, "status": "ok"}))
        }
        // As Potato: where pages turn, the next one is at the usual place.
        Went::Place(Place::Page(_) | Place::Done { .. } | Place::Nothing(_)) | Went::NoAnnotator => see("/"),
        Went::NoneUnanswered => answer(
            StatusCode::OK,
            json!({"message": "All items have been annotated", "status": "no_unannotated"}),
        ),
        Went::Place(Place::At(_)) => home::place(app, user, went),
    }
}

/// Whether the step goes past what must be answered first. A repetition, which does not move, passes.
fn leaves_forward(go: &Go, desk: &Desk) -> bool {
    match go {
        Go::Next { from } | Go::Graded { from, .. } => from.as_ref().is_none_or(|from| *from == desk.item),
        Go::To(place) => *place > desk.place,
        Go::NextUnanswered => true,
        Go::Previous { .. } | Go::Item(_) | Go::PreviousUnanswered => false,
    }
}

fn unmet<'a>(schemes: &'a [Scheme], desk: &Desk) -> Vec<&'a str> {
    let marked = |scheme: &Scheme| {
        let stored = &desk.stored;
        let mut marks = stored.spans.values().chain(stored.links.values()).chain(stored.events.values());
        marks.any(|mark| mark["schema"] == scheme.name)
    };
    let open = schemes::unmet(schemes, &desk.stored.answers).into_iter().filter(|scheme| !marked(scheme));
    open.map(|scheme| scheme.name.as_str()).collect()
}

pub(super) fn not_complete(unmet: &[&str]) -> Response {
    let message = format!("Required annotation(s) not completed: {}", unmet.join(", "));
    let body = json!({"message": message, "status": "validation_error", "unsatisfied_schemas": unmet});
    answer(StatusCode::BAD_REQUEST, body)
}
