//! Links between spans: stored as Potato stores them, refused where their kind does not allow them.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};

use crate::site::{PROJECT, Site};

const LINKS: &str = r"  - annotation_type: span_link
    name: rel
    description: Relations
    span_schema: ent
    link_types:
      - {name: works_for, allowed_source_labels: [PER], allowed_target_labels: [ORG]}
      - {name: same, directed: false, allowed_source_labels: [PER], allowed_target_labels: [ORG]}
";

/// A study with links, and an annotator who has marked a PER `s1` and an ORG `s2`.
async fn marked() -> (Site, String) {
    let site = Site::with(&format!("{PROJECT}{LINKS}")).await;
    let anna = site.sign_in("anna").await;
    site.get("/annotate", &anna).await;
    let spans = json!([
        {"schema": "ent", "name": "PER", "start": 0, "end": 4, "id": "s1"},
        {"schema": "ent", "name": "ORG", "start": 5, "end": 6, "id": "s2"},
    ]);
    let body = json!({"instance_id": "a", "annotations": {}, "span_annotations": spans});
    assert_eq!(site.save(&anna, &body).await.status, StatusCode::OK);
    (site, anna)
}

fn link(kind: &str, spans: &[&str]) -> Value {
    let link = json!({"schema": "rel", "link_type": kind, "span_ids": spans});
    json!({"instance_id": "a", "annotations": {}, "link_annotations": [link]})
}

async fn links(site: &Site, cookie: &str) -> Value {
    site.get("/api/links/a", cookie).await.json()["links"].take()
}

#[tokio::test]
async fn a_link_is_stored_shown_and_taken_out() {
    let (site, anna) = marked().await;
    let saved = site.save(&anna, &link("works_for", &["s1", "s2"])).await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.text);
    let id = "rel_works_for_s1_s2";
    let stored = json!({"id": id, "schema": "rel", "link_type": "works_for", "span_ids": ["s1", "s2"],
        "direction": "directed", "properties": {}});
    assert_eq!(links(&site, &anna).await, json!([stored]));
    assert!(site.get("/annotate", &anna).await.text.contains(id), "the page has it");
    let delete = async |path: &str| {
        let request = Request::delete(path).header(header::COOKIE, &anna).body(Body::empty()).unwrap();
        site.send(request).await.status
    };
    assert_eq!(delete(&format!("/api/links/a/{id}")).await, StatusCode::OK);
    assert_eq!(delete(&format!("/api/links/a/{id}")).await, StatusCode::NOT_FOUND);
    assert_eq!(links(&site, &anna).await, json!([]));
}

#[tokio::test]
async fn a_link_goes_with_its_span_and_comes_back_with_it() {
    let (site, anna) = marked().await;
    site.save(&anna, &link("works_for", &["s1", "s2"])).await;
    let span = |value: Value| {
        let span = json!({"schema": "ent", "name": "ORG", "start": 5, "end": 6, "id": "s2", "value": value});
        json!({"instance_id": "a", "annotations": {}, "span_annotations": [span]})
    };
    site.save(&anna, &span(Value::Null)).await;
    assert_eq!(links(&site, &anna).await, json!([]));
}

#[tokio::test]
async fn a_link_that_its_kind_does_not_allow_is_refused() {
    let (site, anna) = marked().await;
    for (kind, spans, words) in [
        ("works_for", &["s2", "s1"][..], "may not go from ORG to PER"),
        ("works_for", &["s1"], "2 to 32"),
        ("works_for", &["s1", "s1"], "different"),
        ("works_for", &["s1", "s9"], "s9"),
        ("knows", &["s1", "s2"], "works_for, same"),
    ] {
        let refused = site.save(&anna, &link(kind, spans)).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert!(refused.text.contains(words), "{}", refused.text);
    }
    assert_eq!(links(&site, &anna).await, json!([]));
    let either_way = site.save(&anna, &link("same", &["s2", "s1"])).await;
    assert_eq!(either_way.status, StatusCode::OK, "{}", either_way.text);
}
