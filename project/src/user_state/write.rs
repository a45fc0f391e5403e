//! From a user state to bytes: JSON as Python's writer lays it out (indent 2, ASCII only), keys in Potato's order.

use std::io;

use serde::Serialize as _;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};
use serde_json::{Map, Value, json};

use super::{Label, Span, UserState};

pub(super) fn render(state: &UserState) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut bytes, PythonFormatter::default());
    document(state)
        .serialize(&mut serializer)
        .expect("a JSON value with string keys always serialises into memory");
    bytes
}

/// Every documented key in the documented order, then the unknown ones in the order in which they were read.
fn document(state: &UserState) -> Map<String, Value> {
    let mut rest = state.rest.clone();
    let mut whole = Map::new();
    for (key, default) in keys(state) {
        let value = rest.shift_remove(key).unwrap_or(default);
        whole.insert(key.to_owned(), value);
    }
    whole.extend(rest);
    whole
}

/// The keys in Potato's order, each with the value of the state, or the documented default where Spud does not keep it.
fn keys(state: &UserState) -> [(&'static str, Value); 25] {
    [
        ("user_id", json!(state.user_id)),
        ("instance_id_ordering", json!(state.ordering)),
        ("current_instance_index", json!(state.cursor)),
        ("current_phase_and_page", json!([state.phase, state.page])),
        ("completed_phase_and_pages", json!([])),
        ("max_assignments", json!(state.max_assignments)),
        ("instance_id_to_behavioral_data", json!({})),
        ("instance_id_to_label_to_value", map(&state.labels, |labels| list(labels, label))),
        ("instance_id_to_span_to_value", map(&state.spans, |spans| list(spans, span))),
        (
            "phase_to_page_to_label_to_value",
            map(&state.phase_labels, |pages| map(pages, |labels| list(labels, label))),
        ),
        ("phase_to_page_to_span_to_value", json!({})),
        ("training_state", training_state()),
        ("icl_verification_tasks", json!({})),
        ("qualified_categories", json!([])),
        ("category_qualification_scores", json!({})),
        ("instance_id_to_keyword_highlight_state", json!({})),
        ("instance_id_to_presentation_order", json!(state.presentation_order)),
        ("instance_id_to_room_provenance", json!({})),
        ("instance_id_to_link_to_value", json!(state.links)),
        ("instance_id_to_event_to_value", json!(state.events)),
        ("crowd_metadata", json!({})),
        ("flow_record", json!({})),
        ("instance_id_to_trial", json!({})),
        ("prestudy_passed", Value::Null),
        ("origin", json!({})),
    ]
}

/// The state of a user who has not been trained.
fn training_state() -> Value {
    json!({
        "completed_questions": {},
        "total_correct": 0,
        "total_attempts": 0,
        "total_mistakes": 0,
        "passed": false,
        "failed": false,
        "current_question_index": 0,
        "training_instances": [],
        "show_feedback": false,
        "feedback_type": "info",
        "feedback_message": "",
        "allow_retry": false,
        "max_mistakes": -1,
        "max_mistakes_per_question": -1,
        "category_scores": {},
        "rounds_started": 1
    })
}

fn map<T>(entries: &indexmap::IndexMap<String, T>, write: impl Fn(&T) -> Value) -> Value {
    entries.iter().map(|(key, entry)| (key.clone(), write(entry))).collect()
}

fn list<T>(entries: &[T], write: impl Fn(&T) -> Value) -> Value {
    entries.iter().map(write).collect()
}

fn label(label: &Label) -> Value {
    let mut fields = Map::new();
    fields.insert("schema".to_owned(), json!(label.scheme));
    fields.insert("name".to_owned(), json!(label.name));
    fields.extend(label.extra.clone());
    json!([fields, label.value])
}

fn span(span: &Span) -> Value {
    json!([span.fields, span.value])
}

/// Two spaces, and `\u` for everything outside of printable ASCII; floats as Python's `repr`.
#[derive(Default)]
struct PythonFormatter(PrettyFormatter<'static>);

impl Formatter for PythonFormatter {
    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }

    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        writer.write_all(python_float(value).as_bytes())
    }

    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut units = [0; 2];
        for c in fragment.chars() {
            if matches!(c, ' '..='~') {
                writer.write_all(&[c as u8])?;
            } else {
                for unit in c.encode_utf16(&mut units) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
        }
        Ok(())
    }
}

/// The shortest digits that read back as `value`, with an exponent where Python has one: below 1e-4, from 1e16.
fn python_float(value: f64) -> String {
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if value == 0.0 || (-4..16).contains(&exponent) {
        let plain = format!("{value}");
        if plain.contains('.') { plain } else { format!("{plain}.0") }
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{digits}e{sign}{:02}", exponent.abs())
    }
}
