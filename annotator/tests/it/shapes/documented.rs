//! The shapes that `docs/schemes.md` gives, as conditions on what is stored. Nothing here is taken from the schemes themselves.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::project::TEXT;

/// Label → value, as it is stored.
type Stored = Map<String, Value>;

/// Whether the labels of a scheme of the project have the documented shape; none at all have it, too.
pub(super) fn fits(scheme: &str, stored: &Stored) -> bool {
    let all = |fits: &dyn Fn(&str, &str) -> bool| {
        stored.iter().all(|(label, value)| value.as_str().is_some_and(|value| fits(label, value)))
    };
    let whole = |fits: &dyn Fn(&Value) -> bool| {
        all(&|label, value| label == scheme && serde_json::from_str(value).is_ok_and(|value| fits(&value)))
    };
    let free = |label: &str, value: &str| label == "free_response" && !value.is_empty();
    let choices = stored.keys().filter(|label| *label != "free_response").count();
    match scheme {
        "radio" => all(&|l, v| free(l, v) || (l == v && ["happy", "so_so"].contains(&v))) && choices <= 1,
        "multiselect" => all(&|l, v| free(l, v) || (l == v && ["food", "music"].contains(&v))),
        "likert" => all(&|l, v| l == v && (v == "bad_text" || whole_number(v, 1, 5))) && choices <= 1,
        "confidence" => all(&|l, v| l == v && whole_number(v, 1, 5)) && choices <= 1,
        "slider" => all(&|l, v| l == "slider" && number(v, -5., 10.)),
        "number" => all(&|l, v| l == "number" && number(v, 0., 12.)),
        "text" => all(&|l, v| l == "text_box" && !v.is_empty()),
        "select" => all(&|l, v| l == "select-one" && ["u", "v"].contains(&v)),
        "multirate" => all(&|l, v| ["rhythm", "words"].contains(&l) && ["weak", "strong"].contains(&v)),
        "pairwise" => all(&|l, v| match l {
            "selection" => ["A", "B", "tie"].contains(&v),
            "justification" => serde_json::from_str(v).is_ok_and(|said: Value| justification(&said)),
            _ => false,
        }),
        "pairwise_scale" => all(&|l, v| l == "scale_value" && number(v, -3., 3.)),
        "pairwise_multi" => all(&|l, v| ["rhythm", "brevity"].contains(&l) && ["A", "B"].contains(&v)),
        "ranking" => all(&|l, v| l == "rank_order" && listed(v, &["a", "b", "c"]) == Some(3)),
        "triage" => all(&|l, v| l == "decision" && ["accept", "reject", "skip"].contains(&v)),
        "confidence_slider" => all(&|l, v| l == "confidence_level" && number(v, 0., 100.)),
        "soft_label" => all(&|l, v| ["joy", "irony"].contains(&l) && number(v, 0., 100.)),
        "constant_sum" => all(&|l, v| ["sounds", "people"].contains(&l) && number(v, 0., 10.)),
        "rubric_eval" => all(&|l, v| ["clarity", "detail", "overall"].contains(&l) && whole_number(v, 1, 5)),
        "hierarchical_multiselect" => all(&|l, v| {
            l == "selected_labels" && listed(v, &["Science", "Physics", "Biology", "Arts", "Music"]) > Some(0)
        }),
        "semantic_differential" => {
            all(&|l, v| ["cold__warm", "near__far"].contains(&l) && whole_number(v, 1, 7))
        }
        "vas" => all(&|l, v| l == "vas" && number(v, 0., 100.)),
        "range_slider" => {
            let end = |label: &str| stored.get(label)?.as_str()?.parse::<f64>().ok();
            let (low, high) = (end("range_low"), end("range_high"));
            all(&|l, v| ["range_low", "range_high"].contains(&l) && number(v, 10., 100.))
                && low.zip(high).is_none_or(|(low, high)| low <= high)
        }
        "text_edit" => whole(&|edit| {
            has(edit, &["edited_text", "original_text", "edit_distance_chars", "edit_distance_words"])
                && edit["original_text"] == TEXT
                && edit["edited_text"].is_string()
                && ["edit_distance_chars", "edit_distance_words"].iter().all(|key| edit[*key].is_u64())
        }),
        "error_span" => whole(&|found| {
            let errors = found["errors"].as_array();
            has(found, &["errors", "score"])
                && found["score"].is_number()
                && errors.is_some_and(|errors| errors.iter().all(error))
        }),
        "extractive_qa" => whole(&|answer| {
            let none = answer["unanswerable"] == true;
            has(answer, &["answer_text", "start", "end", "unanswerable"])
                && answer["unanswerable"].is_boolean()
                && if none {
                    answer["answer_text"] == "" && answer["start"] == -1 && answer["end"] == -1
                } else {
                    between(answer).as_deref() == answer["answer_text"].as_str()
                }
        }),
        "card_sort" => whole(&|sorted| {
            sorted.as_object().is_some_and(|groups| {
                groups.iter().all(|(group, cards)| {
                    let known = |card: &Value| ["oak", "chair", "owl"].iter().any(|known| card == known);
                    ["living", "made"].contains(&group.as_str())
                        && cards.as_array().is_some_and(|cards| cards.iter().all(known))
                })
            })
        }),
        "conjoint" => all(&|l, v| l == "conjoint" && ["1", "2", "none"].contains(&v)),
        "cloze" => all(&|l, v| ["blank_1", "blank_2"].contains(&l) && !v.is_empty()),
        "span" => all(&|l, v| l == "bad_text" && v == "0"),
        "bws" => {
            all(&|l, v| ["best", "worst"].contains(&l) && ["A", "B", "C"].contains(&v))
                && (stored.len() < 2 || stored["best"] != stored["worst"])
        }
        // These take no labels.
        _ => stored.is_empty(),
    }
}

