//! The example projects of Potato, read unmodified.

use crate::kit::NOBODY;
use std::fs;
use std::path::{Path, PathBuf};

use project::config;
use project::items;

fn projects() -> Vec<PathBuf> {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/potato-examples");
    if !examples.is_dir() {
        println!("skipped: {} is not there", examples.display());
        return Vec::new();
    }
    let mut found: Vec<_> = ["classification", "span"]
        .iter()
        .flat_map(|group| fs::read_dir(examples.join(group)).unwrap())
        .map(|entry| entry.unwrap().path().join("config.yaml"))
        .collect();
    found.sort();
    found
}

#[test]
fn a_project_is_served_or_refused_by_the_name_of_what_is_missing() {
    let mut served = Vec::new();
    for file in projects() {
        let name = file.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
        match config::load(&file) {
            Ok(loaded) => {
                for scheme in &loaded.config.schemes {
                    let html = scheme.form(0, None, &NOBODY);
                    assert!(
                        html.contains(&format!("data-schema-name=\"{}\"", scheme.name)),
                        "{name}: {html}"
                    );
                }
                let items: Vec<_> = items::read(&loaded.config).collect::<Result<_, _>>().unwrap();
                assert!(!items.is_empty(), "{name}");
                assert!(items.iter().all(|item| !item.displayed(&loaded.config).is_empty()), "{name}");
                served.push(name);
            }
            Err(error) => {
                let error = error.to_string();
                assert!(error.contains("not built here yet"), "{name}: {error}");
            }
        }
    }
    if !served.is_empty() {
        let expected = [
            "check-box",
            "check-box-dynamic-labels",
            "check-box-with-free-response",
            "confidence-calibrated",
            "constant-sum",
            "dependency-tree",
            "dialogue-classification",
            "likert",
            "llm-preference",
            "multi-span",
            "pairwise-comparison",
            "pairwise-scale",
            "range-slider",
            "ranking",
            "rubric-eval",
            "semantic-differential",
            "single-choice",
            "slider",
            "soft-label",
            "span-labeling",
            "span-labeling-with-abbreviations",
            "span-linking",
            "span-required-labeling",
            "survey-demo",
            "text-box",
            "two-sliders",
            "vas",
        ];
        for name in expected {
            assert!(served.iter().any(|other| other == name), "{name} is refused; served: {served:?}");
        }
    }
}
