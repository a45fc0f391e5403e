//! The questions of a page: instruments, a file, and schemes that stand in the config itself.

use std::path::Path;

use super::PageKind;
use crate::config::{ConfigError, Section, file};
use crate::instruments;
use crate::schemes::{self, Scheme};
use crate::text;
use crate::yaml::{self, Map, Node, SyntaxError, Yaml};

/// What a page shows.
pub(super) struct Found {
    pub(super) schemes: Vec<Scheme>,
    pub(super) html: Option<String>,
}

pub(super) fn read(section: &Section<'_>, kind: PageKind) -> Result<Found, ConfigError> {
    let mut found = Found { schemes: Vec::new(), html: None };
    for key in ["instrument", "instruments"] {
        for name in section.texts(key)? {
            found.schemes.extend(instruments::read(section, key, &name)?);
        }
    }
    if let Some(name) = section.text("file")? {
        from_file(section, &name, kind, &mut found)?;
    }
    if section.has("annotation_schemes") {
        found.schemes.extend(inline(section)?);
    }
    for (i, scheme) in found.schemes.iter().enumerate() {
        if found.schemes[..i].iter().any(|other| other.name == scheme.name) {
            let problem =
                format!("{:?} is the name of two questions of one page; names must differ", scheme.name);
            let key = if section.has("file") { "file" } else { "instruments" };
            return Err(section.refuse(key, problem));
        }
    }
    if let Some(scheme) = found.schemes.iter().find(|scheme| scheme.marks_spans() || scheme.links_spans()) {
        let problem = format!("{:?} marks spans, and a page of questions has no text for them", scheme.name);
        return Err(section.refuse("file", problem));
    }
    schemes::allot_keys(&mut found.schemes);
    Ok(found)
}

/// `annotation_schemes` of a page.
pub(super) fn inline(section: &Section<'_>) -> Result<Vec<Scheme>, ConfigError> {
    let list = section.list("annotation_schemes")?.unwrap_or_default();
    schemes::read_all(section, "annotation_schemes", list)
}

fn from_file(
    section: &Section<'_>,
    name: &str,
    kind: PageKind,
    found: &mut Found,
) -> Result<(), ConfigError> {
    let path = section.resolve("file", name)?;
    if !path.is_file() {
        return Err(section.refuse("file", format!("{name:?} is not there; looked for {}", path.display())));
    }
    let content = file::read(&path)?;
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    let root = match extension.as_deref() {
        Some("html" | "htm") if kind == PageKind::Instructions => {
            found.html = Some(text::sanitise(&content));
            return Ok(());
        }
        Some("json") => yaml::from_json(&content),
        Some("jsonl") => lines(&content),
        Some("yaml" | "yml") => yaml::parse(&content).map(|(root, _)| root),
        _ => {
            let allowed = if kind == PageKind::Instructions {
                ".json, .jsonl, .yaml or .html"
            } else {
                ".json, .jsonl or .yaml"
            };
            return Err(section.refuse("file", format!("{name:?} must end in {allowed}")));
        }
    };
    let json = matches!(extension.as_deref(), Some("json" | "jsonl"));
    let root = root.map_err(|SyntaxError { line, problem }| {
        let file = path.clone();
        if json {
            ConfigError::File { file, problem: format!("line {line}: not valid JSON: {problem}") }
        } else {
            ConfigError::Syntax { file, line, problem }
        }
    })?;
    found.schemes.extend(questions(section, &path, root)?);
    Ok(())
}

/// A list of schemes, or one.
fn questions(section: &Section<'_>, path: &Path, root: Node) -> Result<Vec<Scheme>, ConfigError> {
    let list = match root.value {
        Yaml::List(list) => list,
        one @ Yaml::Map(_) => vec![Node { line: root.line, value: one }],
        other => {
            let problem =
                format!("must hold a list of questions, got {}", Node { line: 1, value: other }.kind());
            return Err(ConfigError::File { file: path.to_owned(), problem });
        }
    };
    let nothing = Map::new();
    schemes::read_all(&Section::questions(section, path, &nothing), "", &list)
}

/// One scheme a line.
fn lines(content: &str) -> Result<Node, SyntaxError> {
    let mut list = Vec::new();
    for (number, line) in (1..).zip(content.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let node = yaml::from_json(line)
            .map_err(|SyntaxError { problem, .. }| SyntaxError { line: number, problem })?;
        list.push(node.on_line(number));
    }
    Ok(Node { line: 1, value: Yaml::List(list) })
}
