//! From parser events to one tree.

use granit_parser::{Event, Parser, ScalarStyle, Tag};
use std::collections::HashMap;

use super::merge::{Entries, merge};
use super::scalar;
use super::{Node, SyntaxError, Yaml};

/// Most values of one document, aliases counted as often as they are used: an alias bomb ends here.
const MAX_NODES: usize = 1_000_000;

/// The document, and a sentence for each thing that its author should know.
pub(crate) fn parse(text: &str) -> Result<(Node, Vec<String>), SyntaxError> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| syntax_error(text, error.marker().line(), error.info()))?;
        builder.take(event, span.start.line())?;
    }
    let root = builder.root.unwrap_or(Node { line: 1, value: Yaml::Null });
    Ok((root, builder.warnings))
}

/// The parser places a tab at the start of the scalar before it; people look for the tab.
fn syntax_error(text: &str, line: usize, problem: String) -> SyntaxError {
    let is_indented_by_tab = |line: &str| line.trim_start_matches(' ').starts_with('\t');
    let line = if problem.contains("tab") {
        let tab = text.lines().skip(line.saturating_sub(1)).position(is_indented_by_tab);
        tab.map_or(line, |below| line + below)
    } else {
        line
    };
    SyntaxError { line, problem }
}

#[derive(Default)]
struct Builder {
    root: Option<Node>,
    open: Vec<Open>,
    anchors: HashMap<usize, Node>,
    nodes: usize,
    warnings: Vec<String>,
}

/// A collection whose end has not come yet.
struct Open {
    line: usize,
    anchor: usize,
    kind: OpenKind,
}

enum OpenKind {
    List(Vec<Node>),
    Map { entries: Entries, key: Option<Key> },
}

enum Key {
    Named { text: String, line: usize },
    Merge,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, line: usize) -> Result<(), SyntaxError> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                if self.is_key() {
                    return self.key(&text, style, anchor, tag.as_deref(), line);
                }
                let value = scalar_value(&text, style, tag.as_deref(), line)?;
                self.done(Node { line, value }, anchor)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.collection(tag.as_deref(), "seq", line)?;
                self.open.push(Open { line, anchor, kind: OpenKind::List(Vec::new()) });
                Ok(())
            }
            Event::MappingStart(_, anchor, tag) => {
                self.collection(tag.as_deref(), "map", line)?;
                let kind = OpenKind::Map { entries: Entries::default(), key: None };
                self.open.push(Open { line, anchor, kind });
                Ok(())
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(open) = self.open.pop() else { return Ok(()) };
                let value = match open.kind {
                    OpenKind::List(list) => Yaml::List(list),
                    OpenKind::Map { entries, .. } => Yaml::Map(merge(entries)?),
                };
                self.done(Node { line: open.line, value }, open.anchor)
            }
            Event::Alias(anchor) => {
                let Some(node) = self.anchors.get(&anchor).cloned() else {
                    return Err(SyntaxError {
                        line,
                        problem: "an alias inside of its own anchor".to_owned(),
                    });
                };
                self.nodes += size(&node);
                self.done(node, 0)
            }
            Event::DocumentStart(..) if self.root.is_some() => {
                Err(SyntaxError { line, problem: "a second document (---) in one file".to_owned() })
            }
            _ => Ok(()),
        }
    }

    fn is_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { kind: OpenKind::Map { key: None, .. }, .. }))
    }

    fn key(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        line: usize,
    ) -> Result<(), SyntaxError> {
        let plain = style == ScalarStyle::Plain && tag.is_none();
        if anchor != 0 {
            let value = scalar_value(text, style, tag, line)?;
            self.anchors.insert(anchor, Node { line, value });
        }
        if plain && scalar::boolean(text).is_some() {
            self.warnings.push(format!(
                "line {line}: the key {text} is a boolean in YAML 1.1; it is read as the text \"{text}\", quote it to say so"
            ));
        }
        let Some(Open { kind: OpenKind::Map { key, .. }, .. }) = self.open.last_mut() else { return Ok(()) };
        *key =
            Some(if plain && text == "<<" { Key::Merge } else { Key::Named { text: text.to_owned(), line } });
        Ok(())
    }

    fn collection(&self, tag: Option<&Tag>, expected: &str, line: usize) -> Result<(), SyntaxError> {
        if self.is_key() {
            return Err(SyntaxError {
                line,
                problem: "a key must be text, not a list or mapping".to_owned(),
            });
        }
        match tag {
            Some(tag) if core(tag) != Some(expected) => Err(unknown_tag(tag, line)),
            _ => Ok(()),
        }
    }

    /// Puts a complete value where it belongs.
    fn done(&mut self, node: Node, anchor: usize) -> Result<(), SyntaxError> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(SyntaxError {
                line: node.line,
                problem: format!("more than {MAX_NODES} values, aliases counted as often as they are used"),
            });
        }
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open { kind: OpenKind::List(list), .. }) => list.push(node),
            Some(Open { kind: OpenKind::Map { entries, key }, .. }) => match key.take() {
                // An alias as a key: its text.
                None => {
                    let line = node.line;
                    let Some(text) = node.scalar_text() else {
                        return Err(SyntaxError {
                            line,
                            problem: format!("a key must be text, not {}", node.kind()),
                        });
                    };
                    *key = Some(Key::Named { text, line });
                }
                Some(Key::Merge) => entries.merged.push(node),
                Some(Key::Named { text, line }) => {
                    if let Some(first) = entries.own.get(&text) {
                        self.warnings.push(format!(
                            "line {line}: {text} is given twice (first at line {}); the last one counts",
                            first.line
                        ));
                    }
                    entries.own.insert(text, node);
                }
            },
        }
        Ok(())
    }
}

fn size(node: &Node) -> usize {
    match &node.value {
        Yaml::List(list) => 1 + list.iter().map(size).sum::<usize>(),
        Yaml::Map(map) => 1 + map.values().map(size).sum::<usize>(),
        _ => 1,
    }
}

/// The name of a tag of the YAML core (`!!str`), without its prefix.
fn core(tag: &Tag) -> Option<&str> {
    tag.core_suffix()
}

fn unknown_tag(tag: &Tag, line: usize) -> SyntaxError {
    SyntaxError { line, problem: format!("the tag {} is not allowed here", tag.original()) }
}

fn scalar_value(text: &str, style: ScalarStyle, tag: Option<&Tag>, line: usize) -> Result<Yaml, SyntaxError> {
    let Some(tag) = tag else {
        return Ok(if style == ScalarStyle::Plain {
            scalar::resolve(text)
        } else {
            Yaml::Text(text.to_owned())
        });
    };
    let value = match core(tag) {
        Some("str") => Some(Yaml::Text(text.to_owned())),
        None if tag.original() == "!" => Some(scalar::resolve(text)),
        Some("null") => Some(Yaml::Null),
        Some("bool") => scalar::boolean(text).map(Yaml::Bool),
        Some("int") => scalar::integer(text),
        Some("float") => scalar::float(text).or_else(|| text.parse().ok()).map(Yaml::Float),
        _ => return Err(unknown_tag(tag, line)),
    };
    value.ok_or_else(|| SyntaxError { line, problem: format!("{text:?} is not a {}", tag.original()) })
}
