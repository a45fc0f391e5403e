//! `hierarchical_multiselect`: any labels of a tree. Stored: `{"selected_labels": "a,b"}`, in the order of the tree.

use std::collections::HashSet;

use askama::Template;
use serde_json::Value;

use super::form::{Form, written};
use super::labels::read_text;
use super::registry::Widget;
use super::slider::only;
use super::{Accepted, Kind, Refused, Scheme, hidden, is_removal};
use crate::config::{ConfigError, Section};
use crate::yaml::{self, Node, Yaml};

pub(super) const KEYS: &[&str] = &[
    "taxonomy",
    "taxonomy_file",
    "taxonomy_preset",
    "auto_select_children",
    "auto_select_parent",
    "show_search",
    "max_selections",
    "tooltips",
    "show_codes",
];

const LABEL: &str = "selected_labels";
/// Deepest tree that fits a page.
const MAX_DEPTH: usize = 12;

/// Labels of a tree.
#[derive(Debug, Clone, PartialEq)]
pub struct HierarchicalMultiselect {
    roots: Vec<Branch>,
    /// Choosing a label chooses all below it, and choosing all below one chooses it.
    down: bool,
    up: bool,
    searched: bool,
    most: Option<usize>,
}

/// A label and those below it.
#[derive(Debug, Clone, PartialEq)]
struct Branch {
    name: String,
    tooltip: Option<String>,
    below: Vec<Branch>,
}

pub(super) fn read(section: &Section<'_>) -> Result<Kind, ConfigError> {
    let mut roots = match (section.get("taxonomy"), section.text("taxonomy_file")?) {
        (Some(node), None) => branches(node, 0),
        (None, Some(file)) => {
            let text = read_text(section, "taxonomy_file", &file)?;
            let (node, _) = yaml::parse(&text).map_err(|error| {
                section.refuse("taxonomy_file", format!("{file:?}, line {}: {}", error.line, error.problem))
            })?;
            branches(&node, 0)
        }
        (Some(_), Some(_)) => Err("stands beside taxonomy_file; give one of them".to_owned()),
        (None, None) if section.has("taxonomy_preset") => {
            return Err(section.refuse(
                "taxonomy_preset",
                "is not built here; there is: taxonomy, or taxonomy_file with the tree as YAML or JSON",
            ));
        }
        (None, None) => Err("is missing and must be a tree of labels, or give taxonomy_file".to_owned()),
    }
    .map_err(|problem| section.refuse("taxonomy", problem))?;
    let mut names = HashSet::new();
    each(&roots, &mut |branch| {
        if branch.name.contains(',') {
            return Err(format!("{:?} holds a comma, which parts the labels that are stored", branch.name));
        }
        let new = names.insert(branch.name.clone());
        new.then_some(()).ok_or_else(|| {
            format!("{:?} stands twice in the tree; what is stored could not tell them apart", branch.name)
        })
    })
    .map_err(|problem| section.refuse("taxonomy", problem))?;
    if roots.is_empty() {
        return Err(section.refuse("taxonomy", "must name at least one label"));
    }
    if let Some(tooltips) = section.section("tooltips")? {
        let told = tooltips.to_json();
        explain(&mut roots, &|name| told.get(name)?.as_str().map(str::to_owned));
    }
    if section.has("show_codes") {
        section.warn("show_codes", "has no effect here: labels are shown as they are written");
    }
    let most = match section.integer("max_selections")? {
        None => None,
        Some(most) => match usize::try_from(most) {
            Ok(most) if most > 0 => Some(most),
            _ => return Err(section.refuse("max_selections", format!("must be at least 1, got {most}"))),
        },
    };
    Ok(Kind::HierarchicalMultiselect(HierarchicalMultiselect {
        roots,
        down: section.flag("auto_select_children")?.unwrap_or(false),
        up: section.flag("auto_select_parent")?.unwrap_or(false),
        searched: section.flag("show_search")?.unwrap_or(true),
        most,
    }))
}

