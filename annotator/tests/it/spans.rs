//! Spans: saved as Potato's pages and scripts send them, read back with their words.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::site::{PROJECT, Site};

fn page(spans: &Value) -> Value {
    json!({"instance_id": "a", "annotations": {}, "span_annotations": spans})
}

async fn begun(site: &Site) -> String {
    let anna = site.sign_in("anna").await;
    site.get("/annotate", &anna).await;
    anna
}

#[tokio::test]
async fn a_span_is_stored_with_an_id_and_read_back_with_its_words() {
    let site = Site::open().await;
    let anna = begun(&site).await;
    let span = json!([{"schema": "ent", "name": "ORG", "start": 0, "end": 4, "title": "ORG", "value": "ORG",
        "target_field": null, "format_coords": null}]);
    let saved = site.save(&anna, &page(&span)).await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.text);
    let read = site.get("/api/spans/a", &anna).await.json();
    assert_eq!(read["text"], "Item a");
    let expected = json!({"schema": "ent", "title": "ORG", "start": 0, "end": 4, "id": "ent_ORG___0_4", "label": "ORG",
        "text": "Item"});
    let mut span = read["spans"][0].clone();
    assert!(span["color"].as_str().unwrap().starts_with("rgba("));
    span.as_object_mut().unwrap().shift_remove("color");
    assert_eq!(span, expected);
    let by_name = site.get("/get_annotations?instance_id=a", &anna).await.json();
    let key = "SpanAnnotation(schema:ent, name:ORG, start:0, end:4, id:ent_ORG___0_4)";
    assert_eq!(by_name["span_annotations"], json!({key: "ORG"}));
    assert!(site.get("/annotate", &anna).await.text.contains("ent_ORG___0_4"), "the page draws it");
}

#[tokio::test]
async fn a_span_is_taken_out_by_its_id_or_by_its_place_and_all_at_once() {
    let site = Site::open().await;
    let anna = begun(&site).await;
    let one = json!({"schema": "ent", "name": "ORG", "start": 0, "end": 4, "id": "s1"});
    let two = json!({"schema": "ent", "name": "PER", "start": 5, "end": 6});
    let count = async || site.get("/api/spans/a", &anna).await.json()["spans"].as_array().unwrap().len();
    site.save(&anna, &page(&json!([one, two]))).await;
    assert_eq!(count().await, 2);
    site.save(&anna, &page(&json!([{"schema": "ent", "id": "s1", "value": null}]))).await;
    assert_eq!(count().await, 1);
    let state = json!([{"name": "PER", "start": 5, "end": 6, "value": null}]);
    let by_scheme = json!({"instance_id": "a", "schema": "ent", "type": "span", "state": state});
    assert_eq!(site.save(&anna, &by_scheme).await.status, StatusCode::OK);
    assert_eq!(count().await, 0);
    site.save(&anna, &page(&json!([one, two]))).await;
    let cleared = site.post("/api/spans/a/clear", &anna, "{}").await.json();
    assert_eq!((&cleared["spans_cleared"], count().await), (&json!(2), 0));
}

#[tokio::test]
async fn a_span_that_cannot_be_is_refused_with_the_reason_and_nothing_is_stored() {
    let site = Site::open().await;
    let anna = begun(&site).await;
    let good = json!({"schema": "ent", "name": "PER", "start": 0, "end": 4});
    for (bad, names) in [
        (json!({"schema": "ent", "name": "LOC", "start": 0, "end": 4}), "PER, ORG"),
        (json!({"schema": "mood", "name": "good", "start": 0, "end": 4}), "ent"),
        (json!({"schema": "ent", "name": "PER", "start": 4, "end": 4}), "0 to 6"),
        (json!({"schema": "ent", "name": "PER", "start": 0, "end": 7}), "0 to 6"),
        (json!({"schema": "ent", "name": "PER", "start": "0", "end": 4}), "integers"),
        (json!("x"), "span_annotations"),
    ] {
        let refused = site.save(&anna, &page(&json!([good, bad]))).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{bad}");
        let message = refused.json()["message"].as_str().unwrap().to_owned();
        assert!(message.contains(names), "{bad}: {message}");
    }
    assert_eq!(site.get("/api/spans/a", &anna).await.json()["spans"], json!([]));
}

#[tokio::test]
async fn a_required_scheme_of_spans_wants_one_before_one_goes_on() {
    let required = "labels: [PER, ORG], label_requirement: {required: true}";
    let config = PROJECT.replace("labels: [PER, ORG]", required).replace(
        ", label_requirement: {required: true}}\n  - {annotation_type: multi",
        "}\n  - {annotation_type: multi",
    );
    let site = Site::with(&config).await;
    let anna = begun(&site).await;
    let next = json!({"action": "next_instance", "instance_id": "a"}).to_string();
    let refused = site.post("/annotate", &anna, next.clone()).await.json();
    assert_eq!(refused["unsatisfied_schemas"], json!(["ent"]));
    site.save(&anna, &page(&json!([{"schema": "ent", "name": "PER", "start": 0, "end": 4}]))).await;
    assert_eq!(site.post("/annotate", &anna, next).await.json()["instance_id"], "b");
}

#[tokio::test]
async fn spans_lie_in_the_fields_that_are_shown_for_them() {
    let display =
        "instance_display: {fields: [{key: text, type: text, span_target: true}, {key: id, type: text}]}\n";
    let site = Site::with(&format!("{PROJECT}{display}")).await;
    let anna = begun(&site).await;
    let span = |target: Value| json!([{"schema": "ent", "name": "PER", "start": 0, "end": 4, "target_field": target}]);
    for nowhere in [json!("id"), Value::Null] {
        let refused = site.save(&anna, &page(&span(nowhere))).await;
        assert!(refused.text.contains("target_field"), "{}", refused.text);
    }
    assert_eq!(site.save(&anna, &page(&span(json!("text")))).await.status, StatusCode::OK);
    let read = site.get("/api/spans/a", &anna).await.json();
    assert_eq!(
        (&read["spans"][0]["target_field"], &read["spans"][0]["text"]),
        (&json!("text"), &json!("Item"))
    );
    let shown = site.get("/annotate", &anna).await.text;
    assert!(shown.contains(r#"class="display-field" data-field-key="text""#), "{shown}");
}
