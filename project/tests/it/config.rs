//! What a config means, and the one line that refuses it.

use std::os::unix::fs::symlink;
use std::time::Duration;

use project::config::{self, Strategy};

use crate::kit::{Project, RADIO, refusal};

fn with(rest: &str) -> String {
    format!("{RADIO}{rest}")
}

#[test]
fn a_plain_config_has_the_documented_defaults() {
    let project = Project::new(RADIO);
    let loaded = project.load();
    assert_eq!(loaded.warnings, Vec::<String>::new());
    let config = loaded.config;
    assert_eq!(config.root, project.path("").components().collect::<std::path::PathBuf>());
    assert_eq!(config.output_dir, project.path("out"));
    assert_eq!(config.state_dir, project.path("out/.spud"));
    assert_eq!(config.sign_in.roster, project.path("user_config.json"));
    assert!(config.sign_in.open && config.sign_in.require_password);
    assert_eq!(config.assignment.strategy, Strategy::FixedOrder);
    assert_eq!((config.assignment.annotators_per_item, config.assignment.items_per_annotator), (None, None));
    assert_eq!((config.assignment.seed, config.assignment.lease), (1234, Duration::from_hours(1)));
    assert_eq!(
        (config.sessions.lifetime, config.sessions.idle),
        (Duration::from_hours(48), Duration::from_hours(8))
    );
    assert_eq!(config.backup, None);
}

#[test]
fn keys_are_read_with_their_older_names() {
    let config = Project::new(&with(
        "
assignment_strategy: {name: random}
max_annotations_per_item: 2
max_annotations_per_user: 30
random_seed: 7
reservation_hours: 0.5
require_no_password: yes
user_config: {allow_all_users: no, users: [ann, {username: bob}]}
secret_key: ${SK}
admin_api_key: key
session_timeout_minutes: 1.5
server: {port: 8001}
output_annotation_format: JSON
completion_code: 12345
list_as_text: {text_list_prefix_type: none}
annotation_codebook_url: https://example.org
",
    ))
    .config();
    assert_eq!(config.assignment.strategy, Strategy::Random);
    assert_eq!(config.assignment.annotators_per_item, Some(2));
    assert_eq!(config.assignment.items_per_annotator, Some(30));
    assert_eq!(config.assignment.lease, Duration::from_mins(30));
    assert!(!config.sign_in.require_password && !config.sign_in.open);
    assert_eq!(config.sign_in.users, ["ann", "bob"]);
    let secret = config.sessions.secret_key.unwrap();
    assert!(secret.resolve(&|_| None).is_err());
    assert_eq!(config.admin_api_key.unwrap().resolve(&|_| None).unwrap(), "key");
    assert_eq!(config.sessions.idle, Duration::from_secs(90));
    assert_eq!(config.port, Some(8001));
    assert_eq!(config.export_formats, ["jsonl"]);
    assert_eq!(config.page.completion_code.as_deref(), Some("12345"));
    assert_eq!(config.page.codebook_url.as_deref(), Some("https://example.org"));
}

#[test]
fn limits_count_from_one_and_zero_is_none() {
    for (value, expected) in [
        ("0", None),
        ("3", Some(3)),
        ("{default: 2, min: 1}", Some(2)),
        ("{adaptive: {enabled: false}}", Some(1)),
    ] {
        let config = Project::new(&with(&format!("num_annotators_per_item: {value}\n"))).config();
        assert_eq!(config.assignment.annotators_per_item, expected, "{value}");
    }
    for (value, expected) in [("-1", None), ("0", Some(0)), ("5", Some(5))] {
        let config = Project::new(&with(&format!("max_annotations_per_user: {value}\n"))).config();
        assert_eq!(config.assignment.items_per_annotator, expected, "{value}");
    }
}

#[test]
fn the_roster_lies_where_potato_looks_for_it() {
    for (output, roster) in
        [("out", "user_config.json"), ("out/", "out/user_config.json"), ("a/out", "a/user_config.json")]
    {
        let project = Project::verbatim(&format!(
            "annotation_task_name: t\noutput_annotation_dir: {output}\nitem_properties: {{id_key: id, text_key: text}}\ndata_files: [data.jsonl]\n{RADIO}"
        ));
        assert_eq!(project.config().sign_in.roster, project.path(roster), "{output}");
    }
}

