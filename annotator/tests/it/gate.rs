//! Nothing is taken while it is not known what the backup holds.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::json;
use store::Gate;

use crate::site::{PROJECT, Site};

#[tokio::test]
async fn while_the_gate_is_shut_saves_are_refused_with_the_reason_and_the_process_lives() {
    let site = Site::shut(PROJECT).await;
    let reason = "the Hub answers 503".to_owned();
    site.store.set_gate(Gate::Unknown { reason: reason.clone() }).await.unwrap();
    let health = site.send(Request::get("/health").body(Body::empty()).unwrap()).await;
    assert_eq!(health.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(health.json()["reason"], reason);
    let save = site.save("", &json!({"instance_id": "a", "annotations": {"mood:::good": "good"}})).await;
    assert_eq!(save.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(save.json()["message"], reason);
    assert!(site.get("/", "").await.text.contains(&reason), "people are told too");
    assert_eq!(site.send(Request::get("/livez").body(Body::empty()).unwrap()).await.status, StatusCode::OK);

    site.store.claim(uuid::Uuid::new_v4()).await.unwrap();
    site.store.set_gate(Gate::Open).await.unwrap();
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(5);
    while site.send(Request::get("/health").body(Body::empty()).unwrap()).await.status != StatusCode::OK {
        assert!(std::time::Instant::now() < deadline, "the gate is open and the worker does not see it");
        tokio::task::yield_now().await;
    }
}
