//! Which items stand together, and who is given which of them.

use std::collections::{BTreeSet, HashMap};

use project::config::{Config, Strategy};
use project::items::{Item, ItemError};
use serde_json::Value;

use crate::StoreError;
use crate::register::{Class, Key};
use crate::sqlite::{Tx, is_shelved};

/// Where items without a category stand.
const UNCATEGORIZED: &str = "";

/// Fills the shelves while the items are read.
pub(crate) struct Shelves<'a> {
    config: &'a Config,
    /// The groups of each item that a group names.
    groups: HashMap<String, BTreeSet<usize>>,
    lens: HashMap<String, u64>,
}

impl<'a> Shelves<'a> {
    pub(crate) fn new(config: &'a Config) -> Result<Self, StoreError> {
        let mut groups: HashMap<String, BTreeSet<usize>> = HashMap::new();
        if config.assignment.strategy == Strategy::Batch {
            for (index, group) in config.assignment.batches.groups.iter().enumerate() {
                let files = Config { data_files: group.files.clone(), tuples: None, ..config.clone() };
                let named = project::items::read(&files).map(|item| item.map(|item| item.id));
                for id in group.items.iter().cloned().map(Ok).chain(named) {
                    groups.entry(id?).or_default().insert(index);
                }
            }
        }
        Ok(Self { config, groups, lens: HashMap::new() })
    }

    pub(crate) fn put(&mut self, tx: &Tx<'_>, item: &Item) -> Result<(), StoreError> {
        for name in self.names(item) {
            let len = self.lens.entry(name.clone()).or_default();
            tx.put_on_shelf(&name, *len, &item.id)?;
            *len += 1;
        }
        Ok(())
    }

    fn names(&mut self, item: &Item) -> BTreeSet<String> {
        let Config { assignment, item_properties, .. } = self.config;
        let field = |key: &Option<String>| key.as_ref().and_then(|key| item.fields.get(key)).map(words);
        match assignment.strategy {
            Strategy::CategoryBased => match field(&item_properties.category_key) {
                Some(names) if !names.is_empty() => names,
                _ => [UNCATEGORIZED.to_owned()].into(),
            },
            Strategy::Batch => {
                let annotators = field(&assignment.batches.annotator_key).unwrap_or_default();
                let groups = self.groups.remove(&item.id).unwrap_or_default();
                annotators.iter().map(|user| of_user(user)).chain(groups.into_iter().map(of_group)).collect()
            }
            Strategy::FixedOrder
            | Strategy::Random
            | Strategy::LeastAnnotated
            | Strategy::MostAnnotated
            | Strategy::MaxDiversity => BTreeSet::new(),
        }
    }

    /// After all items: refuses a group that names one that is not there.
    pub(crate) fn finish(self) -> Result<(), StoreError> {
        let Some((id, groups)) = self.groups.into_iter().min() else { return Ok(()) };
        let index = groups.first().copied().unwrap_or_default();
        let problem = format!("names the item {id:?}, which is not in the data; take it out or add it");
        Err(ItemError { place: format!("batch_assignment.groups[{index}]"), problem }.into())
    }
}

/// What of the config the shelves depend on; empty where there are none.
pub(crate) fn fingerprint(config: &Config) -> Result<String, StoreError> {
    let assignment = &config.assignment;
    if !is_shelved(assignment.strategy) {
        return Ok(String::new());
    }
    let data_files = assignment.batches.groups.iter().flat_map(|group| group.files.clone()).collect();
    let files = project::items::fingerprint(&Config { data_files, ..config.clone() })?;
    let key = &config.item_properties.category_key;
    Ok(format!(" {:?} {key:?} {:?} {files:?}", assignment.strategy, assignment.batches))
}

/// One text or several.
fn words(value: &Value) -> BTreeSet<String> {
    let one = |value: &Value| match value {
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
    };
    match value {
        Value::Array(list) => list.iter().filter_map(one).collect(),
        value => one(value).into_iter().collect(),
    }
}

fn of_user(user: &str) -> String {
    format!("@{user}")
}

/// The shelf of a group.
pub(crate) fn of_group(index: usize) -> String {
    format!("#{index}")
}

/// The shelf of items without a category.
pub(crate) fn uncategorized() -> Vec<String> {
    vec![UNCATEGORIZED.to_owned()]
}

/// The categories that the annotator qualified for, as Potato's state names them.
pub(crate) fn qualified(tx: &Tx<'_>, user: &str) -> Result<Vec<String>, StoreError> {
    let register = tx.register(&Key::of_user(user, Class::Carried, "qualified_categories"))?;
    let value = register.and_then(|register| serde_json::from_str::<Value>(&register.value?).ok());
    Ok(value.map(|value| words(&value).into_iter().collect()).unwrap_or_default())
}

/// The shelves that are the annotator's by name.
pub(crate) fn named(tx: &Tx<'_>, user: &str) -> Result<Vec<String>, StoreError> {
    let batches = &tx.rules().batches;
    let mut names = Vec::new();
    if batches.annotator_key.is_some() && tx.shelf_len(&of_user(user))? > 0 {
        names.push(of_user(user));
    }
    let groups = batches.groups.iter().enumerate();
    names.extend(
        groups
            .filter(|(_, group)| group.annotators.iter().any(|name| name == user))
            .map(|(i, _)| of_group(i)),
    );
    Ok(names)
}

/// Groups for whoever is named in none: the one that is his already, else all, that with the fewest annotators first.
pub(crate) fn automatic(tx: &Tx<'_>, user: &str) -> Result<Vec<String>, StoreError> {
    let batches = &tx.rules().batches;
    if !batches.automatic {
        return Ok(Vec::new());
    }
    let mut names = Vec::new();
    for (index, _) in batches.groups.iter().enumerate().filter(|(_, group)| group.annotators.is_empty()) {
        let name = of_group(index);
        if tx.is_member(&name, user)? {
            return Ok(vec![name]);
        }
        names.push((tx.members(&name)?, index, name));
    }
    names.sort();
    Ok(names.into_iter().map(|(_, _, name)| name).collect())
}
