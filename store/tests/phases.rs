//! The way through consent, surveys, training, items and the end.

use std::collections::BTreeMap;

use project::user_state::UserState;
use serde_json::json;
use store::{End, Go, Leaf, Place, SaveError, Went};

use crate::study::{Study, save};

const CONSENT: &str = "__phase_page__/consent/consent";
const PRE: &str = "__phase_page__/prestudy/pre";
const MORE: &str = "__phase_page__/prestudy/more";
const POST: &str = "__phase_page__/poststudy/post";

const PHASES: &str = "
max_annotations_per_user: 2
phases:
  order: [consent, pre, more, annotation, post]
  consent: {annotation_schemes: [{annotation_type: radio, name: agree, description: d, labels: [\"yes\", \"no\"]}]}
  pre:
    type: prestudy
    annotation_schemes:
      - {annotation_type: radio, name: age, description: d, labels: [young, old]}
      - {annotation_type: text, name: job, description: d}
    exit_when: {show_when: [{schema: agree, operator: equals, value: \"no\"}], message: Not without consent.}
  more:
    type: prestudy
    show_when: [{schema: age, operator: equals, value: old}]
    annotation_schemes: [{annotation_type: radio, name: since, description: d, labels: [long, short]}]
  annotation: {type: annotation}
  post: {type: poststudy, annotation_schemes: [{annotation_type: radio, name: fun, description: d, labels: [much, little]}]}
";

async fn study(config: &str) -> Study {
    Study::configured(3, config, |rules| rules).await
}

async fn joined(config: &str) -> Study {
    let study = study(config).await;
    study.store.register("ann", None).await.unwrap();
    study
}

/// The id of the item or page, or `done`.
fn id(went: Went) -> String {
    match went {
        Went::Place(Place::At(desk)) => desk.item,
        Went::Place(Place::Page(leaf)) => leaf.id,
        Went::Place(Place::Done { .. }) => "done".to_owned(),
        other => panic!("went to {other:?}"),
    }
}

async fn place(study: &Study) -> String {
    id(study.store.arrive("ann").await.unwrap())
}

async fn next(study: &Study) -> String {
    let from = Some(place(study).await);
    id(study.store.go("ann", Go::Next { from }).await.unwrap())
}

async fn back(study: &Study) -> String {
    let from = Some(place(study).await);
    id(study.store.go("ann", Go::Previous { from }).await.unwrap())
}

async fn say(study: &Study, page: &str, scheme: &str, label: &str) {
    study.store.save(save("ann", page, scheme, label)).await.unwrap();
}

async fn answers(study: &Study, page: &str) -> BTreeMap<String, Vec<String>> {
    let stored = study.store.stored("ann", page).await.unwrap().answers;
    stored.into_iter().map(|(scheme, labels)| (scheme, labels.into_keys().collect())).collect()
}

#[tokio::test]
async fn everybody_goes_from_the_first_page_to_the_end_and_is_where_he_was_after_any_crash() {
    let study = joined(PHASES).await;
    let mut way = vec![place(&study).await];
    for (page, scheme, label) in [
        (CONSENT, "agree", "yes"),
        (PRE, "age", "old"),
        (MORE, "since", "long"),
        ("", "", ""),
        ("", "", ""),
        (POST, "fun", "much"),
    ] {
        if page.is_empty() {
            study.save("ann", &place(&study).await, "happy").await.unwrap();
        } else {
            say(&study, page, scheme, label).await;
        }
        way.push(next(&study).await);
        assert_eq!(place(&study.again().await).await, *way.last().unwrap(), "another process sees the same");
    }
    assert_eq!(way, [CONSENT, PRE, MORE, "item_00000", "item_00001", POST, "done"]);
    let view = study.store.view("ann").await.unwrap();
    assert_eq!(view.phase, ("done".to_owned(), None));
    assert_eq!(view.items.keys().collect::<Vec<_>>(), ["item_00000", "item_00001"], "pages are no items");
    let desk = study.store.desk("ann", "item_00000").await.unwrap().unwrap();
    assert_eq!((desk.assigned, desk.answered), (2, 2));
    let seal = study.store.seal().await.unwrap();
    assert_eq!(study.store.recount().await.unwrap(), seal.digest);
}

#[tokio::test]
async fn a_step_that_is_sent_twice_is_taken_once() {
    let study = joined(PHASES).await;
    for _ in 0..2 {
        let from = Some(CONSENT.to_owned());
        assert_eq!(id(study.store.go("ann", Go::Next { from }).await.unwrap()), PRE);
    }
}

#[tokio::test]
async fn one_may_look_back_without_losing_the_way() {
    let within = joined(PHASES).await;
    assert_eq!(back(&within).await, CONSENT, "there is nothing before the first");
    next(&within).await;
    assert_eq!(back(&within).await, PRE, "another phase is closed");
    say(&within, PRE, "age", "old").await;
    assert_eq!(next(&within).await, MORE);
    assert_eq!(back(&within).await, PRE, "within a phase one may go back");
    assert_eq!(place(&within.again().await).await, PRE);
    assert_eq!(
        within.store.view("ann").await.unwrap().phase,
        ("prestudy".to_owned(), Some("more".to_owned()))
    );
    assert_eq!((next(&within).await, next(&within).await), (MORE.to_owned(), "item_00000".to_owned()));
    assert_eq!(back(&within).await, "item_00000");

    let over = joined(&format!("{PHASES}allow_phase_back_navigation: true\n")).await;
    say(&over, CONSENT, "agree", "yes").await;
    let mut way = Vec::new();
    for _ in 0..4 {
        let here = next(&over).await;
        if here.starts_with("item") {
            over.save("ann", &here, "happy").await.unwrap();
        }
        way.push(here);
    }
    assert_eq!(way, [PRE, "item_00000", "item_00001", POST]);
    let mut way = Vec::new();
    for _ in 0..4 {
        way.push(back(&over).await);
    }
    assert_eq!(way, ["item_00001", "item_00000", PRE, CONSENT]);
    let mut way = Vec::new();
    for _ in 0..5 {
        way.push(next(&over).await);
    }
    assert_eq!(way, [PRE, "item_00000", "item_00001", POST, "done"], "forward again over the same places");
}

#[tokio::test]
async fn a_late_save_goes_to_the_page_that_it_names() {
    let study = joined(PHASES).await;
    let early = study.store.save(save("ann", PRE, "age", "old")).await;
    assert!(matches!(early, Err(SaveError::NotAssigned { .. })), "{early:?}");
    let nowhere = study.store.save(save("ann", "__phase_page__/consent/other", "agree", "yes")).await;
    assert!(matches!(nowhere, Err(SaveError::NoItem(_))), "{nowhere:?}");
    next(&study).await;
    next(&study).await;
    let item = place(&study).await;
    say(&study, CONSENT, "agree", "yes").await;
    assert_eq!(answers(&study, CONSENT).await["agree"], ["yes"]);
    assert!(answers(&study, &item).await.is_empty());
    let raw = study.store.view("ann").await.unwrap().to_user_state(None);
    assert_eq!(raw.phase_labels["consent"]["consent"][0].name, "yes");
    assert!(raw.labels.is_empty());
}

#[tokio::test]
async fn two_devices_that_differ_are_told() {
    let study = joined(PHASES).await;
    let seen = study.store.stored("ann", CONSENT).await.unwrap().version;
    say(&study, CONSENT, "agree", "yes").await;
    let stale = store::Save { seen: Some(seen), ..save("ann", CONSENT, "agree", "no") };
    let Err(SaveError::Conflict(conflict)) = study.store.save(stale).await else {
        panic!("overwritten unseen")
    };
    assert!(conflict.stored["agree"].contains_key("yes"));
}

#[tokio::test]
async fn who_answers_so_is_screened_out() {
    let study = joined(PHASES).await;
    say(&study, CONSENT, "agree", "no").await;
    assert_eq!((next(&study).await, next(&study).await), (PRE.to_owned(), "done".to_owned()));
    let end = End::ScreenedOut("Not without consent.".to_owned());
    assert_eq!(study.store.arrive("ann").await.unwrap(), Went::Place(Place::Done { answered: 0, end }));
    let late = study.store.save(save("ann", PRE, "age", "old")).await;
    assert!(matches!(late, Err(SaveError::Left(_))), "{late:?}");
    let raw = study.store.view("ann").await.unwrap().to_user_state(None);
    assert_eq!(raw.rest["prestudy_passed"], json!(false));
    let screened = &raw.rest["flow_record"]["screened_out"];
    assert_eq!((&screened["page"], &screened["message"]), (&json!("pre"), &json!("Not without consent.")));
    assert!(screened["at"].is_f64());
}

#[tokio::test]
async fn an_answer_that_was_hidden_since_sends_nobody_away() {
    let study = joined(
        "
phases:
  consent:
    annotation_schemes:
      - {annotation_type: radio, name: ill, description: d, labels: [\"yes\", \"no\"]}
      - annotation_type: radio
        name: badly
        description: d
        labels: [much, little]
        display_logic: {show_when: [{schema: ill, operator: equals, value: \"yes\"}]}
    exit_when: {show_when: [{schema: badly, operator: equals, value: much}]}
",
    )
    .await;
    say(&study, CONSENT, "ill", "yes").await;
    say(&study, CONSENT, "badly", "much").await;
    say(&study, CONSENT, "ill", "no").await;
    assert_eq!(next(&study).await, "item_00000");
    assert_eq!(answers(&study, CONSENT).await["badly"], ["much"], "it is kept all the same");
}

#[tokio::test]
async fn a_page_that_is_not_shown_is_noted() {
    let study = joined(PHASES).await;
    next(&study).await;
    say(&study, PRE, "age", "young").await;
    assert_eq!(next(&study).await, "item_00000");
    let raw = study.store.view("ann").await.unwrap().to_user_state(None);
    let skipped = &raw.rest["flow_record"]["skipped_pages"];
    assert_eq!(
        (&skipped[0]["phase"], &skipped[0]["page"], &skipped[1]),
        (&json!("prestudy"), &json!("more"), &json!(null))
    );
}

#[tokio::test]
async fn two_stores_that_overlapped_end_at_the_furthest_with_all_answers() {
    let (a, b) = (joined(PHASES).await, study(PHASES).await);
    say(&a, CONSENT, "agree", "yes").await;
    b.learn(&a).await;
    next(&b).await;
    say(&b, PRE, "age", "old").await;
    assert_eq!(next(&b).await, MORE);
    back(&b).await;
    next(&a).await;
    say(&a, PRE, "job", "cook").await;
    a.learn(&b).await;
    b.learn(&a).await;
    let mut digests = Vec::new();
    for study in [&a, &b] {
        let view = study.store.view("ann").await.unwrap();
        assert_eq!(view.phase, ("prestudy".to_owned(), Some("more".to_owned())));
        let answers = answers(study, PRE).await;
        assert_eq!((&answers["age"][0][..], &answers["job"][0][..]), ("old", "cook"));
        digests.push(study.store.seal().await.unwrap().digest);
    }
    assert_eq!(digests[0], digests[1]);
    assert_eq!(place(&a).await, place(&b).await);
}

#[tokio::test]
async fn what_was_reached_counts_even_if_the_project_moves_its_pages() {
    let study = joined(PHASES).await;
    next(&study).await;
    next(&study).await;
    let changed = study.config_with("").phases;
    let mut rules = store::Rules::from_config(&study.config_with(""));
    // The surveys are gone, so that the annotation stands earlier than it was reached.
    rules.phases.pages =
        changed.pages.into_iter().filter(|page| page.name != "pre" && page.name != "more").collect();
    let other = study.with(rules).await;
    assert_eq!(place(&other).await, "item_00000");
    assert_eq!(
        (next(&other).await, next(&other).await, next(&other).await),
        ("item_00001".to_owned(), POST.to_owned(), "done".to_owned())
    );
}

#[tokio::test]
async fn a_file_of_potato_with_all_phases_is_taken_over_and_written_back() {
    let study = study(PHASES).await;
    let file = |pages: &str| {
        let text = format!(
            r#"{{"user_id": "ann", "current_phase_and_page": ["prestudy", "pre"], "phase_to_page_to_label_to_value":
                {{"consent": {{"consent": [[{{"schema": "agree", "name": "yes"}}, "yes"]]}}, {pages} "done": {{"null": [[{{"schema": "mood", "name": "sad"}}, "sad"]]}}}}}}"#
        );
        UserState::parse(text.as_bytes()).unwrap()
    };
    study.store.import("ann", &file(""), None, 1_000).await.unwrap();
    assert_eq!(place(&study).await, PRE);
    assert_eq!(answers(&study, CONSENT).await["agree"], ["yes"]);
    let view = study.store.view("ann").await.unwrap();
    assert_eq!(
        view.to_user_state(None).phase_labels,
        file("").phase_labels,
        "what was misfiled there is kept, too"
    );
    let seq = view.seq;
    let changed = file(r#""prestudy": {"pre": [[{"schema": "age", "name": "old"}, "old"]]},"#);
    assert_eq!(study.store.import("ann", &changed, Some(seq), 2_000).await.unwrap(), 1);
    assert_eq!(answers(&study, PRE).await["age"], ["old"]);
    assert_eq!(study.store.import("ann", &changed, Some(seq), 3_000).await.unwrap(), 0);
}

/// A study with a training of two questions.
async fn training(criteria: &str) -> Study {
    let config = format!(
        "phases: {{training: {{type: training}}}}\ntraining: {{data_file: train.json, {criteria}}}\n"
    );
    let questions = json!({"training_instances": [
        {"id": "t1", "text": "So glad!", "correct_answers": {"mood": "happy"}, "explanation": "glad is happy"},
        {"id": "t2", "text": "Woe", "correct_answers": {"mood": "sad"}},
    ]});
    let study = Study::with_files(3, &config, &[("train.json", &questions.to_string())]).await;
    study.store.register("ann", None).await.unwrap();
    study
}

const TRAIN: &str = "__phase_page__/training/training";

/// Answers the question that is asked.
async fn tell(study: &Study, mood: &str) -> Went {
    say(study, TRAIN, "mood", mood).await;
    let turn = at(study.store.arrive("ann").await.unwrap()).training.unwrap().turn();
    study.store.go("ann", Go::Graded { from: Some(TRAIN.to_owned()), turn }).await.unwrap()
}

fn at(went: Went) -> Leaf {
    match went {
        Went::Place(Place::Page(leaf)) => *leaf,
        other => panic!("went to {other:?}"),
    }
}

#[tokio::test]
async fn training_goes_on_with_right_answers_and_asks_again_after_wrong_ones() {
    let study = training("allow_retry: true, passing_criteria: {max_mistakes: 3}").await;
    let leaf = at(tell(&study, "sad").await);
    let state = leaf.training.unwrap();
    assert_eq!((state.current_question_index, &state.feedback_message[..]), (0, "Incorrect. glad is happy"));
    assert!(!leaf.stored.is_empty() && state.allow_retry);
    let leaf = at(tell(&study, "happy").await);
    let state = leaf.training.unwrap();
    assert_eq!((state.current_question_index, &state.feedback_type[..]), (1, "success"));
    assert!(leaf.stored.is_empty(), "the next question has an empty form");
    assert_eq!(id(tell(&study, "sad").await), "item_00000");
    let raw = study.store.view("ann").await.unwrap().to_user_state(None);
    let state = &raw.rest["training_state"];
    let expected = json!({"t1": {"correct": true, "attempts": 2, "explanation": ""}, "t2": {"correct": true, "attempts": 1, "explanation": ""}});
    assert_eq!(state["completed_questions"], expected);
    assert_eq!(
        (&state["passed"], &state["total_mistakes"], &state["max_mistakes"]),
        (&json!(true), &json!(1), &json!(3))
    );
}

#[tokio::test]
async fn an_answer_that_is_sent_twice_is_one_mistake() {
    let study = training("allow_retry: true, passing_criteria: {max_mistakes: 2}").await;
    say(&study, TRAIN, "mood", "sad").await;
    let turn = at(study.store.arrive("ann").await.unwrap()).training.unwrap().turn();
    for _ in 0..3 {
        let leaf = at(study.store.go("ann", Go::Graded { from: None, turn }).await.unwrap());
        assert_eq!(leaf.training.unwrap().total_mistakes, 1);
    }
}

#[tokio::test]
async fn who_makes_too_many_mistakes_leaves_or_begins_anew() {
    let study = training("allow_retry: true, passing_criteria: {max_mistakes: 2}").await;
    tell(&study, "sad").await;
    let end = End::NotTrained;
    assert_eq!(tell(&study, "sad").await, Went::Place(Place::Done { answered: 0, end }));

    let study = training("passing_criteria: {max_mistakes: 2}, failure_action: repeat_training").await;
    assert_eq!(
        at(tell(&study, "sad").await).training.unwrap().current_question_index,
        1,
        "there is no second try"
    );
    let state = at(tell(&study, "happy").await).training.unwrap();
    assert_eq!((state.current_question_index, state.rounds_started, state.total_mistakes), (0, 2, 0));
    tell(&study, "happy").await;
    assert_eq!(id(tell(&study, "sad").await), "item_00000");
}
