//! `batch_assignment`: groups of items, each for annotators of its own.

use super::{ConfigError, DataFile, Section, data};

/// Who gets which group of items.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batches {
    /// The groups in the order of the config.
    pub groups: Vec<Group>,
    /// `annotator_key`: the field of an item that names its annotators.
    pub annotator_key: Option<String>,
    /// `auto_assign_annotators`: whoever is in no group is given the one that the fewest have.
    pub automatic: bool,
}

/// Items that an annotator gets together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// `name`, or `group_` and its index.
    pub name: String,
    /// Those named to work on it; of an automatic group nobody.
    pub annotators: Vec<String>,
    /// How many annotators may work on it; none is what holds for all items.
    pub places: Option<u32>,
    /// `instances`: ids of items.
    pub items: Vec<String>,
    /// `data_file` or `instances_file`: each row's id is that of an item.
    pub files: Vec<DataFile>,
}

pub(super) fn read(top: &Section<'_>) -> Result<Batches, ConfigError> {
    let Some(section) = top.section("batch_assignment")? else { return Ok(Batches::default()) };
    section.warn_unknown(&[&["groups", "annotator_key", "auto_assign_annotators", "group_by_condition"]]);
    if section.has("group_by_condition") {
        return Err(section.refuse(
            "group_by_condition",
            "is known to Potato and not built here yet; there is: groups with annotators, and auto_assign_annotators",
        ));
    }
    let mut groups: Vec<Group> = Vec::new();
    for (i, node) in section.list("groups")?.unwrap_or_default().iter().enumerate() {
        let section = section.enter(&format!("groups[{i}]"), node)?;
        let group = group(&section, i)?;
        if groups.iter().any(|other| other.name == group.name) {
            return Err(section.refuse("name", format!("{:?} is the name of another group too", group.name)));
        }
        groups.push(group);
    }
    Ok(Batches {
        groups,
        annotator_key: section.text("annotator_key")?,
        automatic: section.flag("auto_assign_annotators")?.unwrap_or(false),
    })
}

/// The files that bring items of their own, for `data_files`.
pub(super) fn data_files(top: &Section<'_>) -> Result<Vec<DataFile>, ConfigError> {
    let mut files = Vec::new();
    let Some(section) = top.section("batch_assignment")? else { return Ok(files) };
    for (i, node) in section.list("groups")?.unwrap_or_default().iter().enumerate() {
        files.extend(data::single_file(&section.enter(&format!("groups[{i}]"), node)?, "data_file")?);
    }
    Ok(files)
}

fn group(section: &Section<'_>, index: usize) -> Result<Group, ConfigError> {
    const PLACES: [&str; 3] = ["max_annotators", "annotator_count", "slots"];
    section.warn_unknown(&[
        &["name", "annotators", "instances", "data_file", "instances_file", "schemes"],
        &PLACES,
    ]);
    if section.has("schemes") {
        let problem =
            "is known to Potato and not built here yet; there is: one set of schemes for all annotators";
        return Err(section.refuse("schemes", problem));
    }
    let mut places = None;
    for key in PLACES {
        if let Some(number) = section.integer(key)? {
            let number = u32::try_from(number).ok().filter(|number| *number > 0);
            places = Some(number.ok_or_else(|| section.refuse(key, "must be 1 or more"))?);
        }
    }
    let mut files = Vec::new();
    for key in ["data_file", "instances_file"] {
        files.extend(data::single_file(section, key)?);
    }
    let items = section.texts("instances")?;
    if items.is_empty() && files.is_empty() {
        return Err(
            section.refuse("instances", "is missing; a group needs instances, data_file or instances_file")
        );
    }
    Ok(Group {
        name: section.text("name")?.unwrap_or_else(|| format!("group_{index}")),
        annotators: section.texts("annotators")?,
        places,
        items,
        files,
    })
}
