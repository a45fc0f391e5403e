//! The pages before and after the items, under their own addresses.

use axum::body::Bytes;
use axum::extract::{MatchedPath, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use project::config::PHASE_PAGE;
use project::schemes;
use store::{Go, Leaf, Place};

use super::annotate::{NAVIGATION, not_complete};
use super::home;
use crate::app::App;
use crate::pages::PhasePage;
use crate::payload::is_json;
use crate::respond::{Answer, page, see};
use crate::session::Visitor;

/// `GET /consent` and its like: the page of wherever one is
pub(crate) async fn show(State(app): State<App>, Visitor(user): Visitor) -> Answer {
    let Some(user) = user else { return Ok(see("/")) };
    let went = app.store().arrive(&user).await?;
    Ok(home::place(&app, &user, &went))
}

/// `POST /consent` and its like: on to the next page, from one of that phase
pub(crate) async fn leave(
    State(app): State<App>,
    path: MatchedPath,
    visitor: Visitor,
    headers: HeaderMap,
    _body: Bytes,
) -> Answer {
    let Visitor(Some(user)) = &visitor else { return Ok(see("/")) };
    let at = app.store().look(user).await?;
    let phase = path.as_str().trim_start_matches('/');
    match at {
        Some(Place::Page(leaf)) if app.config().phases.pages[leaf.index].kind.phase() == phase => {
            let go = Go::Next { from: Some(leaf.id.clone()) };
            turn(&app, user, &headers, go, &leaf).await
        }
        _ => show(State(app), visitor).await,
    }
}

/// From a page to another, or to the items: the next place is at the usual address.
pub(super) async fn turn(app: &App, user: &str, headers: &HeaderMap, go: Go, leaf: &Leaf) -> Answer {
    if leaves(&go, leaf)
        && let Some(refused) = incomplete(app, user, headers, leaf)
    {
        return Ok(refused);
    }
    app.store().go(user, go).await?;
    Ok(see("/"))
}

/// Whether the step leaves the page forward. A repetition, which does not move, does not.
fn leaves(go: &Go, leaf: &Leaf) -> bool {
    match go {
        Go::Next { from } | Go::Graded { from, .. } => {
            from.as_ref().is_none_or(|from| *from == leaf.id || from == PHASE_PAGE)
        }
        Go::Previous { .. } | Go::To(_) | Go::Item(_) | Go::NextUnanswered | Go::PreviousUnanswered => false,
    }
}

/// The answer to somebody who leaves out what must be answered: a list for scripts, the page for others.
fn incomplete(app: &App, user: &str, headers: &HeaderMap, leaf: &Leaf) -> Option<Response> {
    let config = app.config();
    let unmet = schemes::unmet(&config.phases.pages[leaf.index].schemes, &leaf.stored.answers);
    let unmet: Vec<&str> = unmet.into_iter().map(|scheme| scheme.name.as_str()).collect();
    if unmet.is_empty() {
        return None;
    }
    if is_json(headers) || headers.contains_key(NAVIGATION) {
        return Some(not_complete(&unmet));
    }
    let blocked = app.blocked().reason(user);
    Some(page(StatusCode::BAD_REQUEST, PhasePage::new(config, user, leaf, blocked, &unmet).render()))
}
