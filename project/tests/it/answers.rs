//! Which answers are taken, in which shape, and which are refused with what reason.

use project::schemes::{self, Accepted, Labels, Scheme, split_key};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Value, json};

use crate::kit::{NOBODY, Project};

const ALL: &str = "
annotation_schemes:
  - {annotation_type: radio, name: mood, description: d, labels: [happy, so_so], has_free_response: true}
  - {annotation_type: multiselect, name: topics, description: d, labels: [food, music, None], has_free_response: {instruction: Other?}}
  - {annotation_type: likert, name: conf, description: d, min_label: low, max_label: high, size: 5, bad_text_label: Bad}
  - {annotation_type: slider, name: temp, description: d, min_value: -5, max_value: 10, starting_value: 0, step: 0.5}
  - {annotation_type: number, name: count, description: d, min: 1}
  - {annotation_type: text, name: why, description: d}
  - {annotation_type: text, name: boxes, description: d, labels: [a, b], multiline: true}
  - {annotation_type: select, name: pick, description: d, labels: [u, v]}
  - {annotation_type: likert, name: words, description: d, labels: [bad, good]}
  - {annotation_type: slider, name: steps, description: d, labels: [few, many]}
";

fn scheme<'s>(schemes: &'s [Scheme], name: &str) -> &'s Scheme {
    schemes.iter().find(|scheme| scheme.name == name).unwrap()
}

#[test]
fn answers_are_taken_in_the_documented_shape() {
    let store = |value| Ok(Accepted::Store(value));
    let schemes = Project::new(ALL).config().schemes;
    let removed = Ok(Accepted::Remove);
    for (name, label, value, expected) in [
        ("mood", "happy", json!("happy"), store(json!("happy"))),
        ("mood", "happy", json!("so_so"), Err(())),
        ("mood", "happy", json!(true), Err(())),
        ("mood", "sad", json!("sad"), Err(())),
        ("mood", "happy", json!(""), removed.clone()),
        ("mood", "free_response", json!("else"), store(json!("else"))),
        ("topics", "None", json!("None"), store(json!("None"))),
        ("topics", "food", Value::Null, removed.clone()),
        ("topics", "free_response", json!(7), Err(())),
        ("conf", "4", json!("4"), store(json!("4"))),
        ("conf", "4", json!(4), store(json!("4"))),
        ("conf", "4", json!("5"), Err(())),
        ("conf", "6", json!("6"), Err(())),
        ("conf", "04", json!("04"), Err(())),
        ("conf", "bad_text", json!("bad_text"), store(json!("bad_text"))),
        ("temp", "slider", json!("7"), store(json!("7"))),
        ("temp", "slider", json!(-2.5), store(json!("-2.5"))),
        ("temp", "slider", json!("10.5"), Err(())),
        ("temp", "slider", json!("NaN"), Err(())),
        ("temp", "slider", json!("inf"), Err(())),
        ("temp", "range", json!("7"), Err(())),
        ("count", "number", json!("1e3"), store(json!("1e3"))),
        ("count", "number", json!("0"), Err(())),
        ("count", "number", json!(""), removed.clone()),
        ("count", "number", json!("three"), Err(())),
        ("why", "text_box", json!(" because\n"), store(json!(" because\n"))),
        ("why", "text_box", json!(""), removed.clone()),
        ("why", "text_box", json!({"a": 1}), Err(())),
        ("why", "text_box", json!("é".repeat(100_000)), store(json!("é".repeat(100_000)))),
        ("why", "text_box", json!("é".repeat(100_001)), Err(())),
        ("boxes", "b", json!("x"), store(json!("x"))),
        ("boxes", "text_box", json!("x"), Err(())),
        ("pick", "select-one", json!("v"), store(json!("v"))),
        ("pick", "select-one", json!("w"), Err(())),
        ("pick", "v", json!("v"), Err(())),
        ("words", "good", json!("good"), store(json!("good"))),
        ("words", "1", json!("1"), Err(())),
        ("steps", "many", json!("many"), store(json!("many"))),
    ] {
        let taken = scheme(&schemes, name).accept(label, &value).map_err(|_| ());
        assert_eq!(taken, expected, "{name}:{label} = {:.40}", value.to_string());
    }
}

#[test]
fn a_refusal_says_scheme_label_value_and_what_is_allowed() {
    let schemes = Project::new(ALL).config().schemes;
    let reason = scheme(&schemes, "mood").accept("sad", &json!("sad")).unwrap_err().to_string();
    for part in ["mood", "\"sad\"", "happy, so_so, free_response"] {
        assert!(reason.contains(part), "{reason}");
    }
    let reason = scheme(&schemes, "temp").accept("slider", &json!("x".repeat(500))).unwrap_err().reason;
    assert!(reason.contains("a number from -5 to 10") && reason.len() < 250, "{reason}");
}

