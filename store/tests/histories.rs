//! I6 and I7: a history gives back the state, and histories merge to one state in any order.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};
use store::{HistoryError, StoreError, Tip};

use crate::study::{Study, rules, save};

#[tokio::test(flavor = "multi_thread")]
async fn a_history_restores_the_state_that_was_recorded_with_it() {
    let study = Study::new(5, rules()).await;
    for user in ["ann", "bob"] {
        let desk = study.join(user).await;
        study.save(user, &desk.item, "happy").await.unwrap();
        study.next(user, &desk.item).await.unwrap();
    }
    let seal = study.store.seal().await.unwrap();
    let origin = study.store.study().await.unwrap().origin;
    let lines = study.store.lines(0, seal.tip.last).await.unwrap();
    assert_eq!(lines.len() as u64, seal.tip.last);
    assert_eq!(study.store.lines(2, 4).await.unwrap(), lines[2..4]);

    let read = |lines: &[String]| {
        let mut tip = Tip::default();
        lines.iter().map(|line| Ok((origin, tip.read(origin, line)?))).collect::<Vec<Result<_, StoreError>>>()
    };
    let fresh = study.elsewhere().await;
    let expect = Some((seal.vector.clone(), seal.digest));
    let merged = fresh.store.union(Box::new(read(&lines).into_iter()), expect.clone()).await.unwrap();
    assert_eq!((merged.new, merged.users), (seal.tip.last, 2));
    assert_eq!(fresh.store.recount().await.unwrap(), seal.digest);
    assert_eq!(fresh.mood("bob", "item_00000").await.as_deref(), Some("happy"));
    assert_eq!(fresh.desk("ann").await.item, "item_00001", "everybody goes on where they were");

    let mut damaged = lines.clone();
    damaged[3] = damaged[3].replace("happy", "sadly");
    let refused = study.elsewhere().await;
    let error = refused.store.union(Box::new(read(&damaged).into_iter()), None).await.unwrap_err();
    assert!(matches!(error, StoreError::History(HistoryError::Chain { .. })), "{error}");
    let wrong = Some((seal.vector, store::Digest::default()));
    let error = refused.store.union(Box::new(read(&lines).into_iter()), wrong).await.unwrap_err();
    assert!(matches!(error, StoreError::Digest { .. }), "{error}");
    assert_eq!(refused.store.known("ann").await.unwrap(), None, "nothing of a refused history stays");
}

/// What annotators may do, in a few numbers.
#[derive(Clone, Debug)]
enum Act {
    Save { user: u8, label: u8, key: Option<u8> },
    Clear { user: u8 },
    Next { user: u8 },
    Back { user: u8 },
    Reclaim,
}

fn acts() -> impl Strategy<Value = Vec<(bool, Act)>> {
    let act = prop_oneof![
        4 => (0..3u8, 0..3u8, prop::option::of(0..4u8)).prop_map(|(user, label, key)| Act::Save { user, label, key }),
        1 => (0..3u8).prop_map(|user| Act::Clear { user }),
        3 => (0..3u8).prop_map(|user| Act::Next { user }),
        1 => (0..3u8).prop_map(|user| Act::Back { user }),
        1 => Just(Act::Reclaim),
    ];
    prop::collection::vec((any::<bool>(), act), 1..30)
}

/// The id of the item or page that the annotator is at.
async fn place(study: &Study, user: &str) -> Option<String> {
    match study.store.arrive(user).await.unwrap() {
        store::Went::Place(store::Place::At(desk)) => Some(desk.item),
        store::Went::Place(store::Place::Page(leaf)) => Some(leaf.id),
        _ => None,
    }
}

async fn act(study: &Study, act: &Act) {
    let name = |user: u8| format!("u{user}");
    match act {
        Act::Save { user, label, key } => {
            let user = name(*user);
            study.store.register(&user, None).await.unwrap();
            if let Some(place) = place(study, &user).await {
                let mut save = save(&user, &place, "mood", ["happy", "sad", "meh"][*label as usize]);
                save.key = key.map(|key| format!("key {key}"));
                study.store.save(save).await.unwrap();
            }
        }
        Act::Clear { user } => {
            let user = name(*user);
            if let Some(place) = place(study, &user).await {
                let mut clear = save(&user, &place, "mood", "x");
                clear.change.schemes["mood"].clear();
                study.store.save(clear).await.unwrap();
            }
        }
        Act::Next { user } => {
            study.store.go(&name(*user), store::Go::Next { from: None }).await.unwrap();
        }
        Act::Back { user } => {
            study.store.go(&name(*user), store::Go::Previous { from: None }).await.unwrap();
        }
        Act::Reclaim => {
            study.store.reclaim().await.unwrap();
        }
    }
}

