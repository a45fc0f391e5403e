//! The page in a real Chromium, by keyboard, on a wide screen and on a phone, with a server that goes away meanwhile.

use std::path::Path;
use std::process::Command;

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
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser/annotate.mjs");
    let run = move || Command::new("node").arg(script).arg(url).output();
    let output = tokio::task::spawn_blocking(run).await.unwrap().unwrap();
    let text =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{text}");
    assert!(stack.stop().await.unwrap().success());
    let stored = raw(&project.output()).unwrap();
    let labels: Vec<&String> = stored["keyboard"].values().collect();
    assert_eq!(labels.len(), 4, "{stored:?}\n{text}");
}
