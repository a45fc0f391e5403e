//! One mapping of the config, with what its errors and warnings must name.

use std::cell::RefCell;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use super::error::ConfigError;
use super::paths::Places;
use crate::secret::Secret;
use crate::yaml::{Map, Node, Yaml};

/// Longest part of a bad value that an error shows, in characters.
const SHOWN_CHARS: usize = 60;

/// A mapping and where it stands.
pub(crate) struct Section<'a> {
    pub(crate) file: &'a Path,
    pub(crate) places: &'a Places,
    /// Dotted; empty at the top.
    pub(crate) path: String,
    line: Option<usize>,
    map: &'a Map,
    warnings: &'a RefCell<Vec<String>>,
    /// Whether this is a file of questions, in which labels are shown as they are written.
    questions: bool,
}

impl<'a> Section<'a> {
    pub(crate) fn top(
        file: &'a Path,
        places: &'a Places,
        map: &'a Map,
        warnings: &'a RefCell<Vec<String>>,
    ) -> Self {
        Self { file, places, path: String::new(), line: None, map, warnings, questions: false }
    }

    /// The top of a file of questions that belongs to the project of `of`.
    pub(crate) fn questions(of: &Self, file: &'a Path, map: &'a Map) -> Self {
        Self { questions: true, ..Self::top(file, of.places, map, of.warnings) }
    }

    /// Whether labels without words of their own are made readable, unless a scheme says otherwise.
    pub(crate) fn humanizes(&self) -> bool {
        !self.questions
    }

    /// The dotted name of a key.
    pub(crate) fn key(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// What stands under `key`; null is as good as absent.
    pub(crate) fn get(&self, key: &str) -> Option<&'a Node> {
        self.map.get(key).filter(|node| !node.is_null())
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// The whole mapping as JSON.
    pub(crate) fn to_json(&self) -> serde_json::Map<String, serde_json::Value> {
        self.map.iter().map(|(key, node)| (key.clone(), node.to_json())).collect()
    }

    pub(crate) fn warn(&self, key: &str, problem: &str) {
        let line = self.map.get(key).map(|node| node.line).filter(|line| *line > 0);
        let line = line.map(|line| format!("line {line}: ")).unwrap_or_default();
        let file = self.file.file_name().filter(|_| self.questions).map(std::ffi::OsStr::to_string_lossy);
        let file = file.map(|file| format!("{file}: ")).unwrap_or_default();
        self.warnings.borrow_mut().push(format!("{file}{line}{}: {problem}", self.key(key)));
    }

    /// The error that `key` has `problem`.
    pub(crate) fn refuse(&self, key: &str, problem: impl Into<String>) -> ConfigError {
        self.refuse_at(&self.key(key), self.map.get(key).map(|node| node.line).or(self.line), problem)
    }

    pub(crate) fn refuse_at(
        &self,
        key: &str,
        line: Option<usize>,
        problem: impl Into<String>,
    ) -> ConfigError {
        // JSON whose lines could not be told has line 0.
        let line = line.filter(|line| *line > 0);
        ConfigError::Key { file: self.file.to_owned(), line, key: key.to_owned(), problem: problem.into() }
    }

    fn wrong(&self, key: &str, node: &Node, expected: &str) -> ConfigError {
        let problem = format!("must be {expected}, got {}", shown(node));
        self.refuse_at(&self.key(key), Some(node.line), problem)
    }

    pub(crate) fn flag(&self, key: &str) -> Result<Option<bool>, ConfigError> {
        self.get(key)
            .map(|node| match &node.value {
                Yaml::Bool(flag) => Ok(*flag),
                _ => Err(self.wrong(key, node, "true or false")),
            })
            .transpose()
    }

    /// As [`Self::flag`]; the words "true" and "false" in quotes pass too.
    pub(crate) fn lenient_flag(&self, key: &str) -> Result<Option<bool>, ConfigError> {
        let Some(node) = self.get(key) else { return Ok(None) };
        match &node.value {
            Yaml::Text(text) if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
            Yaml::Text(text) if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
            _ => self.flag(key),
        }
    }

    pub(crate) fn integer(&self, key: &str) -> Result<Option<i64>, ConfigError> {
        self.get(key)
            .map(|node| match &node.value {
                Yaml::Int(number) => {
                    i64::try_from(*number).map_err(|_| self.wrong(key, node, "a smaller integer"))
                }
                Yaml::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
                    Err(self.wrong(key, node, "an integer (without a decimal point)"))
                }
                Yaml::Text(text) if text.trim().parse::<i64>().is_ok() => {
                    Err(self.wrong(key, node, "an integer (without quotes)"))
                }
                _ => Err(self.wrong(key, node, "an integer")),
            })
            .transpose()
    }

    pub(crate) fn number(&self, key: &str) -> Result<Option<f64>, ConfigError> {
        self.get(key)
            .map(|node| match &node.value {
                #[expect(clippy::cast_precision_loss, reason = "limits of scales, far below 2^53")]
                Yaml::Int(number) => Ok(*number as f64),
                Yaml::Float(number) if number.is_finite() => Ok(*number),
                Yaml::Text(text) if text.trim().parse::<f64>().is_ok() => {
                    Err(self.wrong(key, node, "a number (without quotes, an exponent with its sign: 1.0e+3)"))
                }
                _ => Err(self.wrong(key, node, "a number")),
            })
            .transpose()
    }

    /// Text, or a number taken as it is written; a boolean is refused with the advice to quote it.
    pub(crate) fn text(&self, key: &str) -> Result<Option<String>, ConfigError> {
        self.get(key).map(|node| self.node_text(key, node)).transpose()
    }

