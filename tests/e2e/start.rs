//! What is wrong stops the start with one line and the code for configuration.

use std::process::{Output, Stdio};

use tests::project::{Project, backup};
use tests::stack::Setup;

const CONFIG: i32 = 78;

fn start(setup: &Setup) -> Output {
    setup.command(0).unwrap().stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap()
}

fn refused(setup: &Setup, words: &[&str]) {
    let output = start(setup);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(CONFIG), "{text}");
    let lines: Vec<&str> = text.lines().filter(|line| !line.contains(" INFO ")).collect();
    let line = lines.iter().find(|line| words.iter().all(|word| line.contains(word)));
    assert!(line.is_some(), "a line with {words:?} in: {text}");
}

fn with(config: &str) -> Project {
    Project::from_files(config, &[("items.jsonl", "{\"id\": \"a\", \"text\": \"A\"}\n")]).unwrap()
}

#[test]
fn a_wrong_project_is_named_with_its_file_key_and_value() {
    let good = std::fs::read_to_string(Project::new(1, "").unwrap().config_file()).unwrap();
    let cases: &[(&str, &str, &[&str])] = &[
        ("annotation_type: radio", "annotation_type: radoi", &["config.yaml", "annotation_type", "radoi"]),
        ("annotation_type: radio", "annotation_type: audio_annotation", &["config.yaml", "audio_annotation"]),
        ("data_files: [items.jsonl]", "data_files: [none.jsonl]", &["none.jsonl"]),
        ("id_key: id,", "id_key: uid,", &["items.jsonl", "uid"]),
        ("require_password: false", "require_password: perhaps", &["require_password", "perhaps"]),
        ("require_password: false", "require_password: [", &["config.yaml", "line"]),
    ];
    for (from, to, words) in cases {
        let project = with(&good.replace(from, to));
        refused(&Setup::new(&project.config_file()), words);
    }
    let missing = with(&good);
    refused(&Setup::new(&missing.dir().join("nowhere.yaml")), &["nowhere.yaml"]);
}

#[test]
fn a_wrong_variable_is_named_with_its_value() {
    let project = Project::new(1, "").unwrap();
    let setup = Setup::new(&project.config_file());
    refused(&setup.clone().with("GUNICORN_WORKERS", "many"), &["GUNICORN_WORKERS", "many"]);
    refused(&setup.clone().with("GUNICORN_THREADS", "0"), &["GUNICORN_THREADS", "0"]);
    refused(&setup.clone().with("PORT", "70000"), &["PORT", "70000"]);
}

#[test]
fn what_is_not_built_stops_the_start_by_name() {
    let sinks = "backup:\n  enabled: true\n  sinks:\n    - {type: s3, bucket: b}\n";
    refused(&Setup::new(&Project::new(1, sinks).unwrap().config_file()), &["s3"]);
    let saml = "authentication:\n  method: saml\n";
    refused(&Setup::new(&Project::new(1, saml).unwrap().config_file()), &["saml"]);
}

#[test]
fn a_backup_without_a_token_says_which_variable_to_set() {
    let project = Project::new(1, &backup(crate::REPO, 60.0)).unwrap();
    refused(&Setup::new(&project.config_file()), &["HF_TOKEN"]);
}

#[test]
fn a_push_to_a_spaces_own_repo_is_refused_with_the_reason() {
    let more = format!("{}  repo_type: space\n", backup(crate::REPO, 60.0));
    refused(&Setup::new(&Project::new(1, &more).unwrap().config_file()), &["repo_type", "space"]);
}
