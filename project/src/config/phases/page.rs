//! One page of `phases`.

use super::order::Entry;
use super::{Exit, Page, PageKind, questions};
use crate::conditions;
use crate::config::{ConfigError, Section};
use crate::schemes::Kind;

const KEYS: &[&str] = &[
    "name",
    "type",
    "file",
    "instrument",
    "instruments",
    "annotation_schemes",
    "exit_when",
    "show_when",
    "logic",
];

/// Known to Potato, and what is there in their place.
const UNBUILT: &[(&str, &str)] = &[
    ("randomize_questions", "questions in the order of the file"),
    ("task_layout", "the forms of the questions"),
];

/// What is said where the config gives no message.
const EXIT: &str = "Thank you for your interest. This study needs other participants.";

/// The `type`, or what the name says.
pub(super) fn kind(entry: &Entry<'_>) -> Result<PageKind, ConfigError> {
    let Entry { name, section } = entry;
    let by_name =
        |word: &str| PageKind::NAMED.into_iter().find(|(name, _)| *name == word).map(|(_, kind)| kind);
    let types = || PageKind::NAMED.map(|(name, _)| name).join(", ");
    if let Some(word) = section.text("type")? {
        return by_name(word.trim()).ok_or_else(|| {
            section.refuse("type", format!("{word:?} is not built here; there is: {}", types()))
        });
    }
    let lower = name.to_lowercase();
    let within = PageKind::NAMED.into_iter().find(|(word, _)| lower.contains(word)).map(|(_, kind)| kind);
    if let Some(kind) = by_name(&lower).or(within) {
        return Ok(kind);
    }
    if section.has("annotation_schemes") {
        let schemes = questions::inline(section)?;
        if schemes.iter().all(|scheme| matches!(scheme.kind, Kind::PureDisplay(_))) {
            return Ok(PageKind::Instructions);
        }
    }
    Err(section
        .refuse("type", format!("is missing, and the name {name:?} does not say it; types: {}", types())))
}

pub(super) fn read(entry: &Entry<'_>, kind: PageKind) -> Result<Page, ConfigError> {
    let Entry { name, section } = entry;
    for (key, there) in UNBUILT {
        if section.has(key) && section.flag(key).ok().flatten() != Some(false) {
            let problem = format!("is known to Potato and not built here yet; there is: {there}");
            return Err(section.refuse(key, problem));
        }
    }
    let known: Vec<&str> = UNBUILT.iter().map(|(key, _)| *key).collect();
    section.warn_unknown(&[KEYS, &known]);
    let mut page = Page { kind, name: name.clone(), ..Page::annotation() };
    if matches!(kind, PageKind::Annotation | PageKind::Training) {
        let asks = ["file", "instrument", "instruments", "annotation_schemes", "show_when", "exit_when"];
        return match asks.into_iter().find(|key| section.has(key)) {
            Some(key) => Err(section.refuse(
                key,
                format!(
                    "is not built here for a page of the type {}; its schemes are those at the top",
                    kind.phase()
                ),
            )),
            None => Ok(page),
        };
    }
    let found = questions::read(section, kind)?;
    (page.schemes, page.html) = (found.schemes, found.html);
    if page.schemes.is_empty() && page.html.is_none() {
        return Err(
            section.refuse("file", "is missing: a page needs a file, an instrument or annotation_schemes")
        );
    }
    page.show_when = conditions::read(section)?;
    page.exit_when = exit(section)?;
    Ok(page)
}

fn exit(section: &Section<'_>) -> Result<Option<Exit>, ConfigError> {
    let Some(exit) = section.section("exit_when")? else { return Ok(None) };
    exit.warn_unknown(&[conditions::RULE_KEYS, &["message"]]);
    let Some(rule) = conditions::read(&exit)? else {
        return Err(exit.refuse("show_when", "is missing and must be a list of conditions"));
    };
    let message = exit.text("message")?.filter(|text| !text.trim().is_empty());
    Ok(Some(Exit { rule, message: message.unwrap_or_else(|| EXIT.to_owned()) }))
}
