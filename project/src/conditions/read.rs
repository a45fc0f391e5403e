//! `show_when` and `logic` as they stand in a config.

use serde_json::Value;

use super::{Condition, Group, MAX_DEPTH, Operator, Rule};
use crate::config::{ConfigError, Section};
use crate::yaml::{Node, Yaml};

/// Keys of a mapping that holds a rule.
pub(crate) const RULE_KEYS: &[&str] = &["show_when", "logic"];

const GROUPS: [&str; 3] = ["all", "any", "not"];

const OPERATORS: &[(&str, Operator)] = &[
    ("equals", Operator::Equals),
    ("not_equals", Operator::NotEquals),
    ("contains", Operator::Contains),
    ("not_contains", Operator::NotContains),
    ("matches", Operator::Matches),
    ("gt", Operator::Gt),
    ("gte", Operator::Gte),
    ("lt", Operator::Lt),
    ("lte", Operator::Lte),
    ("in_range", Operator::InRange),
    ("not_in_range", Operator::NotInRange),
    ("empty", Operator::Empty),
    ("not_empty", Operator::NotEmpty),
    ("length_gt", Operator::LengthGt),
    ("length_lt", Operator::LengthLt),
    ("length_in_range", Operator::LengthInRange),
    ("count_gt", Operator::CountGt),
    ("count_lt", Operator::CountLt),
    ("count_equals", Operator::CountEquals),
];

/// What the operator needs as its value.
enum Needs {
    Nothing,
    Scalars,
    Number,
    Range,
    Pattern,
}

/// Reads `show_when` (a list of conditions and groups, or one) and `logic` (`all` unless it says `any`).
pub(crate) fn read(section: &Section<'_>) -> Result<Option<Rule>, ConfigError> {
    const LOGIC: &[(&str, bool)] = &[("all", true), ("any", false)];
    let all = section.word("logic", LOGIC)?.unwrap_or(true);
    let Some(node) = section.get("show_when") else { return Ok(None) };
    let groups = match &node.value {
        Yaml::List(_) => list(section, "show_when", 1)?,
        _ => vec![group(section, "show_when", node, 1)?],
    };
    Ok(Some(Rule(if all { Group::All(groups) } else { Group::Any(groups) })))
}

fn list(section: &Section<'_>, key: &str, depth: usize) -> Result<Vec<Group>, ConfigError> {
    let nodes = section.list(key)?.unwrap_or_default();
    if nodes.is_empty() {
        return Err(section.refuse(key, "must hold at least one condition"));
    }
    nodes.iter().enumerate().map(|(i, node)| group(section, &format!("{key}[{i}]"), node, depth)).collect()
}

fn group(section: &Section<'_>, key: &str, node: &Node, depth: usize) -> Result<Group, ConfigError> {
    let inner = section.enter(key, node)?;
    let Some(name) = GROUPS.into_iter().find(|name| inner.has(name)) else {
        return Ok(Group::One(condition(&inner)?));
    };
    if depth >= MAX_DEPTH {
        return Err(inner.refuse(name, format!("is nested deeper than {MAX_DEPTH} groups; make it flatter")));
    }
    inner.warn_unknown(&[&[name]]);
    Ok(match name {
        "all" => Group::All(list(&inner, name, depth + 1)?),
        "any" => Group::Any(list(&inner, name, depth + 1)?),
        _ => Group::Not(Box::new(negated(&inner, depth + 1)?)),
    })
}

/// `not` over several conditions could mean "not all" or "none": it has to say.
fn negated(section: &Section<'_>, depth: usize) -> Result<Group, ConfigError> {
    match section.get("not") {
        Some(Node { value: Yaml::List(nodes), .. }) => match nodes.as_slice() {
            [only] => group(section, "not[0]", only, depth),
            several => Err(section.refuse(
                "not",
                format!(
                    "must hold one condition or group, got {}; put them into all or any inside of it",
                    several.len()
                ),
            )),
        },
        Some(node) => group(section, "not", node, depth),
        None => Err(section.refuse("not", "must hold one condition or group")),
    }
}

fn condition(section: &Section<'_>) -> Result<Condition, ConfigError> {
    section.warn_unknown(&[&["schema", "operator", "value"]]);
    let schema = section.required_text("schema")?;
    let Some(operator) = section.word("operator", OPERATORS)? else {
        return Err(section.refuse("operator", "is missing; equals is the plainest"));
    };
    let value = section.get("value").map_or(Value::Null, Node::to_json);
    check(section, operator, &value)?;
    Ok(Condition { schema: schema.trim().to_owned(), operator, value })
}

fn check(section: &Section<'_>, operator: Operator, value: &Value) -> Result<(), ConfigError> {
    let number = |value: &Value| super::test::number(value).is_some();
    let scalar = |value: &Value| value.is_string() || value.is_number();
    let wrong = |expected: &str| Err(section.refuse("value", format!("must be {expected}, got {value}")));
    match needs(operator) {
        Needs::Nothing => Ok(()),
        Needs::Scalars => match value {
            Value::Array(list) if list.iter().all(scalar) => Ok(()),
            value if scalar(value) => Ok(()),
            Value::Bool(_) => wrong("text in quotes (YAML reads yes, no, on and off as booleans)"),
            _ => wrong("text, a number or a list of them"),
        },
        Needs::Number if number(value) => Ok(()),
        Needs::Number => wrong("a number"),
        Needs::Range => match value.as_array().map(Vec::as_slice) {
            Some([low, high]) if number(low) && number(high) => Ok(()),
            _ => wrong("a list of the lowest and the highest number"),
        },
        Needs::Pattern => match value.as_str().map(super::test::pattern) {
            Some(Ok(_)) => Ok(()),
            Some(Err(error)) => {
                let problem = error.to_string().lines().last().unwrap_or_default().trim().to_owned();
                Err(section
                    .refuse("value", format!("{value} is not a pattern that can be searched: {problem}")))
            }
            None => wrong("a regular expression"),
        },
    }
}

fn needs(operator: Operator) -> Needs {
    match operator {
        Operator::Empty | Operator::NotEmpty => Needs::Nothing,
        Operator::Equals | Operator::NotEquals | Operator::Contains | Operator::NotContains => Needs::Scalars,
        Operator::Matches => Needs::Pattern,
        Operator::InRange | Operator::NotInRange | Operator::LengthInRange => Needs::Range,
        Operator::Gt
        | Operator::Gte
        | Operator::Lt
        | Operator::Lte
        | Operator::LengthGt
        | Operator::LengthLt
        | Operator::CountGt
        | Operator::CountLt
        | Operator::CountEquals => Needs::Number,
    }
}
