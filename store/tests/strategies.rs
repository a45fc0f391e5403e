//! Which item comes next, strategy by strategy.

use std::time::Duration;

use project::user_state::UserState;
use store::{Nothing, Place, Rules, Strategy, Went};

use crate::study::{Study, rules};

/// The numbers of the items that an annotator answers until there are no more, at most `most`.
async fn list(study: &Study, user: &str, most: usize) -> Vec<u32> {
    let mut desk = study.join(user).await;
    let mut items = Vec::new();
    loop {
        study.save(user, &desk.item, "happy").await.unwrap();
        items.push(desk.item.trim_start_matches("item_").parse().unwrap());
        if items.len() == most {
            return items;
        }
        match study.next(user, &desk.item).await {
            Some(next) => desk = next,
            None => return items,
        }
    }
}

/// Waits until what is held lapses.
async fn lapse(study: &Study) {
    tokio::time::timeout(Duration::from_secs(5), async {
        while study.store.reclaim().await.unwrap() == 0 {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("the reservations lapse");
}

fn by(strategy: Strategy) -> Rules {
    Rules { strategy, ..rules() }
}

#[tokio::test]
async fn the_least_annotated_items_come_first() {
    let study = Study::new(6, by(Strategy::LeastAnnotated)).await;
    assert_eq!(list(&study, "ann", 3).await, [0, 1, 2]);
    assert_eq!(list(&study, "bob", 3).await, [3, 4, 5], "those that nobody has");
    assert_eq!(list(&study, "cat", 6).await, [0, 1, 2, 3, 4, 5]);
    assert_eq!(
        list(&study, "ann", 6).await,
        [2, 3, 4, 5],
        "on from where she was, and then there are no more"
    );
}

#[tokio::test]
async fn the_most_annotated_items_come_first_until_they_are_full() {
    let study = Study::new(9, Rules { annotators_per_item: Some(2), ..by(Strategy::MostAnnotated) }).await;
    assert_eq!(list(&study, "ann", 3).await, [0, 1, 2]);
    assert_eq!(list(&study, "bob", 3).await, [0, 1, 2]);
    assert_eq!(list(&study, "cat", 3).await, [3, 4, 5]);
    assert_eq!(list(&study, "dan", 9).await, [3, 4, 5, 6, 7, 8]);
}

#[tokio::test]
async fn what_annotators_disagree_about_comes_first() {
    let study = Study::new(6, by(Strategy::MaxDiversity)).await;
    for (user, mood) in [("ann", "happy"), ("bob", "sad")] {
        let mut desk = study.join(user).await;
        for n in 0..6 {
            // Of item 4 they say different things.
            study.save(user, &desk.item, if n == 4 { mood } else { "meh" }).await.unwrap();
            if n < 5 {
                desk = study.next(user, &desk.item).await.unwrap();
            }
        }
    }
    assert_eq!(list(&study, "cat", 6).await, [4, 0, 1, 2, 3, 5]);
    let processes = study.again().await;
    assert_eq!(list(&processes, "dan", 2).await, [4, 0]);
    study.save("bob", "item_00004", "happy").await.unwrap();
    study.save("bob", "item_00002", "sad").await.unwrap();
    assert_eq!(study.join("eve").await.item, "item_00002", "ann, bob and cat say three things of it");
}

/// A study where an annotator is qualified for categories by his `user_state.json`.
async fn qualify(study: &Study, user: &str, categories: &str) {
    study.store.register(user, None).await.unwrap();
    let text = format!(r#"{{"user_id": "{user}", "qualified_categories": {categories}}}"#);
    let state = UserState::parse(text.as_bytes()).unwrap();
    study.store.import(user, &state, None, 1_000).await.unwrap();
}

#[tokio::test]
async fn an_annotator_gets_items_of_the_categories_he_qualified_for_alone() {
    let study = Study::configured(40, "assignment_strategy: category_based", |rules| rules).await;
    qualify(&study, "ann", r#"["a"]"#).await;
    qualify(&study, "bob", r#"["a", "b"]"#).await;
    let of = |kinds: &'static [u32]| (0..40).filter(|i| kinds.contains(&(i % 4))).collect::<Vec<u32>>();
    for (user, kinds) in [("ann", &[0, 2][..]), ("bob", &[0, 1, 2]), ("cat", &[3])] {
        let mut items = list(&study, user, 100).await;
        assert!(!items.is_sorted(), "{user} has them at random");
        items.sort_unstable();
        assert_eq!(items, of(kinds), "{user}");
    }
}

#[tokio::test]
async fn who_qualified_for_nothing_gets_what_the_fallback_says() {
    let config = |fallback| {
        format!("assignment_strategy: category_based\ncategory_assignment: {{fallback: {fallback}}}")
    };
    let study = Study::configured(8, &config("random"), |rules| rules).await;
    assert_eq!(list(&study, "ann", 100).await.len(), 8);
    let study = Study::configured(8, &config("none"), |rules| rules).await;
    study.store.register("ann", None).await.unwrap();
    let nothing = Went::Place(Place::Nothing(Nothing::NoQualifiedCategory));
    assert_eq!(study.store.arrive("ann").await.unwrap(), nothing);
    qualify(&study, "ann", r#"["b"]"#).await;
    assert_eq!(list(&study, "ann", 100).await.len(), 4, "once he qualified he gets those");
}

#[tokio::test]
async fn a_group_goes_whole_to_the_annotators_it_names() {
    let config = "assignment_strategy: batch\nbatch_assignment: {groups: [
        {annotators: [ann, bob], instances: [item_00003, item_00001]},
        {annotators: [ann], instances: [item_00005]}]}";
    let study = Study::configured(6, config, |rules| rules).await;
    let desk = study.join("ann").await;
    assert_eq!((desk.item.as_str(), desk.assigned), ("item_00001", 3));
    assert_eq!(list(&study, "ann", 9).await, [1, 3, 5]);
    assert_eq!(list(&study, "bob", 9).await, [1, 3]);
    study.store.register("cat", None).await.unwrap();
    let nothing = Went::Place(Place::Nothing(Nothing::NoBatchGroup));
    assert_eq!(study.store.arrive("cat").await.unwrap(), nothing);
}

#[tokio::test]
async fn a_field_of_the_item_may_name_its_annotators() {
    let config = "assignment_strategy: batch\nbatch_assignment: {annotator_key: category}";
    let study = Study::configured(8, config, |rules| rules).await;
    assert_eq!(list(&study, "a", 9).await, [0, 2, 4, 6]);
    assert_eq!(list(&study, "b", 9).await, [1, 2, 5, 6]);
}

#[tokio::test]
async fn groups_fill_evenly_with_whoever_comes_and_what_is_left_behind_is_taken_up() {
    let config = "assignment_strategy: batch\nnum_annotators_per_item: 2\nbatch_assignment:
  auto_assign_annotators: true
  groups:
  - {instances: [item_00000, item_00001]}
  - {instances: [item_00002, item_00003], max_annotators: 1}";
    let study = Study::configured(4, config, |rules| Rules { lease: Duration::ZERO, ..rules }).await;
    assert_eq!(list(&study, "ann", 9).await, [0, 1]);
    assert_eq!(study.join("bob").await.item, "item_00002");
    study.save("bob", "item_00002", "happy").await.unwrap();
    assert_eq!(list(&study, "cat", 9).await, [0, 1], "bob's group has one place");
    study.store.register("dan", None).await.unwrap();
    assert_eq!(study.store.arrive("dan").await.unwrap(), Went::Place(Place::Nothing(Nothing::Saturated)));
    lapse(&study).await;
    assert_eq!(list(&study, "dan", 9).await, [3], "bob left it");
}

#[tokio::test]
async fn a_merged_history_counts_when_the_least_annotated_is_looked_for() {
    let study = Study::new(4, by(Strategy::LeastAnnotated)).await;
    let other = study.elsewhere().await;
    assert_eq!(list(&other, "ann", 3).await, [0, 1, 2]);
    study.learn(&other).await;
    assert_eq!(study.join("bob").await.item, "item_00003");
}

#[tokio::test]
async fn who_is_still_there_gets_back_what_lapsed_at_the_end_of_the_list() {
    let study = Study::new(4, Rules { lease: Duration::ZERO, ..by(Strategy::LeastAnnotated) }).await;
    let desk = study.join("ann").await;
    study.save("ann", &desk.item, "happy").await.unwrap();
    lapse(&study).await;
    assert_eq!(list(&study, "ann", 4).await, [0, 1, 2, 3], "the two that lapsed among them");
}

#[tokio::test]
async fn a_store_of_the_older_layout_reads_its_data_again() {
    let study = Study::new(4, by(Strategy::FixedOrder)).await;
    assert_eq!(list(&study, "ann", 2).await, [0, 1]);
    let db = rusqlite::Connection::open(study.database()).unwrap();
    db.execute_batch(
        "DROP TABLE item; DROP TABLE shelf; DROP TABLE member; DROP TABLE walk; DROP INDEX assignment_lapsed;
         CREATE TABLE item (id TEXT PRIMARY KEY, ord INTEGER); PRAGMA user_version = 1;",
    )
    .unwrap();
    let newer = study.again().await;
    assert_eq!(newer.store.items().await.unwrap(), 4);
    assert_eq!(newer.store.item("item_00000").await.unwrap().unwrap().taken, 1);
    assert_eq!(list(&newer, "ann", 3).await, [1, 2, 3]);
}

#[tokio::test]
async fn another_strategy_counts_what_was_done_under_the_old_one() {
    let study = Study::new(4, by(Strategy::FixedOrder)).await;
    assert_eq!(list(&study, "ann", 2).await, [0, 1]);
    assert_eq!(study.join("bob").await.item, "item_00000");
    let other = study.with(by(Strategy::LeastAnnotated)).await;
    assert_eq!(list(&other, "cat", 1).await, [2]);
    // A process of the old rules is still there while others have the new ones.
    assert_eq!(list(&study, "bob", 4).await, [0, 1, 2, 3]);
    assert_eq!(list(&other, "dan", 4).await, [0, 2, 3, 1], "the one that three have comes last");
}

#[tokio::test]
async fn a_group_that_names_an_item_that_is_not_there_is_refused() {
    let study = Study::new(2, by(Strategy::Batch)).await;
    let groups = "assignment_strategy: batch\nbatch_assignment: {groups: [{instances: [item_00000, nix]}]}";
    let error = study.store.ingest(&study.config_with(groups)).await.unwrap_err();
    assert!(
        error.to_string().contains("groups[0]: names the item \"nix\", which is not in the data"),
        "{error}"
    );
    assert_eq!(study.store.items().await.unwrap(), 2, "what was there stays");
}
