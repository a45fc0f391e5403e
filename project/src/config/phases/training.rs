//! `training`: questions with right answers that come before the work.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::order::Entry;
use crate::config::{ConfigError, Section, file};
use crate::items::Item;
use crate::schemes::{self, Answers, Scheme};

const KEYS: &[&str] = &[
    "enabled",
    "data_file",
    "annotation_schemes",
    "passing_criteria",
    "feedback",
    "allow_retry",
    "failure_action",
];

/// What is trained, and what it takes to pass.
#[derive(Debug, Clone, PartialEq)]
pub struct Training {
    /// In the order of the file; never empty.
    pub questions: Vec<Question>,
    /// Those schemes of the annotation that are trained.
    pub schemes: Vec<Scheme>,
    /// How many right answers pass.
    pub min_correct: u32,
    /// So many mistakes fail.
    pub max_mistakes: Option<u32>,
    /// So many mistakes at one question fail.
    pub max_mistakes_per_question: Option<u32>,
    /// Whether a wrong answer is told the explanation.
    pub show_explanations: bool,
    /// Whether a question is asked again until it is answered right.
    pub allow_retry: bool,
    /// Whether who fails begins anew, instead of leaving the study.
    pub repeats: bool,
}

/// One question.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Its id and fields, as those of an item.
    pub item: Item,
    /// What is right, by scheme.
    pub correct: IndexMap<String, Value>,
    /// Why; empty where nothing is said.
    pub explanation: String,
}

impl Question {
    /// Whether all that is asked is answered right.
    pub fn is_right(&self, answers: &Answers) -> bool {
        self.correct.iter().all(|(scheme, correct)| {
            let wanted = set(match correct {
                Value::Array(list) => list.iter().collect(),
                one => vec![one],
            });
            let given = answers.get(scheme).map(|labels| labels.values().collect()).unwrap_or_default();
            set(given) == wanted
        })
    }
}

/// Values as they are compared: numbers as numbers, text whatever its case.
fn set(values: Vec<&Value>) -> BTreeSet<String> {
    let word = |value: &Value| {
        let text = match value {
            Value::String(text) => text.trim().to_lowercase(),
            other => other.to_string().to_lowercase(),
        };
        text.parse::<f64>().map_or(text, |number| number.to_string())
    };
    values.into_iter().map(word).collect()
}

pub(super) fn is_enabled(top: &Section<'_>) -> Result<bool, ConfigError> {
    match top.section("training")? {
        Some(training) => Ok(training.flag("enabled")?.unwrap_or(true)),
        None => Ok(false),
    }
}

/// Reads `training` for the page that wants it.
pub(super) fn read(top: &Section<'_>, page: &Entry<'_>, all: &[Scheme]) -> Result<Training, ConfigError> {
    let Some(training) = top.section("training")?.filter(|_| is_enabled(top).unwrap_or(true)) else {
        let problem =
            format!("the page {} needs training at the top, enabled and with a data_file", page.name);
        return Err(page.section.refuse("type", problem));
    };
    training.warn_unknown(&[KEYS]);
    let schemes = trained(&training, all)?;
    let questions = questions(&training, &schemes)?;
    let feedback = training.section("feedback")?;
    if let Some(feedback) = &feedback {
        feedback.warn_unknown(&[&["show_explanations", "allow_retry"]]);
    }
    let told =
        |key: &str| feedback.as_ref().map(|feedback| feedback.flag(key)).transpose().map(Option::flatten);
    let count = u32::try_from(questions.len()).unwrap_or(u32::MAX);
    let criteria = criteria(&training, count)?;
    Ok(Training {
        questions,
        schemes,
        min_correct: criteria.0,
        max_mistakes: criteria.1,
        max_mistakes_per_question: criteria.2,
        show_explanations: told("show_explanations")?.unwrap_or(true),
        allow_retry: training.flag("allow_retry")?.or(told("allow_retry")?).unwrap_or(false),
        repeats: training
            .word("failure_action", &[("move_to_done", false), ("repeat_training", true)])?
            .unwrap_or(false),
    })
}

