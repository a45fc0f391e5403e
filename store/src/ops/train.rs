//! The training: an answer is graded, then the question comes again, or the next, or the end.

use project::config::{Question, Training};
use project::schemes::{Answers, Labels};
use serde_json::{Map, Value};

use super::look::{self, Found, answers_of};
use super::{phases, record};
use crate::change::AnswerChange;
use crate::register::{Class, Key};
use crate::sqlite::Tx;
use crate::training::{TrainingState, Tried};
use crate::work::{Place, Went};
use crate::{Change, EventId, StoreError};

/// The key of `user_state.json`.
const STATE: &str = "training_state";

/// How the annotator's training goes.
pub(crate) fn state(tx: &Tx<'_>, user: &str) -> Result<TrainingState, StoreError> {
    let register = tx.register(&Key::of_user(user, Class::Carried, STATE))?;
    Ok(register.and_then(|register| serde_json::from_str(&register.value?).ok()).unwrap_or_default())
}

/// Grades the stored answer to the question that is asked. `turn` is that of the page; another is a repetition.
pub(crate) fn grade(
    tx: &mut Tx<'_>,
    user: &str,
    index: usize,
    turn: Option<u64>,
) -> Result<Went, StoreError> {
    let mut state = state(tx, user)?;
    let Some(training) = tx.rules().phases.training.as_ref().filter(|_| !state.passed) else {
        return phases::forward(tx, user, index);
    };
    if turn.is_some_and(|turn| turn != state.turn()) {
        return here(tx, user);
    }
    let page = tx.rules().phases.pages[index].id();
    let answers = answers_of(tx, user, &page)?.answers;
    // Questions may have been taken out of the file since.
    let at = state.current_question_index.min(training.questions.len().saturating_sub(1));
    let question = &training.questions[at];
    (state.current_question_index, state.training_instances) =
        (at, training.questions.iter().map(|question| question.item.id.clone()).collect());
    (state.max_mistakes, state.max_mistakes_per_question) =
        (limit(training.max_mistakes), limit(training.max_mistakes_per_question));
    match mark(&mut state, training, question, &answers) {
        After::Again => {
            phases::carry(tx, user, STATE, &state)?;
            here(tx, user)
        }
        After::Next => {
            clear(tx, user, &page, &answers)?;
            phases::carry(tx, user, STATE, &state)?;
            here(tx, user)
        }
        After::Passed => {
            phases::carry(tx, user, STATE, &state)?;
            phases::forward(tx, user, index)
        }
        After::Failed => {
            phases::carry(tx, user, STATE, &state)?;
            phases::finish(tx, user)
        }
    }
}

fn limit(limit: Option<u32>) -> i64 {
    limit.map_or(-1, i64::from)
}

/// What comes after an answer.
enum After {
    /// The same question.
    Again,
    /// Another question, with an empty form.
    Next,
    Passed,
    Failed,
}

fn mark(state: &mut TrainingState, training: &Training, question: &Question, answers: &Answers) -> After {
    let tried = state.completed_questions.entry(question.item.id.clone()).or_default();
    let attempts = tried.attempts + 1;
    let right = question.is_right(answers);
    state.allow_retry = false;
    if right {
        *tried = Tried { correct: Some(true), answers: None, attempts, explanation: Some(String::new()) };
        state.total_correct += 1;
        state.say("success", "Correct! Moving to next question.".to_owned());
    } else {
        let again = training.allow_retry;
        *tried = Tried {
            correct: (!again).then_some(false),
            answers: Some(Value::Object(told(answers))),
            attempts,
            explanation: None,
        };
        state.total_mistakes += 1;
        state.say("error", words(training, question));
        let over = |made: u64, limit: Option<u32>| limit.is_some_and(|limit| made >= u64::from(limit));
        if over(state.total_mistakes, training.max_mistakes)
            || over(attempts, training.max_mistakes_per_question)
        {
            return fail(state, training);
        }
        if again {
            state.allow_retry = true;
            return After::Again;
        }
    }
    state.total_attempts += 1;
    if state.current_question_index + 1 < training.questions.len() {
        state.current_question_index += 1;
        return After::Next;
    }
    if state.total_correct < u64::from(training.min_correct) {
        return fail(state, training);
    }
    state.passed = true;
    state.hush();
    After::Passed
}

fn fail(state: &mut TrainingState, training: &Training) -> After {
    if !training.repeats {
        state.failed = true;
        return After::Failed;
    }
    let fresh = TrainingState {
        rounds_started: state.rounds_started + 1,
        training_instances: std::mem::take(&mut state.training_instances),
        max_mistakes: state.max_mistakes,
        max_mistakes_per_question: state.max_mistakes_per_question,
        ..TrainingState::default()
    };
    let last = std::mem::replace(state, fresh).feedback_message;
    state.say("error", format!("{last} That were too many mistakes: the questions begin anew."));
    After::Next
}

fn words(training: &Training, question: &Question) -> String {
    match question.explanation.trim() {
        explanation if training.show_explanations && !explanation.is_empty() => {
            format!("Incorrect. {explanation}")
        }
        _ => "Incorrect.".to_owned(),
    }
}

/// Scheme → what was chosen, as Potato keeps it.
fn told(answers: &Answers) -> Map<String, Value> {
    let one = |labels: &Labels| match labels.values().collect::<Vec<_>>().as_slice() {
        [only] => (*only).clone(),
        several => several.iter().map(|value| (*value).clone()).collect(),
    };
    answers.iter().map(|(scheme, labels)| (scheme.clone(), one(labels))).collect()
}

fn clear(tx: &mut Tx<'_>, user: &str, page: &str, answers: &Answers) -> Result<(), StoreError> {
    if answers.is_empty() {
        return Ok(());
    }
    let schemes = answers.keys().map(|scheme| (scheme.clone(), Labels::new())).collect();
    let change = Change::Answers(AnswerChange { schemes, ..AnswerChange::default() });
    record(tx, EventId::new(), user, Some(page), &change)?;
    Ok(())
}

/// The place as it is now.
fn here(tx: &Tx<'_>, user: &str) -> Result<Went, StoreError> {
    Ok(match look::find(tx, user)? {
        Found::At(place) => Went::Place(place),
        Found::Nobody => Went::NoAnnotator,
        Found::Lost => Went::Place(Place::Nothing(crate::work::Nothing::NoData)),
    })
}
