//! Shortcut keys: over all schemes of a project, no key has two meanings.

use std::collections::HashSet;

use indexmap::IndexMap;

use super::Scheme;

/// Rows of the keyboard that sequential keys are taken from, in this order.
const ROWS: [&str; 3] = ["1234567890", "qwertyuiop", "asdfghjkl"];
/// Most labels of a scheme that gets keys without being told.
const MAX_UNASKED: usize = 10;

/// What the config says of a scheme's keys.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Nothing,
    None,
    Sequential,
    Mnemonic,
}

/// Scheme name → label → key, over the whole project.
pub fn keys(schemes: &[Scheme]) -> IndexMap<String, IndexMap<String, char>> {
    let mut taken = HashSet::new();
    let mut all: Vec<IndexMap<String, char>> = Vec::new();
    for scheme in schemes {
        let mut own = IndexMap::new();
        for choice in scheme.kind.widget().choices() {
            if let Some(key) = choice.key.filter(|key| taken.insert(*key)) {
                own.insert(choice.name.clone(), key);
            }
        }
        all.push(own);
    }
    let mut next_row = 0;
    for (scheme, own) in schemes.iter().zip(&mut all) {
        let labels: Vec<String> =
            scheme.kind.widget().key_labels().into_iter().filter(|label| !own.contains_key(label)).collect();
        let alone = schemes.len() == 1 && labels.len() <= MAX_UNASKED;
        match asked(scheme) {
            Asked::Sequential => sequential(&labels, own, &mut taken, &mut next_row),
            Asked::Mnemonic => mnemonic(&labels, own, &mut taken),
            Asked::Nothing if alone && scheme.kind.widget().keys_if_alone() => {
                sequential(&labels, own, &mut taken, &mut next_row);
            }
            Asked::Nothing | Asked::None => {}
        }
    }
    schemes.iter().map(|scheme| scheme.name.clone()).zip(all).collect()
}

/// Gives each scheme its part of [`keys`].
pub(crate) fn allot(schemes: &mut [Scheme]) {
    let all = keys(schemes);
    for (scheme, (_, own)) in schemes.iter_mut().zip(all) {
        scheme.keys = own;
    }
}

fn asked(scheme: &Scheme) -> Asked {
    match scheme.source.get("keybinding_strategy").and_then(serde_json::Value::as_str) {
        Some("none") => return Asked::None,
        Some("sequential") => return Asked::Sequential,
        Some("mnemonic") => return Asked::Mnemonic,
        _ => {}
    }
    match scheme.source.get("sequential_key_binding").and_then(serde_json::Value::as_bool) {
        Some(true) => Asked::Sequential,
        Some(false) => Asked::None,
        None => Asked::Nothing,
    }
}

/// From the next row that no scheme has begun, and on into the following ones where it is too short.
fn sequential(
    labels: &[String],
    own: &mut IndexMap<String, char>,
    taken: &mut HashSet<char>,
    next_row: &mut usize,
) {
    if labels.is_empty() {
        return;
    }
    let first = (*next_row).min(ROWS.len() - 1);
    let mut free = ROWS[first..].iter().flat_map(|row| row.chars()).filter(|key| !taken.contains(key));
    let mut used = Vec::new();
    for label in labels {
        let Some(key) = free.next() else { break };
        own.insert(label.clone(), key);
        used.push(key);
    }
    drop(free);
    let last_row = ROWS.iter().rposition(|row| used.iter().any(|key| row.contains(*key)));
    *next_row = last_row.map_or(*next_row, |row| row + 1);
    taken.extend(used);
}

/// The first letter or digit of the label that is free.
fn mnemonic(labels: &[String], own: &mut IndexMap<String, char>, taken: &mut HashSet<char>) {
    for label in labels {
        let key = label
            .chars()
            .flat_map(char::to_lowercase)
            .find(|key| key.is_alphanumeric() && !taken.contains(key));
        if let Some(key) = key {
            own.insert(label.clone(), key);
            taken.insert(key);
        }
    }
}
