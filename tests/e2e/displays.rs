//! Each type of field in a real Chromium, on a wide screen and on a phone.

use serde_json::json;
use tests::browser;
use tests::project::Project;
use tests::stack::Setup;

const CONFIG: &str = r#"
annotation_task_name: Displays
task_dir: .
output_annotation_dir: annotation_output
data_files: [items.jsonl]
item_properties: {id_key: id, text_key: doc}
require_password: false
instance_display:
  layout: {gap: 12px}
  fields:
    - {key: picture, type: image, label: A blue field}
    - {key: gone, type: image, label: Lost}
    - {key: elsewhere, type: image, label: Elsewhere}
    - {key: film, type: video, label: Film}
    - {key: sound, type: audio, label: Voice}
    - {key: pair, type: pairwise, label: Answers}
    - {key: doc, type: document, label: Report, span_target: true, display_options: {max_height: 200}}
    - {key: table, type: spreadsheet, label: Prices, display_options: {max_height: 200}}
    - {key: pics, type: gallery, label: Pictures}
annotation_schemes:
  - {annotation_type: radio, name: mood, description: Mood, labels: [good, bad]}
  - {annotation_type: span, name: ent, description: Who, labels: [{name: WHO, key_value: "9"}]}
"#;

fn item() -> String {
    let row = |n: usize| {
        (0..12)
            .map(|column| (format!("column {column}"), json!(n * column)))
            .collect::<serde_json::Map<_, _>>()
    };
    let paragraphs = "<p>Nothing much is to be said about it, but at some length.</p>".repeat(12);
    json!({
        "id": "1", "picture": "picture.png", "gone": "media/lost.png", "elsewhere": "http://127.0.0.1:9/nothing.png",
        "film": "film.webm", "sound": "sound.wav",
        "pair": ["The first answer.", "The second answer, which is a little longer than the first."],
        "doc": format!("<h1>Begin</h1>{paragraphs}<h2>End</h2><p>Tom was here.</p>"),
        "table": (0..30).map(row).collect::<Vec<_>>(),
        "pics": [{"url": "picture.png", "caption": "One"}, {"url": "picture.png", "caption": "Two"}],
    })
    .to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_type_of_field_is_seen_and_works_by_mouse_and_keyboard() {
    let project = Project::from_files(CONFIG, &[("items.jsonl", &item())]).unwrap();
    let media = project.dir().join("media");
    std::fs::create_dir(&media).unwrap();
    let files: [(&str, &[u8]); 3] = [
        ("picture.png", include_bytes!("media/picture.png")),
        ("film.webm", include_bytes!("media/film.webm")),
        ("sound.wav", include_bytes!("media/sound.wav")),
    ];
    for (name, bytes) in files {
        std::fs::write(media.join(name), bytes).unwrap();
    }
    let stack = Setup::new(&project.config_file()).start().await.unwrap();
    browser::run("displays.mjs", &[&stack.url()], "").await.unwrap();
    assert!(stack.stop().await.unwrap().success());
}

const FORMS: &str = r"
annotation_task_name: Forms
task_dir: .
output_annotation_dir: annotation_output
data_files: [items.jsonl]
item_properties: {id_key: id, text_key: text}
require_password: false
keyword_highlights_file: words.tsv
layout:
  grid: {columns: 2}
  groups:
    - {id: which, schemas: [pair], title: Which is better?, background_color: '#3b5bdb'}
    - {id: more, schemas: [remark], title: More, collapsible: true, collapsed_default: true}
  order: [rank, mood, film]
annotation_schemes:
  - {annotation_type: pairwise, name: pair, description: Better, items_key: answers,
     justification: {reason_categories: [clear, short], min_rationale_chars: 4, required: true}}
  - {annotation_type: ranking, name: rank, description: Order, labels: [a, b, c], allow_ties: true}
  - {annotation_type: radio, name: mood, description: Mood, labels: [{name: Grief, color: '#c92a2a'}, good]}
  - {annotation_type: video, name: film, description: Film, video_path: film.webm, layout: {columns: 2}}
  - {annotation_type: text, name: remark, description: Remark}
";

#[tokio::test(flavor = "multi_thread")]
async fn forms_stand_in_groups_and_keywords_are_pointed_out() {
    let item = r#"{"id": "1", "text": "This is certainly not <b>ba</b>d.", "answers": ["one", "two"]}"#;
    let words = "Word\tLabel\tSchema\ncertain*\tSure\t\nbad\tGrief\tmood\n";
    let project = Project::from_files(FORMS, &[("items.jsonl", item), ("words.tsv", words)]).unwrap();
    std::fs::create_dir(project.dir().join("media")).unwrap();
    std::fs::write(project.dir().join("media/film.webm"), include_bytes!("media/film.webm")).unwrap();
    let stack = Setup::new(&project.config_file()).start().await.unwrap();
    browser::run("layout.mjs", &[&stack.url()], "").await.unwrap();
    assert!(stack.stop().await.unwrap().success());
}
