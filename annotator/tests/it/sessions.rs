//! Who is signed in, at any worker and after any time.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use crate::site::{PROJECT, Site, cookie};

fn form(path: &str, body: &'static str) -> Request<Body> {
    Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .unwrap()
}

#[tokio::test]
async fn a_session_holds_at_another_worker() {
    let mut site = Site::open().await;
    let anna = site.sign_in("anna").await;
    let second = site.second_worker().await;
    site.switch(second);
    let page = site.get("/annotate", &anna).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains(r#"id="instance_id""#));
}

#[tokio::test]
async fn a_forged_cookie_is_nobody() {
    let site = Site::open().await;
    let anna = site.sign_in("anna").await;
    let forged = format!("{}x", anna.trim_end_matches('x'));
    let page = site.get("/annotate", &forged.replace("session=", "session=A")).await;
    assert_eq!(page.status, StatusCode::FOUND);
}

#[tokio::test]
async fn with_passwords_only_the_right_one_comes_in() {
    let config = PROJECT.replace("require_password: false", "require_password: true");
    let site = Site::with(&config).await;
    let made = site.send(form("/register", "email=anna&pass=secret")).await;
    assert_eq!(made.status, StatusCode::FOUND, "{}", made.text);
    assert!(site.get("/annotate", &cookie(&made)).await.text.contains("Item a"));
    for wrong in ["email=anna&pass=wrong", "email=anna&pass=", "email=anna", "email=berta&pass=secret"] {
        let refused = site.send(form("/auth", wrong)).await;
        assert!(refused.text.contains("Invalid user ID or password"), "{wrong}: {}", refused.status);
        assert!(!refused.headers.contains_key(header::SET_COOKIE));
    }
    assert_eq!(site.send(form("/auth", "email=anna&pass=secret")).await.status, StatusCode::FOUND);
    let twice = site.send(form("/register", "email=anna&pass=other")).await;
    assert!(twice.text.contains("already exists"));
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let site = Site::open().await;
    let anna = site.sign_in("anna").await;
    let out = site.get("/logout", &anna).await;
    let set = out.headers.get(header::SET_COOKIE).unwrap().to_str().unwrap();
    assert!(set.starts_with("session=;"), "{set}");
}

#[tokio::test]
async fn another_site_cannot_post_and_a_script_can() {
    let site = Site::open().await;
    let from = |origin: &str| {
        Request::post("/auth")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::HOST, "study.example")
            .header(header::ORIGIN, origin)
            .body(Body::from("email=anna"))
            .unwrap()
    };
    assert_eq!(site.send(from("https://evil.example")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(site.send(from("https://study.example")).await.status, StatusCode::FOUND);
    assert_eq!(site.send(form("/auth", "email=anna")).await.status, StatusCode::FOUND);
}
