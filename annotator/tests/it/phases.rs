//! Pages before and after the items.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};

use crate::site::{Answered, PROJECT, Site};

const CONSENT: &str = "__phase_page__/consent/consent";
const PHASES: &str = r#"
completion_code: POTATOES
phases:
  order: [consent, read, annotation, post]
  consent:
    annotation_schemes:
      - {annotation_type: radio, name: agree, description: Do you agree?, labels: ["yes", "no"], label_requirement: {required: true}}
      - annotation_type: text
        name: reason
        description: Why not?
        required: true
        display_logic: {show_when: [{schema: agree, operator: equals, value: "no"}]}
    exit_when: {show_when: [{schema: agree, operator: equals, value: "no"}], message: "Nothing <b>more</b> to do."}
  read: {type: instructions, annotation_schemes: [{annotation_type: pure_display, name: words, description: "<p>Read <em>this</em></p><script>x</script>", allow_html: true}]}
  annotation:
  post: {type: poststudy, annotation_schemes: [{annotation_type: text, name: last, description: Last words?}]}
"#;

async fn site() -> Site {
    Site::with(&format!("{PROJECT}{PHASES}")).await
}

async fn next(site: &Site, cookie: &str, from: &str) -> Answered {
    site.post("/annotate", cookie, json!({"action": "next_instance", "instance_id": from}).to_string()).await
}

async fn save(site: &Site, cookie: &str, item: &str, annotations: Value) -> Answered {
    site.save(cookie, &json!({"instance_id": item, "annotations": annotations})).await
}

async fn form(site: &Site, path: &str, cookie: &str, body: &'static str) -> Answered {
    let request = Request::post(path)
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "text/html");
    site.send(request.body(Body::from(body)).unwrap()).await
}

fn location(answered: &Answered) -> &str {
    assert_eq!(answered.status, StatusCode::FOUND, "{}", answered.text);
    answered.headers.get(header::LOCATION).unwrap().to_str().unwrap()
}

#[tokio::test]
async fn a_newcomer_is_led_through_all_pages_to_the_code() {
    let site = site().await;
    let anna = site.sign_in("anna").await;
    for path in ["/", "/annotate", "/consent", "/poststudy", "/done", "/annotate?instance_id=a"] {
        let page = site.get(path, &anna).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains(&format!("name=\"instance_id\" value=\"{CONSENT}\"")), "{path}");
        assert!(page.text.contains("Consent · 1 of 4"));
    }
    assert_eq!(save(&site, &anna, CONSENT, json!({"agree:::yes": "yes"})).await.json()["status"], "success");
    let page = site.get("/consent", &anna).await.text;
    assert!(page.contains("value=\"yes\"") && page.contains("checked"), "the answer is shown again");
    assert_eq!(location(&next(&site, &anna, CONSENT).await), "/");
    let page = site.get("/", &anna).await.text;
    assert!(page.contains("<p>Read <em>this</em></p>") && !page.contains("<script>x"), "{page}");
    assert!(!page.contains("<noscript>"), "a page that asks nothing works without scripts");
    assert_eq!(location(&form(&site, "/instructions", &anna, "").await), "/");
    for item in ["a", "b", "c"] {
        save(&site, &anna, item, json!({"mood:::good": "good"})).await;
        next(&site, &anna, item).await;
    }
    assert!(site.get("/", &anna).await.text.contains("Last words?"));
    assert!(
        site.get("/consent", &anna).await.text.contains("Last words?"),
        "earlier addresses show the place"
    );
    assert_eq!(location(&next(&site, &anna, "__phase_page__/poststudy/post").await), "/");
    assert!(site.get("/done", &anna).await.text.contains("POTATOES"));
}

#[tokio::test]
async fn what_is_required_and_shown_is_asked_for_in_every_encoding() {
    let site = site().await;
    let anna = site.sign_in("anna").await;
    let refused = next(&site, &anna, CONSENT).await;
    assert_eq!(
        (refused.status, &refused.json()["unsatisfied_schemas"]),
        (StatusCode::BAD_REQUEST, &json!(["agree"]))
    );
    for (path, body) in [("/annotate", "action=next_instance"), ("/consent", "")] {
        let refused = form(&site, path, &anna, body).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert!(
            refused.text.contains("need an answer before you go on: agree.")
                && refused.text.contains("<form")
        );
    }
    save(&site, &anna, CONSENT, json!({"agree:::no": "no"})).await;
    assert_eq!(next(&site, &anna, CONSENT).await.json()["unsatisfied_schemas"], json!(["reason"]));
    save(&site, &anna, CONSENT, json!({"agree:::yes": "yes"})).await;
    assert_eq!(location(&next(&site, &anna, CONSENT).await), "/", "what is hidden now is not asked for");
}

