//! Ratings and amounts: what is stored, what is refused, what the form shows again.

use project::items::Item;
use project::schemes::{Accepted, Labels, Occasion, Scheme};
use serde_json::{Value, json};

use crate::kit::{NOBODY, Project, refusal};

fn scheme(config: &str) -> Scheme {
    let required = "label_requirement: {required: true}";
    let schemes = format!("annotation_schemes: [{{name: s, description: d, {required}, {config}}}]");
    Project::new(&schemes).config().schemes.remove(0)
}

/// The labels as they are stored.
fn stored(scheme: &Scheme, sent: &[(&str, Value)]) -> Result<Labels, String> {
    let mut labels = Labels::new();
    for (label, value) in sent {
        match scheme.accept(label, value).map_err(|refused| refused.reason)? {
            Accepted::Store(value) => labels.insert((*label).to_owned(), value),
            Accepted::Remove => labels.shift_remove(*label),
        };
    }
    scheme.check_all(&labels).map_err(|refused| refused.reason)?;
    Ok(labels)
}

#[track_caller]
fn keeps(config: &str, whole: &[(&str, &str)], refused: (&str, Value, &str)) {
    let scheme = scheme(config);
    let sent: Vec<(&str, Value)> = whole.iter().map(|(label, value)| (*label, json!(value))).collect();
    let labels = stored(&scheme, &sent).unwrap();
    let expected: Labels = whole.iter().map(|(label, value)| ((*label).to_owned(), json!(value))).collect();
    assert_eq!(labels, expected, "the documented shape");
    assert!(!scheme.unmet(Some(&labels)), "that is a whole answer");
    assert!(scheme.unmet(None), "nothing is none");
    let html = scheme.form(0, Some(&labels), &NOBODY);
    assert_eq!(html.matches("data-server-set").count(), whole.len(), "the form shows it again: {html}");
    for (label, _) in whole {
        assert!(html.contains(&format!("label_name=\"{label}\"")), "{label} in {html}");
    }
    let (label, value, reason) = refused;
    let told = stored(&scheme, &[(label, value)]).unwrap_err();
    assert!(told.contains(reason) && told.contains("scheme s"), "{told}");
}

#[test]
fn rows_are_rated_on_one_scale() {
    keeps(
        "annotation_type: multirate, options: [A, {name: b, tooltip: t}], labels: [Bad, Good]",
        &[("A", "Good"), ("b", "Bad")],
        ("A", json!("Fine"), "Bad, Good"),
    );
    keeps(
        "annotation_type: semantic_differential, pairs: [[Good, Bad], [Hot, Cold]]",
        &[("Good__Bad", "7"), ("Hot__Cold", "1")],
        ("Good__Bad", json!("8"), "1, 2, 3, 4, 5, 6, 7"),
    );
    keeps(
        "annotation_type: rubric_eval, show_overall: true, scale_points: 3, criteria: [{name: clear, description: C}, right]",
        &[("clear", "3"), ("right", "1"), ("overall", "2")],
        ("brief", json!("1"), "clear, right, overall"),
    );
}

#[test]
fn amounts_must_make_the_total_where_they_are_required() {
    for (kind, total) in [("constant_sum", "total_points"), ("soft_label", "total")] {
        let config = format!("annotation_type: {kind}, labels: [a, b], {total}: 10");
        keeps(&config, &[("a", "4"), ("b", "6")], ("a", json!("11"), "from 0 to 10"));
        let short: Labels = [("a".to_owned(), json!("4")), ("b".to_owned(), json!("5"))].into();
        assert!(scheme(&config).unmet(Some(&short)), "9 of 10 are shared out");
    }
}

#[test]
fn lines_and_ranges_store_numbers() {
    keeps(
        "annotation_type: vas, left_label: none, right_label: all",
        &[("s", "63.4")],
        ("s", json!("101"), "from 0 to 100"),
    );
    keeps(
        "annotation_type: range_slider, min_value: 1, max_value: 9",
        &[("range_low", "2"), ("range_high", "7")],
        ("range_mid", json!("3"), "range_low and range_high"),
    );
    keeps(
        "annotation_type: confidence, scale_type: slider, left_label: unsure, right_label: sure",
        &[("confidence_level", "70")],
        ("confidence_level", json!(-1), "from 0 to 100"),
    );
}

