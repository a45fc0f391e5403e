//! I3: never more annotators than the limit, nobody gets an item twice, every reservation ends.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use store::{Nothing, Place, SaveError, Strategy, Went};

use crate::study::{Study, rules};

/// Annotates up to `items` items; the ones that were acknowledged.
async fn annotate(study: &Study, user: &str, items: usize) -> Vec<String> {
    study.store.register(user, None).await.unwrap();
    let mut done = Vec::new();
    let Went::Place(Place::At(mut desk)) = study.store.arrive(user).await.unwrap() else {
        return done;
    };
    while done.len() < items {
        study.save(user, &desk.item, "happy").await.unwrap();
        done.push(desk.item.clone());
        match study.next(user, &desk.item).await {
            Some(next) => *desk = next,
            None => break,
        }
    }
    done
}

async fn crowd(strategy: Strategy, quota: Option<u32>) {
    let mut rules = rules();
    (rules.strategy, rules.annotators_per_item, rules.items_per_annotator) = (strategy, Some(2), quota);
    let study = Study::new(60, rules).await;
    let processes = [study.clone(), study.again().await, study.again().await];
    let tasks: Vec<_> = (0..12)
        .map(|n| {
            let study = processes[n % processes.len()].clone();
            tokio::spawn(async move { annotate(&study, &format!("u{n}"), 10).await })
        })
        .collect();
    let mut takers: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    let mut left_early = Vec::new();
    for (n, task) in tasks.into_iter().enumerate() {
        let done = task.await.unwrap();
        assert_eq!(done.iter().collect::<BTreeSet<_>>().len(), done.len(), "nobody gets an item twice");
        if done.len() < 10 {
            left_early.push(n);
        }
        for item in done {
            assert_eq!(study.mood(&format!("u{n}"), &item).await.as_deref(), Some("happy"));
            takers.entry(item).or_default().insert(n);
        }
    }
    assert!(takers.values().all(|users| users.len() <= 2), "an item has more than two: {takers:?}");
    // There are exactly as many places as answers are wanted; who got fewer had answered all that was left.
    for n in left_early {
        assert_eq!(strategy, Strategy::Random, "in a fixed order everybody finds enough");
        let open = takers.values().filter(|users| users.len() < 2);
        assert!(
            open.clone().all(|users| users.contains(&n)),
            "annotator {n} was sent away from an open item"
        );
        assert_eq!(takers.len(), 60, "annotator {n} was sent away from an item that nobody has");
    }
    let seal = study.store.seal().await.unwrap();
    assert_eq!(study.store.recount().await.unwrap(), seal.digest);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_in_three_processes_fills_each_item_exactly_in_order() {
    crowd(Strategy::FixedOrder, Some(10)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_in_three_processes_fills_each_item_exactly_at_random() {
    crowd(Strategy::Random, Some(10)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_limits_everybody_gets_everything_once() {
    for strategy in [Strategy::FixedOrder, Strategy::Random] {
        let study = Study::new(70, store::Rules { strategy, ..rules() }).await;
        let done = annotate(&study, "ann", 1_000).await;
        assert_eq!(done.iter().collect::<BTreeSet<_>>().len(), 70);
        assert_eq!(done.len(), 70);
        assert_eq!(done.is_sorted(), strategy == Strategy::FixedOrder);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reason_for_nothing_to_do_is_told() {
    let nothing = |study: Study| async move {
        study.store.register("ann", None).await.unwrap();
        study.store.arrive("ann").await.unwrap()
    };
    let reason = |why| Went::Place(Place::Nothing(why));
    assert_eq!(nothing(Study::new(0, rules()).await).await, reason(Nothing::NoData));
    let zero = store::Rules { items_per_annotator: Some(0), ..rules() };
    assert_eq!(nothing(Study::new(1, zero).await).await, reason(Nothing::ZeroQuota));
    let study = Study::new(1, store::Rules { annotators_per_item: Some(1), ..rules() }).await;
    annotate(&study, "bob", 1).await;
    assert_eq!(nothing(study).await, reason(Nothing::Saturated));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lapsed_item_goes_to_others_and_a_late_answer_is_kept_as_surplus() {
    let rules = store::Rules { annotators_per_item: Some(1), lease: Duration::ZERO, ..rules() };
    let study = Study::new(1, rules).await;
    let desk = study.join("ann").await;
    study.store.register("bob", None).await.unwrap();
    assert_eq!(study.store.arrive("bob").await.unwrap(), Went::Place(Place::Nothing(Nothing::Saturated)));
    tokio::time::timeout(Duration::from_secs(5), async {
        while study.store.reclaim().await.unwrap() == 0 {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("the reservation lapses");
    assert_eq!(study.desk("bob").await.item, desk.item);
    let late = study.save("ann", &desk.item, "sad").await.unwrap();
    assert!(late.surplus);
    let counted = study.save("bob", &desk.item, "happy").await.unwrap();
    assert!(!counted.surplus);
    assert_eq!(study.mood("ann", &desk.item).await.as_deref(), Some("sad"), "kept");
    assert_eq!(study.store.item(&desk.item).await.unwrap().unwrap().taken, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_gets_lapsed_items_back_if_nobody_took_them() {
    let rules = store::Rules {
        annotators_per_item: Some(1),
        lease: Duration::ZERO,
        items_per_annotator: Some(3),
        ..rules()
    };
    let study = Study::new(3, rules).await;
    let desk = study.join("ann").await;
    assert_eq!(desk.assigned, 3);
    tokio::time::timeout(Duration::from_secs(5), async {
        while study.store.reclaim().await.unwrap() == 0 {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("the reservations lapse");
    let back = study.desk("ann").await;
    assert_eq!((back.item, back.assigned), (desk.item, 3));
    assert!(study.save("ann", "item_00002", "sad").await.is_ok());
    assert!(!matches!(study.save("ann", "item_00001", "sad").await, Err(SaveError::NotAssigned { .. })));
}
