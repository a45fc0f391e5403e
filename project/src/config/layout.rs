//! `layout`: where the forms of the schemes stand.

use super::{ConfigError, Section, length, nearest};
use crate::schemes::{Scheme, parse_color};

const MAX_COLUMNS: i64 = 6;
const GROUP_KEYS: &[&str] =
    &["id", "schemas", "title", "description", "collapsible", "collapsed_default", "background_color"];
const ALIGNED: &[(&str, &str)] =
    &[("start", "start"), ("center", "center"), ("end", "end"), ("stretch", "stretch")];

/// The grid of the forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormLayout {
    /// `grid.columns`, 1 to 6.
    pub columns: u8,
    /// `grid.gap`, `row_gap` and `align_items`, as variables of the style sheet.
    pub style: String,
    /// Each scheme once, in the order in which the forms are shown.
    pub parts: Vec<Part>,
}

/// Forms that stand together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// None for forms between groups.
    pub group: Option<FormGroup>,
    /// Places in the config's list of schemes.
    pub schemes: Vec<usize>,
}

/// One of `groups`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormGroup {
    /// Unique in the project.
    pub id: String,
    /// Shown above it.
    pub title: Option<String>,
    /// Words below the title.
    pub description: Option<String>,
    /// Whether it can be folded away.
    pub collapsible: bool,
    /// Whether it is, at first.
    pub collapsed: bool,
    /// Three numbers for a CSS `rgb()`.
    pub rgb: Option<String>,
}

pub(super) fn read(top: &Section<'_>, schemes: &[Scheme]) -> Result<FormLayout, ConfigError> {
    let Some(layout) = top.section("layout")? else {
        return Ok(FormLayout { columns: 1, style: String::new(), parts: parts(Vec::new(), &[], schemes) });
    };
    layout.warn_unknown(&[&["grid", "breakpoints", "groups", "order", "styling"]]);
    for key in ["breakpoints", "styling"] {
        if layout.has(key) {
            layout.warn(key, "has no effect here: the built-in style fits the screen by itself");
        }
    }
    let (columns, style) = match layout.section("grid")? {
        Some(grid) => (columns(&grid)?, style(&grid)?),
        None => (1, String::new()),
    };
    let groups = groups(&layout, schemes)?;
    let mut order = Vec::new();
    for name in layout.texts("order")? {
        let is_group = groups.iter().any(|part| part.group.as_ref().is_some_and(|group| group.id == name));
        if !is_group && !schemes.iter().any(|scheme| scheme.name == name) {
            return Err(layout.refuse("order", format!("{name:?} is neither a scheme nor the id of a group")));
        }
        order.push(name);
    }
    Ok(FormLayout { columns, style, parts: parts(groups, &order, schemes) })
}

fn columns(grid: &Section<'_>) -> Result<u8, ConfigError> {
    grid.warn_unknown(&[&["columns", "gap", "row_gap", "align_items"]]);
    match grid.integer("columns")? {
        None => Ok(1),
        Some(number @ 1..=MAX_COLUMNS) => Ok(u8::try_from(number).unwrap_or(1)),
        Some(number) => Err(grid.refuse("columns", format!("must be 1 to {MAX_COLUMNS}, got {number}"))),
    }
}

fn style(grid: &Section<'_>) -> Result<String, ConfigError> {
    let mut style = String::new();
    for (key, variable) in [("gap", "--form-gap"), ("row_gap", "--form-row-gap")] {
        if let Some(length) = length(grid, key)? {
            style.extend([variable, ": ", &length, "; "]);
        }
    }
    if let Some(aligned) = grid.word("align_items", ALIGNED)? {
        style.extend(["--form-align: ", aligned, "; "]);
    }
    Ok(style)
}

fn groups(layout: &Section<'_>, schemes: &[Scheme]) -> Result<Vec<Part>, ConfigError> {
    let mut groups: Vec<Part> = Vec::new();
    for (i, node) in layout.list("groups")?.unwrap_or_default().iter().enumerate() {
        let section = layout.enter(&format!("groups[{i}]"), node)?;
        section.warn_unknown(&[GROUP_KEYS]);
        let group = group(&section)?;
        if groups.iter().any(|other| other.group.as_ref().is_some_and(|other| other.id == group.id)) {
            return Err(
                section.refuse("id", format!("{:?} is the id of two groups; ids must differ", group.id))
            );
        }
        let mut members = Vec::new();
        for name in section.texts("schemas")? {
            let Some(scheme) = schemes.iter().position(|scheme| scheme.name == name) else {
                let known = nearest(&name, schemes.iter().map(|scheme| scheme.name.as_str()));
                let advice = known.map_or_else(String::new, |known| format!("; did you mean {known}?"));
                return Err(
                    section.refuse("schemas", format!("{name:?} is no scheme of this project{advice}"))
                );
            };
            if members.contains(&scheme) || groups.iter().any(|other| other.schemes.contains(&scheme)) {
                return Err(section.refuse(
                    "schemas",
                    format!("{name:?} stands in a group already; each form is shown once"),
                ));
            }
            members.push(scheme);
        }
        if members.is_empty() {
            return Err(section.refuse("schemas", "must name at least one scheme"));
        }
        groups.push(Part { group: Some(group), schemes: members });
    }
    Ok(groups)
}

fn group(section: &Section<'_>) -> Result<FormGroup, ConfigError> {
    let given = |key| Ok::<_, ConfigError>(section.text(key)?.filter(|text| !text.trim().is_empty()));
    let collapsed = section.flag("collapsed_default")?.unwrap_or(false);
    let color = given("background_color")?;
    let rgb = color.as_deref().and_then(|color| parse_color(color.trim()));
    if let (Some(color), None) = (&color, rgb) {
        section.warn(
            "background_color",
            &format!("{color:?} is not #rgb, #rrggbb or rgb(r, g, b); none is used"),
        );
    }
    Ok(FormGroup {
        id: section.required_text("id")?,
        title: given("title")?,
        description: given("description")?,
        collapsible: section.flag("collapsible")?.unwrap_or(collapsed),
        collapsed,
        rgb: rgb.map(|(red, green, blue)| format!("{red} {green} {blue}")),
    })
}

/// Groups stand where their first scheme would. What `order` names comes first, then what has an `order` of its own.
fn parts(groups: Vec<Part>, order: &[String], schemes: &[Scheme]) -> Vec<Part> {
    let grouped = |scheme: usize| groups.iter().any(|part| part.schemes.contains(&scheme));
    let single = |scheme: usize| Part { group: None, schemes: vec![scheme] };
    let mut all: Vec<Part> = (0..schemes.len()).filter(|scheme| !grouped(*scheme)).map(single).collect();
    all.extend(groups);
    all.sort_by_key(|part| {
        let first = part.schemes.first().copied().unwrap_or_default();
        let name = part.group.as_ref().map_or(schemes[first].name.as_str(), |group| group.id.as_str());
        let named = order.iter().position(|other| other == name).unwrap_or(order.len());
        let own = part.schemes.iter().filter_map(|scheme| schemes[*scheme].layout.order).min();
        (named, own.unwrap_or(i64::MAX), part.schemes.iter().min().copied())
    });
    let mut joined: Vec<Part> = Vec::new();
    for part in all {
        match joined.last_mut().filter(|last| last.group.is_none() && part.group.is_none()) {
            Some(last) => last.schemes.extend(part.schemes),
            None => joined.push(part),
        }
    }
    joined
}
