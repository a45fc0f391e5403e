//! Spans that were sent, held against their schemes and the length of the item's text.

use project::schemes::{Scheme, SpanChange};
use serde_json::{Map, Value};
use store::AnswerChange;

use super::{BodyError, kind};

/// A span as it came.
pub(crate) type Sent = Map<String, Value>;

/// The entries of a list of spans; `scheme` is theirs where the list is that of one scheme.
pub(crate) fn read(list: &[Value], key: &'static str, scheme: Option<&str>) -> Result<Vec<Sent>, BodyError> {
    let one = |entry: &Value| match entry {
        Value::Object(fields) => {
            let mut fields = fields.clone();
            if let Some(scheme) = scheme {
                fields.insert("schema".to_owned(), scheme.into());
            }
            Ok(fields)
        }
        other => Err(BodyError::Shape { key, expected: "a list of spans", got: kind(other) }),
    };
    list.iter().map(one).collect()
}

/// Writes all of them into a change, or refuses all of them.
pub(crate) fn write(
    schemes: &[Scheme],
    sent: &[Sent],
    text_chars: &dyn Fn(Option<&str>) -> Option<usize>,
    change: &mut AnswerChange,
) -> Result<(), BodyError> {
    for span in sent {
        let name = span.get("schema").and_then(Value::as_str).unwrap_or_default();
        let marking = || schemes.iter().filter(|scheme| scheme.marks_spans());
        let scheme = marking().find(|scheme| scheme.name == name).ok_or_else(|| BodyError::NoScheme {
            scheme: name.to_owned(),
            known: marking().map(|scheme| scheme.name.as_str()).collect::<Vec<_>>().join(", "),
        })?;
        let SpanChange { id, stored } =
            scheme.accept_span(span, text_chars).map_err(|refused| BodyError::Refused(refused.reason))?;
        change.spans.insert(id, stored.map_or(Value::Null, Value::Object));
    }
    Ok(())
}