/// A mapping of labels to what is below them, a list of labels and such mappings, or one label.
fn branches(node: &Node, depth: usize) -> Result<Vec<Branch>, String> {
    if depth > MAX_DEPTH {
        return Err(format!("is deeper than {MAX_DEPTH} levels"));
    }
    let branch = |name: &str, below: &Node| {
        Ok(Branch { name: name.trim().to_owned(), tooltip: None, below: branches(below, depth + 1)? })
    };
    match &node.value {
        Yaml::Null => Ok(Vec::new()),
        Yaml::Map(map) => map.iter().map(|(name, below)| branch(name, below)).collect(),
        Yaml::List(list) => {
            let parts = list.iter().map(|entry| branches(entry, depth)).collect::<Result<Vec<_>, _>>()?;
            Ok(parts.into_iter().flatten().collect())
        }
        Yaml::Bool(_) => Err("holds a boolean; put the labels yes, no, on and off in quotes".to_owned()),
        Yaml::Int(_) | Yaml::Float(_) | Yaml::Text(_) => {
            let name = node.scalar_text().unwrap_or_default().trim().to_owned();
            if name.is_empty() {
                return Err("holds an empty label".to_owned());
            }
            Ok(vec![Branch { name, tooltip: None, below: Vec::new() }])
        }
    }
}

/// Every label of the tree, parents before what is below them.
fn each<E>(branches: &[Branch], visit: &mut impl FnMut(&Branch) -> Result<(), E>) -> Result<(), E> {
    for branch in branches {
        visit(branch)?;
        each(&branch.below, visit)?;
    }
    Ok(())
}

fn explain(branches: &mut [Branch], told: &impl Fn(&str) -> Option<String>) {
    for branch in branches {
        branch.tooltip = told(&branch.name);
        explain(&mut branch.below, told);
    }
}

impl HierarchicalMultiselect {
    fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        let done: Result<(), std::convert::Infallible> = each(&self.roots, &mut |branch| {
            names.push(branch.name.clone());
            Ok(())
        });
        match done {
            Ok(()) => names,
        }
    }
}

#[derive(Template)]
#[template(path = "hierarchical_multiselect.html")]
struct Page<'a> {
    scheme: &'a str,
    description: &'a str,
    hidden: String,
    tree: String,
    down: bool,
    up: bool,
    searched: bool,
    most: Option<usize>,
}

/// One level of the tree.
#[derive(Template)]
#[template(path = "hierarchical_level.html")]
struct Level<'a> {
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    id: String,
    name: &'a str,
    tooltip: Option<&'a str>,
    checked: bool,
    below: String,
}

fn level(form: &Form<'_>, branches: &[Branch], chosen: &HashSet<&str>) -> String {
    let rows = branches.iter().map(|branch| Row {
        id: form.id(&branch.name, "node"),
        name: &branch.name,
        tooltip: branch.tooltip.as_deref(),
        checked: chosen.contains(branch.name.as_str()),
        below: if branch.below.is_empty() { String::new() } else { level(form, &branch.below, chosen) },
    });
    written(&Level { rows: rows.collect() })
}

impl Widget for HierarchicalMultiselect {
    fn class(&self) -> &'static str {
        "hierarchical-multiselect"
    }

    fn accept(&self, scheme: &Scheme, label: &str, value: &Value) -> Result<Accepted, Refused> {
        only(scheme, LABEL, label, value)?;
        if is_removal(value) {
            return Ok(Accepted::Remove);
        }
        let chosen: Vec<&str> = value.as_str().unwrap_or_default().split(',').map(str::trim).collect();
        let names = self.names();
        if let Some(stranger) = chosen.iter().find(|chosen| !names.iter().any(|name| name == *chosen)) {
            return Err(scheme.refused(
                label,
                value,
                &format!("labels of the tree with commas between; {stranger:?} is none"),
            ));
        }
        if let Some(most) = self.most.filter(|most| chosen.len() > *most) {
            return Err(scheme.refused(label, value, &format!("at most {most} labels")));
        }
        let in_order: Vec<&str> =
            names.iter().map(String::as_str).filter(|name| chosen.contains(name)).collect();
        Ok(Accepted::Store(in_order.join(",").into()))
    }

    fn body(&self, form: &Form<'_>) -> String {
        let stored = form.stored(LABEL).unwrap_or_default();
        written(&Page {
            scheme: form.scheme.name.trim(),
            description: &form.scheme.description,
            hidden: hidden::field(form, LABEL),
            tree: level(form, &self.roots, &stored.split(',').collect()),
            down: self.down,
            up: self.up,
            searched: self.searched,
            most: self.most,
        })
    }
}
