//! What Potato knows and is not built here, in one table: whoever builds a thing removes its line.
//!
//! `REFUSED` stops the start: it would change what is asked, who is asked, or what an answer means. `LEFT_OUT` warns:
//! the study runs and its answers mean the same without it.

use super::section::nearest;
use super::{ConfigError, Section, assignment};
use crate::schemes::BUILT;
use crate::yaml::{Node, Yaml};

/// A key, when it matters, and what is there in its place.
struct Unbuilt {
    key: &'static str,
    applies: fn(&Node) -> bool,
    there: &'static str,
}

/// What is there in place of a strategy that needs a model or a queue of its own.
const STRATEGIES_THERE: &str = "the strategies that need no model";

const REFUSED: &[Unbuilt] = &[
    Unbuilt { key: "attention_checks", applies: is_enabled, there: "items without checks" },
    Unbuilt { key: "gold_standards", applies: is_enabled, there: "items without gold standards" },
    Unbuilt { key: "gold_standards_file", applies: is_on, there: "items without gold standards" },
    Unbuilt {
        key: "crowdsourcing",
        applies: names_a_provider,
        there: "sign-in by name, with or without a password",
    },
    Unbuilt { key: "conditions", applies: is_on, there: "one set of schemes for all annotators" },
    Unbuilt { key: "scheme_sets", applies: is_on, there: "one set of schemes for all annotators" },
    Unbuilt { key: "per_annotator_quota", applies: is_on, there: "max_annotations_per_user" },
    Unbuilt { key: "diversity_ordering", applies: is_enabled, there: STRATEGIES_THERE },
    Unbuilt { key: "active_learning", applies: is_enabled, there: STRATEGIES_THERE },
    Unbuilt { key: "psychometrics", applies: is_enabled, there: STRATEGIES_THERE },
    Unbuilt { key: "labeling_engine", applies: is_enabled, there: STRATEGIES_THERE },
    Unbuilt { key: "triage", applies: is_enabled, there: STRATEGIES_THERE },
    Unbuilt { key: "solo_mode", applies: is_enabled, there: "people who annotate" },
    Unbuilt { key: "data_sources", applies: is_on, there: "data_files and data_directory" },
    Unbuilt { key: "pre_annotation", applies: is_enabled, there: "forms that start empty" },
    Unbuilt { key: "trial_timing", applies: is_enabled, there: "items without a time limit" },
    Unbuilt { key: "ibws_config", applies: is_on, there: "bws_config, tuples in one round" },
    Unbuilt { key: "rooms", applies: is_enabled, there: "annotators who work alone" },
    Unbuilt { key: "truth_serum", applies: is_enabled, there: "the schemes themselves" },
    Unbuilt { key: "thinkaloud", applies: is_enabled, there: "the schemes themselves" },
    Unbuilt { key: "qda_mode", applies: is_enabled, there: "schemes with fixed labels" },
    Unbuilt { key: "codebook_mode", applies: is_on, there: "schemes with fixed labels" },
    Unbuilt { key: "cases", applies: is_enabled, there: "items one by one" },
    Unbuilt { key: "arena", applies: is_enabled, there: "items as they are in the data" },
    Unbuilt { key: "live_agent", applies: is_on, there: "the text of the data" },
    Unbuilt { key: "live_coding_agent", applies: is_on, there: "the text of the data" },
    Unbuilt { key: "task_layout", applies: is_on, there: "the forms of the schemes" },
    Unbuilt { key: "machine_annotators", applies: requires_declaration, there: "one kind of annotator" },
];

const LEFT_OUT: &[Unbuilt] = &[
    Unbuilt { key: "ai_support", applies: is_enabled, there: "annotation without hints" },
    Unbuilt { key: "chat_support", applies: is_enabled, there: "annotation without hints" },
    Unbuilt { key: "icl_labeling", applies: is_enabled, there: "answers of people" },
    Unbuilt { key: "review_mode", applies: is_enabled, there: "Next by hand" },
    Unbuilt { key: "grid_view", applies: is_enabled, there: "one item a page" },
    Unbuilt { key: "pocket", applies: is_enabled, there: "a page that fits phones" },
    Unbuilt { key: "text_as_image", applies: is_enabled, there: "text" },
    Unbuilt { key: "keyword_highlight_settings", applies: is_on, there: "all words of the file" },
    Unbuilt { key: "keystroke_logging", applies: is_enabled, there: "answers without typing records" },
    Unbuilt { key: "annotation_telemetry", applies: is_enabled, there: "answers without telemetry" },
    Unbuilt { key: "authenticity", applies: is_enabled, there: "answers without typing records" },
    Unbuilt { key: "webhooks", applies: is_enabled, there: "no outgoing calls" },
    Unbuilt { key: "adjudication", applies: is_enabled, there: "the raw answers" },
    Unbuilt { key: "rbac", applies: is_enabled, there: "the admin key alone" },
    Unbuilt { key: "user_roles", applies: is_on, there: "the admin key alone" },
    Unbuilt { key: "customjs", applies: is_on, there: "pages without scripts of others" },
    Unbuilt { key: "base_css", applies: is_on, there: "the built-in style" },
    Unbuilt { key: "header_logo", applies: is_on, there: "the name of the task" },
    Unbuilt { key: "annotator_dashboard", applies: is_enabled, there: "the counter on the page" },
    Unbuilt { key: "auto_redirect_on_completion", applies: is_on, there: "the done page" },
    Unbuilt {
        key: "surveyflow",
        applies: legacy_is_on,
        there: "a project of annotation alone; Potato 2 ignores it too",
    },
];