#[test]
fn a_misspelt_key_warns_with_the_nearest_name() {
    let warnings = Project::new(&with(
        "
max_anotations_per_user: 5
user_config: {alow_all_users: false}
completely_else: 1
annotation_schemes:
  - {annotation_type: radio, name: m, description: d, labels: [{name: a, tooltp: x}], horizntal: true}
",
    ))
    .load()
    .warnings
    .join("\n");
    for said in [
        "max_anotations_per_user: is not a known key and has no effect; did you mean max_annotations_per_user?",
        "user_config.alow_all_users: is not a known key and has no effect; did you mean allow_all_users?",
        "completely_else: is not a known key and has no effect",
        "annotation_schemes[0].horizntal: is not a known key and has no effect; did you mean horizontal?",
        "annotation_schemes[0].labels[0].tooltp: is not a known key and has no effect; did you mean tooltip?",
        "annotation_schemes is given twice",
    ] {
        assert!(warnings.contains(said), "{said:?} is not in\n{warnings}");
    }
}

#[test]
fn a_wrong_value_is_refused_with_file_line_key_value_and_what_is_allowed() {
    assert_eq!(
        refusal(&with("max_annotations_per_user: '30'\n")),
        "config.yaml at line 8: max_annotations_per_user: must be an integer (without quotes), got \"30\" (text)"
    );
    for (rest, said) in [
        ("max_annotations_per_user: true", "must be an integer, got true (a boolean)"),
        ("num_annotators_per_item: -1", "must be 0 (no limit) or more, got -1"),
        ("num_annotators_per_item: {default: 0}", "num_annotators_per_item.default: must be 1 or more"),
        ("num_annotators_per_item: 2\nmax_annotations_per_item: 3", "contradicts num_annotators_per_item"),
        ("require_password: 'true'", "must be true or false, got \"true\" (text)"),
        ("require_password: true\nrequire_no_password: true", "keep require_password alone"),
        ("port: 70000", "must be 1 to 65535"),
        ("session_lifetime_days: 0", "more than 0"),
        ("session_cookie_samesite: None", "needs session_cookie_secure: true"),
        ("session_cookie_samesite: Sometimes", "one of Lax, Strict, None"),
        ("assignment_strategy: rndom", "one of fixed_order, random"),
        ("alert_time_each_instance: -4", "must be 0 or more"),
        ("user_config: {users: [a/b]}", "Usernames cannot contain"),
        ("user_config: [a]", "user_config: must be a mapping"),
        ("list_as_text: {text_list_prefix_type: roman}", "one of alphabet, number, bullet, none"),
        ("layout: {grid: {columns: 9}}", "must be 1 to 6, got 9"),
    ] {
        let error = refusal(&with(&format!("{rest}\n")));
        assert!(error.contains(said), "{rest}: {error}");
    }
}

