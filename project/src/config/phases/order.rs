//! Which pages there are, and in which order.

use super::Page;
use crate::conditions::Rule;
use crate::config::{ConfigError, Section};
use crate::yaml::Yaml;

/// A page as it stands in the config.
pub(super) struct Entry<'a> {
    pub(super) name: String,
    pub(super) section: Section<'a>,
}

/// The entries of `phases` in their order: a list, or a mapping with `order`.
pub(super) fn entries<'a>(top: &Section<'a>) -> Result<Vec<Entry<'a>>, ConfigError> {
    match top.get("phases").map(|node| &node.value) {
        None => Ok(Vec::new()),
        Some(Yaml::List(_)) => listed(top),
        Some(_) => match top.section("phases")? {
            Some(phases) => mapped(&phases),
            None => Ok(Vec::new()),
        },
    }
}

fn listed<'a>(top: &Section<'a>) -> Result<Vec<Entry<'a>>, ConfigError> {
    let mut entries: Vec<Entry<'a>> = Vec::new();
    for (i, node) in top.list("phases")?.unwrap_or_default().iter().enumerate() {
        let section = top.enter(&format!("phases[{i}]"), node)?;
        let name = match section.text("name")? {
            Some(name) => name,
            None => section.required_text("type")?,
        };
        add(&mut entries, name, section)?;
    }
    Ok(entries)
}

fn mapped<'a>(phases: &Section<'a>) -> Result<Vec<Entry<'a>>, ConfigError> {
    if phases.has("counterbalance") {
        let problem = "is known to Potato and not built here yet; there is: one order for all annotators";
        return Err(phases.refuse("counterbalance", problem));
    }
    let defined = || phases.keys().filter(|(key, _)| *key != "order" && *key != "counterbalance");
    let order = if phases.has("order") {
        phases.texts("order")?
    } else {
        defined().map(|(key, _)| key.to_owned()).collect()
    };
    let mut entries = Vec::new();
    for name in &order {
        match defined().find(|(key, _)| key == name) {
            Some((key, node)) => add(&mut entries, name.clone(), phases.enter_given(key, node)?)?,
            // The annotation needs no words; where it stands counts.
            None if name == "annotation" => {
                let section = phases.enter_given(name, &NOTHING)?;
                add(&mut entries, name.clone(), section)?;
            }
            None => phases.warn("order", &format!("names {name}, which is not defined; it is left out")),
        }
    }
    for (key, _) in defined().filter(|(key, _)| !order.iter().any(|name| name == key)) {
        phases.warn(key, "is not named in order and is left out");
    }
    Ok(entries)
}

static NOTHING: crate::yaml::Node = crate::yaml::Node { line: 0, value: Yaml::Null };

fn add<'a>(entries: &mut Vec<Entry<'a>>, name: String, section: Section<'a>) -> Result<(), ConfigError> {
    if name.trim().is_empty() || name.chars().any(char::is_control) {
        return Err(section.refuse("name", format!("{name:?} is no name for a page")));
    }
    if entries.iter().any(|entry| entry.name == name) {
        return Err(section.refuse("name", format!("{name:?} names two pages; names must differ")));
    }
    entries.push(Entry { name, section });
    Ok(())
}

/// Conditions of pages ask about what has been asked by then.
pub(super) fn check_rules(top: &Section<'_>, pages: &[Page]) -> Result<(), ConfigError> {
    let asked = |upto: &[Page], rule: &Rule| {
        let known = |name: &str| upto.iter().flat_map(|page| &page.schemes).any(|scheme| scheme.name == name);
        rule.schemas().into_iter().find(|name| !known(name)).map(str::to_owned)
    };
    for (i, page) in pages.iter().enumerate() {
        let missing = page.show_when.as_ref().and_then(|rule| asked(&pages[..i], rule));
        let missing_at_exit = page.exit_when.as_ref().and_then(|exit| asked(&pages[..=i], &exit.rule));
        for (key, missing) in [("show_when", missing), ("exit_when", missing_at_exit)] {
            if let Some(name) = missing {
                let problem = format!(
                    "{key} of the page {} asks about {name:?}, which no page before it asks",
                    page.name
                );
                return Err(top.refuse("phases", problem));
            }
        }
    }
    Ok(())
}
