//! The state of a study as its own files tell it.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// The digest over the whole state, as the `head.json` files of an output directory say; all that are of the newest vector
/// must agree.
pub fn digest(output: &Path) -> Result<String> {
    let mut newest: Option<(u64, String)> = None;
    for entry in std::fs::read_dir(output.join(".history")).context("a history")? {
        let Ok(text) = std::fs::read_to_string(entry?.path().join("head.json")) else { continue };
        let head: Value = serde_json::from_str(&text)?;
        let vector: BTreeMap<String, Value> = serde_json::from_value(head["vector"].clone())?;
        let events = vector.values().filter_map(last).sum();
        let digest = head["digest"].as_str().context("a digest")?.to_owned();
        match &newest {
            Some((known, other)) if *known == events => {
                ensure!(*other == digest, "two heads of {events} events have different digests");
            }
            Some((known, _)) if *known > events => {}
            _ => newest = Some((events, digest)),
        }
    }
    Ok(newest.context("a head.json")?.1)
}

fn last(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value["last"].as_u64())
}
