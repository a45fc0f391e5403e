//! `/media`: what a page may show, in parts and whole, and nothing else of the project.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use crate::site::{Answered, PROJECT, Site};

async fn ask(site: &Site, cookie: &str, path: &str, name: header::HeaderName, value: &str) -> Answered {
    let request = Request::get(path).header(header::COOKIE, cookie).header(name, value);
    site.send(request.body(Body::empty()).unwrap()).await
}

fn header_of(answered: &Answered, name: header::HeaderName) -> String {
    answered.headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

#[tokio::test]
async fn a_film_is_sent_in_the_parts_that_are_asked_for() {
    let site = Site::open().await;
    let film = "0123456789".repeat(500);
    site.write("media/sub folder/film.mp4", film.as_bytes());
    let anna = site.sign_in("anna").await;
    let path = "/media/sub%20folder/film.mp4";
    let whole = site.get(path, &anna).await;
    assert_eq!((whole.status, whole.text.as_str()), (StatusCode::OK, film.as_str()));
    assert_eq!(header_of(&whole, header::CONTENT_TYPE), "video/mp4");
    assert_eq!(header_of(&whole, header::ACCEPT_RANGES), "bytes");
    assert_eq!(header_of(&whole, header::X_CONTENT_TYPE_OPTIONS), "nosniff");
    let part = ask(&site, &anna, path, header::RANGE, "bytes=10-13").await;
    assert_eq!((part.status, part.text.as_str()), (StatusCode::PARTIAL_CONTENT, "0123"));
    assert_eq!(header_of(&part, header::CONTENT_RANGE), "bytes 10-13/5000");
    let beyond = ask(&site, &anna, path, header::RANGE, "bytes=9000-").await;
    assert_eq!(beyond.status, StatusCode::RANGE_NOT_SATISFIABLE);
    let compressed = ask(&site, &anna, path, header::ACCEPT_ENCODING, "gzip").await;
    assert_eq!(
        header_of(&compressed, header::CONTENT_ENCODING),
        "",
        "a compressed film cannot be entered in the middle"
    );
    let tag = header_of(&whole, header::ETAG);
    assert_eq!(ask(&site, &anna, path, header::IF_NONE_MATCH, &tag).await.status, StatusCode::NOT_MODIFIED);
    let since = header_of(&whole, header::LAST_MODIFIED);
    assert_eq!(
        ask(&site, &anna, path, header::IF_MODIFIED_SINCE, &since).await.status,
        StatusCode::NOT_MODIFIED
    );
}

#[tokio::test]
async fn nobody_sees_media_who_is_not_signed_in() {
    let site = Site::open().await;
    site.write("media/a.png", b"x");
    let answered = site.get("/media/a.png", "").await;
    assert_eq!(answered.status, StatusCode::UNAUTHORIZED);
    assert!(answered.text.contains("Sign in"), "{}", answered.text);
    let anna = site.sign_in("anna").await;
    assert_eq!(site.get("/media/a.png", &anna).await.status, StatusCode::OK);
}

#[tokio::test]
async fn nothing_else_of_the_project_is_served() {
    // The worst case: the media directory is the project itself.
    let site = Site::with(&format!("{PROJECT}media_directory: .\n")).await;
    let anna = site.sign_in("anna").await;
    for file in [
        "a.png",
        "admin_api_key.txt",
        "user_config.json",
        "study.sqlite",
        "out/picture.png",
        ".git/logo.png",
        "pics/.x.png",
        "pics/../a.png",
    ] {
        site.write(file, b"x");
    }
    let elsewhere = tempfile::tempdir().unwrap();
    std::fs::write(elsewhere.path().join("secret.png"), b"x").unwrap();
    std::os::unix::fs::symlink(elsewhere.path().join("secret.png"), site.path("link.png")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), site.path("folder")).unwrap();
    std::os::unix::fs::symlink("out/picture.png", site.path("own.png")).unwrap();
    assert_eq!(site.get("/media/a.png", &anna).await.status, StatusCode::OK);
    let secret = elsewhere.path().join("secret.png");
    let absolute = format!("/media/{}", secret.display());
    for path in [
        "/media/config.yaml",
        "/media/items.jsonl",
        "/media/admin_api_key.txt",
        "/media/user_config.json",
        "/media/study.sqlite",
        "/media/out/picture.png",
        "/media/own.png",
        "/media/out/.spud/session.key",
        "/media/.git/logo.png",
        "/media/pics/.x.png",
        "/media/link.png",
        "/media/folder/secret.png",
        "/media/..%2Fa.png",
        "/media/pics/..%2f..%2fa.png",
        "/media/%2e%2e/a.png",
        "/media/pics%5C..%5Ca.png",
        "/media/a.png%00",
        "/media/pics",
        "/media/",
        "/media/../../etc/hostname.png",
        &absolute,
    ] {
        let answered = site.get(path, &anna).await;
        assert_eq!(answered.status, StatusCode::NOT_FOUND, "{path}: {}", answered.text);
    }
}

#[tokio::test]
async fn a_document_of_the_data_is_locked_in() {
    let site = Site::open().await;
    site.write("media/a.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>");
    site.write("media/a.html", b"<script>alert(1)</script>");
    site.write("media/a.png", b"x");
    let anna = site.sign_in("anna").await;
    for path in ["/media/a.svg", "/media/a.html"] {
        let policy = header_of(&site.get(path, &anna).await, header::CONTENT_SECURITY_POLICY);
        assert!(policy.starts_with("sandbox; default-src 'none'"), "{path}: {policy}");
    }
    let picture = site.get("/media/a.png", &anna).await;
    assert_eq!(header_of(&picture, header::CONTENT_TYPE), "image/png");
    assert!(header_of(&picture, header::CACHE_CONTROL).starts_with("private"));
}
