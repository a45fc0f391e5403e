//! Several projects that are served at once, for one browser to visit.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::project::Project;
use crate::stack::{START, Setup, Stack};

/// A project of its own, and what serves it.
#[derive(Debug)]
pub struct Site {
    /// The name of the directory that it is a copy of.
    pub name: String,
    /// The copy.
    pub project: Project,
    /// The server.
    pub stack: Stack,
}

/// The projects of these tests, one for each type of scheme.
pub fn own() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("projects")
}

/// The directories below `root` that have a `config.yaml`, in order.
pub fn projects(root: &Path) -> Result<Vec<PathBuf>> {
    let mut entries = std::fs::read_dir(root)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    entries.sort();
    let mut found = Vec::new();
    for dir in entries.into_iter().filter(|path| path.is_dir()) {
        if dir.join("config.yaml").is_file() {
            found.push(dir);
        } else {
            found.extend(projects(&dir)?);
        }
    }
    Ok(found)
}

/// Starts a server on a copy of each project. One that needs what is not built yet must say so, and is left out.
pub async fn start(dirs: &[PathBuf]) -> Result<Vec<Site>> {
    let site = |dir: &PathBuf| {
        let project = Project::copy(dir)?;
        let stack = Setup::new(&project.config_file()).workers(1).begin()?;
        let name = dir.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Site { name, project, stack })
    };
    let begun = dirs.iter().map(site).collect::<Result<Vec<Site>>>()?;
    let mut sites = Vec::new();
    for mut site in begun {
        if site.stack.opens(START).await? {
            sites.push(site);
        } else {
            let log = site.stack.log();
            ensure!(log.contains("not built here yet"), "{}: {log}", site.name);
            println!("{} is not served: {log}", site.name);
        }
    }
    Ok(sites)
}

/// Their names and addresses, as the scripts of `tests/browser` take them.
pub fn addresses(sites: &[Site]) -> String {
    let site = |site: &Site| json!({"name": site.name, "url": site.stack.url()});
    Value::from(sites.iter().map(site).collect::<Vec<_>>()).to_string()
}
