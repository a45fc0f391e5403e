//! Potato's `user_state.json`: what one annotator did, read and written in the shape of Potato 2.12.

mod read;
mod write;

use indexmap::IndexMap;
use serde_json::{Map, Value};

/// The phase of a user who annotates.
pub const ANNOTATION_PHASE: &str = "annotation";
/// The phase of a user who is done.
pub const DONE_PHASE: &str = "done";

/// One annotator's file. What Spud understands is typed; every other key is carried through in `rest`.
#[derive(Debug, Clone, PartialEq)]
pub struct UserState {
    /// `user_id`: the user name.
    pub user_id: String,
    /// `instance_id_ordering`: assigned items in display order.
    pub ordering: Vec<String>,
    /// `current_instance_index`: the cursor, from 0.
    pub cursor: i64,
    /// `current_phase_and_page`, first part.
    pub phase: String,
    /// `current_phase_and_page`, second part.
    pub page: Option<String>,
    /// `max_assignments`: −1 is no limit.
    pub max_assignments: i64,
    /// `instance_id_to_label_to_value`: answers per item, in order of storing.
    pub labels: IndexMap<String, Vec<Label>>,
    /// `instance_id_to_span_to_value`: spans per item, in order of storing.
    pub spans: IndexMap<String, Vec<Span>>,
    /// `phase_to_page_to_label_to_value`: answers outside of the annotation phase.
    pub phase_labels: IndexMap<String, IndexMap<String, Vec<Label>>>,
    /// `instance_id_to_presentation_order`: item → scheme → options as they were shown.
    pub presentation_order: IndexMap<String, IndexMap<String, Vec<String>>>,
    /// `instance_id_to_link_to_value`: item → link id → link.
    pub links: IndexMap<String, Map<String, Value>>,
    /// `instance_id_to_event_to_value`: item → event id → event.
    pub events: IndexMap<String, Map<String, Value>>,
    /// Every other key, verbatim; a documented key that is absent here is written with its default.
    pub rest: Map<String, Value>,
}

/// One stored label.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// Scheme name.
    pub scheme: String,
    /// Label name.
    pub name: String,
    /// As a rule a string.
    pub value: Value,
    /// Further keys beside `schema` and `name`, verbatim.
    pub extra: Map<String, Value>,
}

/// One stored span.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// `schema`, `name`, `title`, `start`, `end`, `id` and what else there is, verbatim.
    pub fields: Map<String, Value>,
    /// As a rule the label.
    pub value: Value,
}

/// Why a `user_state.json` cannot be read; the file must then be left as it is.
#[derive(Debug, thiserror::Error)]
pub enum UserStateError {
    /// Not JSON, cut off, or not UTF-8.
    #[error("not valid JSON: {0}")]
    Syntax(#[from] serde_json::Error),
    /// No `user_id`, so nobody can tell whose answers these are.
    #[error("user_id is missing")]
    UserIdMissing,
    /// A key that has another shape than Potato writes.
    #[error("{key} must be {expected}, got {got}")]
    Shape {
        /// Dotted, list places in brackets.
        key: String,
        /// The documented shape.
        expected: &'static str,
        /// The value, cut to a readable length.
        got: String,
    },
}

impl UserState {
    /// A user without items or answers, about to annotate.
    pub fn new(user_id: impl Into<String>) -> Self {
        Self {
            user_id: user_id.into(),
            ordering: Vec::new(),
            cursor: 0,
            phase: ANNOTATION_PHASE.to_owned(),
            page: None,
            max_assignments: -1,
            labels: IndexMap::new(),
            spans: IndexMap::new(),
            phase_labels: IndexMap::new(),
            presentation_order: IndexMap::new(),
            links: IndexMap::new(),
            events: IndexMap::new(),
            rest: Map::new(),
        }
    }

    /// Reads the bytes of a file; every key but `user_id` may be absent.
    pub fn parse(bytes: &[u8]) -> Result<Self, UserStateError> {
        read::parse(bytes)
    }

    /// The bytes of a file, as Potato's own writer would lay them out.
    pub fn render(&self) -> Vec<u8> {
        write::render(self)
    }
}
