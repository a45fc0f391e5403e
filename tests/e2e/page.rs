//! The page in a real Chromium, by keyboard, on a wide screen and on a phone, with a server that goes away meanwhile.

use tests::browser;
use tests::checker::raw;
use tests::project::Project;
use tests::stack::Setup;

#[tokio::test(flavor = "multi_thread")]
async fn an_annotator_works_by_keyboard_and_an_answer_outlives_the_connection() {
    let more = "annotation_instructions: Read it.\nmax_annotations_per_user: 4\n".to_owned()
        + "annotation_task_description: A study\n";
    let project = Project::new(20, &more).unwrap();
    let stack = Setup::new(&project.config_file()).start().await.unwrap();
    let url = stack.url();
    let text = browser::run("annotate.mjs", &[&url], "").await.unwrap();
    assert!(stack.stop().await.unwrap().success());
    let stored = raw(&project.output()).unwrap();
    let labels: Vec<&String> = stored["keyboard"].values().collect();
    assert_eq!(labels.len(), 4, "{stored:?}\n{text}");
}

const TRIAGE: &str = "
annotation_task_name: Triage
task_dir: .
output_annotation_dir: annotation_output
data_files: [items.jsonl]
item_properties: {id_key: id, text_key: text}
require_password: false
annotation_schemes:
  - {annotation_type: triage, name: keep, description: Keep it?}
";

#[tokio::test(flavor = "multi_thread")]
async fn a_triage_goes_on_by_itself_but_not_from_under_the_arrow_keys() {
    let items = "{\"id\": \"1\", \"text\": \"One.\"}\n{\"id\": \"2\", \"text\": \"Two.\"}\n";
    let project = Project::from_files(TRIAGE, &[("items.jsonl", items)]).unwrap();
    let stack = Setup::new(&project.config_file()).start().await.unwrap();
    browser::run("triage.mjs", &[&stack.url()], "").await.unwrap();
    assert!(stack.stop().await.unwrap().success());
}

const SPANS: &str = r#"
annotation_task_name: Spans
task_dir: .
output_annotation_dir: annotation_output
data_files: [items.jsonl]
item_properties: {id_key: id, text_key: premise}
require_password: false
instance_display:
  fields:
    - {key: premise, type: text, label: Premise, span_target: true}
    - {key: hypothesis, type: text, label: Hypothesis, span_target: true}
annotation_schemes:
  - annotation_type: span
    name: ent
    description: Who and where
    labels: [{name: WHO, key_value: "1"}, {name: WHERE, key_value: "2"}]
  - annotation_type: span_link
    name: rel
    description: How they belong together
    span_schema: ent
    link_types: [{name: lives_in, allowed_source_labels: [WHO], allowed_target_labels: [WHERE]}]
"#;

#[tokio::test(flavor = "multi_thread")]
async fn spans_are_marked_with_the_mouse_and_by_keyboard_in_two_texts() {
    let items =
        r#"{"id": "1", "premise": "Tom lives & works.", "hypothesis": "He lives <b>in Graz</b> now 😀."}"#;
    let project = Project::from_files(SPANS, &[("items.jsonl", items)]).unwrap();
    let stack = Setup::new(&project.config_file()).start().await.unwrap();
    browser::run("spans.mjs", &[&stack.url()], "").await.unwrap();
    assert!(stack.stop().await.unwrap().success());
    let state = std::fs::read(project.output().join("spans/user_state.json")).unwrap();
    let state: serde_json::Value = serde_json::from_slice(&state).unwrap();
    let expected = serde_json::json!([[
        {"schema": "ent", "name": "WHERE", "title": "WHERE", "start": 12, "end": 16,
            "id": "ent_WHERE___9_16_hypothesis", "target_field": "hypothesis"},
        "WHERE"
    ]]);
    assert_eq!(state["instance_id_to_span_to_value"]["1"], expected);
}