#[tokio::test]
async fn potatos_own_page_id_means_the_page_of_the_annotator() {
    let site = site().await;
    let anna = site.sign_in("anna").await;
    let saved = save(&site, &anna, "__phase_page__", json!({"agree:yes": "yes"})).await;
    assert_eq!(saved.json()["status"], "success", "{}", saved.text);
    assert_eq!(site.stored(&anna, CONSENT).await, json!({"agree": {"yes": "yes"}}));
    let unknown = save(&site, &anna, "__phase_page__", json!({"mood:good": "good"})).await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST, "schemes of the items are not asked here");
    next(&site, &anna, "__phase_page__").await;
    next(&site, &anna, "").await;
    assert!(site.get("/", &anna).await.text.contains(r#"id="instance_id" name="instance_id" value="a""#));
    let ignored = save(&site, &anna, "__phase_page__", json!({"mood:good": "good"})).await;
    assert_eq!(ignored.json()["message"], "Ignored synthetic phase-page update");
    let late = save(&site, &anna, CONSENT, json!({"agree:yes": "", "agree:no": "no"})).await;
    assert_eq!(late.status, StatusCode::OK, "{}", late.text);
    assert_eq!(
        site.stored(&anna, CONSENT).await,
        json!({"agree": {"no": "no"}}),
        "a late save goes where it says"
    );
    assert_eq!(site.stored(&anna, "a").await, json!({}));
    let early = save(&site, &anna, "__phase_page__/poststudy/post", json!({"last:text_box": "x"})).await;
    assert_eq!(early.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn who_is_screened_out_is_told_and_can_save_nothing_more() {
    let site = site().await;
    let anna = site.sign_in("anna").await;
    save(&site, &anna, CONSENT, json!({"agree:::no": "no", "reason:::text_box": "so"})).await;
    assert_eq!(location(&next(&site, &anna, CONSENT).await), "/");
    let done = site.get("/done", &anna).await.text;
    assert!(
        done.contains("Nothing &#60;b&#62;more&#60;/b&#62; to do.") && !done.contains("POTATOES"),
        "{done}"
    );
    for item in [CONSENT, "__phase_page__", "a"] {
        let late = save(&site, &anna, item, json!({"agree:::yes": "yes"})).await;
        let late =
            if item == "a" { save(&site, &anna, item, json!({"mood:::good": "good"})).await } else { late };
        assert_eq!(
            (late.status, &late.json()["message"]),
            (StatusCode::FORBIDDEN, &json!("You have left this study."))
        );
    }
}

#[tokio::test]
async fn training_shows_what_was_wrong_and_who_fails_is_told() {
    let training = r"
phases: {training: {type: training}}
training: {data_file: train.json, annotation_schemes: [mood], allow_retry: true, passing_criteria: {max_mistakes: 2}}
";
    let questions = json!({"training_instances": [
        {"id": "t1", "text": "So <b>glad</b>!", "correct_answers": {"mood": "good"}, "explanation": "glad & good"}]});
    let site =
        Site::with_files(&format!("{PROJECT}{training}"), &[("train.json", &questions.to_string())]).await;
    let anna = site.sign_in("anna").await;
    let page = site.get("/training", &anna).await.text;
    assert!(
        page.contains("So <b>glad</b>!")
            && page.contains("Question 1 of 1")
            && !page.contains("glad &amp; good")
    );
    let id = "__phase_page__/training/training";
    save(&site, &anna, id, json!({"mood:::bad": "bad"})).await;
    let turn = page.split_once("data-turn=\"").unwrap().1.split_once('"').unwrap().0;
    let body = json!({"action": "next_instance", "instance_id": id, "turn": turn}).to_string();
    for _ in 0..2 {
        assert_eq!(location(&site.post("/annotate", &anna, body.clone()).await), "/");
    }
    let page = site.get("/", &anna).await.text;
    assert!(page.contains("Incorrect. glad &#38; good") && page.contains("Try again."), "{page}");
    assert_eq!(location(&form(&site, "/training", &anna, "").await), "/");
    let done = site.get("/done", &anna).await.text;
    assert!(
        done.contains("You did not pass the qualification questions, so the task did not start."),
        "{done}"
    );
}
