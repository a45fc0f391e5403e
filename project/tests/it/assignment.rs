//! Who gets which items, as the config says it.

use project::config::{Fallback, Group, Strategy};

use crate::kit::{Project, RADIO, refusal};

fn with(rest: &str) -> String {
    format!("{RADIO}{rest}\n")
}

#[test]
fn each_strategy_without_a_model_has_its_word() {
    for (word, strategy) in [
        ("fixed_order", Strategy::FixedOrder),
        ("least_annotated", Strategy::LeastAnnotated),
        ("most_annotated", Strategy::MostAnnotated),
        ("max_diversity", Strategy::MaxDiversity),
        ("category_based", Strategy::CategoryBased),
        ("{name: random}", Strategy::Random),
    ] {
        let config = Project::new(&with(&format!("assignment_strategy: {word}"))).config();
        assert_eq!(config.assignment.strategy, strategy);
    }
    for word in ["active_learning", "llm_confidence", "diversity_clustering", "psychometric", "engine"] {
        let error = refusal(&with(&format!("assignment_strategy: {word}")));
        assert!(
            error.contains(&format!("{word} is known to Potato and not built here yet; built: fixed_order"))
        );
    }
}

#[test]
fn a_fallback_of_categories_is_read() {
    for (word, fallback) in [
        ("{fallback: random}", Fallback::Random),
        ("{fallback: none}", Fallback::None),
        ("{enabled: true}", Fallback::Uncategorized),
    ] {
        let config = Project::new(&with(&format!("category_assignment: {word}"))).config();
        assert_eq!(config.assignment.fallback, fallback);
    }
    let error = refusal(&with("category_assignment: {dynamic: {enabled: true}}"));
    assert!(error.contains("category_assignment.dynamic.enabled: true is known to Potato"), "{error}");
}

#[test]
fn batches_name_their_annotators_places_and_items() {
    let rest = "assignment_strategy: batch\nbatch_assignment:\n  auto_assign_annotators: true\n  groups:\n  \
                - {name: a, annotators: [ann], instances: [i1, 7]}\n  - {max_annotators: 3, instances: [i2]}";
    let batches = Project::new(&with(rest)).config().assignment.batches;
    assert!(batches.automatic);
    let first = Group {
        name: "a".to_owned(),
        annotators: vec!["ann".to_owned()],
        items: vec!["i1".to_owned(), "7".to_owned()],
        ..Group::default()
    };
    let second = Group {
        name: "group_1".to_owned(),
        places: Some(3),
        items: vec!["i2".to_owned()],
        ..Group::default()
    };
    assert_eq!(batches.groups, [first, second]);
    for (rest, said) in [
        ("assignment_strategy: batch", "batch needs batch_assignment"),
        ("batch_assignment: {groups: [{annotators: [ann]}]}", "groups[0].instances: is missing"),
        ("batch_assignment: {groups: [{instances: [a], slots: 0}]}", "groups[0].slots: must be 1 or more"),
        ("batch_assignment: {groups: [{data_file: no.json}]}", "\"no.json\" is not there"),
        ("batch_assignment: {groups: [{instances: [a], schemes: b}]}", "groups[0].schemes: is known"),
        ("batch_assignment: {group_by_condition: c}", "group_by_condition: is known"),
    ] {
        let error = refusal(&with(rest));
        assert!(error.contains(said), "{rest}: {error}");
    }
}
