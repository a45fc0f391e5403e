//! How the training goes: `training_state` of `user_state.json`.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Its keys are Potato's, in Potato's order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "the keys are Potato's")]
pub struct TrainingState {
    /// What came of each question so far.
    pub completed_questions: IndexMap<String, Tried>,
    /// Questions answered right.
    pub total_correct: u64,
    /// Questions that are over.
    pub total_attempts: u64,
    /// Wrong answers.
    pub total_mistakes: u64,
    /// All over, well.
    pub passed: bool,
    /// All over, badly.
    pub failed: bool,
    /// The question that is asked, from 0.
    pub current_question_index: usize,
    /// The questions' ids.
    pub training_instances: Vec<String>,
    /// Whether there is something to say about the last answer.
    pub show_feedback: bool,
    /// `info`, `success` or `error`.
    pub feedback_type: String,
    /// What is said.
    pub feedback_message: String,
    /// Whether the same question is asked again.
    pub allow_retry: bool,
    /// So many mistakes fail; -1 is no limit.
    pub max_mistakes: i64,
    /// So many at one question fail; -1 is no limit.
    pub max_mistakes_per_question: i64,
    /// Not kept here; carried through.
    pub category_scores: Map<String, Value>,
    /// How often it was begun.
    pub rounds_started: u64,
    /// Keys of later versions.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// What came of one question.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tried {
    /// Whether it is over, and how.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correct: Option<bool>,
    /// The last wrong answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answers: Option<Value>,
    /// How often it was answered.
    pub attempts: u64,
    /// Potato keeps a text here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
}

impl Default for TrainingState {
    fn default() -> Self {
        Self {
            completed_questions: IndexMap::new(),
            total_correct: 0,
            total_attempts: 0,
            total_mistakes: 0,
            passed: false,
            failed: false,
            current_question_index: 0,
            training_instances: Vec::new(),
            show_feedback: false,
            feedback_type: "info".to_owned(),
            feedback_message: String::new(),
            allow_retry: false,
            max_mistakes: -1,
            max_mistakes_per_question: -1,
            category_scores: Map::new(),
            rounds_started: 1,
            rest: Map::new(),
        }
    }
}

impl TrainingState {
    /// A number that changes with each graded answer, so that an answer sent twice is graded once.
    pub fn turn(&self) -> u64 {
        const ROUND: u64 = 1_000_000;
        self.rounds_started * ROUND + self.total_correct + self.total_mistakes
    }

    /// Says something about the last answer.
    pub(crate) fn say(&mut self, kind: &str, message: String) {
        (self.show_feedback, self.feedback_type, self.feedback_message) = (true, kind.to_owned(), message);
    }

    /// Says nothing any more.
    pub(crate) fn hush(&mut self) {
        let Self { show_feedback, feedback_type, feedback_message, .. } = Self::default();
        (self.show_feedback, self.feedback_type, self.feedback_message) =
            (show_feedback, feedback_type, feedback_message);
    }
}