/// What of a scheme is refused.
const REFUSED_IN_SCHEME: &[Unbuilt] = &[
    Unbuilt { key: "dynamic_options", applies: is_on, there: "labels in the config" },
    Unbuilt { key: "dynamic_options_field", applies: is_on, there: "labels in the config" },
    Unbuilt { key: "turn_level", applies: is_on, there: "one answer an item" },
    Unbuilt { key: "turn_binding", applies: is_on, there: "one answer an item" },
    Unbuilt { key: "session_level", applies: is_on, there: "one answer an item" },
    Unbuilt { key: "video_as_label", applies: is_on, there: "labels as text" },
    Unbuilt { key: "codebook", applies: is_on, there: "labels in the config" },
    Unbuilt { key: "lextale", applies: is_on, there: "labels in the config" },
    Unbuilt {
        key: "use_predefined_labels",
        applies: is_on,
        there: "labels as a list, or a file with one a line",
    },
];

/// Every type of scheme that Potato 2.12 registers.
#[rustfmt::skip]
const POTATO_TYPES: &[&str] = &[
    "agent_interaction_graph", "agent_scorecard", "audio_annotation", "bdm", "belief_elicitation", "bws",
    "card_sort", "cloze", "code_review", "confidence", "conjoint", "consensus_tracking", "constant_sum",
    "context_attribution", "coreference", "ego_network", "emergent_behavior", "episode_annotation",
    "error_span", "event_annotation", "extractive_qa", "failure_attribution", "free_list", "geo_annotation",
    "grounding_eval", "gui_trajectory", "handoff_review", "hierarchical_multiselect", "image_annotation",
    "interlinear_gloss", "likert", "list_experiment", "listening_test", "multi_document_event",
    "multimodal_reasoning", "multirate", "multiselect", "number", "pairwise", "price_list", "process_reward",
    "pure_display", "radio", "randomized_response", "range_slider", "ranking", "region_caption",
    "rollout_evaluation", "rubric_eval", "select", "semantic_differential", "slider", "soft_label", "span",
    "span_link", "spatial_annotation", "spectrogram_annotation", "speech_transcript", "table_grid",
    "temporal_grounding", "text", "text_edit", "tiered_annotation", "tool_call_review", "tool_contention",
    "trajectory_edit", "trajectory_eval", "tree_annotation", "triad_test", "triage", "vas", "video",
    "video_annotation", "viewer_selection", "voice_interaction", "volume_annotation",
];

/// Strategies of Potato's that are not built.
const STRATEGIES: &[&str] = &[
    "active_learning",
    "llm_confidence",
    "diversity_clustering",
    "priority",
    "psychometric",
    "model_review",
    "engine",
];

/// Ways to sign in that are not built.
const METHODS: &[&str] = &["database", "clerk", "oauth", "saml"];

/// Stops at what the project needs and is not there; warns of what it can do without.
pub(super) fn refuse(top: &Section<'_>) -> Result<(), ConfigError> {
    refuse_in(top, REFUSED, "")?;
    for unbuilt in LEFT_OUT {
        if top.get(unbuilt.key).is_some_and(unbuilt.applies) {
            top.warn(
                unbuilt.key,
                &format!("is not built here yet and is left out; there is: {}", unbuilt.there),
            );
        }
    }
    sign_in(top)?;
    strategy(top)?;
    annotators(top)
}

/// Stops at what a scheme needs and is not there.
pub(crate) fn refuse_in_scheme(scheme: &Section<'_>, name: &str) -> Result<(), ConfigError> {
    refuse_in(scheme, REFUSED_IN_SCHEME, &format!("of scheme {name:?} "))
}

