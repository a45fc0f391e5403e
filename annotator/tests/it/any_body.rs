//! Whatever is sent, the answer is one to the sender, never an error of the server's, and the study goes on.

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, RngSeed, TestRunner};
use serde_json::{Map, Value, json};
use tokio::runtime::Runtime;

use crate::site::Site;

const CASES: u32 = 300;
const PATHS: &[&str] = &[
    "/updateinstance",
    "/annotate",
    "/submit_annotation",
    "/go_to",
    "/auth",
    "/register",
    "/api/track_interactions",
];

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
        "schema",
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

fn any_json() -> impl Strategy<Value = Value> {
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

#[test]
fn no_body_makes_the_server_fail() {
    let seed = std::env::var("SPUD_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or_else(|| u64::from_le_bytes(uuid::Uuid::new_v4().as_bytes()[..8].try_into().unwrap()));
    println!("SPUD_SEED={seed}");
    let config = Config {
        cases: CASES,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        ..Config::default()
    };
    let runtime = Runtime::new().unwrap();
    let (site, cookie) = runtime.block_on(async {
        let site = Site::open().await;
        let cookie = site.sign_in("anna").await;
        site.get("/annotate", &cookie).await;
        (site, cookie)
    });
    let broken = prop_oneof![
        6 => any_json().prop_map(|json| json.to_string().into_bytes()),
        1 => prop::collection::vec(any::<u8>(), 0..200),
        1 => (1usize..3000).prop_map(|depth| "[".repeat(depth).into_bytes()),
    ];
    let strategy = (prop::sample::select(PATHS.to_vec()), broken);
    let result = TestRunner::new(config).run(&strategy, |(path, body)| {
        let shown = String::from_utf8_lossy(&body).into_owned();
        let answered = runtime.block_on(site.post(path, &cookie, body));
        prop_assert!(answered.status.as_u16() < 500, "{path} {shown}: {} {}", answered.status, answered.text);
        Ok(())
    });
    result.unwrap();
    let body = json!({"instance_id": "a", "annotations": {"mood:::good": "good"}});
    let saved = runtime.block_on(site.save(&cookie, &body));
    assert_eq!(saved.json()["status"], "success", "the study goes on: {}", saved.text);
}
