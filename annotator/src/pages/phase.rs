//! A page before or after the items.

use askama::Template;
use project::config::{Config, Page, PageKind, PageOptions};
use project::schemes::{self, Kind, Occasion};
use store::{Leaf, TrainingState};

#[derive(Template)]
#[template(path = "phase.html")]
pub(crate) struct PhasePage<'a> {
    task: &'a str,
    user: &'a str,
    options: &'a PageOptions,
    leaf: &'a Leaf,
    page: &'a Page,
    /// How many parts the study has; the items are one.
    parts: usize,
    forms: Vec<String>,
    question: Option<Asked<'a>>,
    /// Names of questions that must be answered before one goes on.
    unmet: &'a [&'a str],
    /// Why earlier answers are not shown.
    blocked: Option<String>,
}

/// A question of the training.
struct Asked<'a> {
    /// Sanitised HTML.
    html: String,
    /// From 1.
    number: usize,
    of: usize,
    state: &'a TrainingState,
}

impl<'a> PhasePage<'a> {
    pub(crate) fn new(
        config: &'a Config,
        user: &'a str,
        leaf: &'a Leaf,
        blocked: Option<String>,
        unmet: &'a [&'a str],
    ) -> Self {
        let page = &config.phases.pages[leaf.index];
        let training = leaf.training.as_ref().zip(config.phases.training.as_ref());
        let trained = training.and_then(|(state, training)| {
            let questions = &training.questions;
            let at = state.current_question_index.min(questions.len().saturating_sub(1));
            let question = questions.get(at)?;
            let (html, of) = (question.item.displayed(config), questions.len());
            Some((&question.item, Asked { html, number: at + 1, of, state }))
        });
        let (item, question) = trained.map_or((None, None), |(item, asked)| (Some(item), Some(asked)));
        Self {
            task: &config.task_name,
            user,
            options: &config.page,
            leaf,
            page,
            parts: config.phases.pages.len(),
            forms: schemes::forms(&page.schemes, &leaf.stored.answers, &Occasion { annotator: user, item }),
            question,
            unmet,
            blocked,
        }
    }

    pub(crate) fn render(&self) -> String {
        super::text(self)
    }

    /// Whether there is anything to answer, and not only to read.
    fn asks(&self) -> bool {
        self.page.schemes.iter().any(|scheme| !matches!(scheme.kind, Kind::PureDisplay(_)))
    }

    /// What the part of the study is called.
    fn title(&self) -> &'static str {
        match self.page.kind {
            PageKind::Consent => "Consent",
            PageKind::Instructions => "Instructions",
            PageKind::Prestudy | PageKind::Poststudy => "Survey",
            PageKind::Training => "Training",
            PageKind::Annotation => "Items",
        }
    }

    /// The part, from 1.
    fn part(&self) -> usize {
        self.leaf.index + 1
    }

    /// Parts behind, in percent.
    fn percent(&self) -> usize {
        (self.leaf.index * 100).checked_div(self.parts).unwrap_or(0)
    }
}
