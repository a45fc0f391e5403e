//! `user_state.json`: what Potato wrote comes back byte for byte.

use project::user_state::{Label, UserState, UserStateError};
use serde_json::{Map, Value, json};

const EXAMPLES: [&str; 3] = [
    include_str!("data/user_state_answers.json"),
    include_str!("data/user_state_phases.json"),
    include_str!("data/user_state_spans_links_events.json"),
];

#[test]
fn files_of_potato_come_back_byte_for_byte() {
    for example in EXAMPLES {
        let state = UserState::parse(example.as_bytes()).unwrap();
        assert_eq!(String::from_utf8(state.render()).unwrap(), example);
    }
}

#[test]
fn what_spud_understands_is_typed() {
    let state = UserState::parse(EXAMPLES[0].as_bytes()).unwrap();
    assert_eq!(state.user_id, "alice@x.org");
    assert_eq!((state.cursor, state.phase.as_str(), state.page.as_deref()), (3, "done", None));
    assert_eq!(state.labels["1"].len(), 7);
    assert_eq!(
        (state.labels["1"][1].scheme.as_str(), state.labels["1"][1].value.clone()),
        ("temp", json!("7"))
    );
    assert_eq!(state.labels["NOPE"][0].name, "meh");
    assert_eq!(state.spans["1"][0].fields["end"], 17);
    assert_eq!(state.phase_labels["done"]["null"][0].name, "sad");
    assert_eq!(state.presentation_order["1"]["mood"], ["happy", "sad", "meh"]);
    let state = UserState::parse(EXAMPLES[2].as_bytes()).unwrap();
    assert_eq!(state.links["1"]["l1"]["span_ids"], json!(["s1", "s2"]));
    assert_eq!(state.events["1"]["e1"]["event_type"], "HIRE");
    assert!(state.rest.contains_key("a key of a later version"));
}

#[test]
fn a_new_user_has_every_documented_key_in_order() {
    let written: Map<String, Value> = serde_json::from_slice(&UserState::new("zoë").render()).unwrap();
    let example: Map<String, Value> = serde_json::from_str(EXAMPLES[0]).unwrap();
    assert_eq!(written.keys().collect::<Vec<_>>(), example.keys().collect::<Vec<_>>());
    assert_eq!(written["user_id"], "zoë");
    assert_eq!(written["max_assignments"], -1);
    assert_eq!(written["training_state"], example["training_state"]);
    assert!(UserState::new("zoë").render().is_ascii());
}

#[test]
fn only_the_user_id_is_needed() {
    let mut state = UserState::parse(b"{\"user_id\": \"u\"}").unwrap();
    state.labels.insert(
        "1".to_owned(),
        vec![Label { scheme: "s".into(), name: "l".into(), value: json!("l"), extra: Map::new() }],
    );
    assert_eq!(UserState::parse(&state.render()).unwrap().labels, state.labels);
}

#[test]
fn damage_is_an_error_that_says_where() {
    assert!(matches!(UserState::parse(b"{}"), Err(UserStateError::UserIdMissing)));
    for (bytes, said) in [
        (&b"{\"user_id\": \"u\""[..], "EOF"),
        (b"", "EOF"),
        (b"[]", "map"),
        (b"{\"user_id\": 5}", "user_id must be a string, got 5"),
        (b"{\"user_id\": \"u\", \"instance_id_ordering\": [\"1\", 2]}", "instance_id_ordering[1] must be a string, got 2"),
        (
            b"{\"user_id\": \"u\", \"instance_id_to_label_to_value\": {\"1\": [[{\"schema\": \"s\"}, \"v\"]]}}",
            "instance_id_to_label_to_value.1[0].name must be a string",
        ),
        (b"{\"user_id\": \"u\", \"instance_id_to_span_to_value\": {\"1\": [[{}]]}}", "a pair of an object and a value"),
        (b"{\"user_id\": \"u\", \"current_phase_and_page\": [\"annotation\"]}", "a phase and a page"),
        (b"{\"user_id\": \"\xff\"}", "invalid"),
    ] {
        let error = UserState::parse(bytes).unwrap_err().to_string();
        assert!(error.contains(said), "{error:?} does not say {said:?}");
    }
}