/// `annotation_schemes` of the training: names of some of the study's schemes.
fn trained(training: &Section<'_>, all: &[Scheme]) -> Result<Vec<Scheme>, ConfigError> {
    let names = training.texts("annotation_schemes")?;
    if let Some(name) = names.iter().find(|name| !all.iter().any(|scheme| scheme.name == **name)) {
        return Err(training.refuse("annotation_schemes", format!("{name:?} is no scheme of this project")));
    }
    let wanted = |scheme: &&Scheme| names.is_empty() || names.contains(&scheme.name);
    let mut schemes: Vec<Scheme> = all.iter().filter(wanted).cloned().collect();
    if let Some(scheme) = schemes.iter().find(|scheme| scheme.marks_spans() || scheme.links_spans()) {
        let problem = format!(
            "{:?} marks spans, and training of spans is not built here yet; name the other schemes",
            scheme.name
        );
        return Err(training.refuse("annotation_schemes", problem));
    }
    schemes::allot_keys(&mut schemes);
    Ok(schemes)
}

type Criteria = (u32, Option<u32>, Option<u32>);

/// `passing_criteria`: right answers needed, mistakes allowed, and those at one question.
fn criteria(training: &Section<'_>, questions: u32) -> Result<Criteria, ConfigError> {
    let Some(criteria) = training.section("passing_criteria")? else { return Ok((questions, None, None)) };
    criteria.warn_unknown(&[&[
        "min_correct",
        "require_all_correct",
        "max_mistakes",
        "max_mistakes_per_question",
        "max_attempts",
    ]]);
    // -1 is none.
    let limit = |key: &str| -> Result<Option<u32>, ConfigError> {
        Ok(criteria.integer(key)?.and_then(|number| u32::try_from(number).ok()).filter(|number| *number > 0))
    };
    if limit("max_attempts")?.is_some() {
        let problem = "is known to Potato and not built here yet; there is: max_mistakes";
        return Err(criteria.refuse("max_attempts", problem));
    }
    let all = criteria.flag("require_all_correct")?.unwrap_or(false);
    let min = limit("min_correct")?.filter(|_| !all).unwrap_or(questions);
    if min > questions {
        let problem = format!("must be at most {questions}, the number of questions, got {min}");
        return Err(criteria.refuse("min_correct", problem));
    }
    Ok((min, limit("max_mistakes")?, limit("max_mistakes_per_question")?))
}

fn questions(training: &Section<'_>, schemes: &[Scheme]) -> Result<Vec<Question>, ConfigError> {
    let name = training.required_text("data_file")?;
    // Relative to the config file.
    let beside = training.file.parent().unwrap_or(training.file).join(&name);
    let path = training.resolve("data_file", &beside.to_string_lossy())?;
    let content = file::read(&path)?;
    let wrong = |problem: String| ConfigError::File { file: path.clone(), problem };
    let whole: Value =
        serde_json::from_str(&content).map_err(|error| wrong(format!("not valid JSON: {error}")))?;
    let list = whole.get("training_instances").unwrap_or(&whole).as_array();
    let Some(list) = list.filter(|list| !list.is_empty()) else {
        return Err(wrong("must hold training_instances, a list of questions".to_owned()));
    };
    let mut questions: Vec<Question> = Vec::new();
    for (i, entry) in list.iter().enumerate() {
        let at = |problem: &str| wrong(format!("training_instances[{i}] {problem}"));
        let fields = entry.as_object().ok_or_else(|| at("must be a mapping"))?;
        let question = question(fields).map_err(at)?;
        if questions.iter().any(|other| other.item.id == question.item.id) {
            return Err(at(&format!("has the id {:?}, which another has", question.item.id)));
        }
        if let Some(name) = question.correct.keys().find(|name| !schemes.iter().any(|s| s.name == **name)) {
            return Err(at(&format!("has a correct answer for {name:?}, which is not trained")));
        }
        questions.push(question);
    }
    Ok(questions)
}

fn question(fields: &Map<String, Value>) -> Result<Question, &'static str> {
    let id = match fields.get("id") {
        Some(Value::String(id)) if !id.trim().is_empty() => id.clone(),
        Some(Value::Number(id)) => id.to_string(),
        _ => return Err("must have an id"),
    };
    let Some(Value::Object(correct)) = fields.get("correct_answers") else {
        return Err("must have correct_answers, a mapping of schemes to answers");
    };
    let explanation = fields.get("explanation").and_then(Value::as_str).unwrap_or_default().to_owned();
    let secret = ["correct_answers", "explanation"];
    let shown = fields.iter().filter(|(key, _)| !secret.contains(&key.as_str()));
    Ok(Question {
        item: Item { id, fields: shown.map(|(key, value)| (key.clone(), value.clone())).collect() },
        correct: correct.clone().into_iter().collect(),
        explanation,
    })
}
