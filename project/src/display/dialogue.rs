//! A field of type `dialogue`: turns, each with who says it.

use askama::Template;
use serde_json::Value;

use super::options::Options;
use super::{Kind, written};
use crate::config::ConfigError;
use crate::text;

pub(super) const OPTIONS: &[&str] = &["alternating_shading", "speaker_extraction", "show_turn_numbers"];

/// Longest beginning of a line that is taken for a speaker's name, in code points.
const SPEAKER_CHARS: usize = 40;
/// Keys of a turn that name who speaks, and what is said.
const SPEAKERS: [&str; 4] = ["speaker", "role", "name", "author"];
const TEXTS: [&str; 4] = ["text", "content", "message", "utterance"];

/// How turns are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dialogue {
    shaded: bool,
    extracts: bool,
    numbered: bool,
}

pub(super) fn read(options: &Options<'_>) -> Result<Kind, ConfigError> {
    Ok(Kind::Dialogue(Dialogue {
        shaded: options.flag("alternating_shading", true)?,
        extracts: options.flag("speaker_extraction", true)?,
        numbered: options.flag("show_turn_numbers", false)?,
    }))
}

#[derive(Template)]
#[template(path = "dialogue.html")]
struct Page {
    shaded: bool,
    numbered: bool,
    turns: Vec<Turn>,
}

struct Turn {
    speaker: Option<String>,
    /// Sanitised.
    text: String,
}

impl Dialogue {
    pub(super) fn html(&self, value: &Value) -> String {
        let turns = match value {
            Value::Array(turns) => turns.iter().map(|turn| self.turn(turn)).collect(),
            Value::String(text) => {
                text.lines().filter(|line| !line.trim().is_empty()).map(|line| self.line(line)).collect()
            }
            Value::Null => Vec::new(),
            other => vec![self.turn(other)],
        };
        written(&Page { shaded: self.shaded, numbered: self.numbered, turns })
    }

    fn turn(&self, turn: &Value) -> Turn {
        let Value::Object(fields) = turn else {
            return self.line(turn.as_str().map_or_else(|| turn.to_string(), str::to_owned).as_str());
        };
        let find = |keys: &[&str]| keys.iter().find_map(|key| fields.get(*key)?.as_str().map(str::to_owned));
        let text = find(&TEXTS).unwrap_or_else(|| turn.to_string());
        Turn { speaker: find(&SPEAKERS), text: text::sanitise(&text) }
    }

    /// `Speaker: what is said`
    fn line(&self, line: &str) -> Turn {
        let split = line.split_once(':').filter(|(name, _)| {
            self.extracts && !name.trim().is_empty() && name.chars().count() <= SPEAKER_CHARS
        });
        match split {
            Some((name, said)) => {
                Turn { speaker: Some(name.trim().to_owned()), text: text::sanitise(said.trim()) }
            }
            None => Turn { speaker: None, text: text::sanitise(line) },
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn turns_are_read_from_lines_and_from_objects() {
        let Ok(Kind::Dialogue(dialogue)) = read(&Options(None)) else { panic!("no options are needed") };
        let html =
            dialogue.html(&json!(["Agent: Hi <b>you</b>", {"speaker": "A<b>", "text": "x < y"}, "no name"]));
        assert!(html.contains(
            "<span class=\"speaker\">Agent</span> <span class=\"turn-text\" dir=\"auto\">Hi <b>you</b></span>"
        ));
        assert!(html.contains("A&#60;b&#62;") && html.contains("x &lt; y"), "{html}");
        assert_eq!(html.matches("class=\"turn\"").count(), 3);
    }
}
