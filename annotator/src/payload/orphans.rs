//! Links, chains and events whose spans are taken out: none is left that points to nothing.

use serde_json::{Value, json};
use store::{AnswerChange, ItemAnswers};

/// Adds to a change what follows from the spans that it takes out; what it says itself of a link or an event stands.
pub(crate) fn take_out(stored: &ItemAnswers, change: &mut AnswerChange) {
    let spans = change.spans.clone();
    let gone = |id: &Value| id.as_str().and_then(|id| spans.get(id)).is_some_and(Value::is_null);
    for (id, link) in
        stored.links.iter().filter(|(id, _)| !change.links.contains_key(*id)).collect::<Vec<_>>()
    {
        let ids = link["span_ids"].as_array().map(Vec::as_slice).unwrap_or_default();
        if !ids.iter().any(gone) {
            continue;
        }
        let left: Vec<&Value> = ids.iter().filter(|id| !gone(id)).collect();
        // A chain goes on without the mention; a link between two does not.
        let chain = link["link_type"] == "coreference" && left.len() > 1;
        let mut link = link.clone();
        link["span_ids"] = json!(left);
        change.links.insert(id.clone(), if chain { link } else { Value::Null });
    }
    for (id, event) in
        stored.events.iter().filter(|(id, _)| !change.events.contains_key(*id)).collect::<Vec<_>>()
    {
        let arguments = event["arguments"].as_array().map(Vec::as_slice).unwrap_or_default();
        let left: Vec<&Value> = arguments.iter().filter(|argument| !gone(&argument["span_id"])).collect();
        if gone(&event["trigger_span_id"]) {
            change.events.insert(id.clone(), Value::Null);
        } else if left.len() < arguments.len() {
            let mut event = event.clone();
            event["arguments"] = json!(left);
            change.events.insert(id.clone(), event);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_pointed_to_a_span_goes_with_it() {
        let stored = ItemAnswers {
            links: serde_json::from_value(json!({
                "l1": {"link_type": "owns", "span_ids": ["a", "b"]},
                "l2": {"link_type": "owns", "span_ids": ["c", "d"]},
                "c1": {"link_type": "coreference", "span_ids": ["a", "c", "d"]},
                "c2": {"link_type": "coreference", "span_ids": ["a", "c"]},
            }))
            .unwrap(),
            events: serde_json::from_value(json!({
                "e1": {"trigger_span_id": "a", "arguments": []},
                "e2": {"trigger_span_id": "c", "arguments": [{"role": "x", "span_id": "a"}, {"role": "y", "span_id": "d"}]},
                "e3": {"trigger_span_id": "c", "arguments": [{"role": "x", "span_id": "d"}]},
            }))
            .unwrap(),
            ..ItemAnswers::default()
        };
        let mut change = AnswerChange {
            spans: [("a".to_owned(), Value::Null)].into_iter().collect(),
            ..AnswerChange::default()
        };
        take_out(&stored, &mut change);
        assert_eq!(
            json!(change.links),
            json!({"l1": null, "c1": {"link_type": "coreference", "span_ids": ["c", "d"]}, "c2": null})
        );
        let left = json!([{"role": "y", "span_id": "d"}]);
        assert_eq!(
            json!(change.events),
            json!({"e1": null, "e2": {"trigger_span_id": "c", "arguments": left}})
        );
    }
}
