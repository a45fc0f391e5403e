//! Projects in a folder that is gone after the test.

use std::fs;
use std::path::PathBuf;

use project::config::{self, Config, Loaded};
use project::schemes::Occasion;
use tempfile::TempDir;

pub(crate) const RADIO: &str = "\
annotation_schemes:
  - {annotation_type: radio, name: mood, description: How?, labels: [happy, sad]}
";

/// Somebody, before there is an item.
pub(crate) const NOBODY: Occasion<'static> = Occasion { annotator: "ann", item: None };

/// A folder with a config and a data file.
pub(crate) struct Project {
    folder: TempDir,
}

impl Project {
    /// The usual top, then `rest`.
    pub(crate) fn new(rest: &str) -> Self {
        let top = "\
annotation_task_name: A task
task_dir: .
output_annotation_dir: out
item_properties: {id_key: id, text_key: text}
data_files: [data.jsonl]
";
        Self::verbatim(&format!("{top}{rest}"))
    }

    pub(crate) fn verbatim(config: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let project = Self { folder };
        project.write("config.yaml", config);
        project
            .write("data.jsonl", "{\"id\": \"1\", \"text\": \"one\"}\n{\"id\": \"2\", \"text\": \"two\"}\n");
        project
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(crate) fn load(&self) -> Loaded {
        match config::load(&self.path("config.yaml")) {
            Ok(loaded) => loaded,
            Err(error) => panic!("refused: {error}"),
        }
    }

    pub(crate) fn config(&self) -> Config {
        self.load().config
    }

    /// The one line that is shown, without the folder of the test.
    pub(crate) fn refusal(&self) -> String {
        let error =
            config::load(&self.path("config.yaml")).expect_err("this config is to be refused").to_string();
        assert!(!error.contains('\n'), "more than one line: {error}");
        error.replace(&format!("{}/", self.path("").display()).replace("//", "/"), "")
    }
}

/// What a config with these schemes is refused with.
pub(crate) fn refusal(rest: &str) -> String {
    Project::new(rest).refusal()
}
