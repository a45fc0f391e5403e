//! A real Chromium answers every scheme of every project, with the mouse and by keyboard; what it chose is what is stored, and what
//! Python Potato exports.
//!
//! The projects are those of `tests/projects`, and of the directory that `SPUD_EXAMPLES` names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tests::answers::{Told, chosen, differences, exported, stored, without_links};
use tests::browser;
use tests::potato::Potato;
use tests::project::Project;
use tests::sites::{self, Site, projects};

/// So many stacks at once are a light load for a small machine.
const AT_ONCE: usize = 12;

/// A project after the walk, and what was chosen there.
struct Walked {
    name: String,
    project: Project,
    told: Told,
}

/// Walks through all of them; adds what went wrong.
async fn walk(dirs: &[PathBuf], wrong: &mut Vec<String>) -> Vec<Walked> {
    let mut left = Vec::new();
    for dirs in dirs.chunks(AT_ONCE) {
        let sites = sites::start(dirs).await.unwrap();
        let walked = browser::run("walk.mjs", &[], &sites::addresses(&sites)).await.unwrap();
        let walked: Value = serde_json::from_str(&walked).unwrap();
        let sentence = |value: &Value| value.as_str().unwrap().to_owned();
        wrong.extend(walked["wrong"].as_array().unwrap().iter().map(sentence));
        for Site { name, project, stack } in sites {
            assert!(stack.stop().await.unwrap().success(), "{name}");
            let told = chosen(&walked["told"][&name]).unwrap();
            let found = stored(project.dir()).unwrap();
            wrong
                .extend(differences(&told, &found).into_iter().map(|what| format!("{name}, stored: {what}")));
            left.push(Walked { name, project, told });
        }
    }
    left
}

/// Copies the directory of each annotator into one output directory; names differ between projects.
fn gather(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        if path.join("user_state.json").is_file() {
            let target = to.join(path.file_name().unwrap());
            std::fs::create_dir_all(&target).unwrap();
            std::fs::copy(path.join("user_state.json"), target.join("user_state.json")).unwrap();
        } else if path.is_dir() {
            gather(&path, to);
        }
    }
}

/// Potato takes its time to start. So one Potato exports what all projects left; with `SPUD_FULL` there is one for each, too.
async fn export(walked: Vec<Walked>, wrong: &mut Vec<String>) {
    let items: BTreeSet<&String> =
        walked.iter().flat_map(|site| site.told.values()).flat_map(BTreeMap::keys).collect();
    let lines: Vec<String> =
        items.iter().map(|id| json!({"id": id, "text": "A text."}).to_string()).collect();
    let all = Project::new(1, "").unwrap();
    std::fs::write(all.dir().join("items.jsonl"), lines.join("\n")).unwrap();
    std::fs::create_dir_all(all.output()).unwrap();
    let mut told = Told::new();
    for site in walked {
        gather(site.project.dir(), &all.output());
        if std::env::var_os("SPUD_FULL").is_some() {
            hold(&site.name, &site.project, site.told.clone(), wrong).await;
        }
        told.extend(site.told);
    }
    hold("all", &all, told, wrong).await;
}

/// Holds Potato's export of a project against what was chosen.
async fn hold(name: &str, project: &Project, told: Told, wrong: &mut Vec<String>) {
    let potato = Potato::start(project).await.unwrap();
    let rows = potato.export(project, "jsonl").await.unwrap();
    potato.stop().await.unwrap();
    let found = exported(&rows).unwrap();
    wrong.extend(
        differences(&without_links(told), &found).into_iter().map(|what| format!("{name}, exported: {what}")),
    );
}

async fn walk_and_export(dirs: &[PathBuf]) {
    let mut wrong = Vec::new();
    let walked = walk(dirs, &mut wrong).await;
    assert!(!walked.is_empty(), "none of {} projects is served", dirs.len());
    export(walked, &mut wrong).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_scheme_is_answered_with_mouse_and_keyboard_and_potato_exports_what_was_chosen() {
    walk_and_export(&projects(&sites::own()).unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_example_of_potato_is_answered_and_exported_as_chosen() {
    let Some(examples) = std::env::var_os("SPUD_EXAMPLES") else {
        println!("skipped: SPUD_EXAMPLES is not set");
        return;
    };
    walk_and_export(&projects(Path::new(&examples)).unwrap()).await;
}
