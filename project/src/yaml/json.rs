//! JSON as the same tree: a file of questions may be either.

use serde_json::Value;

use super::{Map, Node, SyntaxError, Yaml};

/// Reads JSON. Its lines come from the YAML reader, which knows most of JSON, too; where the two do not agree, values have
/// line 0, which stands for unknown.
pub(crate) fn from_json(text: &str) -> Result<Node, SyntaxError> {
    let value: Value = serde_json::from_str(text)
        .map_err(|error| SyntaxError { line: error.line(), problem: error.to_string() })?;
    match super::parse(text) {
        Ok((root, _)) if root.to_json() == value => Ok(root),
        _ => Ok(node(value)),
    }
}

impl Node {
    /// The same as if all of it stood on one line.
    pub(crate) fn on_line(self, line: usize) -> Self {
        let value = match self.value {
            Yaml::List(list) => Yaml::List(list.into_iter().map(|node| node.on_line(line)).collect()),
            Yaml::Map(map) => {
                Yaml::Map(map.into_iter().map(|(key, node)| (key, node.on_line(line))).collect())
            }
            other => other,
        };
        Self { line, value }
    }
}

fn node(value: Value) -> Node {
    let value = match value {
        Value::Null => Yaml::Null,
        Value::Bool(flag) => Yaml::Bool(flag),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(number), _) => Yaml::Int(number.into()),
            (None, Some(number)) => Yaml::Int(number.into()),
            (None, None) => Yaml::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        Value::String(text) => Yaml::Text(text),
        Value::Array(list) => Yaml::List(list.into_iter().map(node).collect()),
        Value::Object(map) => {
            Yaml::Map(map.into_iter().map(|(key, value)| (key, node(value))).collect::<Map>())
        }
    };
    Node { line: 0, value }
}
