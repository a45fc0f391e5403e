//! Whatever is sent, the answer is one to the sender, never an error of the server's, and the study goes on.

use proptest::prelude::*;
use serde_json::json;
use tokio::runtime::Runtime;

use crate::random::{any_json, runner};
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

#[test]
fn no_body_makes_the_server_fail() {
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
    let result = runner(CASES).run(&strategy, |(path, body)| {
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