#[test]
fn two_choices_of_an_exclusive_scheme_do_not_go_together() {
    let schemes = Project::new(ALL).config().schemes;
    let two = Labels::from_iter([("happy".to_owned(), json!("happy")), ("so_so".to_owned(), json!("so_so"))]);
    let free =
        Labels::from_iter([("happy".to_owned(), json!("happy")), ("free_response".to_owned(), json!("x"))]);
    assert!(scheme(&schemes, "mood").check_all(&two).unwrap_err().reason.contains("happy, so_so"));
    assert!(scheme(&schemes, "mood").check_all(&free).is_ok());
    assert!(scheme(&schemes, "topics").check_all(&two).is_ok());
    let exclusive: Vec<_> =
        schemes.iter().filter(|scheme| scheme.exclusive()).map(|scheme| scheme.name.as_str()).collect();
    assert_eq!(exclusive, ["mood", "conf", "words", "steps"]);
    let full: Vec<_> =
        schemes.iter().filter(|scheme| scheme.full_set()).map(|scheme| scheme.name.as_str()).collect();
    assert_eq!(full, ["topics"]);
}

#[test]
fn a_required_scheme_is_unmet_until_it_is_answered() {
    let schemes = Project::new(
        "
annotation_schemes:
  - {annotation_type: radio, name: a, description: d, labels: [x, y], label_requirement: {required: true}, has_free_response: true}
  - {annotation_type: radio, name: b, description: d, labels: [yes!, no!], label_requirement: {required: true, required_label: yes!}}
  - {annotation_type: multiselect, name: c, description: d, labels: [x, y, z], label_requirement: {required_label: [x, y]}}
  - {annotation_type: text, name: d, description: d, required: true, min_chars: 3}
  - {annotation_type: text, name: e, description: d, label_requirement: true}
  - {annotation_type: number, name: f, description: d}
",
    )
    .config()
    .schemes;
    let labels = |pairs: &[(&str, &str)]| -> Labels {
        pairs.iter().map(|(label, value)| ((*label).to_owned(), json!(value))).collect()
    };
    for (name, given, unmet) in [
        ("a", labels(&[]), true),
        ("a", labels(&[("free_response", "only words")]), true),
        ("a", labels(&[("x", "x")]), false),
        ("b", labels(&[("no!", "no!")]), true),
        ("b", labels(&[("yes!", "yes!")]), false),
        ("c", labels(&[("x", "x")]), true),
        ("c", labels(&[("x", "x"), ("y", "y")]), false),
        ("d", labels(&[("text_box", " ab ")]), true),
        ("d", labels(&[("text_box", "abc")]), false),
        ("e", labels(&[("text_box", "  ")]), true),
        ("e", labels(&[("text_box", "a")]), false),
        ("f", labels(&[]), false),
    ] {
        assert_eq!(scheme(&schemes, name).unmet(Some(&given)), unmet, "{name} {given:?}");
    }
    assert!(scheme(&schemes, "a").unmet(None));
}

