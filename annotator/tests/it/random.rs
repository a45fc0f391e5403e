//! Randomised tests: the seed that replays them, and JSON of any kind.

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, RngSeed, TestRunner};
use serde_json::{Map, Value, json};

static KEYS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    vec![
        "instance_id",
        "annotations",
        "action",
        "go_to",
        "schema",
        "type",
        "state",
        "version",
        "idempotency_key",
        "cleared_schemas",
        "start",
        "end",
        "id",
        "span_annotations",
        "mood:::good",
        "mood",
        "remark:::text_box",
        "a",
        "name",
        "value",
        "events",
        "email",
        "pass",
        "",
    ]
});

/// Runs so many cases, or `SPUD_CASES`; `SPUD_SEED` replays those of an earlier run.
pub(crate) fn runner(cases: u32) -> TestRunner {
    let number = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    let cases = number("SPUD_CASES").and_then(|cases| cases.try_into().ok()).unwrap_or(cases);
    let seed = number("SPUD_SEED")
        .unwrap_or_else(|| u64::from_le_bytes(uuid::Uuid::new_v4().as_bytes()[..8].try_into().unwrap()));
    println!("SPUD_SEED={seed}");
    TestRunner::new(Config {
        cases,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        ..Config::default()
    })
}

/// JSON of any kind and shape, with words among it that mean something here.
pub(crate) fn any_json() -> impl Strategy<Value = Value> {
    let words = prop::sample::select(vec![
        "a",
        "mood",
        "good",
        "next_instance",
        "go_to",
        "label",
        "span",
        "\u{0}",
        "é\u{202e}",
        "-1",
        "99999999999999999999",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        words.prop_map(Value::from),
        ".{0,40}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 6, |inner| {
        let key =
            prop_oneof![4 => prop::sample::select(KEYS.clone()).prop_map(str::to_owned), 1 => ".{0,12}"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..6)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect::<Map<_, _>>())),
        ]
    })
}
