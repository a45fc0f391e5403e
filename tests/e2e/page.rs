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
    let log = || std::fs::read_to_string(project.dir().join("log-0.txt"));
    let state = std::fs::read(project.output().join("spans/user_state.json"));
    let state = state.unwrap_or_else(|error| panic!("{error}: {:?}", log()));
    let state: serde_json::Value = serde_json::from_slice(&state).unwrap();
    let expected = serde_json::json!([[
        {"schema": "ent", "name": "WHERE", "title": "WHERE", "start": 12, "end": 16,
            "id": "ent_WHERE___9_16_hypothesis", "target_field": "hypothesis"},
        "WHERE"
    ]]);
    assert_eq!(state["instance_id_to_span_to_value"]["1"], expected);
}

const PHASES: &str = r#"
annotation_task_name: Phases
task_dir: .
output_annotation_dir: annotation_output
data_files: [items.jsonl]
item_properties: {id_key: id, text_key: text}
require_password: false
annotation_schemes:
  - {annotation_type: radio, name: mood, description: How is it?, labels: [good, bad]}
phases:
  order: [consent, survey, training, annotation]
  consent:
    annotation_schemes:
      - {annotation_type: pure_display, name: words, description: "<h3>A walk</h3><p>It takes a minute.</p>", allow_html: true}
      - {annotation_type: radio, name: agree, description: I take part., labels: ["yes"], sequential_key_binding: true, required: true}
  survey:
    type: prestudy
    annotation_schemes:
      - {annotation_type: multiselect, name: pets, description: Which pets?, labels: [dog, cat]}
      - annotation_type: text
        name: dog_name
        description: What is the dog called?
        required: true
        display_logic: {show_when: [{schema: pets, operator: contains, value: dog}]}
      - {annotation_type: number, name: count, description: How many in all?}
      - annotation_type: text
        name: many
        description: Why so many?
        display_logic:
          logic: any
          show_when:
            - {all: [{schema: count, operator: gt, value: 9}, {not: {schema: count, operator: in_range, value: [20, 30]}}]}
            - {schema: pets, operator: count_gt, value: 5}
  training: {type: training}
training: {data_file: training.json, allow_retry: true}
"#;

#[tokio::test(flavor = "multi_thread")]
async fn surveys_ask_what_earlier_answers_call_for_and_training_says_what_was_wrong() {
    let training = r#"{"training_instances": [{"id": "t", "text": "The sun", "correct_answers": {"mood": "good"}, "explanation": "It shines."}]}"#;
    let files = [("items.jsonl", "{\"id\": \"x\", \"text\": \"Rain\"}\n"), ("training.json", training)];
    let project = Project::from_files(PHASES, &files).unwrap();
    let stack = Setup::new(&project.config_file()).start().await.unwrap();
    browser::run("phases.mjs", &[&stack.url()], "").await.unwrap();
    assert!(stack.stop().await.unwrap().success());
}
