//! Where the project is, and which paths are within it.

use std::path::{Component, Path, PathBuf};

use super::error::ConfigError;
use crate::yaml::{Map, Yaml};

/// Most steps up that a path may take.
const MAX_PARENTS: usize = 2;
/// Ways to write `..` that a check could overlook.
const DISGUISED: [&str; 3] = ["....", "..%2F", "..%5C"];

/// The folders of a project.
#[derive(Debug)]
pub(crate) struct Places {
    /// `task_dir`, absolute, symlinks resolved; the config file's folder where the key is absent.
    pub(crate) root: PathBuf,
    /// The outermost folder that paths may lead into: `task_dir` or the config file's folder.
    project: PathBuf,
}

impl Places {
    pub(super) fn find(file: &Path, map: &Map) -> Result<Self, ConfigError> {
        let folder = file.parent().unwrap_or(Path::new("/")).to_owned();
        let Some(node) = map.get("task_dir").filter(|node| !node.is_null()) else {
            return Ok(Self { root: folder.clone(), project: folder });
        };
        let refuse = |problem: String| ConfigError::Key {
            file: file.to_owned(),
            line: Some(node.line),
            key: "task_dir".to_owned(),
            problem,
        };
        let Yaml::Text(value) = &node.value else {
            return Err(refuse(format!("must be text, got {}", node.kind())));
        };
        check_spelling(value).map_err(refuse)?;
        let root = folder
            .join(value)
            .canonicalize()
            .map_err(|error| refuse(format!("{value:?} is not a folder that can be entered: {error}")))?;
        if !root.is_dir() {
            return Err(refuse(format!("{value:?} is not a folder")));
        }
        let project = if folder.starts_with(&root) {
            root.clone()
        } else if root.starts_with(&folder) {
            folder
        } else {
            return Err(refuse(format!(
                "{value:?} leads to {}, which neither holds the config file nor lies beside it",
                root.display()
            )));
        };
        Ok(Self { root, project })
    }

    /// An absolute path within the project, symlinks resolved as far as it exists; the error says what is wrong with it.
    pub(crate) fn resolve(&self, value: &str) -> Result<PathBuf, String> {
        check_spelling(value)?;
        let path = Path::new(value);
        if path.is_absolute() && !path.starts_with(&self.root) && !path.starts_with(&self.project) {
            return Err(format!(
                "the absolute path {value:?} is outside of the project ({}); use a path relative to task_dir",
                self.project.display()
            ));
        }
        let real =
            real(&self.root.join(path)).map_err(|error| format!("{value:?} cannot be looked up: {error}"))?;
        if !real.starts_with(&self.project) {
            return Err(format!(
                "{value:?} resolves to {}, which is outside of the project ({}); move it inside",
                real.display(),
                self.project.display()
            ));
        }
        Ok(real)
    }
}

fn check_spelling(value: &str) -> Result<(), String> {
    if value.trim().is_empty() {
        return Err("must not be empty".to_owned());
    }
    if value.contains('\0') {
        return Err("must not contain a null byte".to_owned());
    }
    let upper = value.to_uppercase();
    if let Some(disguised) = DISGUISED.iter().find(|part| upper.contains(*part)) {
        return Err(format!("{value:?} contains {disguised:?}, which no path of a project may"));
    }
    let mut depth = 0_usize;
    let mut parents = 0;
    for component in Path::new(value).components() {
        match component {
            Component::ParentDir if depth > 0 => depth -= 1,
            Component::ParentDir => parents += 1,
            Component::Normal(_) => depth += 1,
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    if parents > MAX_PARENTS {
        return Err(format!("{value:?} goes up {parents} folders; at most {MAX_PARENTS} are allowed"));
    }
    Ok(())
}

/// Resolves what exists of a path and appends the rest, `..` taken away by name.
fn real(path: &Path) -> std::io::Result<PathBuf> {
    let mut missing = Vec::new();
    let mut existing = path;
    loop {
        match existing.canonicalize() {
            Ok(mut real) => {
                for component in missing.into_iter().rev() {
                    match component {
                        Component::ParentDir => {
                            real.pop();
                        }
                        Component::Normal(name) => real.push(name),
                        Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
                    }
                }
                return Ok(real);
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !existing.is_symlink() => {
                let Some(parent) = existing.parent() else { return Err(error) };
                missing.extend(existing.components().next_back());
                existing = parent;
            }
            Err(error) => return Err(error),
        }
    }
}
