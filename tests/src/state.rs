//! The state of a study as its own files tell it.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

type Vector = BTreeMap<String, u64>;

/// The digest over the whole state, from the `head.json` files of an output directory: from those that cover all events
/// that any of them knows, which must agree.
pub fn digest(output: &Path) -> Result<String> {
    let mut heads = Vec::new();
    let mut all = Vector::new();
    for entry in std::fs::read_dir(output.join(".history")).context("a history")? {
        let Ok(text) = std::fs::read_to_string(entry?.path().join("head.json")) else { continue };
        let head: Value = serde_json::from_str(&text)?;
        let vector = vector(&head["vector"]).with_context(|| format!("a vector in {text}"))?;
        for (origin, last) in &vector {
            let known = all.entry(origin.clone()).or_default();
            *known = (*known).max(*last);
        }
        heads.push((vector, head["digest"].as_str().context("a digest")?.to_owned()));
    }
    let told = format!("{heads:?}");
    let mut complete = heads.into_iter().filter(|(vector, _)| *vector == all).map(|(_, digest)| digest);
    let digest = complete.next().with_context(|| format!("no head covers all of {all:?}: {told}"))?;
    ensure!(complete.all(|other| other == digest), "two heads cover {all:?} and have different digests");
    Ok(digest)
}

/// Origins with the number of their last event; an origin without events is as good as none.
fn vector(value: &Value) -> Option<Vector> {
    let last = |value: &Value| value.as_u64().or_else(|| value["last"].as_u64());
    let pairs = value.as_object()?.iter().map(|(origin, tip)| Some((origin.clone(), last(tip)?)));
    let vector: Option<Vector> = pairs.collect();
    Some(vector?.into_iter().filter(|(_, last)| *last > 0).collect())
}
