//! Events that were sent, held against their schemes and the item's spans.

use project::schemes::{EventChange, Scheme};
use serde_json::{Map, Value};
use store::{AnswerChange, ItemAnswers};

use super::BodyError;
use super::links::label_of;

/// Writes all of them into a change, or refuses all of them. `stored` is what the item has; spans of the change count, too.
pub(crate) fn write(
    schemes: &[Scheme],
    sent: &[Map<String, Value>],
    stored: &ItemAnswers,
    change: &mut AnswerChange,
) -> Result<(), BodyError> {
    for event in sent {
        let name = event.get("schema").and_then(Value::as_str).unwrap_or_default();
        let telling = || schemes.iter().filter(|scheme| scheme.tells_events());
        let scheme = telling().find(|scheme| scheme.name == name).ok_or_else(|| BodyError::NoScheme {
            scheme: name.to_owned(),
            known: telling().map(|scheme| scheme.name.as_str()).collect::<Vec<_>>().join(", "),
        })?;
        let EventChange { id, stored } = scheme
            .accept_event(event, &|id| label_of(id, stored, change))
            .map_err(|refused| BodyError::Refused(refused.reason))?;
        change.events.insert(id, stored.map_or(Value::Null, Value::Object));
    }
    Ok(())
}