#[test]
fn require_fully_annotated_spares_what_says_otherwise() {
    let schemes = Project::new(
        "
require_fully_annotated: true
annotation_schemes:
  - {annotation_type: text, name: a, description: d}
  - {annotation_type: text, name: b, description: d, label_requirement: {required: false}}
",
    )
    .config()
    .schemes;
    assert_eq!(schemes.iter().map(|scheme| scheme.required).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn payload_keys_split_at_the_longest_scheme_name() {
    let schemes = Project::new(
        "
annotation_schemes:
  - {annotation_type: text, name: a, description: d}
  - {annotation_type: text, name: 'a:b', description: d}
  - {annotation_type: text, name: 'a b', description: d}
",
    )
    .config()
    .schemes;
    for (key, expected) in [
        ("a:x", Some(("a", "x"))),
        ("a:::x", Some(("a", "x"))),
        ("a:b:x", Some(("a:b", "x"))),
        ("a:b:::x:y", Some(("a:b", "x:y"))),
        ("a:bc", Some(("a", "bc"))),
        ("a b:::x", Some(("a b", "x"))),
        ("zzz:lab", Some(("zzz", "lab"))),
        ("zzz:::lab", Some(("zzz", "lab"))),
        ("a:", Some(("a", ""))),
        ("mood", None),
        ("", None),
    ] {
        assert_eq!(split_key(&schemes, key), expected, "{key}");
    }
}

#[test]
fn no_key_means_two_things() {
    let schemes = Project::new(
        "
annotation_schemes:
  - {annotation_type: radio, name: one, description: d, labels: [a, b, c], sequential_key_binding: true}
  - {annotation_type: multiselect, name: two, description: d, labels: [d, {name: e, key_value: Q}, {name: f, key_value: '2'}], sequential_key_binding: true}
  - {annotation_type: radio, name: three, description: d, labels: [green, grey], keybinding_strategy: mnemonic}
  - {annotation_type: likert, name: four, description: d, min_label: l, max_label: h, size: 3, sequential_key_binding: true}
  - {annotation_type: radio, name: five, description: d, labels: [x, y]}
",
    )
    .config()
    .schemes;
    let keys: Vec<Vec<char>> =
        schemes::keys(&schemes).values().map(|own| own.values().copied().collect()).collect();
    let expected = [vec!['1', '3', '4'], vec!['q', '2', 'w'], vec!['g', 'r'], vec!['a', 's', 'd'], vec![]];
    assert_eq!(keys, expected);
    assert_eq!(schemes[0].keys["b"], '3');
}

#[test]
fn a_lone_radio_with_few_labels_gets_keys_unasked() {
    let lone = |labels: &str, more: &str| {
        let scheme = format!(
            "annotation_schemes: [{{annotation_type: radio, name: a, description: d, labels: [{labels}]{more}}}]"
        );
        Project::new(&scheme).config().schemes[0].keys.values().collect::<String>()
    };
    assert_eq!(lone("x, y", ""), "12");
    assert_eq!(lone("x, y", ", sequential_key_binding: false"), "");
    assert_eq!(lone("a,b,c,d,e,f,g,h,i,j", ""), "1234567890");
    assert_eq!(lone("a,b,c,d,e,f,g,h,i,j,k", ""), "");
    assert_eq!(lone("a,b,c,d,e,f,g,h,i,j,k", ", sequential_key_binding: true"), "1234567890q");
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        "-?[0-9]{1,3}(\\.[0-9])?".prop_map(Value::from),
        prop::sample::select(vec!["happy", "food", "4", "bad_text", "v", "good", "many", "", " 7 ", "1e400"])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec(("[a-z]{0,3}", inner), 0..3).prop_map(|pairs| pairs.into_iter().collect()),
        ]
    })
}

fn any_label() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "happy",
            "so_so",
            "food",
            "None",
            "free_response",
            "1",
            "4",
            "bad_text",
            "slider",
            "number",
            "text_box",
            "a",
            "select-one",
            "good",
            "many",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,8}",
    ]
}

/// The shapes that Potato documents for what is stored.
fn is_documented(scheme: &Scheme, label: &str, value: &Value) -> bool {
    let Some(text) = value.as_str() else { return false };
    let in_range = |min: f64, max: f64| text.parse::<f64>().is_ok_and(|number| (min..=max).contains(&number));
    match scheme.name.as_str() {
        _ if label == "free_response" => {
            matches!(scheme.name.as_str(), "mood" | "topics") && !text.is_empty()
        }
        "mood" | "topics" | "words" | "steps" => {
            text == label && scheme.option_order().iter().any(|option| option == label)
        }
        "conf" => text == label && (label == "bad_text" || in_range(1.0, 5.0)),
        "temp" => label == "slider" && in_range(-5.0, 10.0),
        "count" => label == "number" && in_range(1.0, f64::MAX),
        "why" => label == "text_box" && !text.is_empty(),
        "boxes" => matches!(label, "a" | "b") && !text.is_empty(),
        "pick" => label == "select-one" && matches!(text, "u" | "v"),
        _ => false,
    }
}

/// `SPUD_SEED` replays a run.
fn runs() -> ProptestConfig {
    let clock = || std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let seed = std::env::var("SPUD_SEED").map_or_else(|_| clock(), |seed| seed.parse().unwrap());
    println!("SPUD_SEED={seed}");
    ProptestConfig {
        cases: 2_000,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(runs())]

    #[test]
    fn whatever_is_sent_is_stored_in_the_documented_shape_or_refused(label in any_label(), value in any_json()) {
        static SCHEMES: std::sync::OnceLock<Vec<Scheme>> = std::sync::OnceLock::new();
        for scheme in SCHEMES.get_or_init(|| Project::new(ALL).config().schemes) {
            match scheme.accept(&label, &value) {
                Ok(Accepted::Store(stored)) => {
                    prop_assert!(is_documented(scheme, &label, &stored), "{}:{label} = {stored}", scheme.name);
                    prop_assert_eq!(scheme.accept(&label, &stored), Ok(Accepted::Store(stored.clone())));
                    let labels = Labels::from_iter([(label.clone(), stored)]);
                    let blank = labels[&label].as_str().is_none_or(|text| text.trim().is_empty());
                    prop_assert_eq!(scheme.form(0, Some(&labels), &NOBODY).contains("data-answered"), !blank);
                }
                Ok(Accepted::Remove) => prop_assert!(value.is_null() || value == ""),
                Err(refused) => prop_assert!(refused.reason.contains(&scheme.name)),
            }
        }
    }
}
