//! Style sheets and scripts, inside the program; a changed one has a new address.

use std::sync::LazyLock;

use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

struct Asset {
    path: &'static str,
    media: &'static str,
    bytes: &'static [u8],
}

macro_rules! assets {
    ($($path:literal as $media:literal),* $(,)?) => {
        [$(Asset { path: $path, media: $media, bytes: include_bytes!(concat!("../static/", $path)) }),*]
    };
}

const SCRIPT: &str = "text/javascript; charset=utf-8";

static ASSETS: &[Asset] = &assets![
    "css/app.css" as "text/css; charset=utf-8",
    "js/annotate.js" as "text/javascript; charset=utf-8",
    "js/answers.js" as "text/javascript; charset=utf-8",
    "js/conditions.js" as "text/javascript; charset=utf-8",
    "js/copy.js" as "text/javascript; charset=utf-8",
    "js/fields.js" as "text/javascript; charset=utf-8",
    "js/keys.js" as "text/javascript; charset=utf-8",
    "js/media.js" as "text/javascript; charset=utf-8",
    "js/navigate.js" as "text/javascript; charset=utf-8",
    "js/queue.js" as "text/javascript; charset=utf-8",
    "js/spans/chains.js" as "text/javascript; charset=utf-8",
    "js/spans/draw.js" as "text/javascript; charset=utf-8",
    "js/spans/entity.js" as "text/javascript; charset=utf-8",
    "js/spans/events.js" as "text/javascript; charset=utf-8",
    "js/spans/links.js" as "text/javascript; charset=utf-8",
    "js/spans/marks.js" as "text/javascript; charset=utf-8",
    "js/spans/place.js" as "text/javascript; charset=utf-8",
    "js/spans/text.js" as "text/javascript; charset=utf-8",
    "js/status.js" as "text/javascript; charset=utf-8",
    "js/theme.js" as "text/javascript; charset=utf-8",
    "js/widgets/cards.js" as "text/javascript; charset=utf-8",
    "js/widgets/difference.js" as "text/javascript; charset=utf-8",
    "js/widgets/errors.js" as "text/javascript; charset=utf-8",
    "js/widgets/field.js" as "text/javascript; charset=utf-8",
    "js/widgets/index.js" as "text/javascript; charset=utf-8",
    "js/widgets/justification.js" as "text/javascript; charset=utf-8",
    "js/widgets/passages.js" as "text/javascript; charset=utf-8",
    "js/widgets/ranking.js" as "text/javascript; charset=utf-8",
    "js/widgets/taxonomy.js" as "text/javascript; charset=utf-8",
    "js/widgets/text_edit.js" as "text/javascript; charset=utf-8",
    "js/widgets/tuples.js" as "text/javascript; charset=utf-8",
    "icon.svg" as "image/svg+xml",
];

/// What an address ends with: one fingerprint of all files, since modules name each other without it.
static FINGERPRINT: LazyLock<String> = LazyLock::new(|| {
    let mut hasher = blake3::Hasher::new();
    for asset in ASSETS {
        hasher.update(asset.bytes);
    }
    hasher.finalize().to_hex().split_at(12).0.to_owned()
});

/// The address of a file.
pub(crate) fn url(path: &str) -> String {
    format!("/static/{path}?h={}", *FINGERPRINT)
}

/// `GET /static/…`
pub(crate) async fn serve(
    Path(path): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.path == path) else {
        return crate::respond::problem(&headers, StatusCode::NOT_FOUND, "There is no file at this address.");
    };
    let tag = format!("\"{}\"", *FINGERPRINT);
    let current = query.is_some_and(|query| query == format!("h={}", *FINGERPRINT));
    let cache = if current { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|held| held.as_bytes() == tag.as_bytes());
    let headers = [(header::CONTENT_TYPE, asset.media), (header::CACHE_CONTROL, cache), (header::ETAG, &tag)];
    if known {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    // A script's own imports carry the fingerprint too, so that a new version is never mixed with an old one.
    if asset.media == SCRIPT {
        let text =
            String::from_utf8_lossy(asset.bytes).replace(".js\";", &format!(".js?h={}\";", *FINGERPRINT));
        return (headers, text).into_response();
    }
    (headers, asset.bytes).into_response()
}

/// `GET /favicon.ico`
pub(crate) async fn icon(headers: HeaderMap) -> Response {
    serve(Path("icon.svg".to_owned()), RawQuery(None), headers).await
}
