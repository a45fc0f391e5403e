//! Saves: versions, repetitions, registers.

use serde_json::Value;
use store::{Go, Place, SaveError, Stamp, Went};

use crate::study::{Study, at, rules, save};

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_answer_is_there_for_every_process() {
    let study = Study::new(3, rules()).await;
    let desk = study.join("ann").await;
    study.save("ann", &desk.item, "happy").await.unwrap();
    let other = study.again().await;
    assert_eq!(other.mood("ann", &desk.item).await.as_deref(), Some("happy"));
    study.save("ann", &desk.item, "sad").await.unwrap();
    assert_eq!(other.mood("ann", &desk.item).await.as_deref(), Some("sad"));
    assert_eq!(other.desk("ann").await.answered, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_key_changes_nothing_and_is_told_the_same() {
    let study = Study::new(3, rules()).await;
    let desk = study.join("ann").await;
    let mut first = save("ann", &desk.item, "mood", "happy");
    first.key = Some("k1".to_owned());
    let told = study.store.save(first.clone()).await.unwrap();
    assert!(!told.repeated);
    let again = study.again().await.store.save(first.clone()).await.unwrap();
    assert!(again.repeated);
    assert_eq!(again.version, told.version);
    study.save("ann", &desk.item, "sad").await.unwrap();
    study.store.save(first).await.unwrap();
    assert_eq!(
        study.mood("ann", &desk.item).await.as_deref(),
        Some("sad"),
        "a late repetition does not undo"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_version_is_refused_with_both_values_and_another_scheme_is_not_stale() {
    let study = Study::new(3, rules()).await;
    let desk = study.join("ann").await;
    let seen = desk.stored.version;
    assert_eq!(seen, Stamp::default());
    let mut first = save("ann", &desk.item, "mood", "happy");
    first.seen = Some(seen);
    let told = study.store.save(first).await.unwrap();

    let mut stale = save("ann", &desk.item, "mood", "sad");
    stale.seen = Some(seen);
    let Err(SaveError::Conflict(conflict)) = study.store.save(stale.clone()).await else {
        panic!("a stale save was taken");
    };
    assert_eq!(conflict.version, told.version);
    assert!(conflict.stored["mood"].contains_key("happy"));
    assert!(conflict.refused.schemes["mood"].contains_key("sad"));
    assert_eq!(study.mood("ann", &desk.item).await.as_deref(), Some("happy"));

    let mut other = save("ann", &desk.item, "topics", "food");
    other.seen = Some(seen);
    study.store.save(other).await.unwrap();
    stale.seen = Some(told.version);
    study.store.save(stale).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cleared_scheme_takes_the_item_off_the_answered_ones() {
    let study = Study::new(3, rules()).await;
    let desk = study.join("ann").await;
    study.save("ann", &desk.item, "happy").await.unwrap();
    let mut clear = save("ann", &desk.item, "mood", "x");
    clear.change.schemes["mood"].clear();
    study.store.save(clear).await.unwrap();
    let desk = study.desk("ann").await;
    assert!(desk.stored.is_empty());
    assert_eq!((desk.answered, desk.assigned), (0, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn single_labels_and_whole_schemes_overrule_each_other_by_time() {
    let study = Study::new(3, rules()).await;
    let desk = study.join("ann").await;
    let label = |text: &str, value: Value| {
        let mut one = save("ann", &desk.item, "why", "x");
        one.change.schemes.clear();
        one.change.labels.insert("why".to_owned(), [(text.to_owned(), value)].into_iter().collect());
        one
    };
    study.store.save(label("a", "1".into())).await.unwrap();
    study.store.save(label("b", "2".into())).await.unwrap();
    let stored = study.store.stored("ann", &desk.item).await.unwrap();
    assert_eq!(stored.answers["why"].len(), 2);
    study.store.save(save("ann", &desk.item, "why", "c")).await.unwrap();
    study.store.save(label("d", "4".into())).await.unwrap();
    study.store.save(label("c", Value::Null)).await.unwrap();
    let stored = study.store.stored("ann", &desk.item).await.unwrap();
    assert_eq!(stored.answers["why"].keys().collect::<Vec<_>>(), ["d"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_and_strange_items_are_refused() {
    let study = Study::new(3, rules()).await;
    assert!(matches!(study.save("eve", "item_00000", "sad").await, Err(SaveError::NoAnnotator(_))));
    study.store.register("ann", None).await.unwrap();
    assert!(matches!(study.save("ann", "nope", "sad").await, Err(SaveError::NoItem(_))));
    study.desk("ann").await;
    assert!(matches!(study.save("ann", "item_00002", "sad").await, Err(SaveError::NotAssigned { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_next_skips_nothing() {
    let study = Study::new(4, rules()).await;
    let first = study.join("ann").await;
    let second = study.next("ann", &first.item).await.unwrap();
    assert_eq!(study.next("ann", &first.item).await.unwrap().item, second.item);
    let back = at(study.store.go("ann", Go::Previous { from: Some(second.item.clone()) }).await.unwrap());
    assert_eq!(back.item, first.item);
    assert_eq!(at(study.store.go("ann", Go::To(1)).await.unwrap()).item, second.item);
    assert_eq!(at(study.store.go("ann", Go::To(7)).await.unwrap()).item, second.item);
    study.save("ann", &second.item, "sad").await.unwrap();
    assert_eq!(at(study.store.go("ann", Go::NextUnanswered).await.unwrap()).item, first.item);
    study.save("ann", &first.item, "sad").await.unwrap();
    assert_eq!(study.store.go("ann", Go::NextUnanswered).await.unwrap(), Went::NoneUnanswered);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_through_is_done_and_can_still_correct() {
    let study = Study::new(2, rules()).await;
    let first = study.join("ann").await;
    study.save("ann", &first.item, "sad").await.unwrap();
    let second = study.next("ann", &first.item).await.unwrap();
    study.save("ann", &second.item, "sad").await.unwrap();
    assert!(study.next("ann", &second.item).await.is_none());
    assert_eq!(
        study.store.arrive("ann").await.unwrap(),
        Went::Place(Place::Done { answered: 2, end: store::End::Complete })
    );
    study.save("ann", &first.item, "happy").await.unwrap();
    assert_eq!(study.mood("ann", &first.item).await.as_deref(), Some("happy"));
}
