//! Raw files that others wrote.

use project::user_state::UserState;

use crate::study::{Study, rules};

/// A file as Python Potato writes it.
fn file(user: &str, answers: &[(&str, &str)]) -> UserState {
    let pairs: Vec<String> = answers
        .iter()
        .map(|(item, mood)| format!(r#""{item}": [[{{"schema": "mood", "name": "{mood}"}}, "{mood}"], [{{"schema": "zzz", "name": "lab"}}, "v"]]"#))
        .collect();
    let text = format!(
        r#"{{"user_id": "{user}", "instance_id_ordering": ["item_00002", "item_00000"], "current_instance_index": 1,
            "current_phase_and_page": ["annotation", null], "instance_id_to_label_to_value": {{{}}},
            "crowd_metadata": {{"worker_id": "W1"}}, "something_new": [1, 2]}}"#,
        pairs.join(", ")
    );
    UserState::parse(text.as_bytes()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_potato_directory_is_taken_over_once_with_all_that_we_do_not_know() {
    let study = Study::new(4, rules()).await;
    let state = file("ann", &[("item_00002", "happy")]);
    assert!(study.store.import("ann", &state, None, 1_000).await.unwrap() > 0);
    assert_eq!(study.store.import("ann", &state, None, 2_000).await.unwrap(), 0, "twice adds nothing");
    assert_eq!(study.mood("ann", "item_00002").await.as_deref(), Some("happy"));
    let view = study.store.view("ann").await.unwrap();
    assert_eq!(view.ordering, ["item_00002", "item_00000"]);
    assert_eq!(view.cursor.as_deref(), Some("item_00000"));
    let raw = view.to_user_state(None);
    let again = UserState::parse(&raw.render()).unwrap();
    assert_eq!(again.rest["something_new"], serde_json::json!([1, 2]));
    assert_eq!(again.rest["crowd_metadata"]["worker_id"], "W1");
    assert_eq!(again.labels["item_00002"].len(), 2, "an unknown scheme is kept");
    let desk = study.desk("ann").await;
    assert_eq!((desk.item.as_str(), desk.answered, desk.assigned), ("item_00000", 1, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_made_elsewhere_is_kept_and_so_is_one_made_here_meanwhile() {
    let study = Study::new(4, rules()).await;
    let state = file("ann", &[("item_00002", "happy"), ("item_00000", "happy")]);
    study.store.import("ann", &state, None, 1_000).await.unwrap();
    let written = study.store.view("ann").await.unwrap();

    study.save("ann", "item_00000", "meh").await.unwrap();
    let mut changed = written.to_user_state(None);
    let answer = &mut changed.labels["item_00002"][0];
    (answer.name, answer.value) = ("sad".to_owned(), "sad".into());
    assert_eq!(study.store.import("ann", &changed, Some(written.seq), 5_000).await.unwrap(), 1);
    assert_eq!(study.mood("ann", "item_00002").await.as_deref(), Some("sad"));
    assert_eq!(
        study.mood("ann", "item_00000").await.as_deref(),
        Some("meh"),
        "the file only lagged behind here"
    );

    // Back and forth: the same value again is news if something else stood there meanwhile.
    let written = study.store.view("ann").await.unwrap();
    let mut back = written.to_user_state(None);
    (back.labels["item_00002"][0].name, back.labels["item_00002"][0].value) =
        ("happy".to_owned(), "happy".into());
    assert_eq!(study.store.import("ann", &back, Some(written.seq), 6_000).await.unwrap(), 1);
    assert_eq!(study.mood("ann", "item_00002").await.as_deref(), Some("happy"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_file_without_a_base_does_not_undo_what_the_history_knows_better() {
    let study = Study::new(4, rules()).await;
    let desk = study.join("ann").await;
    study.save("ann", &desk.item, "happy").await.unwrap();
    let old = study.store.view("ann").await.unwrap().to_user_state(None);
    study.save("ann", &desk.item, "sad").await.unwrap();
    let now = store::wall_millis() + 60_000;
    study.store.import("ann", &old, None, now).await.unwrap();
    assert_eq!(study.mood("ann", &desk.item).await.as_deref(), Some("sad"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_keeps_its_order_whatever_of_it_is_answered() {
    let study = Study::new(9, rules()).await;
    let order: Vec<String> = [4, 2, 7, 0, 8, 1].map(|n| format!("item_{n:05}")).to_vec();
    let mut state = file("ann", &[]);
    state.ordering.clone_from(&order);
    for item in &order[..4] {
        let one = file("ann", &[(item, "happy")]);
        state.labels.extend(one.labels);
    }
    study.store.import("ann", &state, None, 1_000).await.unwrap();
    assert_eq!(study.store.view("ann").await.unwrap().ordering, order);
}
