//! Finding and reading the config file.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::ConfigError;

/// Folder of a project that may hold its only config.
const CONFIGS: &str = "configs";

/// The file itself, absolute: as given, or the only `.yaml` of a directory's `configs/`, or its `config.yaml`.
pub(super) fn find(given: &Path) -> Result<PathBuf, ConfigError> {
    let found = if given.is_dir() { in_directory(given)? } else { given.to_owned() };
    if !is_yaml(&found) {
        let problem = "the name of a config must end in .yaml or .yml".to_owned();
        return Err(ConfigError::File { file: given.to_owned(), problem });
    }
    found.canonicalize().map_err(|source| ConfigError::Read { file: given.to_owned(), source })
}

fn in_directory(directory: &Path) -> Result<PathBuf, ConfigError> {
    let configs = directory.join(CONFIGS);
    let mut found = Vec::new();
    if configs.is_dir() {
        let entries =
            fs::read_dir(&configs).map_err(|source| ConfigError::Read { file: configs.clone(), source })?;
        for entry in entries {
            let path = entry.map_err(|source| ConfigError::Read { file: configs.clone(), source })?.path();
            if path.is_file() && is_yaml(&path) {
                found.push(path);
            }
        }
    }
    found.sort();
    match found.as_slice() {
        [only] => Ok(only.clone()),
        [] if directory.join("config.yaml").is_file() => Ok(directory.join("config.yaml")),
        [] if directory.join("config.yml").is_file() => Ok(directory.join("config.yml")),
        [] => Err(ConfigError::File {
            file: directory.to_owned(),
            problem:
                "holds neither config.yaml nor a configs folder with one .yaml; name the config file itself"
                    .to_owned(),
        }),
        several => {
            let names: Vec<_> = several
                .iter()
                .filter_map(|path| path.file_name())
                .map(|name| name.to_string_lossy())
                .collect();
            let problem =
                format!("{CONFIGS} holds {} configs ({}); name one of them", names.len(), names.join(", "));
            Err(ConfigError::File { file: directory.to_owned(), problem })
        }
    }
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}

pub(super) fn read(file: &Path) -> Result<String, ConfigError> {
    let bytes = fs::read(file).map_err(|source| ConfigError::Read { file: file.to_owned(), source })?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + memchr::memchr_iter(b'\n', before).count();
        ConfigError::Syntax { file: file.to_owned(), line, problem: "bytes that are not UTF-8".to_owned() }
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}