#[test]
fn a_wrong_scheme_is_refused_by_place_and_name() {
    for (scheme, said) in [
        ("name: a, description: d, annotation_type: radio, labels: [yes, no]", "put the label in quotes"),
        ("name: a, description: d, annotation_type: radio, labels: [x, x]", "the label \"x\" is given twice"),
        ("name: a, description: d, annotation_type: radio, labels: []", "at least one label"),
        ("name: a, description: d, annotation_type: radio", "labels: is missing"),
        (
            "name: a, description: d, annotation_type: radio, labels: [{text: x}]",
            "labels[0].name: is missing",
        ),
        ("description: d, annotation_type: radio, labels: [x]", "annotation_schemes[0].name: is missing"),
        ("name: 5, description: d, annotation_type: radio, labels: [x]", "put it in quotes"),
        ("name: a, annotation_type: radio, labels: [x]", "description: is missing"),
        ("name: a, description: d", "annotation_type: is missing"),
        ("name: a, description: d, annotation_type: likert, min_label: l, max_label: h", "size: is missing"),
        (
            "name: a, description: d, annotation_type: likert, min_label: l, max_label: h, size: 1",
            "must be 2 to",
        ),
        (
            "name: a, description: d, annotation_type: slider, min_value: 5, max_value: 5, starting_value: 5",
            "less than max_value",
        ),
        (
            "name: a, description: d, annotation_type: slider, min_value: 0, max_value: 5, starting_value: 6",
            "must be 0 to 5, got 6",
        ),
        ("name: a, description: d, annotation_type: number, min: 5, max: 4", "must not be more than max"),
        ("name: a, description: d, annotation_type: select, labels: none.txt", "cannot be read"),
        (
            "name: a, description: d, annotation_type: select, use_predefined_labels: country",
            "not built here yet",
        ),
        (
            "name: a, description: d, annotation_type: radio, labels: [x], label_requirement: {required_label: y}",
            "labels: x",
        ),
        (
            "name: a, description: d, annotation_type: radio, labels: [x], video_as_label: true",
            "of scheme \"a\" is known to Potato",
        ),
        (
            "name: a, description: d, annotation_type: image_annotation, labels: [x]",
            "image_annotation of scheme \"a\" is not built here yet; built: radio, multiselect, ",
        ),
        (
            "name: a, description: d, annotation_type: radoi, labels: [x]",
            "not known to Potato either; did you mean radio?",
        ),
    ] {
        let error = refusal(&format!("annotation_schemes: [{{{scheme}}}]\n"));
        assert!(error.contains(said), "{scheme}: {error}");
    }
    let twice = "annotation_schemes: [{name: a, description: d, annotation_type: text}, {name: a, description: d, annotation_type: text}]\n";
    assert!(refusal(twice).contains("annotation_schemes[1].name: \"a\" is the name of two schemes"));
    assert!(refusal("annotation_schemes: []\n").contains("at least one scheme"));
    assert!(refusal("port: 80\n").contains("annotation_schemes: is missing"));
}

#[test]
fn what_is_known_to_potato_and_not_built_stops_the_start_by_name() {
    for (rest, said) in [
        ("authentication: {method: saml}", "authentication.method: saml is not built"),
        ("authentication: {type: oauth}", "authentication.type: oauth is not built"),
        ("login: {type: prolific}", "login.type: prolific"),
        ("crowdsourcing: {provider: mturk}", "crowdsourcing: is known"),
        ("phases: {counterbalance: [{pages: [a, b]}]}", "phases.counterbalance: is known"),
        ("phases: {consent: {instrument: tipi, randomize_questions: true}}", "randomize_questions: is known"),
        ("attention_checks: {enabled: true}", "attention_checks: is known"),
        ("gold_standards: {enabled: true}", "gold_standards: is known"),
        ("conditions: {factors: []}", "conditions: is known"),
        ("assignment_strategy: llm_confidence", "llm_confidence is known"),
        ("num_annotators_per_item: {overlap_sample: {fraction: 0.2}}", "overlap_sample is known"),
        ("per_annotator_quota: {default: 3}", "per_annotator_quota: is known"),
        ("data_sources: [{type: url}]", "data_sources: is known"),
        ("instance_display: {fields: [{key: img, type: pdf}]}", "instance_display.fields[0].type: pdf"),
        ("data_directory: .\nwatch_data_directory: true", "watch_data_directory: true is not built"),
    ] {
        let error = refusal(&with(&format!("{rest}\n")));
        assert!(error.contains(said) && error.contains("built"), "{rest}: {error}");
    }
}

#[test]
fn what_is_switched_off_or_only_for_looks_passes() {
    let loaded = Project::new(&with(
        "
training: {enabled: false}
attention_checks: {enabled: false}
phases: {order: [annotation], annotation: {type: annotation}}
instance_display: {fields: [{key: text, type: text, label: Post}]}
authentication: {method: in_memory}
login: {type: standard}
site_dir: default
base_html_template: default
surveyflow: {'on': false}
automatic_assignment: {'on': false}
alert_time_each_instance: 10000000
webhooks: {enabled: true}
",
    ))
    .load();
    assert_eq!(loaded.warnings.len(), 1, "{:?}", loaded.warnings);
    assert!(loaded.warnings[0].contains("webhooks: is not built here yet"));
}