    pub(crate) fn node_text(&self, key: &str, node: &Node) -> Result<String, ConfigError> {
        match (&node.value, node.scalar_text()) {
            (Yaml::Bool(_), _) | (_, None) => Err(self.wrong(key, node, "text")),
            (_, Some(text)) => Ok(text),
        }
    }

    /// [`Self::text`] that must be there and not blank.
    pub(crate) fn required_text(&self, key: &str) -> Result<String, ConfigError> {
        let Some(text) = self.text(key)? else {
            return Err(self.refuse(key, "is missing and must be given"));
        };
        if text.trim().is_empty() { Err(self.refuse(key, "must not be empty")) } else { Ok(text) }
    }

    /// A secret; its value is in no error.
    pub(crate) fn secret(&self, key: &str) -> Result<Option<Secret>, ConfigError> {
        let Some(node) = self.get(key) else { return Ok(None) };
        match (&node.value, node.scalar_text()) {
            (Yaml::Bool(_), _) | (_, None) => {
                Err(self.refuse(key, format!("must be text or ${{VARIABLE}}, got {}", node.kind())))
            }
            (_, Some(text)) if text.trim().is_empty() => Ok(None),
            (_, Some(text)) => Ok(Some(Secret::new(self.key(key), &text))),
        }
    }

    /// An absolute path for a value of `key`, within the project.
    pub(crate) fn resolve(&self, key: &str, value: &str) -> Result<PathBuf, ConfigError> {
        self.places.resolve(value).map_err(|problem| self.refuse(key, problem))
    }

    pub(crate) fn list(&self, key: &str) -> Result<Option<&'a [Node]>, ConfigError> {
        self.get(key)
            .map(|node| match &node.value {
                Yaml::List(list) => Ok(list.as_slice()),
                _ => Err(self.wrong(key, node, "a list")),
            })
            .transpose()
    }

    /// A list of texts that stands in a list; `key` names its place.
    pub(crate) fn node_texts(&self, key: &str, node: &Node) -> Result<Vec<String>, ConfigError> {
        let Yaml::List(list) = &node.value else { return Err(self.wrong(key, node, "a list")) };
        list.iter().enumerate().map(|(i, node)| self.node_text(&format!("{key}[{i}]"), node)).collect()
    }

    /// A list of texts, or one text.
    pub(crate) fn texts(&self, key: &str) -> Result<Vec<String>, ConfigError> {
        let Some(node) = self.get(key) else { return Ok(Vec::new()) };
        match &node.value {
            Yaml::List(list) => list
                .iter()
                .enumerate()
                .map(|(i, node)| self.node_text(&format!("{key}[{i}]"), node))
                .collect(),
            _ => Ok(vec![self.node_text(key, node)?]),
        }
    }

    pub(crate) fn section(&self, key: &str) -> Result<Option<Self>, ConfigError> {
        self.get(key).map(|node| self.enter(key, node)).transpose()
    }

    /// The mapping in a node below this section, an empty one where nothing is given.
    pub(crate) fn enter_given(&self, key: &str, node: &'a Node) -> Result<Self, ConfigError> {
        static EMPTY: LazyLock<Map> = LazyLock::new(Map::new);
        if node.is_null() {
            return Ok(Self { path: self.key(key), line: Some(node.line), map: &EMPTY, ..*self });
        }
        self.enter(key, node)
    }

    /// The keys that are given, in order.
    pub(crate) fn keys(&self) -> impl Iterator<Item = (&'a str, &'a Node)> {
        self.map.iter().map(|(key, node)| (key.as_str(), node))
    }

    /// The mapping in a node below this section; `key` is relative to it.
    pub(crate) fn enter(&self, key: &str, node: &'a Node) -> Result<Self, ConfigError> {
        match &node.value {
            Yaml::Map(map) => Ok(Self {
                file: self.file,
                places: self.places,
                path: self.key(key),
                line: Some(node.line),
                map,
                warnings: self.warnings,
                questions: self.questions,
            }),
            _ => Err(self.wrong(key, node, "a mapping")),
        }
    }

    /// One of several words.
    pub(crate) fn word<T: Copy>(&self, key: &str, words: &[(&str, T)]) -> Result<Option<T>, ConfigError> {
        let Some(node) = self.get(key) else { return Ok(None) };
        let allowed = || words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
        let Yaml::Text(text) = &node.value else {
            return Err(self.wrong(key, node, &format!("one of {}", allowed())));
        };
        words
            .iter()
            .find(|(word, _)| word.eq_ignore_ascii_case(text.trim()))
            .map(|(_, value)| Some(*value))
            .ok_or_else(|| self.wrong(key, node, &format!("one of {}", allowed())))
    }

    /// Warns of every key that is not among the known ones.
    pub(crate) fn warn_unknown(&self, known: &[&[&str]]) {
        let names: HashSet<&str> = known.iter().flat_map(|list| list.iter().copied()).collect();
        for key in self.map.keys().filter(|key| !names.contains(key.as_str())) {
            let advice = nearest(key, names.iter().copied())
                .map_or_else(String::new, |name| format!("; did you mean {name}?"));
            self.warn(key, &format!("is not a known key and has no effect{advice}"));
        }
    }
}

/// How a value is shown in an error: JSON, cut to a readable length, and what kind it is.
pub(crate) fn shown(node: &Node) -> String {
    let mut text = node.to_json().to_string();
    if let Some((cut, _)) = text.char_indices().nth(SHOWN_CHARS) {
        text.truncate(cut);
        text.push('…');
    }
    format!("{text} ({})", node.kind())
}

/// The name that somebody may have meant.
pub(crate) fn nearest<'n>(word: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    const ALIKE: f64 = 0.84;
    names
        .map(|name| (strsim::jaro_winkler(word, name), name))
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|(a, first), (b, second)| a.total_cmp(b).then_with(|| second.cmp(first)))
        .map(|(_, name)| name)
}
