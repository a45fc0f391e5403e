//! Merge keys (`<<`): the merged entries come first, own entries win, of several mappings the first wins.

use super::{Map, Node, SyntaxError, Yaml};

/// What stood in a mapping, before merging.
#[derive(Default)]
pub(super) struct Entries {
    pub(super) own: Map,
    pub(super) merged: Vec<Node>,
}

pub(super) fn merge(entries: Entries) -> Result<Map, SyntaxError> {
    let mut whole = Map::new();
    for node in entries.merged {
        let line = node.line;
        match node.value {
            Yaml::Map(map) => whole.extend(map),
            Yaml::List(list) => {
                for node in list.into_iter().rev() {
                    let Yaml::Map(map) = node.value else {
                        return Err(refused(node.line, "a list entry", node.kind()));
                    };
                    whole.extend(map);
                }
            }
            Yaml::Null | Yaml::Bool(_) | Yaml::Int(_) | Yaml::Float(_) | Yaml::Text(_) => {
                return Err(refused(line, "the value", node.kind()));
            }
        }
    }
    whole.extend(entries.own);
    Ok(whole)
}

fn refused(line: usize, what: &str, kind: &str) -> SyntaxError {
    SyntaxError { line, problem: format!("{what} of a merge key (<<) must be a mapping, got {kind}") }
}
