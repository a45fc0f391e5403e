//! Secrets stay references (`${VAR}`) until the process that uses them resolves them.

use std::fmt;

/// A literal, or text with `${VAR}` references; never shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    key: String,
    parts: Vec<Part>,
}

#[derive(Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Variable(String),
}

/// A variable that a secret refers to is not set (or empty) for the process that needs it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{key} refers to ${{{variable}}}, which is not set: set the environment variable {variable}, or change {key}"
)]
pub struct SecretError {
    /// The name between `${` and `}`.
    pub variable: String,
    /// The dotted config key that holds the secret.
    pub key: String,
}

impl Secret {
    /// Reads `text` as found under the dotted config key `key`.
    pub fn new(key: impl Into<String>, text: &str) -> Self {
        let mut parts = Vec::new();
        let mut rest = text;
        let mut plain = String::new();
        while let Some(start) = rest.find("${") {
            let (before, after) = rest.split_at(start);
            plain.push_str(before);
            match after[2..].split_once('}') {
                Some((name, tail)) if is_variable(name) => {
                    if !plain.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut plain)));
                    }
                    parts.push(Part::Variable(name.to_owned()));
                    rest = tail;
                }
                _ => {
                    plain.push_str("${");
                    rest = &after[2..];
                }
            }
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            parts.push(Part::Text(plain));
        }
        Self { key: key.into(), parts }
    }

    /// The secret itself; `variables` answers what the environment holds.
    pub fn resolve(&self, variables: &dyn Fn(&str) -> Option<String>) -> Result<String, SecretError> {
        let mut whole = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => whole.push_str(text),
                Part::Variable(name) => match variables(name).filter(|value| !value.is_empty()) {
                    Some(value) => whole.push_str(&value),
                    None => {
                        return Err(SecretError { variable: name.clone(), key: self.key.clone() });
                    }
                },
            }
        }
        Ok(whole)
    }

    /// The names of the environment variables that it refers to.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Variable(name) => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }
}

fn is_variable(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(name: &str) -> Option<String> {
        match name {
            "TOKEN" => Some("hf_abc".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        }
    }

    #[test]
    fn a_reference_becomes_its_value_wherever_it_stands() {
        for (text, expected) in [
            ("${TOKEN}", "hf_abc"),
            ("a-${TOKEN}-b", "a-hf_abc-b"),
            ("plain", "plain"),
            ("${not closed", "${not closed"),
            ("${1BAD}", "${1BAD}"),
            ("$${TOKEN}", "$hf_abc"),
        ] {
            assert_eq!(Secret::new("k", text).resolve(&environment).unwrap(), expected);
        }
    }

    #[test]
    fn an_unset_variable_is_an_error_that_names_variable_and_key() {
        for name in ["UNSET", "EMPTY"] {
            let secret = Secret::new("backup.token", &format!("${{{name}}}"));
            let error = secret.resolve(&environment).unwrap_err();
            assert_eq!((error.variable.as_str(), error.key.as_str()), (name, "backup.token"));
        }
    }

    #[test]
    fn debug_output_shows_nothing_of_a_secret() {
        assert_eq!(format!("{:?}", Secret::new("k", "hunter2")), "Secret(…)");
    }
}
