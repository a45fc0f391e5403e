//! The real program on a real store, against a Hub that can be told to fail.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod hub;
mod site;

use std::collections::HashSet;

use rustix::process::Signal;
use serde_json::Value;
use store::Gate;

use crate::hub::{Fault, Hub};
use crate::site::{Site, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_new_repo_is_made_private_and_claimed_and_gets_history_and_views() {
    let hub = Hub::start().await;
    let mut site = Site::new(&hub);
    site.start();
    site.annotate("ann", 0..12, "good").await;
    site.pushed().await;
    until("the view is pushed", async || hub.state().tree().contains_key("ann/user_state.json")).await;
    assert_eq!(hub.state().private, Some(true));
    hub.check();
    let tree = hub.state().tree();
    let head = tree.keys().find(|path| path.ends_with("head.json")).unwrap();
    let head: Value = serde_json::from_slice(&tree[head]).unwrap();
    assert_eq!(head["digest"].as_str().unwrap(), site.digest().await.to_string());
    let view: Value = serde_json::from_slice(&tree["ann/user_state.json"]).unwrap();
    assert_eq!(view["instance_id_to_label_to_value"]["2"][0][1], "good");
    let shown = view["instance_id_to_presentation_order"].as_object().unwrap();
    let orders: HashSet<_> = shown.values().map(|order| order["mood"].to_string()).collect();
    assert_eq!((shown.len(), orders.len()), (12, 2), "each item in an order of its own: {orders:?}");
    assert_eq!(site.stop().await.code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_disk_comes_back_as_it_was_pushed() {
    let hub = Hub::start().await;
    let mut site = Site::new(&hub);
    site.start();
    site.annotate("ann", 0..5, "good").await;
    site.write("ann/notes.csv", "a,b");
    site.annotate("bob", 0..3, "bad").await;
    site.pushed().await;
    until("the raw file is pushed", async || hub.state().tree().contains_key("ann/notes.csv")).await;
    let before = site.digest().await;
    let view = site.read("ann/user_state.json");
    site.kill().await;
    site.lose_disk();
    site.start();
    let store = site.store();
    until("the gate opens", async || store.gate().await.unwrap() == Gate::Open).await;
    assert_eq!(site.digest().await, before);
    until("the views are back", async || site.read("ann/user_state.json") == view).await;
    assert_eq!(site.read("ann/notes.csv"), "a,b");
    site.annotate("bob", 3..6, "bad").await;
    assert_eq!(site.stop().await.code(), Some(0));
    hub.check();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_fails_at_start_leaves_it_unknown_until_it_is_back() {
    let hub = Hub::start().await;
    let mut site = Site::new(&hub);
    site.start();
    site.annotate("ann", 0..2, "good").await;
    assert_eq!(site.stop().await.code(), Some(0));
    let commits = hub.state().commits.len();
    site.lose_disk();
    hub.state().down = Some(503);
    site.start();
    let store = site.store();
    until("it is unknown", async || matches!(store.gate().await.unwrap(), Gate::Unknown { .. })).await;
    let Gate::Unknown { reason } = store.gate().await.unwrap() else { panic!("not unknown") };
    assert!(reason.contains("o/r") && reason.contains("503"), "{reason}");
    assert_eq!(hub.state().commits.len(), commits);
    hub.state().down = None;
    until("the gate opens", async || store.gate().await.unwrap() == Gate::Open).await;
    let view = store.view("ann").await.unwrap();
    assert_eq!(view.items.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_of_unknown_fate_arrives_once() {
    let faults = [
        Fault::ApplyThen(504),
        Fault::Refuse(500),
        Fault::ApplyThenCut,
        Fault::Refuse(409),
        Fault::ForeignFirst,
        Fault::Refuse(412),
        Fault::ApplyThen(502),
    ];
    let hub = Hub::start().await;
    let mut site = Site::new(&hub);
    site.start();
    site.annotate("ann", 0..1, "good").await;
    site.pushed().await;
    for (n, fault) in (1..).zip(faults) {
        hub.state().script.push_back(fault);
        site.annotate("ann", n..n + 1, "good").await;
        until("the fault happened", async || hub.state().script.is_empty()).await;
        site.pushed().await;
    }
    hub.check();
    assert!(hub.state().tree().contains_key("notes.txt"));
    assert_eq!(site.stop().await.code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_instances_on_one_repo_and_a_third_from_nothing_come_to_one_state() {
    let hub = Hub::start().await;
    let (mut one, mut two) = (Site::new(&hub), Site::new(&hub));
    one.start();
    one.annotate("ann", 0..3, "good").await;
    one.pushed().await;
    two.start();
    for round in 0..3 {
        one.annotate("ann", round * 3..round * 3 + 3, "good").await;
        two.annotate("bob", round * 3..round * 3 + 3, "bad").await;
    }
    one.annotate("ann", 0..1, "bad").await;
    one.pushed().await;
    two.pushed().await;
    let mut third = Site::new(&hub);
    third.start();
    let (a, b, c) = (one.store(), two.store(), third.store());
    until("all three are one", async || {
        let digests = [a.recount().await.unwrap(), b.recount().await.unwrap(), c.recount().await.unwrap()];
        digests[0] == digests[1] && digests[1] == digests[2]
    })
    .await;
    assert_eq!(c.view("ann").await.unwrap().items.len(), 9);
    assert_eq!(c.view("bob").await.unwrap().items.len(), 9);
    hub.check();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_else_wrote_is_imported_and_what_cannot_be_read_is_left() {
    let hub = Hub::start().await;
    let mut site = Site::new(&hub);
    site.write("cat/user_state.json", "{\"user_id\": \"cat\", ");
    site.start();
    site.annotate("ann", 0..2, "good").await;
    until("the view is written", async || site.read("ann/user_state.json").contains("good")).await;
    let changed = site.read("ann/user_state.json").replace("good", "bad");
    site.write("ann/user_state.json", &changed);
    let store = site.store();
    until("it is imported", async || {
        let view = store.view("ann").await.unwrap();
        view.items.values().all(|item| item.answers["mood"].contains_key("bad")) && view.items.len() == 2
    })
    .await;
    site.annotate("cat", 0..1, "good").await;
    site.pushed().await;
    assert_eq!(site.stop().await.code(), Some(0));
    assert_eq!(site.read("cat/user_state.json"), "{\"user_id\": \"cat\", ");
    assert!(!hub.state().tree().contains_key("cat/user_state.json"));
    let blocked: Value = serde_json::from_str(&site.read(".spud/blocked.json")).unwrap();
    assert!(blocked["cat"].as_str().unwrap().contains("cat/user_state.json"));
    assert!(hub.state().tree()["ann/user_state.json"].windows(3).any(|part| part == b"bad"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_sends_nothing() {
    let hub = Hub::start().await;
    let mut site = Site::new(&hub);
    site.start();
    site.annotate("ann", 0..4, "good").await;
    site.pushed().await;
    assert_eq!(site.stop().await.code(), Some(0));
    let sent = hub.sent();
    site.start();
    site.pushed().await;
    assert_eq!(site.stop().await.code(), Some(0));
    assert_eq!(hub.sent(), sent);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_push_sends_what_is_left_or_says_what_could_not_be() {
    let hub = Hub::start().await;
    let mut site = Site::new(&hub);
    site.start();
    site.annotate("ann", 0..2, "good").await;
    site.pushed().await;
    site.annotate("ann", 2..4, "good").await;
    assert_eq!(site.stop().await.code(), Some(0));
    let view: Value = serde_json::from_slice(&hub.state().tree()["ann/user_state.json"]).unwrap();
    assert_eq!(view["instance_id_to_label_to_value"].as_object().unwrap().len(), 4);

    site.start();
    let store = site.store();
    until("the gate opens", async || store.gate().await.unwrap() == Gate::Open).await;
    hub.state().script.extend([Fault::Refuse(503); 99]);
    site.annotate("ann", 4..6, "good").await;
    site.signal(Signal::USR2);
    assert_eq!(site.stop().await.code(), Some(75));
    hub.state().script.clear();
    site.start();
    site.pushed().await;
    assert_eq!(site.stop().await.code(), Some(0));
    hub.check();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_hub_does_not_keep_it_from_ending_in_time() {
    let hub = Hub::start().await;
    let mut site = Site::new(&hub);
    site.start();
    site.annotate("ann", 0..2, "good").await;
    site.pushed().await;
    hub.state().script.push_back(Fault::Silence);
    site.annotate("ann", 2..3, "good").await;
    let asked = std::time::Instant::now();
    assert_eq!(site.stop().await.code(), Some(75));
    assert!(asked.elapsed() < std::time::Duration::from_secs(7), "{:?}", asked.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repo_that_potato_filled_is_taken_over_with_its_answers() {
    let hub = Hub::start().await;
    let state = project::user_state::UserState::new("dee");
    let text = String::from_utf8(state.render()).unwrap().replace(
        "\"instance_id_to_label_to_value\": {}",
        "\"instance_id_to_label_to_value\": {\"7\": [[{\"schema\": \"mood\", \"name\": \"bad\"}, \"bad\"]]}",
    );
    hub.fill(&[
        ("dee/user_state.json", &text),
        ("README.md", "# data"),
        ("x/export.csv", "1"),
        ("y.log", "no"),
    ]);
    let mut site = Site::new(&hub);
    site.start();
    let store = site.store();
    until("the gate opens", async || store.gate().await.unwrap() == Gate::Open).await;
    assert!(store.view("dee").await.unwrap().items["7"].answers["mood"].contains_key("bad"));
    assert_eq!(site.read("x/export.csv"), "1");
    assert_eq!((site.read("README.md"), site.read("y.log")), (String::new(), String::new()));
    site.pushed().await;
    assert_eq!(site.stop().await.code(), Some(0));
    assert_eq!(hub.state().tree()["README.md"], "# data");
    hub.check();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_public_repo_another_study_and_a_missing_token_are_refused() {
    let hub = Hub::start().await;
    let mut site = Site::new(&hub);
    hub.fill(&[("a.txt", "a")]);
    hub.state().private = Some(false);
    site.start();
    let store = site.store();
    until("it is unknown", async || matches!(store.gate().await.unwrap(), Gate::Unknown { .. })).await;
    let Gate::Unknown { reason } = store.gate().await.unwrap() else { panic!("not unknown") };
    assert!(reason.contains("public"), "{reason}");
    assert_eq!(site.stop().await.code(), Some(0));
    let commits = hub.state().commits.len();
    assert_eq!(commits, 1);

    let output = site.command().env_remove("HF_TOKEN").arg("run").output().unwrap();
    assert_eq!(output.status.code(), Some(78));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("HF_TOKEN") && said.trim().lines().count() == 1, "{said}");
}