#[test]
fn decisions_and_orders_are_one_value() {
    keeps(
        "annotation_type: triage, skip_label: Later",
        &[("decision", "reject")],
        ("decision", json!("no"), "accept, reject or skip"),
    );
    keeps(
        "annotation_type: ranking, labels: [a, b, c]",
        &[("rank_order", "b,c,a")],
        ("rank_order", json!("a,b"), "a, b, c"),
    );
    let ties = "annotation_type: ranking, labels: [a, b, c], allow_ties: true";
    keeps(ties, &[("rank_order", "c,a=b")], ("rank_order", json!("a=a,b,c"), "= in a tie"));
    let html = scheme(ties).form(0, Some(&[("rank_order".to_owned(), json!("c=a,b"))].into()), &NOBODY);
    assert!(html.contains("data-label=\"a\" data-tied") && html.matches("data-tied").count() == 1, "{html}");
    assert!(
        stored(&scheme("annotation_type: ranking, labels: [a, b]"), &[("rank_order", json!("a=b"))]).is_err()
    );
    let html = scheme("annotation_type: ranking, labels: [a, b]").form(
        0,
        Some(&[("rank_order".to_owned(), json!("b,a"))].into()),
        &NOBODY,
    );
    assert!(html.find("data-label=\"b\"") < html.find("data-label=\"a\""), "in the stored order");
}

#[test]
fn of_two_texts_one_is_chosen_by_letter_point_or_dimension() {
    let binary = "annotation_type: pairwise, labels: [Left, Right], allow_tie: true, items_key: text";
    keeps(binary, &[("selection", "tie")], ("selection", json!("Left"), "A, B, tie"));
    keeps(
        "annotation_type: pairwise, mode: scale, scale: {min: -2, max: 2, labels: {min: A, max: B}}",
        &[("scale_value", "-1")],
        ("scale_value", json!("3"), "from -2 to 2"),
    );
    keeps(
        "annotation_type: pairwise, mode: multi_dimension, dimensions: [{name: tone}, {name: facts, description: f}]",
        &[("tone", "A"), ("facts", "B")],
        ("style", json!("A"), "tone, facts"),
    );
    let html = scheme(binary).form(0, None, &NOBODY);
    for (value, key) in [("A", 1), ("B", 2), ("tie", 0)] {
        assert!(
            html.contains(&format!("value=\"{value}\"")) && html.contains(&format!("data-key=\"{key}\"")),
            "{html}"
        );
    }
}

#[test]
fn a_choice_between_two_is_justified_by_reasons_and_words() {
    let config = "annotation_type: pairwise, justification: \
        {reason_categories: [clear, correct], min_rationale_chars: 4, required: true}";
    let said = |reasons: &[&str], words: &str| json!({"reasons": reasons, "rationale": words}).to_string();
    let why = said(&["clear"], "short");
    keeps(
        config,
        &[("selection", "A"), ("justification", &why)],
        ("justification", json!("x"), "clear, correct"),
    );
    let scheme = scheme(config);
    let unmet = |why: &str| {
        let labels = stored(&scheme, &[("selection", json!("A")), ("justification", json!(why))]).unwrap();
        scheme.unmet(Some(&labels))
    };
    assert!(
        unmet("") && unmet(&said(&["clear"], "abc")) && unmet(&said(&[], " a  ")),
        "four characters are asked for"
    );
    assert!(!unmet(&said(&[], "abcd")));
    assert!(stored(&scheme, &[("justification", json!(said(&["other"], "")))]).is_err());
    let empty = stored(&scheme, &[("justification", json!(said(&[], "")))]).unwrap();
    assert!(empty.is_empty(), "nothing said is nothing stored");
    let optional =
        "{name: s, description: d, annotation_type: pairwise, justification: {min_rationale_chars: 4}}";
    let optional = Project::new(&format!("annotation_schemes: [{optional}]")).config().schemes.remove(0);
    let labels = |why: &str| [("justification".to_owned(), json!(said(&[], why)))].into();
    assert!(
        !optional.unmet(None)
            && optional.unmet(Some(&labels("abc")))
            && !optional.unmet(Some(&labels("abcd")))
    );
}

