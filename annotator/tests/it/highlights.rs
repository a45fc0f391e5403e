//! Keywords: marked in the page without moving spans, and told to scripts.

use axum::http::StatusCode;
use serde_json::json;

use crate::site::{PROJECT, Site};

async fn site(more: &str) -> Site {
    Site::with_files(
        &format!("{PROJECT}keyword_highlights_file: words.tsv\n{more}"),
        &[("words.tsv", "Word\tLabel\tSchema\nitem*\tgood\tmood\nno such\tother\t\n")],
    )
    .await
}

#[tokio::test]
async fn keywords_are_marked_and_spans_stay_where_they_are() {
    let site = site("").await;
    let anna = site.sign_in("anna").await;
    let page = site.get("/annotate", &anna).await.text;
    assert!(page.contains("data-number=\"1\">Item</mark> a</div>"), "{page}");
    assert!(page.contains("class=\"legend-mark\" data-number=\"1\"></span>good</li>"), "{page}");
    assert!(!page.contains("other</li>"), "the legend names what is there");
    let span = json!([{"schema": "ent", "name": "ORG", "start": 5, "end": 6}]);
    let saved =
        site.save(&anna, &json!({"instance_id": "a", "annotations": {}, "span_annotations": span})).await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.text);
    assert_eq!(site.get("/api/spans/a", &anna).await.json()["spans"][0]["text"], "a");
}

#[tokio::test]
async fn keywords_are_told_with_their_places() {
    let site = site("").await;
    let anna = site.sign_in("anna").await;
    let mut told = site.get("/api/keyword_highlights/b", &anna).await.json();
    assert!(told["keywords"][0]["color"].as_str().unwrap().starts_with("rgba("));
    told["keywords"][0].as_object_mut().unwrap().shift_remove("color");
    let word =
        json!({"label": "good", "schema": "mood", "start": 0, "end": 4, "text": "Item", "field": "text"});
    let expected = json!({"instance_id": "b", "keywords": [word], "fields_scanned": ["text"], "target_field": null,
        "from_cache": false});
    assert_eq!(told, expected);
    assert_eq!(site.get("/api/keyword_highlights/b", "").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(site.get("/api/keyword_highlights/nope", &anna).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_project_without_keywords_has_none() {
    let site = Site::open().await;
    let anna = site.sign_in("anna").await;
    assert_eq!(site.get("/api/keyword_highlights/a", &anna).await.json()["keywords"], json!([]));
    assert!(!site.get("/annotate", &anna).await.text.contains("<mark"));
}
