//! Requests that save an answer: right ones, nearly right ones, and any JSON.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::project::Good;
use crate::random::any_json;

/// What is posted.
#[derive(Debug, Clone)]
pub(super) enum Body {
    /// Labels of a scheme, in one of the forms in which they can be sent.
    Labels { scheme: &'static str, labels: Map<String, Value>, form: Form },
    /// Lists of spans, links and events.
    Marks { spans: Vec<Value>, links: Vec<Value>, events: Vec<Value> },
}

/// The forms of labels.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    Page,
    Scheme,
    Submit,
}

impl Body {
    pub(super) fn labels(scheme: &'static str, labels: &Value) -> Self {
        Self::Labels { scheme, labels: labels.as_object().unwrap().clone(), form: Form::Page }
    }

    pub(super) fn scheme(&self) -> &str {
        match self {
            Self::Labels { scheme, .. } => scheme,
            Self::Marks { .. } => "",
        }
    }

    /// Where it is posted, and what.
    pub(super) fn request(&self, item: &str) -> (&'static str, Value) {
        match self {
            Self::Marks { spans, links, events } => {
                let body = json!({
                    "instance_id": item, "annotations": {}, "span_annotations": spans,
                    "link_annotations": links, "event_annotations": events,
                });
                ("/updateinstance", body)
            }
            Self::Labels { scheme, labels, form } => match form {
                Form::Page => {
                    let named =
                        labels.iter().map(|(label, value)| (format!("{scheme}:::{label}"), value.clone()));
                    let body = json!({"instance_id": item, "annotations": named.collect::<Map<_, _>>()});
                    ("/updateinstance", body)
                }
                Form::Scheme => {
                    let state: Vec<Value> =
                        labels.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
                    let body =
                        json!({"instance_id": item, "schema": scheme, "type": "label", "state": state});
                    ("/updateinstance", body)
                }
                Form::Submit => {
                    ("/submit_annotation", json!({"instance_id": item, "annotations": {*scheme: labels}}))
                }
            },
        }
    }
}