#[test]
fn a_form_shows_the_pair_that_the_page_does_not() {
    let fields = json!({"id": "1", "text": "x", "answers": ["one <b>1</b>", {"text": "two"}]});
    let item = Item { id: "1".to_owned(), fields: fields.as_object().unwrap().clone() };
    let occasion = Occasion { annotator: "ann", item: Some(&item) };
    let form = |key: &str, display: &str| {
        let schemes = format!(
            "annotation_schemes: [{{name: s, description: d, annotation_type: pairwise, labels: [Left, R], items_key: {key}}}]\n"
        );
        Project::new(&format!("{schemes}{display}")).config().schemes.remove(0).form(0, None, &occasion)
    };
    let html = form("answers", "");
    assert!(
        html.contains(">Left</h3>") && html.contains("one <b>1</b>") && html.contains("two</div>"),
        "{html}"
    );
    let display = "instance_display: {fields: [{key: answers, type: pairwise}]}";
    assert!(!form("answers", display).contains("class=\"pair\""), "the page shows it already");
    assert!(!form("text", "").contains("class=\"pair\""), "the item's text is on the page");
    assert!(form("lost", "").contains("no field <code>lost</code>"));
}

#[test]
fn words_between_schemes_ask_nothing() {
    let shown = scheme("annotation_type: pure_display, labels: [Read <b>this</b>]");
    assert!(shown.form(0, None, &NOBODY).contains("<p>Read &#60;b&#62;this&#60;/b&#62;</p>"));
    assert!(!shown.unmet(None));
    assert!(shown.accept("x", &json!("y")).unwrap_err().reason.contains("only shows words"));
    let html =
        scheme("annotation_type: pure_display, allow_html: true, labels: ['<b>x</b><script>y</script>']")
            .form(0, None, &NOBODY);
    assert!(html.contains("<b>x</b>") && !html.contains("<script"), "{html}");
}

#[test]
fn a_film_between_schemes_asks_nothing() {
    let film = scheme(
        "annotation_type: video, video_path: a/film.mp4, additional_sources: ['https://x.org/f.webm'], loop: true, \
         custom_css: {width: 300}, fallback_text: 'No <film>'",
    );
    let html = film.form(0, None, &NOBODY);
    assert!(
        html.contains("<source src=\"/media/a/film.mp4\"><source src=\"https://x.org/f.webm\">"),
        "{html}"
    );
    assert!(
        html.contains(" controls loop style=\"width: 300px; \"") && html.contains("No &#60;film&#62;"),
        "{html}"
    );
    assert!(!film.unmet(None));
    assert!(film.accept("x", &json!("y")).unwrap_err().reason.contains("only shows a film"));
}

#[test]
fn confidence_is_one_point_at_a_time() {
    keeps("annotation_type: confidence", &[("4", "4")], ("6", json!("6"), "1, 2, 3, 4, 5"));
    let told =
        stored(&scheme("annotation_type: confidence"), &[("1", json!("1")), ("2", json!("2"))]).unwrap_err();
    assert!(told.contains("takes one choice"), "{told}");
}

#[test]
fn what_cannot_be_read_is_refused_by_its_place() {
    for (config, place) in [
        ("annotation_type: multirate, labels: [a]", "options"),
        ("annotation_type: multirate, labels: [a], options_from_data: rows", "options_from_data"),
        ("annotation_type: semantic_differential", "pairs"),
        ("annotation_type: semantic_differential, pairs: [[a]]", "pairs[0]"),
        ("annotation_type: rubric_eval", "criteria"),
        ("annotation_type: rubric_eval, criteria: [a], scale_labels: [x]", "scale_labels"),
        ("annotation_type: constant_sum, labels: [a, b], min_per_item: 60", "min_per_item"),
        ("annotation_type: soft_label, labels: [a], total: 0", "total"),
        ("annotation_type: vas, min_value: 5, max_value: 5", "min_value"),
        ("annotation_type: range_slider, step: 0", "step"),
        ("annotation_type: confidence, scale_type: stars", "scale_type"),
        ("annotation_type: pairwise, labels: [a]", "labels"),
        ("annotation_type: video", "video_path"),
        ("annotation_type: video, video_path: 'javascript:x'", "video_path"),
        ("annotation_type: video, video_path: a.mp4, custom_css: {width: wide}", "custom_css.width"),
        ("annotation_type: pairwise, mode: scale, scale: {min: 3, max: 1}", "scale"),
        ("annotation_type: pairwise, mode: multi_dimension", "dimensions"),
        ("annotation_type: pairwise, items: [a, b]", "items"),
        (
            "annotation_type: pairwise, justification: {min_rationale_chars: -1}",
            "justification.min_rationale_chars",
        ),
        ("annotation_type: ranking, labels: ['a=b', c], allow_ties: true", "labels"),
        ("annotation_type: ranking, labels: ['a,b', c]", "labels"),
    ] {
        let refused = refusal(&format!("annotation_schemes: [{{name: s, description: d, {config}}}]"));
        assert!(refused.contains(&format!("annotation_schemes[0].{place}")), "{place}: {refused}");
    }
}
