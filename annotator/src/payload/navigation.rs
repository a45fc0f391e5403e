//! `POST /annotate`: where to.

use axum::http::HeaderMap;
use serde_json::{Map, Value};
use store::Go;

use super::{BodyError, is_json, object};

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Any other action only shows the page.
    Stay,
    Go(Go),
}

/// Reads JSON or form fields: `action`, `instance_id`, `go_to`; `turn` where an answer is graded.
pub(crate) fn read(headers: &HeaderMap, body: &[u8]) -> Result<Step, BodyError> {
    let fields = fields(headers, body)?;
    let from =
        fields.get("instance_id").and_then(Value::as_str).filter(|item| !item.is_empty()).map(str::to_owned);
    Ok(match fields.get("action").and_then(Value::as_str).unwrap_or_default() {
        "next_instance" => match fields.get("turn").map(|turn| number(Some(turn))) {
            Some(Ok(turn)) => Step::Go(Go::Graded { from, turn }),
            _ => Step::Go(Go::Next { from }),
        },
        "prev_instance" => Step::Go(Go::Previous { from }),
        "go_to" => Step::Go(Go::To(number(fields.get("go_to"))?)),
        "jump_to_unannotated" => Step::Go(Go::NextUnanswered),
        "jump_to_unannotated_prev" => Step::Go(Go::PreviousUnanswered),
        _ => Step::Stay,
    })
}

/// Reads a body that only says `go_to`.
pub(crate) fn read_jump(headers: &HeaderMap, body: &[u8]) -> Result<Step, BodyError> {
    let fields = fields(headers, body)?;
    Ok(Step::Go(Go::To(number(fields.get("go_to"))?)))
}

fn fields(headers: &HeaderMap, body: &[u8]) -> Result<Map<String, Value>, BodyError> {
    if is_json(headers) {
        return object(body);
    }
    let pairs: Vec<(String, String)> =
        serde_urlencoded::from_bytes(body).map_err(|error| BodyError::Syntax(error.to_string()))?;
    Ok(pairs.into_iter().map(|(key, value)| (key, Value::String(value))).collect())
}

/// An item number, from 0. Out of the list it is no error: the place stays.
fn number(value: Option<&Value>) -> Result<u64, BodyError> {
    let number = match value {
        Some(Value::Number(number)) => number.as_i64(),
        Some(Value::String(text)) => text.trim().parse().ok(),
        _ => None,
    };
    number.map(|number| u64::try_from(number).unwrap_or(u64::MAX)).ok_or(BodyError::GoTo)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(body: &str) -> Result<Step, BodyError> {
        let headers =
            [("content-type".parse().unwrap(), "application/json".parse().unwrap())].into_iter().collect();
        read(&headers, body.as_bytes())
    }

    #[test]
    fn json_and_forms_say_the_same() {
        let next = Step::Go(Go::Next { from: Some("a b".to_owned()) });
        assert_eq!(json(r#"{"action":"next_instance","instance_id":"a b"}"#), Ok(next));
        let form = read(&HeaderMap::new(), b"action=next_instance&instance_id=a+b");
        assert_eq!(form, Ok(Step::Go(Go::Next { from: Some("a b".to_owned()) })));
        assert_eq!(json(r#"{"action":"init"}"#), Ok(Step::Stay));
        assert_eq!(json(r#"{"action":"go_to","go_to":3}"#), Ok(Step::Go(Go::To(3))));
        assert_eq!(json(r#"{"action":"go_to","go_to":-1}"#), Ok(Step::Go(Go::To(u64::MAX))));
        assert_eq!(json(r#"{"action":"go_to","go_to":"x"}"#), Err(BodyError::GoTo));
        assert!(matches!(json("{"), Err(BodyError::Syntax(_))));
        assert!(matches!(json("[]"), Err(BodyError::NotAnObject(_))));
    }
}