/// Whether spans, links and events have the documented shapes, and name only what is there.
pub(super) fn marks_fit(spans: &[Value], links: &[Value], events: &[Value]) -> bool {
    let label = |id: &Value| spans.iter().find(|span| span["id"] == *id).map(|span| &span["label"]);
    let span = |span: &Value| {
        let labels = [("span", ["DEED", "DOER"])];
        labels
            .iter()
            .any(|(scheme, labels)| span["schema"] == *scheme && labels.iter().any(|l| span["label"] == *l))
            && span["title"].is_string()
            && span["id"].as_str().is_some_and(|id| !id.is_empty())
            && between(span).is_some()
    };
    let link = |link: &Value| {
        let Some(ids) = link["span_ids"].as_array() else { return false };
        let different = ids.iter().map(Value::to_string).collect::<HashSet<_>>().len() == ids.len();
        let labels: Option<Vec<&Value>> = ids.iter().map(label).collect();
        let Some(labels) = labels else { return false };
        let typed = match (link["schema"].as_str(), link["link_type"].as_str()) {
            (Some("span_link"), Some("done_by")) => {
                labels.len() >= 2 && labels[0] == "DEED" && labels[1..].iter().all(|l| **l == "DOER")
            }
            (Some("span_link"), Some("same_as")) => labels.len() >= 2,
            (Some("coreference"), Some("coreference")) => {
                !labels.is_empty() && link["direction"] == "undirected"
            }
            _ => false,
        };
        typed
            && different
            && link["id"].is_string()
            && link["properties"].is_object()
            && ["directed", "undirected"].iter().any(|direction| link["direction"] == *direction)
    };
    let event = |event: &Value| {
        event["schema"] == "event_annotation"
            && event["event_type"] == "MOVE"
            && label(&event["trigger_span_id"]).is_some_and(|label| label == "DEED")
            && event["arguments"].as_array().is_some_and(|arguments| {
                arguments.iter().all(|argument| {
                    argument["role"] == "who"
                        && label(&argument["span_id"]).is_some_and(|label| label == "DOER")
                })
            })
            && event["id"].is_string()
            && event["properties"].is_object()
    };
    spans.iter().all(span) && links.iter().all(link) && events.iter().all(event)
}

fn number(text: &str, min: f64, max: f64) -> bool {
    text.parse::<f64>().is_ok_and(|number| (min..=max).contains(&number))
}

fn whole_number(text: &str, min: u32, max: u32) -> bool {
    (min..=max).any(|number| number.to_string() == text)
}

/// How many different ones a list with commas names; none where one is a stranger or there twice.
fn listed(text: &str, known: &[&str]) -> Option<usize> {
    let named: Vec<&str> = text.split(',').collect();
    let different: HashSet<&&str> = named.iter().collect();
    (different.len() == named.len() && named.iter().all(|name| known.contains(name))).then_some(named.len())
}

fn has(value: &Value, keys: &[&str]) -> bool {
    keys.iter().all(|key| value.get(*key).is_some())
}

fn justification(said: &Value) -> bool {
    let reasons = said["reasons"].as_array();
    reasons.is_some_and(|reasons| reasons.iter().all(|r| r == "shorter" || r == "clearer"))
        && said["rationale"].is_string()
}

fn error(error: &Value) -> bool {
    let subtype = match error["type"].as_str() {
        Some("Fluency") => {
            error["subtype"] == "Grammar" || error["subtype"].is_null() || error["subtype"] == ""
        }
        Some("Style") => error["subtype"].is_null() || error["subtype"] == "",
        _ => false,
    };
    subtype
        && ["Minor", "Major", "Critical"].iter().any(|severity| error["severity"] == *severity)
        && between(error).as_deref() == error["text"].as_str()
}

/// The words from `start` to `end`, in code points; none where there are none.
fn between(of: &Value) -> Option<String> {
    let offset = |key: &str| usize::try_from(of[key].as_u64()?).ok();
    let (start, end) = (offset("start")?, offset("end")?);
    let inside = start < end && end <= TEXT.chars().count();
    inside.then(|| TEXT.chars().skip(start).take(end - start).collect())
}
