//! `display_logic`: which schemes of a page are shown, as it depends on the answers to others.

use std::collections::HashSet;

use askama::Template;

use super::form::written;
use super::{Answers, Occasion, Scheme};
use crate::conditions::{self, Rule};
use crate::config::{ConfigError, Section};
use crate::yaml::Node;

pub(super) fn read(section: &Section<'_>) -> Result<Option<Rule>, ConfigError> {
    let Some(logic) = section.section("display_logic")? else { return Ok(None) };
    logic.warn_unknown(&[conditions::RULE_KEYS]);
    match conditions::read(&logic)? {
        None if logic.keys().next().is_some() => {
            Err(logic.refuse("show_when", "is missing and must be a list of conditions"))
        }
        rule => Ok(rule),
    }
}

/// Every scheme that is asked about exists, and none depends on itself, not even by way of others.
pub(super) fn check(
    section: &Section<'_>,
    list: &[Node],
    list_key: &str,
    schemes: &[Scheme],
) -> Result<(), ConfigError> {
    for (i, scheme) in schemes.iter().enumerate() {
        let refuse = |problem: String| {
            let section = section.enter(&format!("{list_key}[{i}]"), &list[i])?;
            Err(section.refuse("display_logic", problem))
        };
        let asked = scheme.display_logic.iter().flat_map(Rule::schemas);
        for name in asked {
            match schemes.iter().find(|other| other.name == name) {
                None => return refuse(format!("asks about {name:?}, which is no scheme here")),
                Some(other) if other.marks_spans() || other.links_spans() => {
                    return refuse(format!(
                        "asks about {name:?}, and conditions on spans are not built here yet"
                    ));
                }
                Some(_) => {}
            }
        }
        if depends_on(schemes, scheme, &scheme.name, &mut HashSet::new()) {
            return refuse(format!("of {:?} asks about itself, by way of others or directly", scheme.name));
        }
    }
    Ok(())
}

fn depends_on<'a>(
    schemes: &'a [Scheme],
    scheme: &'a Scheme,
    name: &str,
    seen: &mut HashSet<&'a str>,
) -> bool {
    scheme.display_logic.iter().flat_map(Rule::schemas).any(|asked| {
        asked == name
            || (seen.insert(asked)
                && schemes
                    .iter()
                    .find(|other| other.name == asked)
                    .is_some_and(|other| depends_on(schemes, other, name, seen)))
    })
}

/// Whether the scheme's form is shown to somebody with these answers.
pub fn is_shown(scheme: &Scheme, answers: &Answers) -> bool {
    scheme.display_logic.as_ref().is_none_or(|rule| rule.holds(&|name| answers.get(name)))
}

/// The schemes that are shown, required and not answered.
pub fn unmet<'a>(schemes: &'a [Scheme], answers: &Answers) -> Vec<&'a Scheme> {
    let unmet = |scheme: &&Scheme| is_shown(scheme, answers) && scheme.unmet(answers.get(&scheme.name));
    schemes.iter().filter(unmet).collect()
}

/// A form that comes and goes with the answers to others.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<div class="display-logic-container" data-schema-name="{{ name }}" data-display-logic="{{ logic }}"{% if hidden %} hidden{% endif %}>{{ form|safe }}</div>"#
)]
struct Container<'a> {
    name: &'a str,
    logic: String,
    hidden: bool,
    form: &'a str,
}

/// The forms of a page, with the answers that are stored.
pub fn forms(schemes: &[Scheme], answers: &Answers, occasion: &Occasion<'_>) -> Vec<String> {
    let form = |(position, scheme): (usize, &Scheme)| {
        let form = scheme.form(position, answers.get(&scheme.name), occasion);
        if scheme.display_logic.is_none() {
            return form;
        }
        let logic = scheme.source.get("display_logic").map(ToString::to_string).unwrap_or_default();
        written(&Container { name: &scheme.name, logic, hidden: !is_shown(scheme, answers), form: &form })
    };
    schemes.iter().enumerate().map(form).collect()
}
