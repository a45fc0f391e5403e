//! Labels that were sent, held against the schemes: what they write, or why they are refused.

use indexmap::IndexMap;
use project::schemes::{Accepted, FREE_RESPONSE, Labels, Occasion, Scheme};
use serde_json::Value;
use store::{AnswerChange, ItemAnswers};

use super::BodyError;

/// What the labels of a scheme in one request stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The page's whole form: what is not there was taken out, where the scheme is one of boxes.
    Form,
    /// Only what is named.
    Labels,
}

/// Labels by scheme, on their way into a change.
pub(crate) struct Collected<'a> {
    schemes: &'a [Scheme],
    sent: IndexMap<&'a str, Vec<(String, Value)>>,
}

impl<'a> Collected<'a> {
    pub(crate) fn new(schemes: &'a [Scheme]) -> Self {
        Self { schemes, sent: IndexMap::new() }
    }

    /// Adds a label.
    pub(crate) fn add(&mut self, scheme: &str, label: &str, value: &Value) -> Result<(), BodyError> {
        let scheme = self.scheme(scheme)?;
        self.sent.entry(&scheme.name).or_default().push((label.to_owned(), value.clone()));
        Ok(())
    }

    /// The scheme of that name.
    pub(crate) fn scheme(&self, name: &str) -> Result<&'a Scheme, BodyError> {
        self.schemes.iter().find(|scheme| scheme.name == name).ok_or_else(|| BodyError::NoScheme {
            scheme: name.to_owned(),
            known: self.schemes.iter().map(|scheme| scheme.name.as_str()).collect::<Vec<_>>().join(", "),
        })
    }

    /// Writes all of it into a change, or refuses all of it.
    pub(crate) fn write(
        self,
        scope: Scope,
        cleared: &[&'a Scheme],
        change: &mut AnswerChange,
    ) -> Result<(), BodyError> {
        for scheme in cleared {
            change.schemes.insert(scheme.name.clone(), Labels::new());
        }
        for (name, sent) in &self.sent {
            let scheme = self.scheme(name)?;
            let whole = scheme.exclusive() || (scheme.full_set() && scope == Scope::Form);
            let labels = accept(scheme, sent)?;
            change.schemes.shift_remove(*name);
            if !whole {
                change.labels.insert((*name).to_owned(), labels);
            } else if has_free_response(scheme) {
                change.labels.insert((*name).to_owned(), beside_free_response(scheme, labels));
            } else {
                let stored = labels.into_iter().filter(|(_, value)| !value.is_null()).collect();
                change.schemes.insert((*name).to_owned(), stored);
            }
        }
        Ok(())
    }
}

/// Whether a change holds parts of answers that must be held against the other parts.
pub(crate) fn depend_on_stored(schemes: &[Scheme], change: &AnswerChange) -> bool {
    change
        .labels
        .keys()
        .any(|name| schemes.iter().any(|scheme| scheme.name == *name && scheme.is_one_answer()))
}

/// Makes parts of such answers whole with what is stored, and holds the whole against its scheme. Written whole, so that the store sees
/// when another part has changed meanwhile.
pub(crate) fn complete(
    schemes: &[Scheme],
    stored: &ItemAnswers,
    change: &mut AnswerChange,
) -> Result<(), BodyError> {
    for scheme in schemes.iter().filter(|scheme| scheme.is_one_answer()) {
        let Some(sent) = change.labels.get_mut(&scheme.name) else { continue };
        let mut whole = stored.answers.get(&scheme.name).cloned().unwrap_or_default();
        whole.extend(std::mem::take(sent));
        *sent = whole;
        let given = sent.iter().filter(|(_, value)| !value.is_null());
        let given = given.map(|(label, value)| (label.clone(), value.clone())).collect();
        scheme.check_all(&given).map_err(|refused| BodyError::Refused(refused.reason))?;
    }
    Ok(())
}

/// Whether a change holds answers that must be held against the item, too.
pub(crate) fn depend_on_item(schemes: &[Scheme], change: &AnswerChange) -> bool {
    written(schemes, change).any(|(scheme, _)| scheme.depends_on_item())
}

/// Holds a change's labels against the item.
pub(crate) fn fit(
    schemes: &[Scheme],
    change: &AnswerChange,
    occasion: &Occasion<'_>,
) -> Result<(), BodyError> {
    for (scheme, labels) in written(schemes, change) {
        for (label, value) in labels.iter().filter(|(_, value)| !value.is_null()) {
            scheme.fits(label, value, occasion).map_err(|refused| BodyError::Refused(refused.reason))?;
        }
    }
    Ok(())
}

fn written<'a>(
    schemes: &'a [Scheme],
    change: &'a AnswerChange,
) -> impl Iterator<Item = (&'a Scheme, &'a Labels)> {
    let labels = change.schemes.iter().chain(&change.labels);
    labels.filter_map(|(name, labels)| Some((schemes.iter().find(|scheme| scheme.name == *name)?, labels)))
}

/// The labels in the shape in which they are stored; null removes one.
fn accept(scheme: &Scheme, sent: &[(String, Value)]) -> Result<Labels, BodyError> {
    let mut labels = Labels::new();
    for (label, value) in sent {
        let value = match scheme.accept(label, value).map_err(|refused| BodyError::Refused(refused.reason))? {
            Accepted::Store(value) => value,
            Accepted::Remove => Value::Null,
        };
        labels.insert(label.clone(), value);
    }
    let stored =
        labels.iter().filter(|(_, value)| !value.is_null()).map(|(l, v)| (l.clone(), v.clone())).collect();
    scheme.check_all(&stored).map_err(|refused| BodyError::Refused(refused.reason))?;
    Ok(labels)
}

fn has_free_response(scheme: &Scheme) -> bool {
    scheme.accept(FREE_RESPONSE, &Value::from("x")).is_ok()
}

/// All choices one by one, so that a free response that is not mentioned stays, as in Potato.
fn beside_free_response(scheme: &Scheme, labels: Labels) -> Labels {
    let mut all: Labels = scheme.option_order().into_iter().map(|label| (label, Value::Null)).collect();
    let only_free = labels.keys().all(|label| label == FREE_RESPONSE);
    if only_free {
        all.clear();
    }
    all.extend(labels);
    all
}