#[test]
fn a_text_that_is_not_yaml_names_its_line() {
    let error = Project::verbatim("a: 1\nb: [1\nc: 2\n").refusal();
    assert!(error.starts_with("config.yaml at line 3: not valid YAML:"), "{error}");
    let project = Project::verbatim("");
    project.write("config.yaml", b"a: 1\nb: \xff\n");
    assert!(project.refusal().starts_with("config.yaml at line 2: not valid YAML: bytes that are not UTF-8"));
    assert!(Project::verbatim("- a\n").refusal().contains("must be a mapping of keys at the top"));
    assert!(Project::verbatim("a: 1\n").refusal().contains("is missing"));
}

#[test]
fn the_config_is_found_in_a_folder_too() {
    let project = Project::new(RADIO);
    assert_eq!(config::load(&project.path("")).unwrap().config.task_name, "A task");
    let text = std::fs::read_to_string(project.path("config.yaml")).unwrap();
    project.write("configs/only.yml", text.replace("task_dir: .", "task_dir: .."));
    assert_eq!(config::load(&project.path("")).unwrap().config.file, project.path("configs/only.yml"));
    project.write("configs/second.yaml", "");
    let error = config::load(&project.path("")).unwrap_err().to_string();
    assert!(error.contains("only.yml, second.yaml"), "{error}");
    assert!(config::load(&project.path("none.yaml")).unwrap_err().to_string().contains("cannot be read"));
    assert!(config::load(&project.path("data.jsonl")).unwrap_err().to_string().contains(".yaml or .yml"));
}

#[test]
fn paths_stay_within_the_project() {
    let outside = tempfile::NamedTempFile::with_suffix(".jsonl").unwrap();
    let project = Project::new(RADIO);
    symlink(outside.path(), project.path("link.jsonl")).unwrap();
    let text = std::fs::read_to_string(project.path("config.yaml")).unwrap();
    for (path, said) in [
        ("none.jsonl", "is not there"),
        ("....//data.jsonl", "\"....\""),
        ("..%2fdata.jsonl", "..%2F"),
        ("../../../data.jsonl", "goes up 3 folders"),
        ("../data.jsonl", "outside of the project"),
        ("/etc/hostname", "absolute path"),
        ("link.jsonl", "outside of the project"),
        ("data.parquet", "is not there"),
        ("config.yaml", "allowed: .json, .jsonl, .csv, .tsv"),
    ] {
        project.write("config.yaml", text.replace("data.jsonl", &format!("\"{path}\"")));
        let error = project.refusal();
        assert!(error.contains("data_files[0]: ") && error.contains(said), "{path}: {error}");
    }
    project.write("config.yaml", text.replace("output_annotation_dir: out", "output_annotation_dir: ../out"));
    assert!(project.refusal().contains("output_annotation_dir: "));
    project.write("config.yaml", text.replace("task_dir: .", "task_dir: nowhere"));
    assert!(project.refusal().contains("task_dir: "));
}

#[test]
fn files_of_a_folder_are_read_in_the_order_of_their_names() {
    let project = Project::verbatim(&format!(
        "annotation_task_name: t\noutput_annotation_dir: out\nitem_properties: {{id_key: id, text_key: text}}\ndata_directory: data\n{RADIO}"
    ));
    for name in ["b.jsonl", "a.csv", "c.txt"] {
        project.write(&format!("data/{name}"), "");
    }
    let files: Vec<_> = project.config().data_files.into_iter().map(|file| file.path).collect();
    assert_eq!(files, [project.path("data/a.csv"), project.path("data/b.jsonl")]);
}

#[test]
fn labels_of_a_select_may_stand_in_a_file() {
    let project = Project::new(
        "annotation_schemes: [{annotation_type: select, name: a, description: d, labels: l.txt}]\n",
    );
    project.write("l.txt", "\u{feff}one\n\n two \n");
    assert_eq!(project.config().schemes[0].option_order(), ["one", "two"]);
}