/// Why a type of scheme is refused.
pub(crate) fn scheme_type(annotation_type: &str, name: &str) -> String {
    let built: Vec<_> = BUILT.iter().map(|entry| entry.annotation_type).collect();
    let built = built.join(", ");
    if POTATO_TYPES.contains(&annotation_type) {
        return format!("{annotation_type} of scheme {name:?} is not built here yet; built: {built}");
    }
    let advice = nearest(annotation_type, POTATO_TYPES.iter().copied())
        .map_or_else(String::new, |other| format!("; did you mean {other}?"));
    format!("{annotation_type} of scheme {name:?} is not known to Potato either{advice} Built here: {built}")
}

fn refuse_in(section: &Section<'_>, table: &[Unbuilt], of: &str) -> Result<(), ConfigError> {
    match table.iter().find(|unbuilt| section.get(unbuilt.key).is_some_and(unbuilt.applies)) {
        Some(Unbuilt { key, there, .. }) => {
            Err(section
                .refuse(key, format!("{of}is known to Potato and not built here yet; there is: {there}")))
        }
        None => Ok(()),
    }
}

/// `authentication.method` (or its old name `type`), `login.type`.
fn sign_in(top: &Section<'_>) -> Result<(), ConfigError> {
    if let Some(authentication) = top.section("authentication")? {
        let key = if authentication.has("method") { "method" } else { "type" };
        if let Some(method) = authentication.text(key)?.filter(|method| method != "in_memory") {
            let why =
                if METHODS.contains(&method.as_str()) { "is not built here yet" } else { "is not a method" };
            let problem = format!("{method} {why}; there is: in_memory (names and passwords in the roster)");
            return Err(authentication.refuse(key, problem));
        }
    }
    if let Some(login) = top.section("login")? {
        login.warn_unknown(&[&["type", "url_argument"]]);
        if let Some(kind) = login.text("type")?.filter(|kind| kind != "standard") {
            let problem = format!("{kind} is not built here yet; there is: standard (the sign-in page)");
            return Err(login.refuse("type", problem));
        }
    }
    Ok(())
}

fn strategy(top: &Section<'_>) -> Result<(), ConfigError> {
    let inner = match top.get("assignment_strategy").map(|node| &node.value) {
        Some(Yaml::Map(_)) => top.section("assignment_strategy")?,
        _ => None,
    };
    let (section, key) = inner.as_ref().map_or((top, "assignment_strategy"), |inner| (inner, "name"));
    match section.text(key)? {
        Some(name) if STRATEGIES.contains(&name.trim()) => {
            let built: Vec<_> = assignment::STRATEGIES.iter().map(|(word, _)| *word).collect();
            let problem = format!(
                "{} is known to Potato and not built here yet; built: {}",
                name.trim(),
                built.join(", ")
            );
            Err(section.refuse(key, problem))
        }
        _ => Ok(()),
    }
}

/// `num_annotators_per_item.overlap_sample` and `.adaptive`.
fn annotators(top: &Section<'_>) -> Result<(), ConfigError> {
    let Some(Yaml::Map(_)) = top.get("num_annotators_per_item").map(|node| &node.value) else {
        return Ok(());
    };
    let Some(map) = top.section("num_annotators_per_item")? else { return Ok(()) };
    for key in ["overlap_sample", "adaptive"] {
        if map.get(key).is_some_and(is_enabled) {
            let problem = format!(
                "{key} is known to Potato and not built here yet; there is: default, one number for all items"
            );
            return Err(map.refuse(key, problem));
        }
    }
    Ok(())
}

/// Anything but `false`, an empty text, an empty list or an empty mapping.
fn is_on(node: &Node) -> bool {
    match &node.value {
        Yaml::Null | Yaml::Bool(false) => false,
        Yaml::Text(text) => !text.trim().is_empty(),
        Yaml::List(list) => !list.is_empty(),
        Yaml::Map(map) => !map.is_empty() && !is_false(map.get("enabled")),
        Yaml::Bool(true) | Yaml::Int(_) | Yaml::Float(_) => true,
    }
}

/// True, or a mapping that does not say `enabled: false`.
fn is_enabled(node: &Node) -> bool {
    is_on(node)
}

fn is_false(node: Option<&Node>) -> bool {
    node.is_some_and(|node| node.value == Yaml::Bool(false))
}

/// Potato's older blocks say `on:`.
fn legacy_is_on(node: &Node) -> bool {
    matches!(&node.value, Yaml::Map(map) if !is_false(map.get("on")))
}

fn names_a_provider(node: &Node) -> bool {
    matches!(&node.value, Yaml::Map(map) if map.contains_key("provider")) && is_on(node)
}

fn requires_declaration(node: &Node) -> bool {
    matches!(&node.value, Yaml::Map(map) if map.get("require_declaration").is_some_and(|flag| flag.value == Yaml::Bool(true)))
}
