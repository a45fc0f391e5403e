//! Holds what annotators were told against what is stored: in `user_state.json`, in events, or read back over HTTP.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::client::Annotator;
use crate::crowd::{Record, Told};
use crate::project::SCHEME;

/// What a comparison found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Answers that were acknowledged.
    pub acknowledged: usize,
    /// Acknowledged, and not stored: annotator and item.
    pub lost: Vec<(String, String)>,
    /// Stored with another label than was ever sent last.
    pub wrong: Vec<(String, String)>,
    /// Items that more annotators answered than the cap allows.
    pub over: Vec<String>,
}

impl Findings {
    /// Nothing is amiss.
    pub fn are_clean(&self) -> bool {
        self.lost.is_empty() && self.wrong.is_empty() && self.over.is_empty()
    }
}

/// Compares; `cap` is `num_annotators_per_item`.
pub fn compare(record: &Record, stored: &Told, cap: Option<usize>) -> Findings {
    let mut findings = Findings::default();
    let asked = record.asked();
    for (name, items) in &record.told() {
        for (item, label) in items {
            findings.acknowledged += 1;
            let who = (name.clone(), item.clone());
            match stored.get(name).and_then(|items| items.get(item)) {
                None => findings.lost.push(who),
                Some(found) if found == label => {}
                // Sent again after the last acknowledgement: either may hold.
                Some(found) if asked.get(name).and_then(|items| items.get(item)) == Some(found) => {}
                Some(_) => findings.wrong.push(who),
            }
        }
    }
    let mut answers: BTreeMap<&str, usize> = BTreeMap::new();
    for item in stored.values().flat_map(BTreeMap::keys) {
        *answers.entry(item).or_default() += 1;
    }
    if let Some(cap) = cap {
        findings.over =
            answers.iter().filter(|(_, n)| **n > cap).map(|(item, _)| (*item).to_owned()).collect();
    }
    findings
}

/// What annotators read back over HTTP, of the items that they were told are saved.
pub async fn read_back(url: &str, record: &Record) -> Result<Told> {
    let mut stored = Told::new();
    for (name, items) in record.told() {
        let annotator = Annotator::new(url, &name, true)?;
        annotator.sign_in().await?;
        for item in items.keys() {
            let labels = annotator.stored(item).await?;
            if let Some(label) = labels[SCHEME].as_object().and_then(|labels| labels.keys().next()) {
                stored.entry(name.clone()).or_default().insert(item.clone(), label.clone());
            }
        }
    }
    Ok(stored)
}

/// What the raw files in an output directory hold.
pub fn raw(output: &Path) -> Result<Told> {
    let mut told = Told::new();
    for entry in std::fs::read_dir(output).with_context(|| output.display().to_string())? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let Ok(text) = std::fs::read_to_string(entry.path().join("user_state.json")) else { continue };
        let state: Value =
            serde_json::from_str(&text).with_context(|| format!("user_state.json of {name}"))?;
        told.insert(name, labels(&state));
    }
    Ok(told)
}

/// `instance_id_to_label_to_value`: item → list of pairs of a label and its value.
pub fn labels(state: &Value) -> BTreeMap<String, String> {
    let items = state["instance_id_to_label_to_value"].as_object().into_iter().flatten();
    items
        .filter_map(|(item, pairs)| {
            let given = pairs.as_array()?.iter().find(|pair| pair[0]["schema"] == SCHEME)?;
            Some((item.clone(), given[0]["name"].as_str()?.to_owned()))
        })
        .collect()
}
