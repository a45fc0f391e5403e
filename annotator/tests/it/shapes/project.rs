//! A project with every scheme, and answers that fit.

use serde_json::{Value, json};

/// All schemes whose items are rows of the data.
pub(super) const ALL: &str = r"
annotation_task_name: Every scheme
task_dir: .
output_annotation_dir: out
require_password: false
data_files: [all.jsonl]
item_properties: {id_key: id, text_key: text}
assignment_strategy: fixed_order
annotation_schemes:
  - {annotation_type: radio, name: radio, description: d, labels: [happy, so_so], has_free_response: true}
  - {annotation_type: multiselect, name: multiselect, description: d, labels: [food, music], has_free_response: true}
  - {annotation_type: likert, name: likert, description: d, min_label: low, max_label: high, size: 5, bad_text_label: Bad}
  - {annotation_type: slider, name: slider, description: d, min_value: -5, max_value: 10, starting_value: 0}
  - {annotation_type: number, name: number, description: d, min: 0, max: 12}
  - {annotation_type: text, name: text, description: d}
  - {annotation_type: select, name: select, description: d, labels: [u, v]}
  - {annotation_type: multirate, name: multirate, description: d, options: [rhythm, words], labels: [weak, strong]}
  - {annotation_type: pairwise, name: pairwise, description: d, items_key: texts, labels: [one, two], allow_tie: true, justification: {reason_categories: [shorter, clearer]}}
  - {annotation_type: pairwise, name: pairwise_scale, description: d, items_key: texts, mode: scale}
  - {annotation_type: pairwise, name: pairwise_multi, description: d, items_key: texts, mode: multi_dimension, dimensions: [{name: rhythm}, {name: brevity}]}
  - {annotation_type: ranking, name: ranking, description: d, labels: [a, b, c]}
  - {annotation_type: pure_display, name: pure_display, description: d, labels: [Read it.]}
  - {annotation_type: video, name: video, description: d, video_path: https://example.org/film.mp4}
  - {annotation_type: triage, name: triage, description: d}
  - {annotation_type: confidence, name: confidence, description: d, target_schema: radio}
  - {annotation_type: confidence, name: confidence_slider, description: d, target_schema: radio, scale_type: slider}
  - {annotation_type: soft_label, name: soft_label, description: d, labels: [joy, irony]}
  - {annotation_type: constant_sum, name: constant_sum, description: d, labels: [sounds, people], total_points: 10}
  - {annotation_type: rubric_eval, name: rubric_eval, description: d, criteria: [{name: clarity}, {name: detail}], show_overall: true}
  - {annotation_type: hierarchical_multiselect, name: hierarchical_multiselect, description: d, taxonomy: {Science: [Physics, Biology], Arts: [Music]}}
  - {annotation_type: semantic_differential, name: semantic_differential, description: d, pairs: [[cold, warm], [near, far]]}
  - {annotation_type: vas, name: vas, description: d}
  - {annotation_type: range_slider, name: range_slider, description: d, min_value: 10, max_value: 100}
  - {annotation_type: text_edit, name: text_edit, description: d, source_field: text}
  - {annotation_type: error_span, name: error_span, description: d, source_field: text, error_types: [{name: Fluency, subtypes: [Grammar]}, {name: Style}]}
  - {annotation_type: extractive_qa, name: extractive_qa, description: d, passage_field: text}
  - {annotation_type: card_sort, name: card_sort, description: d, groups: [living, made], items_field: cards}
  - {annotation_type: conjoint, name: conjoint, description: d, attributes: [{name: Speed, levels: [slow, fast]}, {name: Price, levels: [low, high]}], show_none_option: true}
  - {annotation_type: cloze, name: cloze, description: d, text: A ___ and a ___.}
  - {annotation_type: span, name: span, description: d, labels: [DEED, DOER], bad_text_label: Bad}
  - {annotation_type: span_link, name: span_link, description: d, span_schema: span, link_types: [{name: done_by, allowed_source_labels: [DEED], allowed_target_labels: [DOER], directed: true}, {name: same_as}]}
  - {annotation_type: coreference, name: coreference, description: d, span_schema: span, entity_types: [person]}
  - {annotation_type: event_annotation, name: event_annotation, description: d, span_schema: span, event_types: [{type: MOVE, trigger_labels: [DEED], arguments: [{role: who, entity_types: [DOER], required: true}]}]}
";

/// The words that are marked, 15 code points.
pub(super) const TEXT: &str = "Ann ran home. 🥔";

/// The one item of [`ALL`].
pub(super) fn items() -> String {
    let cards = ["oak", "chair", "owl"];
    json!({"id": "a", "text": TEXT, "texts": ["One.", "Two."], "cards": cards, "question": "Who?"})
        .to_string()
}

/// A scheme with the labels of an answer that fits.
pub(super) type Good = (&'static str, Value);

/// Answers of [`ALL`] that fit; each scheme that takes labels is here.
pub(super) fn good() -> Vec<Good> {
    let written = |value: Value| Value::String(value.to_string());
    let edit = json!({"edited_text": "Ann ran home! 🥔", "original_text": TEXT, "edit_distance_chars": 1, "edit_distance_words": 1});
    let error = json!({"start": 4, "end": 7, "text": "ran", "type": "Fluency", "subtype": "Grammar", "severity": "Major"});
    vec![
        ("radio", json!({"happy": "happy"})),
        ("radio", json!({"so_so": "so_so", "free_response": "in between"})),
        ("multiselect", json!({"food": "food", "music": "music"})),
        ("multiselect", json!({"free_response": "more"})),
        ("likert", json!({"4": "4"})),
        ("likert", json!({"bad_text": "bad_text"})),
        ("slider", json!({"slider": "7"})),
        ("number", json!({"number": "3"})),
        ("text", json!({"text_box": "why not"})),
        ("select", json!({"select-one": "v"})),
        ("multirate", json!({"rhythm": "weak", "words": "strong"})),
        ("pairwise", json!({"selection": "A"})),
        (
            "pairwise",
            json!({"selection": "tie", "justification": written(json!({"reasons": ["shorter"], "rationale": "so"}))}),
        ),
        ("pairwise_scale", json!({"scale_value": "-2"})),
        ("pairwise_multi", json!({"rhythm": "A", "brevity": "B"})),
        ("ranking", json!({"rank_order": "b,a,c"})),
        ("triage", json!({"decision": "accept"})),
        ("confidence", json!({"4": "4"})),
        ("confidence_slider", json!({"confidence_level": "70"})),
        ("soft_label", json!({"joy": "34", "irony": "66"})),
        ("constant_sum", json!({"sounds": "4", "people": "6"})),
        ("rubric_eval", json!({"clarity": "3", "detail": "5", "overall": "4"})),
        ("hierarchical_multiselect", json!({"selected_labels": "Science,Music"})),
        ("semantic_differential", json!({"cold__warm": "5", "near__far": "1"})),
        ("vas", json!({"vas": "63.4"})),
        ("range_slider", json!({"range_low": "20", "range_high": "70"})),
        ("range_slider", json!({"range_low": "80", "range_high": "90"})),
        ("text_edit", json!({"text_edit": written(edit)})),
        ("error_span", json!({"error_span": written(json!({"errors": [error], "score": 95}))})),
        (
            "extractive_qa",
            json!({"extractive_qa": written(json!({"answer_text": "Ann", "start": 0, "end": 3, "unanswerable": false}))}),
        ),
        (
            "extractive_qa",
            json!({"extractive_qa": written(json!({"answer_text": "", "start": -1, "end": -1, "unanswerable": true}))}),
        ),
        ("card_sort", json!({"card_sort": written(json!({"living": ["oak", "owl"], "made": ["chair"]}))})),
        ("conjoint", json!({"conjoint": "2"})),
        ("conjoint", json!({"conjoint": "none"})),
        ("cloze", json!({"blank_1": "cat", "blank_2": "dog"})),
        ("span", json!({"bad_text": "0"})),
    ]
}

/// Best-worst scaling makes its items itself.
pub(super) const TUPLES: &str = r"
annotation_task_name: Tuples
task_dir: .
output_annotation_dir: out
require_password: false
data_files: [all.jsonl]
item_properties: {id_key: id, text_key: text}
bws_config: {tuple_size: 3, num_tuples: 1}
annotation_schemes:
  - {annotation_type: bws, name: bws, description: d, tuple_size: 3}
";

/// The one item of [`TUPLES`].
pub(super) const TUPLE: &str = "bws_tuple_0001";

/// Answers of [`TUPLES`] that fit.
pub(super) fn good_tuples() -> Vec<Good> {
    vec![("bws", json!({"best": "A", "worst": "C"})), ("bws", json!({"best": "B", "worst": "A"}))]
}
