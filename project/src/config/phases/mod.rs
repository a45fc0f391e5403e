//! `phases`: what comes before and after the annotation, page by page.

mod order;
mod page;
mod questions;
mod training;

use super::{ConfigError, Section};
use crate::conditions::Rule;
use crate::schemes::Scheme;

pub use self::training::{Question, Training};

/// What the ids begin with under which the answers of pages are kept; no item's id may.
pub const PHASE_PAGE: &str = "__phase_page__";

/// The way of an annotator through the study.
#[derive(Debug, Clone, PartialEq)]
pub struct Phases {
    /// In order, those of one kind together; exactly one is of the kind [`PageKind::Annotation`]. What is done comes after them.
    pub pages: Vec<Page>,
    /// `allow_phase_back_navigation`: Previous may lead into an earlier phase.
    pub back: bool,
    /// Where a page is of the kind [`PageKind::Training`].
    pub training: Option<Training>,
}

/// A page, or the annotation, which has a page for each item.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Which phase it belongs to.
    pub kind: PageKind,
    /// Unique in the project.
    pub name: String,
    /// The questions, names unique in the page; of the training those of the annotation that are trained.
    pub schemes: Vec<Scheme>,
    /// Sanitised HTML above the questions.
    pub html: Option<String>,
    /// Left out unless this holds of the earlier answers.
    pub show_when: Option<Rule>,
    /// Who answers so is sent away.
    pub exit_when: Option<Exit>,
}

/// `exit_when`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exit {
    /// Of the answers so far.
    pub rule: Rule,
    /// What the annotator is told.
    pub message: String,
}

/// The type of a page, which is the name of its phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageKind {
    /// Consent to take part.
    Consent,
    /// Words to read.
    Instructions,
    /// A survey before the work.
    Prestudy,
    /// Questions with right answers.
    Training,
    /// The items.
    Annotation,
    /// A survey after the work.
    Poststudy,
}

impl PageKind {
    /// By the names of the config and of `user_state.json`.
    pub(crate) const NAMED: [(&str, Self); 6] = [
        ("consent", Self::Consent),
        ("instructions", Self::Instructions),
        ("prestudy", Self::Prestudy),
        ("training", Self::Training),
        ("annotation", Self::Annotation),
        ("poststudy", Self::Poststudy),
    ];

    /// Potato's name of the phase.
    pub fn phase(self) -> &'static str {
        Self::NAMED.into_iter().find(|(_, kind)| *kind == self).map_or("annotation", |(name, _)| name)
    }
}

impl Page {
    /// The annotation, where nothing else is said of it.
    pub fn annotation() -> Self {
        Self {
            kind: PageKind::Annotation,
            name: PageKind::Annotation.phase().to_owned(),
            schemes: Vec::new(),
            html: None,
            show_when: None,
            exit_when: None,
        }
    }

    /// The id under which its answers are kept.
    pub fn id(&self) -> String {
        format!("{PHASE_PAGE}/{}/{}", self.kind.phase(), self.name)
    }
}

impl Default for Phases {
    /// Annotation alone.
    fn default() -> Self {
        Self { pages: vec![Page::annotation()], back: false, training: None }
    }
}

pub(super) fn read(top: &Section<'_>, schemes: &[Scheme]) -> Result<Phases, ConfigError> {
    let back = top.flag("allow_phase_back_navigation")?.unwrap_or(false);
    let mut pages = Vec::new();
    let mut training = None;
    for entry in order::entries(top)? {
        let kind = page::kind(&entry)?;
        let mut page = page::read(&entry, kind)?;
        if kind == PageKind::Training {
            let found = training::read(top, &entry, schemes)?;
            page.schemes.clone_from(&found.schemes);
            training = Some(found);
        }
        if let Some(other) = pages.iter().find(|other: &&Page| other.kind == kind)
            && matches!(kind, PageKind::Training | PageKind::Annotation)
        {
            let problem =
                format!("is a second page of the type {}, after {}; one is built", kind.phase(), other.name);
            return Err(entry.section.refuse("type", problem));
        }
        pages.push(page);
    }
    if training.is_none() && training::is_enabled(top)? {
        top.warn("training", "has no effect without a page of the type training under phases");
    }
    if !pages.iter().any(|page| page.kind == PageKind::Annotation) {
        pages.push(Page::annotation());
    }
    let pages = together(pages);
    order::check_rules(top, &pages)?;
    Ok(Phases { pages, back, training })
}

/// Pages of one kind follow each other, kinds in the order of their first appearance.
fn together(pages: Vec<Page>) -> Vec<Page> {
    let mut kinds: Vec<PageKind> = Vec::new();
    for page in &pages {
        if !kinds.contains(&page.kind) {
            kinds.push(page.kind);
        }
    }
    let mut pages = pages;
    pages.sort_by_key(|page| kinds.iter().position(|kind| *kind == page.kind));
    pages
}
