//! The HTML of the forms: Potato's contract, with what was stored put back.

use project::schemes::{Labels, Scheme};
use serde_json::{Value, json};

use crate::kit::{NOBODY, Project};

fn form(scheme: &str, stored: &[(&str, &str)]) -> String {
    let scheme = only(scheme);
    let labels: Labels = stored.iter().map(|(label, value)| ((*label).to_owned(), json!(value))).collect();
    scheme.form(3, if stored.is_empty() { None } else { Some(&labels) }, &NOBODY)
}

fn only(scheme: &str) -> Scheme {
    Project::new(&format!("annotation_schemes: [{{{scheme}}}]")).config().schemes.remove(0)
}

/// The start tag with this id.
fn tag<'h>(html: &'h str, id: &str) -> &'h str {
    let at = html.find(&format!(" id=\"{id}\"")).unwrap_or_else(|| panic!("no {id} in {html}"));
    let start = html[..at].rfind('<').unwrap();
    let end = at + html[at..].find('>').unwrap();
    &html[start..=end]
}

#[track_caller]
fn has(tag: &str, attributes: &[&str]) {
    for attribute in attributes {
        assert!(tag.contains(attribute), "{attribute} is not in {tag}");
    }
}

#[test]
fn every_form_has_the_frame_that_scripts_rely_on() {
    let html = form(
        "annotation_type: radio, name: mood, description: How <b>?, labels: [a], layout: {columns: 2}",
        &[],
    );
    has(
        tag(&html, "mood"),
        &[
            "<form",
            "class=\"annotation-form radio\"",
            "action=\"javascript:void(0)\"",
            "data-annotation-type=\"radio\"",
            "data-schema-name=\"mood\"",
            "data-annotation-id=\"3\"",
            "data-grid-columns=\"2\"",
        ],
    );
    has(&html, &["<fieldset schema=\"mood\">", "<legend>How &#60;b&#62;?</legend>"]);
}

#[test]
fn radio_buttons_and_boxes_carry_what_is_saved() {
    let radio = "annotation_type: radio, name: mood, description: d, labels: [so_so, happy], has_free_response: true, required: true";
    let html = form(radio, &[("happy", "happy"), ("free_response", "a \"b\"")]);
    let expected = [
        "type=\"radio\"",
        "name=\"mood\"",
        "value=\"happy\"",
        "schema=\"mood\"",
        "label_name=\"happy\"",
        "checked",
        "selection_constraint=\"single\"",
        "class=\"annotation-input\"",
        "validation=\"required\"",
        "data-key=\"2\"",
        "data-server-set",
    ];
    has(tag(&html, "mood_happy_radio"), &expected);
    assert!(!tag(&html, "mood_so_so_radio").contains("checked"));
    has(&html, &["<span class=\"choice-text\">So So</span><kbd>1</kbd>"]);
    has(
        tag(&html, "mood_free_response_text"),
        &["name=\"mood:::free_response\"", "label_name=\"free_response\"", "value=\"a &#34;b&#34;\""],
    );
    let multi = "annotation_type: multiselect, name: t, description: d, labels: ['<x>', b], display_config: {num_columns: 2}";
    let html = form(multi, &[("b", "b")]);
    has(tag(&html, "t_b_checkbox"), &["type=\"checkbox\"", "name=\"t:::b\"", "value=\"b\"", "checked"]);
    has(&html, &["--columns: 2", "value=\"&#60;x&#62;\""]);
}

#[test]
fn a_label_that_is_required_by_name_says_so() {
    let scheme = "annotation_type: radio, name: c, description: d, labels: [I agree, never], label_requirement: {required: true, required_label: [I agree]}";
    let html = form(scheme, &[]);
    has(tag(&html, "c_I agree_radio"), &["validation=\"required_label\""]);
    has(tag(&html, "c_never_radio"), &["validation=\"required\""]);
}

#[test]
fn scales_are_drawn_with_their_ends() {
    let likert = "annotation_type: likert, name: c, description: d, min_label: low, max_label: high, size: 3, bad_text_label: Unusable";
    let html = form(likert, &[("3", "3")]);
    has(
        tag(&html, "c_3_radio"),
        &["name=\"c\"", "label_name=\"3\"", "value=\"3\"", "checked", "aria-label=\"3, high\""],
    );
    has(tag(&html, "c_bad_text_radio"), &["value=\"bad_text\""]);
    has(&html, &["<span class=\"scale-end low\">low</span>", "Unusable"]);
    let html = form(&likert.replace("min_label: low, max_label: high, size: 3", "labels: [less, more]"), &[]);
    has(tag(&html, "c"), &["data-annotation-type=\"radio\""]);
    has(tag(&html, "c_more_radio"), &["value=\"more\""]);
}

#[test]
fn sliders_show_their_value_and_whether_it_was_set() {
    let slider =
        "annotation_type: slider, name: s, description: d, min_value: 0, max_value: 10, starting_value: 5";
    let html = form(slider, &[]);
    has(
        tag(&html, "s_slider_range"),
        &[
            "type=\"range\"",
            "name=\"s:::slider\"",
            "label_name=\"slider\"",
            "min=\"0\"",
            "max=\"10\"",
            "step=\"1\"",
            "value=\"5\"",
        ],
    );
    assert!(!html.contains("data-server-set"));
    let html = form(slider, &[("slider", "7")]);
    has(tag(&html, "s_slider_range"), &["value=\"7\"", "data-server-set"]);
    has(&html, &["<output for=\"s_slider_range\">7</output>"]);
}

