//! Answers of every kind in one form, as a browser chose them, as `user_state.json` holds them, and as Potato exports them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Map, Value};

/// What one annotator answered about one item.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers {
    /// Scheme → label → value.
    pub labels: BTreeMap<String, BTreeMap<String, Value>>,
    /// By id, each with its `value`.
    pub spans: BTreeMap<String, Value>,
    /// By id.
    pub links: BTreeMap<String, Value>,
}

/// Annotator → item → answers.
pub type Told = BTreeMap<String, BTreeMap<String, Answers>>;

/// Annotator → item → scheme → answer, as `browser/walk.mjs` prints it.
pub fn chosen(walked: &Value) -> Result<Told> {
    let mut told = Told::new();
    for (annotator, items) in object(walked)? {
        for (item, schemes) in object(items)? {
            let answers = told.entry(annotator.clone()).or_default().entry(item.clone()).or_default();
            for (scheme, answer) in object(schemes)? {
                answers.add_labels(scheme, object(&answer["labels"])?);
                add(&mut answers.spans, &answer["spans"])?;
                add(&mut answers.links, &answer["links"])?;
            }
        }
    }
    Ok(told)
}

/// What every `user_state.json` below a directory holds.
pub fn stored(dir: &Path) -> Result<Told> {
    let mut found = Told::new();
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        let name = path.file_name().context("a name")?.to_string_lossy();
        if name == "user_state.json" {
            let state: Value = serde_json::from_slice(&std::fs::read(&path)?)?;
            let annotator = state["user_id"].as_str().context("a user_id")?;
            found.insert(annotator.to_owned(), of_state(&state)?);
        } else if path.is_dir() && !name.starts_with('.') {
            found.extend(stored(&path)?);
        }
    }
    Ok(found)
}

fn of_state(state: &Value) -> Result<BTreeMap<String, Answers>> {
    let mut found: BTreeMap<String, Answers> = BTreeMap::new();
    for (item, pairs) in object(&state["instance_id_to_label_to_value"])? {
        for pair in list(pairs) {
            let scheme = pair[0]["schema"].as_str().context("a scheme")?;
            let label = pair[0]["name"].as_str().context("a label")?;
            let labels = Map::from_iter([(label.to_owned(), pair[1].clone())]);
            found.entry(item.clone()).or_default().add_labels(scheme, &labels);
        }
    }
    for (item, pairs) in object(&state["instance_id_to_span_to_value"])? {
        for pair in list(pairs) {
            let mut span = pair[0].clone();
            span["value"] = pair[1].clone();
            found.entry(item.clone()).or_default().spans.insert(id(&span)?, span);
        }
    }
    for (item, links) in object(&state["instance_id_to_link_to_value"])? {
        found.entry(item.clone()).or_default().links = object(links)?.clone().into_iter().collect();
    }
    Ok(found)
}

/// Lines of Potato's `annotations.jsonl`. Its `links` are empty, whatever there is: see [`without_links`].
pub fn exported(lines: &str) -> Result<Told> {
    let mut found = Told::new();
    for line in lines.lines() {
        let row: Value = serde_json::from_str(line)?;
        let text =
            |key: &str| row[key].as_str().map(str::to_owned).with_context(|| format!("{key} in {line}"));
        let answers = found.entry(text("user_id")?).or_default().entry(text("instance_id")?).or_default();
        for (scheme, labels) in object(&row["labels"])? {
            answers.add_labels(scheme, object(labels)?);
        }
        for span in object(&row["spans"])?.values().flat_map(list) {
            let mut span = span.clone();
            let fields = span.as_object_mut().context("a span")?;
            fields.remove("text");
            let name = fields.get("name").cloned().unwrap_or_default();
            fields.insert("value".to_owned(), name);
            answers.spans.insert(id(&span)?, span);
        }
    }
    Ok(found)
}

/// What Potato's export has of it.
pub fn without_links(mut told: Told) -> Told {
    for answers in told.values_mut().flat_map(BTreeMap::values_mut) {
        answers.links.clear();
    }
    told
}

/// Where two of them differ, by annotator and item.
pub fn differences(expected: &Told, found: &Told) -> Vec<String> {
    let (nobody, nothing) = (BTreeMap::new(), Answers::default());
    let mut wrong = Vec::new();
    for annotator in both(expected, found) {
        let expected = expected.get(annotator).unwrap_or(&nobody);
        let found = found.get(annotator).unwrap_or(&nobody);
        for item in both(expected, found) {
            let expected = expected.get(item).unwrap_or(&nothing);
            let found = found.get(item).unwrap_or(&nothing);
            if expected != found {
                wrong.push(format!("{annotator}, {item}: expected {expected:?}, found {found:?}"));
            }
        }
    }
    wrong
}

fn both<'a, T>(one: &'a BTreeMap<String, T>, other: &'a BTreeMap<String, T>) -> BTreeSet<&'a String> {
    one.keys().chain(other.keys()).collect()
}

impl Answers {
    fn add_labels(&mut self, scheme: &str, labels: &Map<String, Value>) {
        if !labels.is_empty() {
            let known = self.labels.entry(scheme.to_owned()).or_default();
            known.extend(labels.iter().map(|(label, value)| (label.clone(), value.clone())));
        }
    }
}

/// Adds those of a list, each under its id.
fn add(to: &mut BTreeMap<String, Value>, ones: &Value) -> Result<()> {
    for one in list(ones) {
        to.insert(id(one)?, one.clone());
    }
    Ok(())
}

fn id(one: &Value) -> Result<String> {
    one["id"].as_str().map(str::to_owned).with_context(|| format!("an id in {one}"))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn object(value: &Value) -> Result<&Map<String, Value>> {
    value.as_object().with_context(|| format!("a map, not {value}"))
}
