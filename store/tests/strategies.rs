//! Which item comes next, strategy by strategy.

use std::time::Duration;

use store::{Rules, Strategy};

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
    tokio::time::timeout(Duration::from_secs(5), async {
        while study.store.reclaim().await.unwrap() == 0 {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("the reservations lapse");
    assert_eq!(list(&study, "ann", 4).await, [0, 1, 2, 3], "the two that lapsed among them");
}
