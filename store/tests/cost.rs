//! What the next item costs in a small and in a large corpus. By hand, with a release build:
//! `TMPDIR=/dev/shm cargo test --release -p store --test store cost -- --ignored --nocapture`

use std::time::{Duration, Instant};

use project::user_state::UserState;

use crate::study::Study;

const SMALL: usize = 1_000;
const LARGE: usize = 1_000_000;
/// Annotators, and items that each answers.
const CROWD: (usize, usize) = (15, 60);

const STRATEGIES: [&str; 7] = [
    "fixed_order",
    "random",
    "least_annotated",
    "most_annotated",
    "max_diversity",
    "category_based",
    "batch\nbatch_assignment: {auto_assign_annotators: true, groups: [{data_file: data/items.jsonl}]}",
];

/// Medians of a first arrival and of a next item.
async fn measure(strategy: &str, items: usize) -> [Duration; 2] {
    let config = format!("assignment_strategy: {strategy}\nnum_annotators_per_item: 20");
    let study = Study::configured(items, &config, |rules| rules).await;
    let (mut arrivals, mut nexts) = (Vec::new(), Vec::new());
    let mut desks = Vec::new();
    for n in 0..CROWD.0 {
        let user = format!("u{n}");
        study.store.register(&user, None).await.unwrap();
        let text = format!(r#"{{"user_id": "{user}", "qualified_categories": ["a", "b"]}}"#);
        let state = UserState::parse(text.as_bytes()).unwrap();
        study.store.import(&user, &state, None, 1_000).await.unwrap();
        let begun = Instant::now();
        let desk = study.desk(&user).await;
        arrivals.push(begun.elapsed());
        desks.push((user, desk));
    }
    for _ in 0..CROWD.1 {
        for (n, (user, desk)) in desks.iter_mut().enumerate() {
            study.save(user, &desk.item, if n % 2 == 0 { "happy" } else { "sad" }).await.unwrap();
            let begun = Instant::now();
            *desk = study.next(user, &desk.item).await.unwrap();
            nexts.push(begun.elapsed());
        }
    }
    [arrivals, nexts].map(|mut times| {
        times.sort_unstable();
        times[times.len() / 2]
    })
}

#[tokio::test]
#[ignore = "a measurement: minutes, and a release build"]
async fn the_next_item_costs_the_same_in_a_large_corpus() {
    for strategy in STRATEGIES {
        let (small, large) = (measure(strategy, SMALL).await, measure(strategy, LARGE).await);
        let word = strategy.lines().next().unwrap_or_default();
        for (what, small, large) in [("arrival", small[0], large[0]), ("next", small[1], large[1])] {
            let ratio = large.as_secs_f64() / small.as_secs_f64();
            println!("{word:16} {what:8} {SMALL}: {small:>9.1?}  {LARGE}: {large:>9.1?}  {ratio:.2} times");
            assert!(ratio < 2.0, "{word}: {what} costs {ratio:.2} times as much with {LARGE} items");
        }
    }
}