#[test]
fn typed_answers_come_back_as_they_were_typed() {
    let html = form("annotation_type: number, name: n, description: d, min: 1, max: 9", &[("number", "3")]);
    has(
        tag(&html, "n_number_number"),
        &[
            "type=\"number\"",
            "name=\"n:::number\"",
            "label_name=\"number\"",
            "min=\"1\"",
            "max=\"9\"",
            "value=\"3\"",
        ],
    );
    let html = form("annotation_type: text, name: w, description: d", &[("text_box", "</form>")]);
    has(
        tag(&html, "w_text_box_text"),
        &[
            "type=\"text\"",
            "name=\"w:::text_box\"",
            "label_name=\"text_box\"",
            "value=\"&#60;/form&#62;\"",
            "data-server-set",
        ],
    );
    has(tag(&html, "w"), &["class=\"annotation-form textbox\"", "data-annotation-type=\"text\""]);
    let area = "annotation_type: text, name: w, description: d, textarea: {on: true, rows: 2, cols: 30}, labels: [happy?]";
    let html = form(area, &[("happy?", "\n<one>")]);
    has(tag(&html, "w_happy?_text"), &["<textarea", "name=\"w:::happy?\"", "rows=\"2\"", "cols=\"30\""]);
    // A parser drops the first line feed of a text area; the second is the annotator's.
    has(&html, &[">\n\n&#60;one&#62;</textarea>"]);
    let html =
        form("annotation_type: select, name: p, description: d, labels: [u, v]", &[("select-one", "v")]);
    has(
        tag(&html, "p_select-one_select"),
        &["type=\"select-one\"", "name=\"p:::select-one\"", "label_name=\"select-one\""],
    );
    has(&html, &["-- select one --", "<option value=\"v\" selected>"]);
}

#[test]
fn awkward_names_stay_within_their_attributes() {
    let html =
        form("annotation_type: multiselect, name: 'a:::b \"c\"', description: d, labels: ['x:::y']", &[]);
    has(&html, &["id=\"a_b &#34;c&#34;_x_y_checkbox\"", "name=\"a:::b &#34;c&#34;:::x:::y\""]);
}

#[test]
fn labels_may_have_words_colours_and_hints_of_their_own() {
    let scheme = only(
        "annotation_type: radio, name: a, description: d, humanize_labels: false, labels: [so_so, {name: x, displayed_label: The X, tooltip: 'a \"hint\"', color: '#f00', key_value: K}]",
    );
    let html = scheme.form(0, None, &NOBODY);
    has(
        &html,
        &[
            ">so_so</span>",
            ">The X</span><kbd>k</kbd>",
            "title=\"a &#34;hint&#34;\"",
            "--label-color: 255 0 0",
        ],
    );
    assert_eq!(scheme.colors()["x"], "rgba(255, 0, 0, 0.8)");
    assert_eq!(scheme.option_order(), ["so_so", "x"]);
    let described = scheme.describe();
    assert_eq!((&described["type"], &described["labels"]), (&json!("radio"), &json!(["so_so", "x"])));
    assert_eq!(described.get("annotation_type"), None::<&Value>);
}

#[test]
fn labels_for_spans_are_boxes_that_are_no_answers() {
    let span = "annotation_type: span, name: ent, description: d, bad_text_label: {label_content: No text}, \
                labels: [{name: PER, key_value: x, abbreviation: P, color: '#112233'}, ORG]";
    let html = form(span, &[("bad_text", "0")]);
    has(
        tag(&html, "ent_PER"),
        &[
            "type=\"checkbox\"",
            "name=\"span_label:::ent\"",
            "for_span=\"true\"",
            "value=\"x\"",
            "data-key=\"x\"",
            "data-span-tag=\"P\"",
            "data-span-color=\"17 34 51\"",
        ],
    );
    assert!(!tag(&html, "ent_PER").contains("annotation-input"));
    has(tag(&html, "ent_bad_text_checkbox"), &["name=\"ent:::bad_text\"", "value=\"0\"", "checked"]);
}

#[test]
fn links_name_the_scheme_of_their_spans() {
    let link = |schema: &str| {
        format!(
            "annotation_schemes:\n  - {{annotation_type: span, name: ent, description: d, labels: [A]}}\n  \
             - {{annotation_type: span_link, name: rel, description: d, span_schema: {schema}, \
             link_types: [{{name: knows, directed: false}}]}}\n"
        )
    };
    let html = Project::new(&link("ent")).config().schemes[1].form(1, None, &NOBODY);
    has(tag(&html, "rel_knows_link"), &["data-link-type=\"knows\"", "data-link-direction=\"undirected\""]);
    assert!(html.contains("name=\"span_link:::rel\""));
    let refused = crate::kit::refusal(&link("other"));
    assert!(
        refused.contains("annotation_schemes[1].span_schema") && refused.contains("\"other\""),
        "{refused}"
    );
}
