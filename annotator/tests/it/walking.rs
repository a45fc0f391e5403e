//! From item to item, to the end.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};

use crate::site::Site;

async fn step(site: &Site, cookie: &str, body: Value) -> Value {
    site.post("/annotate", cookie, body.to_string()).await.json()
}

#[tokio::test]
async fn next_asks_for_what_is_required_then_walks_to_the_done_page() {
    let site = Site::open().await;
    let anna = site.sign_in("anna").await;
    let page = site.get("/annotate", &anna).await;
    assert!(page.text.contains(r#"id="instance_id" name="instance_id" value="a""#));
    let refused = step(&site, &anna, json!({"action": "next_instance", "instance_id": "a"})).await;
    assert_eq!(refused["status"], "validation_error");
    assert_eq!(refused["unsatisfied_schemas"], json!(["mood"]));

    for (item, next) in [("a", Some("b")), ("b", Some("c")), ("c", None)] {
        site.save(&anna, &json!({"instance_id": item, "annotations": {"mood:::good": "good"}})).await;
        let moved = step(&site, &anna, json!({"action": "next_instance", "instance_id": item})).await;
        if let Some(next) = next {
            assert_eq!(moved["instance_id"], next);
            let again = step(&site, &anna, json!({"action": "next_instance", "instance_id": item})).await;
            assert_eq!(again["instance_id"], next, "a repeated step does not go twice");
        }
    }
    assert!(site.get("/", &anna).await.text.contains("Thank You!"));
}

#[tokio::test]
async fn back_and_by_number_work_and_a_form_does_as_well_as_a_script() {
    let site = Site::open().await;
    let anna = site.sign_in("anna").await;
    site.get("/annotate", &anna).await;
    site.save(&anna, &json!({"instance_id": "a", "annotations": {"mood:::good": "good"}})).await;
    step(&site, &anna, json!({"action": "next_instance", "instance_id": "a"})).await;
    let back = step(&site, &anna, json!({"action": "prev_instance", "instance_id": "b"})).await;
    assert_eq!(back["instance_id"], "a");
    let form = Request::post("/annotate")
        .header(header::COOKIE, &anna)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from("action=go_to&go_to=1"))
        .unwrap();
    let page = site.send(form).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains(r#"name="instance_id" value="b""#));
}

#[tokio::test]
async fn the_page_shows_text_from_the_data_as_text() {
    let site = Site::open().await;
    let name = "%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    let form = Request::post("/auth")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(format!("email={name}")))
        .unwrap();
    let answered = site.send(form).await;
    assert!(!answered.text.contains("<script>alert"), "a name is never markup");
}
