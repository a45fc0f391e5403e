//! YAML 1.1 as `PyYAML`'s safe loader reads it, with the line of every value.
//!
//! What surprises people is kept, because projects were written against it: `yes`, `no`, `on` and `off` are
//! booleans, `010` is 8, `12:30` is 750, `1e3` and `08` are text. Differences: a key given twice warns, a key that is
//! not text is taken as it is written, and dates stay text.

mod json;
mod merge;
mod scalar;
mod tree;

use indexmap::IndexMap;
use serde_json::Value;

pub(crate) use self::json::from_json;
pub(crate) use self::tree::parse;

/// A mapping, keys in the order of the file.
pub(crate) type Map = IndexMap<String, Node>;

/// A value and the line on which it begins, counted from 1.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) line: usize,
    pub(crate) value: Yaml,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Yaml {
    Null,
    Bool(bool),
    Int(i128),
    Float(f64),
    Text(String),
    List(Vec<Node>),
    Map(Map),
}

/// Text that is not one YAML document.
#[derive(Debug)]
pub(crate) struct SyntaxError {
    pub(crate) line: usize,
    pub(crate) problem: String,
}

impl Node {
    /// What kind of value this is, for "must be …, got …".
    pub(crate) fn kind(&self) -> &'static str {
        match self.value {
            Yaml::Null => "nothing",
            Yaml::Bool(_) => "a boolean",
            Yaml::Int(_) => "an integer",
            Yaml::Float(_) => "a number",
            Yaml::Text(_) => "text",
            Yaml::List(_) => "a list",
            Yaml::Map(_) => "a mapping",
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        self.value == Yaml::Null
    }

    /// The text of a scalar, as Python's `str` would give it; `None` for lists, mappings and nothing.
    pub(crate) fn scalar_text(&self) -> Option<String> {
        match &self.value {
            Yaml::Null | Yaml::List(_) | Yaml::Map(_) => None,
            Yaml::Bool(true) => Some("True".to_owned()),
            Yaml::Bool(false) => Some("False".to_owned()),
            Yaml::Int(number) => Some(number.to_string()),
            Yaml::Float(number) if number.fract() == 0.0 && number.abs() < 1e16 => {
                Some(format!("{number:.1}"))
            }
            Yaml::Float(number) => Some(number.to_string()),
            Yaml::Text(text) => Some(text.clone()),
        }
    }

    /// The same as JSON; numbers that JSON cannot hold become text.
    pub(crate) fn to_json(&self) -> Value {
        match &self.value {
            Yaml::Null => Value::Null,
            Yaml::Bool(flag) => Value::Bool(*flag),
            Yaml::Int(number) => i64::try_from(*number)
                .map(Value::from)
                .or_else(|_| u64::try_from(*number).map(Value::from))
                .unwrap_or_else(|_| Value::String(number.to_string())),
            Yaml::Float(number) => serde_json::Number::from_f64(*number)
                .map_or_else(|| Value::String(number.to_string()), Value::Number),
            Yaml::Text(text) => Value::String(text.clone()),
            Yaml::List(list) => list.iter().map(Self::to_json).collect(),
            Yaml::Map(map) => map.iter().map(|(key, node)| (key.clone(), node.to_json())).collect(),
        }
    }
}

#[cfg(test)]
mod tests;