/// Answers of the schemes: `good` ones and changed ones; `others` take no labels at all.
pub(super) fn answers(good: &[Good], others: &[&'static str]) -> impl Strategy<Value = Body> + use<> {
    let words: Vec<String> =
        good.iter().flat_map(|(_, labels)| labels.as_object().unwrap().keys().cloned()).collect();
    let values: Vec<Value> =
        good.iter().flat_map(|(_, labels)| labels.as_object().unwrap().values().cloned()).collect();
    let nothing = others.iter().map(|scheme| (*scheme, json!({"": "x"})));
    let all: Vec<Good> = good.iter().cloned().chain(nothing).collect();
    let value = prop_oneof![2 => any_json(), 2 => prop::sample::select(values), 1 => (-20..120i32).prop_map(|n| json!(n.to_string()))];
    let label = prop_oneof![2 => prop::sample::select(words), 1 => ".{0,12}"];
    let change = prop_oneof![
        2 => Just(None),
        6 => (any::<prop::sample::Index>(), value.clone().prop_map(Some), Just(None)).prop_map(Some),
        2 => (any::<prop::sample::Index>(), Just(None), label.clone().prop_map(Some)).prop_map(Some),
        // A part of the answer.
        2 => (any::<prop::sample::Index>(), Just(None), Just(None)).prop_map(Some),
    ];
    let near = (prop::sample::select(all.clone()), change).prop_map(|((scheme, labels), change)| {
        let mut labels = labels.as_object().unwrap().clone();
        if let Some((at, value, label)) = change {
            let old = at.get(&labels.keys().cloned().collect::<Vec<_>>()).clone();
            let before = labels.shift_remove(&old).unwrap();
            match (value, label) {
                (Some(value), _) => drop(labels.insert(old, within(&before, value, at))),
                (None, Some(label)) => drop(labels.insert(label, before)),
                (None, None) => {}
            }
        }
        (scheme, labels)
    });
    let schemes: Vec<&'static str> = all.iter().map(|(scheme, _)| *scheme).collect();
    let any = (prop::sample::select(schemes), prop::collection::vec((label, value), 0..4))
        .prop_map(|(scheme, pairs)| (scheme, pairs.into_iter().collect::<Map<_, _>>()));
    let form = prop::sample::select(vec![Form::Page, Form::Scheme, Form::Submit]);
    (prop_oneof![4 => near, 1 => any], form).prop_map(|((scheme, labels), form)| Body::Labels {
        scheme,
        labels,
        form,
    })
}

/// The new value; or, where the old one is the text of an object, that object with the new value in one of its places.
fn within(old: &Value, new: Value, at: prop::sample::Index) -> Value {
    let inner = old.as_str().and_then(|text| serde_json::from_str::<Map<String, Value>>(text).ok());
    match inner {
        Some(mut inner) if at.index(3) > 0 => {
            let keys: Vec<String> = inner.keys().cloned().collect();
            let place = inner.get_mut(at.get(&keys)).unwrap();
            match place.as_array_mut().filter(|list| !list.is_empty() && at.index(2) > 0) {
                Some(list) => {
                    let first = &mut list[0];
                    match first.as_object_mut() {
                        Some(fields) => {
                            let keys: Vec<String> = fields.keys().cloned().collect();
                            fields.insert(at.get(&keys).clone(), new);
                        }
                        None => *first = new,
                    }
                }
                None => *place = new,
            }
            Value::String(Value::Object(inner).to_string())
        }
        _ => new,
    }
}

/// Spans, links and events about few ids, so that they meet.
pub(super) fn marks() -> impl Strategy<Value = Body> {
    let one = |words: &'static [&'static str]| prop_oneof![12 => prop::sample::select(words.to_vec()).prop_map(Value::from), 1 => any_json()];
    let span_id = || one(&["s1", "s2", "s3", "s4"]);
    let gone = || prop_oneof![5 => Just(json!("kept")), 1 => Just(Value::Null)];
    let offset = || prop_oneof![10 => (-1..18i64).prop_map(Value::from), 1 => any_json()];
    let label = one(&["DEED", "DOER", "OTHER"]);
    let span = (one(&["span"]), label, offset(), offset(), span_id(), gone(), any_json()).prop_map(
        |(schema, name, start, end, id, value, more)| {
            json!({"schema": schema, "name": name, "start": start, "end": end, "id": id, "value": value, "format_coords": more})
        },
    );
    let ids = prop::collection::vec(span_id(), 0..4);
    let schema = one(&["span_link", "span_link", "coreference"]);
    let kind = one(&["done_by", "same_as", "coreference"]);
    let link = (schema, kind, ids, one(&["directed", "undirected"]), one(&["l1", "l2"]), gone(), any_json())
        .prop_map(|(schema, kind, ids, direction, id, value, properties)| {
            json!({"schema": schema, "link_type": kind, "span_ids": ids, "direction": direction, "id": id, "value": value, "properties": properties})
        });
    let argument = (one(&["who"]), span_id()).prop_map(|(role, span)| json!({"role": role, "span_id": span}));
    let arguments = prop::collection::vec(prop_oneof![8 => argument, 1 => any_json()], 0..3);
    let event = (one(&["event_annotation"]), one(&["MOVE"]), span_id(), arguments, one(&["e1", "e2"]), gone())
        .prop_map(|(schema, kind, trigger, arguments, id, value)| {
            json!({"schema": schema, "event_type": kind, "trigger_span_id": trigger, "arguments": arguments, "id": id, "value": value})
        });
    let some = |strategy: BoxedStrategy<Value>| prop::collection::vec(strategy, 0..3);
    (some(span.boxed()), some(link.boxed()), some(event.boxed()))
        .prop_map(|(spans, links, events)| Body::Marks { spans, links, events })
}
