//! A real Chromium answers every scheme of every project, with the mouse and by keyboard; what is stored is what it chose.
//!
//! The projects are those of `tests/projects`, and of the directory that `SPUD_EXAMPLES` names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use tests::browser;
use tests::project::Project;
use tests::stack::{START, Setup, Stack};

/// So many stacks at once are a light load for a small machine.
const AT_ONCE: usize = 12;

/// What one annotator answered about one item, in a form that can be compared.
#[derive(Debug, Default, PartialEq)]
struct Answers {
    /// Scheme → label → value.
    labels: BTreeMap<String, BTreeMap<String, Value>>,
    /// Each with its `value`, by id.
    spans: BTreeMap<String, Value>,
    /// By id.
    links: BTreeMap<String, Value>,
}

/// Annotator → item → answers.
type Told = BTreeMap<String, BTreeMap<String, Answers>>;

struct Site {
    name: String,
    project: Project,
    stack: Stack,
}

/// The directories below `root` that have a `config.yaml`, in order.
fn projects(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for dir in entries.into_iter().filter(|path| path.is_dir()) {
        if dir.join("config.yaml").is_file() {
            found.push(dir);
        } else {
            found.extend(projects(&dir));
        }
    }
    found
}

/// Starts a server on a copy of each project. One that needs what is not built yet must say so.
async fn start(dirs: &[PathBuf]) -> Vec<Site> {
    let begun: Vec<_> = dirs
        .iter()
        .map(|dir| {
            let project = Project::copy(dir).unwrap();
            let stack = Setup::new(&project.config_file()).workers(1).begin().unwrap();
            (dir.file_name().unwrap().to_string_lossy().into_owned(), project, stack)
        })
        .collect();
    let mut sites = Vec::new();
    for (name, project, mut stack) in begun {
        if stack.opens(START).await.unwrap() {
            sites.push(Site { name, project, stack });
        } else {
            let log = stack.log();
            assert!(log.contains("not built here yet"), "{name}: {log}");
            println!("{name} is not served: {log}");
        }
    }
    sites
}

fn told(walked: &Value) -> Told {
    let mut told = Told::new();
    for (annotator, items) in walked.as_object().unwrap() {
        for (item, schemes) in items.as_object().unwrap() {
            let mut answers = Answers::default();
            for (scheme, answer) in schemes.as_object().unwrap() {
                for (label, value) in answer["labels"].as_object().unwrap() {
                    answers.label(scheme, label, value);
                }
                for (kind, kept) in [("spans", &mut answers.spans), ("links", &mut answers.links)] {
                    for one in answer.get(kind).and_then(Value::as_array).into_iter().flatten() {
                        kept.insert(one["id"].as_str().unwrap().to_owned(), one.clone());
                    }
                }
            }
            told.entry(annotator.clone()).or_default().insert(item.clone(), answers);
        }
    }
    told
}

impl Answers {
    fn label(&mut self, scheme: &str, label: &str, value: &Value) {
        self.labels.entry(scheme.to_owned()).or_default().insert(label.to_owned(), value.clone());
    }
}

/// What the files of an output directory say, wherever below `dir` that is.
fn stored(dir: &Path) -> Told {
    let mut found = Told::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().is_some_and(|name| name == "user_state.json") {
            let state: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            found.insert(state["user_id"].as_str().unwrap().to_owned(), answers(&state));
        } else if path.is_dir() && !path.file_name().unwrap().to_string_lossy().starts_with('.') {
            found.extend(stored(&path));
        }
    }
    found
}

fn answers(state: &Value) -> BTreeMap<String, Answers> {
    let none = Map::new();
    let of = |key: &str| state[key].as_object().unwrap_or(&none).clone();
    let mut found: BTreeMap<String, Answers> = BTreeMap::new();
    for (item, pairs) in of("instance_id_to_label_to_value") {
        for pair in pairs.as_array().unwrap() {
            let (scheme, label) = (pair[0]["schema"].as_str().unwrap(), pair[0]["name"].as_str().unwrap());
            found.entry(item.clone()).or_default().label(scheme, label, &pair[1]);
        }
    }
    for (item, pairs) in of("instance_id_to_span_to_value") {
        for pair in pairs.as_array().unwrap() {
            let mut span = pair[0].clone();
            span["value"] = pair[1].clone();
            let id = span["id"].as_str().unwrap().to_owned();
            found.entry(item.clone()).or_default().spans.insert(id, span);
        }
    }
    for (item, links) in of("instance_id_to_link_to_value") {
        for (id, link) in links.as_object().unwrap() {
            found.entry(item.clone()).or_default().links.insert(id.clone(), link.clone());
        }
    }
    found
}

/// Where what was chosen is not what is stored, and what is stored that nobody chose.
fn differences(told: &Told, stored: &Told) -> Vec<String> {
    let none = Answers::default();
    let empty = BTreeMap::new();
    let annotators: BTreeSet<&String> = told.keys().chain(stored.keys()).collect();
    let mut found = Vec::new();
    for annotator in annotators {
        let (told, stored) = (told.get(annotator).unwrap_or(&empty), stored.get(annotator).unwrap_or(&empty));
        for item in told.keys().chain(stored.keys()).collect::<BTreeSet<_>>() {
            let (told, stored) = (told.get(item).unwrap_or(&none), stored.get(item).unwrap_or(&none));
            if told != stored {
                found.push(format!("{annotator}, {item}: chosen was {told:?}; stored is {stored:?}"));
            }
        }
    }
    found
}

/// Walks through all of them; what went wrong, and the projects as they were left.
async fn walk(dirs: &[PathBuf]) -> (Vec<String>, Vec<(Project, Told)>) {
    let mut wrong = Vec::new();
    let mut left = Vec::new();
    for dirs in dirs.chunks(AT_ONCE) {
        let sites = start(dirs).await;
        let addresses: Vec<Value> =
            sites.iter().map(|site| json!({"name": site.name, "url": site.stack.url()})).collect();
        let walked = browser::run("walk.mjs", &[], &Value::from(addresses).to_string()).await.unwrap();
        let walked: Value = serde_json::from_str(&walked).unwrap();
        let texts = |value: &Value| value.as_str().unwrap().to_owned();
        wrong.extend(walked["wrong"].as_array().unwrap().iter().map(texts));
        for Site { name, project, stack } in sites {
            assert!(stack.stop().await.unwrap().success(), "{name}");
            let (told, stored) = (told(&walked["told"][&name]), stored(project.dir()));
            wrong.extend(differences(&told, &stored).into_iter().map(|what| format!("{name}, {what}")));
            left.push((project, told));
        }
    }
    (wrong, left)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_scheme_is_answered_with_the_mouse_and_by_keyboard_and_stored_as_chosen() {
    let own = projects(&Path::new(env!("CARGO_MANIFEST_DIR")).join("projects"));
    let (wrong, _) = walk(&own).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_example_of_potato_is_answered_and_stored_as_chosen() {
    let Some(examples) = std::env::var_os("SPUD_EXAMPLES") else {
        println!("skipped: SPUD_EXAMPLES is not set");
        return;
    };
    let (wrong, _) = walk(&projects(Path::new(&examples))).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
