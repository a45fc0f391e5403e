//! Python Potato itself, from the environment that `tests/run` made.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use nix::sys::signal::Signal;
use reqwest::Client;
use serde_json::json;

use crate::deadline::until;
use crate::port;
use crate::processes::Process;
use crate::project::Project;
use crate::python::executable;

/// It takes up to 11 s to start on a machine that does nothing else.
const START: Duration = Duration::from_mins(2);
const STOP: Duration = Duration::from_secs(30);
const KEY: &str = "a-key-for-tests";

/// A Potato that serves a project; it is killed when this is dropped.
#[derive(Debug)]
pub struct Potato {
    child: Child,
    url: String,
    log: PathBuf,
    http: Client,
}

impl Potato {
    /// Starts it and waits until it answers.
    pub async fn start(project: &Project) -> Result<Self> {
        let port = port::free()?;
        let log = project.dir().join(format!("potato-{port}.txt"));
        let file = File::create(&log)?;
        let child = Command::new(executable("potato")?)
            .args(["start", "config.yaml", "-p", &port.to_string()])
            .env("POTATO_ADMIN_API_KEY", KEY)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .current_dir(project.dir())
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .context("potato")?;
        let http = Client::builder().timeout(Duration::from_secs(20)).build()?;
        let potato = Self { child, url: format!("http://127.0.0.1:{port}"), log, http };
        let answers = async || {
            let response = potato.http.get(&potato.url).send().await.ok()?;
            response.status().is_success().then_some(())
        };
        until("Potato answers", START, answers).await.with_context(|| potato.log())?;
        Ok(potato)
    }

    /// Its address.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// What it has written.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Its export of all that it finds in the output directory, as `csv` or `jsonl`.
    pub async fn export(&self, project: &Project, format: &str) -> Result<String> {
        let target = project.dir().join("exported");
        let request = json!({"format": format, "output": target, "options": {}});
        let address = format!("{}/admin/api/export", self.url);
        let response = self.http.post(address).header("X-API-Key", KEY).json(&request).send().await?;
        let status = response.status();
        let body = response.text().await?;
        ensure!(status.is_success(), "the export: {status} {body}");
        let file = find(&target, format).with_context(|| format!("a {format} file after {body}"))?;
        Ok(std::fs::read_to_string(file)?)
    }

    /// Tells it to stop and waits for its end.
    pub async fn stop(mut self) -> Result<()> {
        Process { pid: self.child.id().cast_signed(), name: String::new() }.signal(Signal::SIGTERM);
        until("the end of Potato", STOP, async || self.child.try_wait().ok().flatten()).await?;
        Ok(())
    }
}

fn find(path: &std::path::Path, format: &str) -> Option<PathBuf> {
    if path.is_dir() {
        let mut entries: Vec<PathBuf> =
            std::fs::read_dir(path).ok()?.flatten().map(|entry| entry.path()).collect();
        entries.sort();
        return entries.iter().find_map(|entry| find(entry, format));
    }
    let name = path.file_name()?.to_str()?;
    (path.is_file() && (name.starts_with("annotations") || name == "exported") && name.ends_with(format))
        .then(|| path.to_owned())
}

impl Drop for Potato {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
