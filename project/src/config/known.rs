//! The names of top-level keys, for whoever mistypes one.

use super::{ConfigError, Section};

/// Keys of our own.
const OURS: &[&str] = &["state_dir", "reservation_hours", "commit_scheduler"];

/// What Potato 2.12.1 documents at the top.
#[rustfmt::skip]
const POTATO: &[&str] = &[
    "active_learning", "adjudication", "admin_api_key", "agent_proxy", "agreement_metrics", "ai_budget",
    "ai_support", "alert_time_each_instance", "allow_phase_back_navigation", "analytics",
    "annotation_codebook_url", "annotation_instructions", "annotation_schemes", "annotation_task_description",
    "annotation_task_name", "annotation_telemetry", "annotation_ui", "annotator_dashboard", "arena",
    "assignment_strategy", "attention_checks", "audio_annotation", "authentication", "authenticity",
    "auto_export_interval", "auto_redirect_delay", "auto_redirect_on_completion", "automatic_assignment",
    "automation", "backup", "base_css", "base_html_template", "batch_assignment", "boundary_probing",
    "bws_config", "calibration", "cases", "category_assignment", "chat_support", "codebook",
    "codebook_invivo_key", "codebook_mode", "completion_code", "conditions", "config_file", "corpus_map",
    "cot_segmentation", "credentials", "crowdsourcing", "curation", "custom_footer_html", "customjs",
    "customjs_hostname", "data_cache", "data_directory", "data_directory_encoding", "data_files",
    "data_sources", "database", "dataset_metadata", "datasets", "debug", "debug_log", "debug_phase",
    "diversity_ordering", "embedding_visualization", "embeddings", "event_template",
    "export_annotation_format", "export_include_annotation_changes", "export_include_authenticity",
    "export_include_phase_data", "export_include_typing_dynamics", "format_handling", "gold_standards",
    "gold_standards_file", "grid_view", "header_file", "header_logo", "hide_navbar", "highlight_linebreaks",
    "horizontal_key_bindings", "host", "huggingface_backup", "ibws_config", "icl_labeling", "incentives",
    "instance_display", "instance_reclaim", "interaction_tracking", "item_properties", "item_store",
    "judge_alignment", "judge_calibration", "jumping_to_id_disabled", "keystroke_logging",
    "keyword_highlight_settings", "keyword_highlights_file", "labeling_engine", "layout", "list_as_text",
    "live_agent", "live_coding_agent", "login", "mace", "machine_annotators", "max_annotations_per_item",
    "max_annotations_per_user", "max_session_seconds", "mcp", "media_directory",
    "min_annotators_per_instance", "model_training", "mturk", "num_annotators_per_item",
    "output_annotation_dir", "output_annotation_format", "partial_loading", "per_annotator_quota",
    "persist_sessions", "phases", "plugins", "pocket", "port", "pre_annotation", "prestudy", "psychometrics",
    "publish", "qda_mode", "quality_control", "random_seed", "rbac", "require_fully_annotated",
    "require_no_password", "require_password", "review_mode", "review_workflow", "rooms", "scheme_sets",
    "search", "secret_key", "serve_raw_medical_files", "server", "server_debug", "session_cookie_samesite",
    "session_cookie_secure", "session_lifetime_days", "session_timeout_minutes", "sessions", "site_dir",
    "site_file", "solo_mode", "surveyflow", "task_description", "task_dir", "task_layout", "text_as_image",
    "thinkaloud", "trace_ingestion", "training", "triage", "trial_timing", "truth_serum", "ui", "ui_config",
    "ui_debug", "ui_language", "user_config", "user_roles", "validation", "verbose", "very_verbose",
    "watch_data_directory", "watch_poll_interval", "webhooks",
];

/// Keys of nested mappings that are read elsewhere only in part.
const NESTED: &[(&str, &[&str])] = &[
    ("server", &["port", "host", "debug"]),
    (
        "item_properties",
        &[
            "id_key",
            "text_key",
            "category_key",
            "image_key",
            "audio_key",
            "video_key",
            "kwargs",
            "context_key",
            "text_list_prefix_type",
        ],
    ),
    ("instance_display", &["layout", "resizable", "fields"]),
];

pub(super) fn warn(top: &Section<'_>) -> Result<(), ConfigError> {
    top.warn_unknown(&[OURS, POTATO]);
    for (key, known) in NESTED {
        if let Some(section) = top.section(key)? {
            section.warn_unknown(&[known]);
        }
    }
    typed(top)
}

/// Optional keys that Potato checks the type of; a wrong one is a typo even where the key has no effect.
fn typed(top: &Section<'_>) -> Result<(), ConfigError> {
    for key in ["alert_time_each_instance", "max_session_seconds"] {
        if let Some(number) = top.integer(key)?.filter(|number| *number < 0) {
            return Err(top.refuse(key, format!("must be 0 or more, got {number}")));
        }
    }
    for key in ["customjs", "watch_data_directory"] {
        top.flag(key)?;
    }
    Ok(())
}
