//! Potato projects to serve.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tempfile::TempDir;

/// Labels of the radio scheme `sentiment`.
pub const LABELS: [&str; 4] = ["positive", "negative", "neutral", "mixed"];
/// The scheme that the crowd answers.
pub const SCHEME: &str = "sentiment";

/// A project in a directory of its own, which goes with it.
#[derive(Debug)]
pub struct Project {
    dir: TempDir,
    config: String,
}

impl Project {
    /// `items` texts, one radio scheme, anybody may take part; `more` is added to the config.
    pub fn new(items: usize, more: &str) -> Result<Self> {
        let config = format!(
            "annotation_task_name: Load\n\
             task_dir: .\n\
             output_annotation_dir: annotation_output\n\
             output_annotation_format: json\n\
             data_files: [items.jsonl]\n\
             item_properties: {{id_key: id, text_key: text}}\n\
             user_config: {{allow_all_users: true, users: []}}\n\
             require_password: false\n\
             assignment_strategy: random\n\
             annotation_schemes:\n\
             \x20 - annotation_type: radio\n\
             \x20   name: {SCHEME}\n\
             \x20   description: How does it feel?\n\
             \x20   labels: [{}]\n\
             {more}\n",
            LABELS.join(", ")
        );
        let mut lines = String::new();
        for n in 0..items {
            writeln!(lines, "{{\"id\": \"item_{n:05}\", \"text\": \"Text number {n}.\"}}")?;
        }
        Self::from_files(&config, &[("items.jsonl", &lines)])
    }

    /// Any files beside a config.
    pub fn from_files(config: &str, files: &[(&str, &str)]) -> Result<Self> {
        let dir = tempfile::tempdir().context("a directory for a project")?;
        std::fs::write(dir.path().join("config.yaml"), config)?;
        for (name, content) in files {
            let path = dir.path().join(name);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(path, content)?;
        }
        Ok(Self { dir, config: config.to_owned() })
    }

    /// A copy of a directory with a `config.yaml`.
    pub fn copy(from: &Path) -> Result<Self> {
        let dir = tempfile::tempdir().context("a directory for a project")?;
        copy_all(from, dir.path()).with_context(|| from.display().to_string())?;
        let config = std::fs::read_to_string(dir.path().join("config.yaml"))?;
        Ok(Self { dir, config })
    }

    /// The directory.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// `config.yaml` in it.
    pub fn config_file(&self) -> PathBuf {
        self.dir.path().join("config.yaml")
    }

    /// The directory of the raw files.
    pub fn output(&self) -> PathBuf {
        self.dir.path().join("annotation_output")
    }

    /// The same study on a machine that has nothing but the project.
    pub fn elsewhere(&self) -> Result<Self> {
        let items = std::fs::read_to_string(self.dir.path().join("items.jsonl"))?;
        Self::from_files(&self.config, &[("items.jsonl", &items)])
    }

    /// What a lost disk leaves: nothing of what was annotated.
    pub fn lose_output(&self) -> Result<()> {
        std::fs::remove_dir_all(self.output()).context("losing the disk")
    }
}

fn copy_all(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_all(&entry.path(), &target)?;
        } else {
            // Read and written, so that a read-only original makes no read-only copy.
            std::fs::write(target, std::fs::read(entry.path())?)?;
        }
    }
    Ok(())
}

/// The part of a config that backs up to `repo`, pushing at least every `seconds`.
pub fn backup(repo: &str, seconds: f64) -> String {
    format!(
        "huggingface_backup:\n  enabled: true\n  repo_id: {repo}\n  token: \"${{HF_TOKEN}}\"\n  schedule_minutes: {}\n",
        seconds / 60.0
    )
}
