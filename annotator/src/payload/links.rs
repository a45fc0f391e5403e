//! Links that were sent, held against their schemes and the item's spans.

use project::schemes::{LinkChange, Scheme};
use serde_json::{Map, Value};
use store::{AnswerChange, ItemAnswers};

use super::BodyError;

/// Writes all of them into a change, or refuses all of them. `stored` is what the item has; spans of the change count, too.
pub(crate) fn write(
    schemes: &[Scheme],
    sent: &[Map<String, Value>],
    stored: &ItemAnswers,
    change: &mut AnswerChange,
) -> Result<(), BodyError> {
    for link in sent {
        let name = link.get("schema").and_then(Value::as_str).unwrap_or_default();
        let linking = || schemes.iter().filter(|scheme| scheme.links_spans());
        let scheme = linking().find(|scheme| scheme.name == name).ok_or_else(|| BodyError::NoScheme {
            scheme: name.to_owned(),
            known: linking().map(|scheme| scheme.name.as_str()).collect::<Vec<_>>().join(", "),
        })?;
        let LinkChange { id, stored } = scheme
            .accept_link(link, &|id| label_of(id, stored, change))
            .map_err(|refused| BodyError::Refused(refused.reason))?;
        change.links.insert(id, stored.map_or(Value::Null, Value::Object));
    }
    Ok(())
}

/// The scheme and the label of a span, as it is after the change.
pub(super) fn label_of(id: &str, stored: &ItemAnswers, change: &AnswerChange) -> Option<(String, String)> {
    let span = change.spans.get(id).or_else(|| stored.spans.get(id))?;
    Some((span["schema"].as_str()?.to_owned(), span["name"].as_str()?.to_owned()))
}
