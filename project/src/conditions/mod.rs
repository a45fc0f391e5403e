//! Conditions on answers: `show_when` of pages, `exit_when`, and `display_logic` of schemes.
//!
//! `static/js/conditions.js` of the annotator decides the same in the page; both must say the same.

mod read;
mod test;

use serde_json::Value;

use crate::schemes::Labels;

pub(crate) use self::read::{RULE_KEYS, read};

/// Deepest nesting of groups.
pub(crate) const MAX_DEPTH: usize = 8;

/// Conditions that hold together, or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule(Group);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Group {
    All(Vec<Group>),
    Any(Vec<Group>),
    Not(Box<Group>),
    One(Condition),
}

/// One condition on the answer of a scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Condition {
    schema: String,
    operator: Operator,
    value: Value,
}

/// What is compared, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equals,
    NotEquals,
    Contains,
    NotContains,
    Matches,
    Gt,
    Gte,
    Lt,
    Lte,
    InRange,
    NotInRange,
    Empty,
    NotEmpty,
    LengthGt,
    LengthLt,
    LengthInRange,
    CountGt,
    CountLt,
    CountEquals,
}

impl Rule {
    /// Whether it holds for these answers.
    pub fn holds<'a>(&self, answers: &dyn Fn(&str) -> Option<&'a Labels>) -> bool {
        self.0.holds(answers)
    }

    /// The schemes that it asks about.
    pub fn schemas(&self) -> Vec<&str> {
        let mut found = Vec::new();
        self.0.gather(&mut found);
        found
    }
}

impl Group {
    fn holds<'a>(&self, answers: &dyn Fn(&str) -> Option<&'a Labels>) -> bool {
        match self {
            Self::All(groups) => groups.iter().all(|group| group.holds(answers)),
            Self::Any(groups) => groups.iter().any(|group| group.holds(answers)),
            Self::Not(group) => !group.holds(answers),
            Self::One(condition) => condition.holds(answers(&condition.schema)),
        }
    }

    fn gather<'a>(&'a self, found: &mut Vec<&'a str>) {
        match self {
            Self::All(groups) | Self::Any(groups) => groups.iter().for_each(|group| group.gather(found)),
            Self::Not(group) => group.gather(found),
            Self::One(condition) => found.push(&condition.schema),
        }
    }
}
