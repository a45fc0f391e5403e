//! Between an annotator's state here and Potato's `user_state.json`.

use std::sync::LazyLock;

use indexmap::IndexMap;
use project::config::PHASE_PAGE;
use project::schemes::{Answers, Labels};
use project::user_state::{Label, Span, UserState};
use serde_json::{Map, Value};

use crate::work::{ItemAnswers, View};

/// Keys of the file that may be carried although `project` reads them: pages were, before there were phases here.
const PHASES: &str = "phase_to_page_to_label_to_value";
const ORDER: &str = "instance_id_to_presentation_order";

/// What the file says of somebody about whom there is nothing to say.
static DEFAULTS: LazyLock<Map<String, Value>> = LazyLock::new(|| {
    UserState::parse(&UserState::new("").render()).map(|state| state.rest).unwrap_or_default()
});

impl From<&UserState> for View {
    fn from(state: &UserState) -> Self {
        let mut view = Self::empty(&state.user_id);
        view.ordering.clone_from(&state.ordering);
        view.current = u64::try_from(state.cursor).unwrap_or(0);
        view.cursor = usize::try_from(state.cursor).ok().and_then(|at| state.ordering.get(at)).cloned();
        view.phase = (state.phase.clone(), state.page.clone());
        for (item, labels) in &state.labels {
            view.items.entry(item.clone()).or_default().answers = from_labels(labels);
        }
        for (item, spans) in &state.spans {
            let stored = &mut view.items.entry(item.clone()).or_default().spans;
            stored.extend(spans.iter().map(from_span));
        }
        for (item, links) in &state.links {
            view.items.entry(item.clone()).or_default().links = links.clone().into_iter().collect();
        }
        for (item, events) in &state.events {
            view.items.entry(item.clone()).or_default().events = events.clone().into_iter().collect();
        }
        view.items.retain(|_, answers| !answers.is_empty());
        let changed = state.rest.iter().filter(|(key, value)| DEFAULTS.get(*key) != Some(value));
        view.carried = changed.map(|(key, value)| (key.clone(), value.clone())).collect();
        let document: Map<String, Value> = serde_json::from_slice(&state.render()).unwrap_or_default();
        if let Some(value) =
            document.get(ORDER).filter(|value| value.as_object().is_some_and(|map| !map.is_empty()))
        {
            view.carried.insert(ORDER.to_owned(), value.clone());
        }
        for (phase, pages) in &state.phase_labels {
            for (page, labels) in pages.iter().filter(|(_, labels)| !labels.is_empty()) {
                let id = format!("{PHASE_PAGE}/{phase}/{page}");
                view.pages.entry(id).or_default().answers = from_labels(labels);
            }
        }
        view
    }
}

impl View {
    /// The file's contents; `quota` is how many items the annotator may get.
    pub fn to_user_state(&self, quota: Option<u32>) -> UserState {
        let mut carried: Map<String, Value> = self.carried.clone().into_iter().collect();
        let mut state = UserState::new(&self.user);
        if carried.contains_key(PHASES) || carried.contains_key(ORDER) {
            state = with_carried(&self.user, &mut carried).unwrap_or(state);
        }
        state.ordering.clone_from(&self.ordering);
        state.cursor = i64::try_from(self.current).unwrap_or(0);
        (state.phase, state.page) = self.phase.clone();
        state.max_assignments = quota.map_or(-1, i64::from);
        state.rest.extend(carried);
        for (id, ItemAnswers { answers, .. }) in &self.pages {
            let name = id.strip_prefix(PHASE_PAGE).and_then(|rest| rest.strip_prefix('/'));
            let Some((phase, page)) = name.and_then(|name| name.split_once('/')) else { continue };
            let labels = answers.iter().flat_map(|(scheme, labels)| to_labels(scheme, labels)).collect();
            insert(state.phase_labels.entry(phase.to_owned()).or_default(), page, labels);
        }
        for (item, ItemAnswers { answers, spans, links, events, version: _ }) in &self.items {
            let labels: Vec<Label> =
                answers.iter().flat_map(|(scheme, labels)| to_labels(scheme, labels)).collect();
            insert(&mut state.labels, item, labels);
            insert(&mut state.spans, item, spans.iter().map(|(id, span)| to_span(id, span)).collect());
            if !links.is_empty() {
                state.links.insert(item.clone(), links.clone().into_iter().collect());
            }
            if !events.is_empty() {
                state.events.insert(item.clone(), events.clone().into_iter().collect());
            }
        }
        state
    }
}

/// Reads the carried parts that `project` has types for; what it cannot read stays as it is.
fn with_carried(user: &str, carried: &mut Map<String, Value>) -> Option<UserState> {
    let mut document = Map::new();
    document.insert("user_id".to_owned(), user.into());
    for key in [PHASES, ORDER] {
        document
            .insert(key.to_owned(), carried.get(key).cloned().unwrap_or_else(|| Value::Object(Map::new())));
    }
    let state = UserState::parse(Value::Object(document).to_string().as_bytes()).ok()?;
    carried.retain(|key, _| key != PHASES && key != ORDER);
    Some(state)
}

fn insert<T>(entries: &mut IndexMap<String, Vec<T>>, item: &str, list: Vec<T>) {
    if !list.is_empty() {
        entries.insert(item.to_owned(), list);
    }
}

fn from_labels(labels: &[Label]) -> Answers {
    let mut answers = Answers::new();
    for Label { scheme, name, value, extra: _ } in labels {
        answers.entry(scheme.clone()).or_default().insert(name.clone(), value.clone());
    }
    answers
}

fn to_labels(scheme: &str, labels: &Labels) -> Vec<Label> {
    let label = |(name, value): (&String, &Value)| Label {
        scheme: scheme.to_owned(),
        name: name.clone(),
        value: value.clone(),
        extra: Map::new(),
    };
    labels.iter().map(label).collect()
}

/// A span is kept as its fields with the value beside them, under its id.
fn from_span(span: &Span) -> (String, Value) {
    let Span { fields, value } = span;
    let part = |key: &str| match fields.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let id = match part("id") {
        id if id.is_empty() => {
            format!("{}_{}_{}_{}", part("schema"), part("name"), part("start"), part("end"))
        }
        id => id,
    };
    let mut stored = fields.clone();
    stored.insert("value".to_owned(), value.clone());
    (id, Value::Object(stored))
}

fn to_span(id: &str, stored: &Value) -> Span {
    let mut fields = stored.as_object().cloned().unwrap_or_default();
    let value = fields.shift_remove("value").unwrap_or(Value::Null);
    fields.entry("id").or_insert_with(|| id.into());
    Span { fields, value }
}