const PHASES: &str = "
allow_phase_back_navigation: true
phases:
  consent: {annotation_schemes: [{annotation_type: text, name: mood, description: d}]}
  annotation:
  post: {type: poststudy, annotation_schemes: [{annotation_type: text, name: mood, description: d}]}
";

async fn two_stores_that_overlapped(phases: &str, acts: Vec<(bool, Act)>) -> Result<(), TestCaseError> {
    let limited =
        |rules| store::Rules { annotators_per_item: Some(2), lease: std::time::Duration::ZERO, ..rules };
    let a = Study::configured(3, phases, limited).await;
    let b = a.elsewhere().await;
    for (left, what) in &acts {
        act(if *left { &a } else { &b }, what).await;
    }
    let (c, d) = (a.elsewhere().await, a.elsewhere().await);
    c.learn(&a).await;
    c.learn(&b).await;
    d.learn(&b).await;
    d.learn(&a).await;
    a.learn(&b).await;
    b.learn(&a).await;
    let mut digests = Vec::new();
    let mut reached = Vec::new();
    for study in [&a, &b, &c, &d] {
        for user in ["u0", "u1", "u2"] {
            reached.push((user, study.store.view(user).await.unwrap().phase));
        }
        let seal = study.store.seal().await.unwrap();
        prop_assert_eq!(study.store.recount().await.unwrap(), seal.digest);
        digests.push(seal.digest);
    }
    prop_assert!(digests.iter().all(|digest| *digest == digests[0]), "digests differ: {:?}", digests);
    prop_assert!(reached.chunks(3).all(|of_store| *of_store == reached[..3]), "{:?}", reached);
    for n in 0..3 {
        let taken = c.store.item(&format!("item_{n:05}")).await.unwrap().unwrap().taken;
        let of_d = d.store.item(&format!("item_{n:05}")).await.unwrap().unwrap().taken;
        prop_assert_eq!(taken, of_d, "the count of an item does not depend on the order");
    }
    Ok(())
}

#[test]
fn stores_that_overlapped_merge_to_one_state_in_any_order() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let seed: u64 =
        std::env::var("SPUD_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(store::wall_millis);
    println!("SPUD_SEED={seed} replays this run");
    let config =
        Config { cases: 48, failure_persistence: None, rng_seed: RngSeed::Fixed(seed), ..Config::default() };
    let mut runner = TestRunner::new(config);
    for phases in ["", PHASES] {
        let run = |acts| runtime.block_on(two_stores_that_overlapped(phases, acts));
        runner.run(&acts(), run).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_went_back_in_time_takes_its_lost_events_in_and_numbers_on_elsewhere() {
    let study = Study::new(5, rules()).await;
    let desk = study.join("ann").await;
    study.save("ann", &desk.item, "happy").await.unwrap();
    let seal = study.store.seal().await.unwrap();
    let origin = study.store.study().await.unwrap().origin;
    let lines = study.store.lines(0, seal.tip.last).await.unwrap();

    // A twin with the same origin that knows less stands for the same disk set back to an older copy.
    let older = study.elsewhere().await;
    let mut tip = Tip::default();
    let events: Vec<_> = lines.iter().map(|line| Ok((origin, tip.read(origin, line).unwrap()))).collect();
    older.store.union(Box::new(events.into_iter()), None).await.unwrap();
    let new = older.store.study().await.unwrap().origin;
    assert_ne!(new, origin);
    older.save("ann", &desk.item, "sad").await.unwrap();
    study.learn(&older).await;
    assert_eq!(study.mood("ann", &desk.item).await.as_deref(), Some("sad"));
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_of_several_seals_are_each_told_once() {
    let study = Study::new(4, rules()).await;
    let mut lasts = Vec::new();
    for name in ["a", "b", "c"] {
        study.join(name).await;
        lasts.push(study.store.seal().await.unwrap().tip.last);
    }
    let origin = study.store.study().await.unwrap().origin;
    let (mut tip, lines) = (store::Tip::default(), study.store.lines(0, lasts[2]).await.unwrap());
    for line in &lines {
        tip.read(origin, line).unwrap();
    }
    assert_eq!(tip.last, lasts[2]);
    let part = study.store.lines(1, lasts[1]).await.unwrap();
    assert_eq!(part, lines[1..usize::try_from(lasts[1]).unwrap()]);
}
