//! All routes on one screen. Paths and methods are Potato's where Potato has them.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{delete, get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::set_header::SetResponseHeaderLayer;

use crate::app::App;
use crate::routes::{annotate, highlights, home, media, phases, read_back, save, sign_in, status, track};
use crate::{assets, gate, origin, session};

/// Bytes of a request's body; a save is a few hundred.
const BODY_BYTES: usize = 2 << 20;
/// Smaller answers are not worth compressing.
const COMPRESS_BYTES: u64 = 1_024;

/// Images and films may come from any host that the data names: hosts redirect to others, so a list of them would not hold.
const POLICY: &str = "default-src 'self'; img-src 'self' data: https: http:; media-src 'self' data: https: http:; style-src 'self'; \
    style-src-attr 'unsafe-inline'; base-uri 'none'; form-action 'self'; object-src 'none'; \
    frame-ancestors 'self' https://huggingface.co";

/// The worker's routes.
pub fn router(app: App) -> Router {
    let study = Router::new()
        .route("/", get(home::show).post(home::show))
        .route("/auth", get(home::show).post(sign_in::sign_in))
        .route("/login", get(home::show).post(sign_in::sign_in))
        .route("/passwordless-login", get(home::go).post(home::go))
        .route("/register", post(sign_in::register))
        .route("/logout", get(sign_in::sign_out).post(sign_in::sign_out))
        .route("/annotate", get(annotate::show).post(annotate::navigate))
        .route("/go_to", get(annotate::show).post(annotate::jump))
        .route("/consent", get(phases::show).post(phases::leave))
        .route("/instructions", get(phases::show).post(phases::leave))
        .route("/prestudy", get(phases::show).post(phases::leave))
        .route("/training", get(phases::show).post(phases::leave))
        .route("/poststudy", get(phases::show).post(phases::leave))
        .route("/done", get(phases::show).post(phases::show))
        .route("/updateinstance", post(save::update))
        .route("/submit_annotation", post(save::submit))
        .route("/get_annotations", get(read_back::annotations))
        .route("/api/current_instance", get(read_back::current))
        .route("/api/instance_data", get(read_back::data))
        .route("/api/schemas", get(read_back::schemas))
        .route("/api/colors", get(read_back::colors))
        .route("/api/spans/{item}", get(read_back::spans))
        .route("/api/links/{item}", get(read_back::links))
        .route("/api/links/{item}/{link}", delete(read_back::delete_link))
        .route("/api/events/{item}", get(read_back::events))
        .route("/api/events/{item}/{event}", delete(read_back::delete_event))
        .route("/api/spans/{item}/clear", post(read_back::clear_spans))
        .route("/api/keyword_highlights/{item}", get(highlights::show))
        .route("/media/{*path}", get(media::serve))
        .route("/api/track_interactions", post(track::interactions))
        .route("/api/track_annotation_change", post(track::change))
        .route_layer(from_fn_with_state(app.clone(), session::renew))
        .route_layer(from_fn_with_state(app.clone(), gate::keep));
    let policy = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
    };
    Router::new()
        .merge(study)
        .route("/health", get(status::health))
        .route("/livez", get(status::live))
        .route("/favicon.ico", get(assets::icon))
        .route("/robots.txt", get(status::robots))
        .route("/static/{*path}", get(assets::serve))
        .fallback(status::missing)
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(from_fn(origin::check))
        .layer(CompressionLayer::new().compress_when(compressible()))
        .layer(policy(header::CONTENT_SECURITY_POLICY, POLICY))
        .layer(policy(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(policy(header::REFERRER_POLICY, "same-origin"))
        .layer(CatchPanicLayer::new())
        .with_state(app)
}

/// Texts of some length; media are compressed already, and a part of them is no stream of its own.
fn compressible() -> impl Predicate {
    SizeAbove::new(COMPRESS_BYTES)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::const_new("audio/"))
        .and(NotForContentType::const_new("video/"))
        .and(NotForContentType::const_new("application/pdf"))
}
