//! What is acknowledged is stored, and what is refused changes nothing.

use axum::http::StatusCode;
use serde_json::json;

use crate::site::Site;

#[tokio::test]
async fn an_acknowledged_answer_can_be_read_back_and_shows_on_the_page() {
    let site = Site::open().await;
    let anna = site.sign_in("anna").await;
    site.get("/annotate", &anna).await;
    let body = json!({"instance_id": "a", "annotations": {"mood:::good": "good", "topics:::price": "price"}});
    let saved = site.save(&anna, &body).await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.text);
    assert_eq!(saved.json()["status"], "success");
    let stored = json!({"mood": {"good": "good"}, "topics": {"price": "price"}});
    assert_eq!(site.stored(&anna, "a").await, stored);
    let page = site.get("/annotate", &anna).await.text;
    assert!(page.contains(r#"data-server-set="true""#), "the page shows what is stored");
}

#[tokio::test]
async fn the_same_save_twice_is_one_and_a_stale_one_is_told_what_is_there() {
    let site = Site::open().await;
    let anna = site.sign_in("anna").await;
    site.get("/annotate", &anna).await;
    let body = json!({"instance_id": "a", "annotations": {"mood:::good": "good"}, "idempotency_key": "k1"});
    let first = site.save(&anna, &body).await.json();
    let again = site.save(&anna, &body).await.json();
    assert_eq!((&again["repeated"], &again["version"]), (&json!(true), &first["version"]));

    let other =
        json!({"instance_id": "a", "annotations": {"mood:::bad": "bad"}, "version": first["version"]});
    assert_eq!(site.save(&anna, &other).await.status, StatusCode::OK);
    let stale =
        json!({"instance_id": "a", "annotations": {"mood:::good": "good"}, "version": first["version"]});
    let conflict = site.save(&anna, &stale).await;
    assert_eq!(conflict.status, StatusCode::CONFLICT);
    assert_eq!(conflict.json()["stored"], json!({"mood": {"bad": "bad"}}));
    assert_eq!(site.stored(&anna, "a").await, json!({"mood": {"bad": "bad"}}));
}

#[tokio::test]
async fn a_wrong_request_gets_a_reason_and_changes_nothing() {
    let site = Site::open().await;
    let anna = site.sign_in("anna").await;
    site.get("/annotate", &anna).await;
    site.save(&anna, &json!({"instance_id": "a", "annotations": {"mood:::good": "good"}})).await;
    let before = site.stored(&anna, "a").await;
    let wrong = [
        (json!({"instance_id": "a", "annotations": {"mood:::fine": "fine"}}), 400, "good, bad"),
        (json!({"instance_id": "a", "annotations": {"moods:::good": "good"}}), 400, "mood"),
        (json!({"instance_id": "a", "annotations": []}), 400, "annotations"),
        (json!({"instance_id": "a"}), 400, "format"),
        (json!({"annotations": {}}), 400, "instance_id"),
        (json!({"instance_id": "z", "annotations": {"mood:::good": "good"}}), 403, "assigned"),
        (
            json!({"instance_id": "a", "annotations": {"mood:::bad": "bad", "topics:::size": "size"}}),
            400,
            "price",
        ),
        (json!({"instance_id": "a", "annotations": {"mood:::bad": "bad"}, "version": "x"}), 400, "version"),
        (
            json!({"instance_id": "a", "annotations": {"mood:::bad": "bad"}, "idempotency_key": ""}),
            400,
            "idempotency_key",
        ),
    ];
    for (body, status, names) in wrong {
        let answered = site.save(&anna, &body).await;
        assert_eq!(answered.status.as_u16(), status, "{body}: {}", answered.text);
        let message = answered.json()["message"].as_str().unwrap().to_owned();
        assert!(message.contains(names), "{body}: {message}");
    }
    assert_eq!(site.stored(&anna, "a").await, before);
    let form = site.post("/updateinstance", "", "{}").await;
    assert_eq!(form.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_item_of_somebody_else_is_refused() {
    let site = Site::with(&format!("{}\nmax_annotations_per_user: 1\n", crate::site::PROJECT)).await;
    let anna = site.sign_in("anna").await;
    site.get("/annotate", &anna).await;
    let body = json!({"instance_id": "c", "annotations": {"mood:::good": "good"}});
    assert_eq!(site.save(&anna, &body).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_older_formats_are_taken() {
    let site = Site::open().await;
    let anna = site.sign_in("anna").await;
    site.get("/annotate", &anna).await;
    let by_scheme = json!({"instance_id": "a", "schema": "mood", "type": "label", "state": [{"name": "good", "value": "good"}]});
    assert_eq!(site.save(&anna, &by_scheme).await.status, StatusCode::OK);
    let submit = json!({"instance_id": "a", "annotations": {"mood": {"bad": "bad"}, "remark": "so so"}});
    let answered = site.post("/submit_annotation", &anna, submit.to_string()).await;
    assert_eq!(answered.json()["annotations_processed"], 2, "{}", answered.text);
    assert_eq!(
        site.stored(&anna, "a").await,
        json!({"mood": {"bad": "bad"}, "remark": {"text_box": "so so"}})
    );
}
