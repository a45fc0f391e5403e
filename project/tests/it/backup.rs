//! The backup block in all its spellings.

use std::time::Duration;

use project::config::Backup;

use crate::kit::{Project, RADIO, refusal};

fn backup(block: &str) -> Option<Backup> {
    Project::new(&format!("{RADIO}{block}")).config().backup
}

fn refused(block: &str) -> String {
    refusal(&format!("{RADIO}{block}"))
}

#[test]
fn the_documented_block_is_read_without_its_token_being_set() {
    for name in ["huggingface_backup", "commit_scheduler"] {
        let block = format!(
            "{name}: {{enabled: true, repo_id: me/my-study, token: '${{HF_TOKEN}}', schedule_minutes: 0.05, private: 'true'}}"
        );
        let backup = backup(&block).unwrap();
        assert_eq!((backup.owner.as_str(), backup.name.as_str()), ("me", "my-study"));
        assert_eq!(backup.interval, Duration::from_secs(3));
        assert!(backup.private);
        let token = backup.token.unwrap();
        let error = token.resolve(&|_| None).unwrap_err();
        assert_eq!((error.variable.as_str(), error.key), ("HF_TOKEN", format!("{name}.token")));
        assert_eq!(token.resolve(&|name| Some(format!("value of {name}"))).unwrap(), "value of HF_TOKEN");
    }
}

#[test]
fn defaults_are_five_minutes_and_private() {
    let backup = backup("huggingface_backup: {enabled: true, repo_id: a/b}").unwrap();
    assert_eq!(
        (backup.interval, backup.private, backup.token, backup.path_in_repo),
        (Duration::from_mins(5), true, None, None)
    );
}

#[test]
fn the_newer_block_takes_one_hub_sink() {
    let block = "backup: {schedule_minutes: 2, sinks: [{type: hf, repo_id: a/b, private: 'false', path_in_repo: /runs/1/}]}";
    let backup = backup(block).unwrap();
    assert_eq!((backup.private, backup.path_in_repo.as_deref()), (false, Some("runs/1")));
    assert_eq!(backup.interval, Duration::from_mins(2));
}

#[test]
fn a_disabled_block_is_none_and_takes_the_older_one_with_it() {
    assert_eq!(backup(""), None);
    assert_eq!(backup("huggingface_backup: {enabled: false, repo_id: a/b}"), None);
    assert_eq!(backup("huggingface_backup: {repo_id: a/b}"), None);
    let both = "huggingface_backup: {enabled: true, repo_id: a/b}\nbackup: {enabled: false}";
    assert_eq!(backup(both), None);
}

#[test]
fn two_blocks_must_say_the_same() {
    let both = |minutes| {
        format!(
            "huggingface_backup: {{enabled: true, repo_id: a/b, schedule_minutes: {minutes}}}\nbackup: {{sinks: [{{type: huggingface, repo_id: a/b}}]}}\n"
        )
    };
    assert!(backup(&both(5)).is_some());
    assert!(refused(&both(6)).contains("backup: says something else than huggingface_backup"));
}

#[test]
fn what_cannot_be_backed_up_to_is_refused_with_the_reason() {
    for (block, said) in [
        ("huggingface_backup: {enabled: true, repo_id: a/b, repo_type: space}", "rebuilds and restarts"),
        (
            "huggingface_backup: {enabled: true, repo_id: a/b, repo_type: model}",
            "must be dataset, got \"model\"",
        ),
        ("huggingface_backup: {enabled: true}", "repo_id: is missing"),
        ("huggingface_backup: {enabled: true, repo_id: my-study}", "OWNER/NAME"),
        ("huggingface_backup: {enabled: true, repo_id: a/b/c}", "OWNER/NAME"),
        ("huggingface_backup: {enabled: true, repo_id: a/.., token: x}", "OWNER/NAME"),
        ("huggingface_backup: {enabled: true, repo_id: a/b, schedule_minutes: 0}", "more than 0"),
        ("huggingface_backup: {enabled: true, repo_id: a/b, schedule_minutes: '5'}", "without quotes"),
        ("huggingface_backup: {enabled: true, repo_id: a/b, path_in_repo: a/../b}", "no . or .."),
        ("backup: {sinks: [{type: s3, bucket: x}]}", "s3 is not built here"),
        ("backup: {sinks: [{type: ftp}]}", "\"ftp\" is not a sink"),
        ("backup: {sinks: [{type: hf, repo_id: a/b}, {type: hf, repo_id: a/c}]}", "second sink"),
        ("backup: {enabled: true}", "name one sink"),
    ] {
        let error = refused(block);
        assert!(error.contains(said), "{block}: {error}");
    }
}

#[test]
fn a_secret_of_the_wrong_kind_is_refused_without_being_shown() {
    let error = refused("huggingface_backup: {enabled: true, repo_id: a/b, token: [hf_secret]}");
    assert!(error.contains("huggingface_backup.token") && !error.contains("hf_secret"), "{error}");
}
