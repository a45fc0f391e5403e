//! The real programs, started as a user starts them: one launcher, its workers and its syncer.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use nix::sys::signal::Signal;
use serde_json::Value;

use crate::deadline::until;
use crate::port;
use crate::processes::{Process, children};

/// A start on a slow machine that does other things, too.
pub const START: Duration = Duration::from_secs(30);
/// The order to stop is obeyed within this time.
pub const STOP: Duration = Duration::from_secs(10);

/// Where the programs are: `SPUD_BIN_DIR`.
pub fn program(name: &str) -> Result<PathBuf> {
    let dir = std::env::var_os("SPUD_BIN_DIR").context("SPUD_BIN_DIR is not set: run tests/run")?;
    let path = PathBuf::from(dir).join(name);
    ensure!(path.exists(), "{} is missing: run tests/run", path.display());
    Ok(path)
}

/// How to start a stack.
#[derive(Clone, Debug)]
pub struct Setup {
    config: PathBuf,
    workers: usize,
    variables: Vec<(String, String)>,
    port: Option<u16>,
    wrapper: Vec<String>,
}

impl Setup {
    /// A launcher for a project, with two workers.
    pub fn new(config: &Path) -> Self {
        Self { config: config.to_owned(), workers: 2, variables: Vec::new(), port: None, wrapper: Vec::new() }
    }

    /// How many workers.
    #[must_use]
    pub fn workers(mut self, workers: usize) -> Self {
        self.workers = workers;
        self
    }

    /// A variable of its environment.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The Hub at `url`, with a token.
    #[must_use]
    pub fn hub(self, url: &str, token: &str) -> Self {
        self.with("HF_ENDPOINT", url).with("HF_TOKEN", token)
    }

    /// The port of an earlier start.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// A program that the launcher runs under, with its arguments.
    #[must_use]
    pub fn under(mut self, wrapper: &[&str]) -> Self {
        self.wrapper = wrapper.iter().map(|word| (*word).to_owned()).collect();
        self
    }

    /// The command, with an environment of its own.
    pub fn command(&self, port: u16) -> Result<Command> {
        let launcher = program("launcher")?;
        let mut command = match self.wrapper.split_first() {
            None => Command::new(launcher),
            Some((first, rest)) => {
                let mut command = Command::new(first);
                command.args(rest).arg(launcher);
                command
            }
        };
        command
            .env_clear()
            .envs(
                ["PATH", "HOME", "TMPDIR"]
                    .into_iter()
                    .filter_map(|name| Some((name, std::env::var_os(name)?))),
            )
            .env("POTATO_CONFIG", &self.config)
            .env("GUNICORN_WORKERS", self.workers.to_string())
            .env("PORT", port.to_string())
            .env("HOST", "127.0.0.1")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir("/")
            .stdin(Stdio::null());
        Ok(command)
    }

    /// Starts it and waits until annotations are taken.
    pub async fn start(&self) -> Result<Stack> {
        let stack = self.begin()?;
        stack.open(START).await?;
        Ok(stack)
    }

    /// Starts it.
    pub fn begin(&self) -> Result<Stack> {
        let port = self.port.map_or_else(port::free, Ok)?;
        let dir = self.config.parent().context("a config in a directory")?;
        let log = (0..1_000)
            .map(|n| dir.join(format!("log-{n}.txt")))
            .find(|path| !path.exists())
            .context("a log")?;
        let file = File::create(&log)?;
        let child =
            self.command(port)?.stdout(file.try_clone()?).stderr(file).spawn().context("the launcher")?;
        let http = reqwest::Client::builder().timeout(Duration::from_secs(10)).build()?;
        Ok(Stack { child, port, log, http })
    }
}

/// A launcher that runs; it and its children are killed when this is dropped.
#[derive(Debug)]
pub struct Stack {
    child: Child,
    port: u16,
    log: PathBuf,
    http: reqwest::Client,
}

impl Stack {
    /// Its address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What it and its children have written.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// The launcher's process id.
    pub fn pid(&self) -> i32 {
        self.child.id().cast_signed()
    }

    /// The processes below the launcher.
    pub fn children(&self) -> Vec<Process> {
        children(self.pid())
    }

    /// The workers.
    pub fn workers(&self) -> Vec<Process> {
        self.children().into_iter().filter(|process| process.name == "annotator").collect()
    }

    /// The syncer, if it runs.
    pub fn syncer(&self) -> Option<Process> {
        self.children().into_iter().find(|process| process.name == "syncer")
    }

    /// `/health`: the status and what it says.
    pub async fn health(&self) -> Option<(u16, Value)> {
        let response = self.http.get(format!("{}/health", self.url())).send().await.ok()?;
        let status = response.status().as_u16();
        Some((status, response.json().await.unwrap_or_default()))
    }

    /// Waits until annotations are taken.
    pub async fn open(&self, limit: Duration) -> Result<()> {
        let healthy = async || matches!(self.health().await, Some((200, _))).then_some(());
        until("the study is open", limit, healthy).await.with_context(|| self.log())
    }

    /// Waits until annotations are taken, or until it has ended by itself; whether they are.
    pub async fn opens(&mut self, limit: Duration) -> Result<bool> {
        let mut ended = false;
        let outcome = until("the study is open, or has ended", limit, async || {
            ended = self.child.try_wait().ok().flatten().is_some();
            (ended || matches!(self.health().await, Some((200, _)))).then_some(())
        });
        let outcome = outcome.await;
        outcome.with_context(|| self.log())?;
        Ok(!ended)
    }

    /// Tells it to stop, as the container's host does, and waits for the end.
    pub async fn stop(mut self) -> Result<ExitStatus> {
        self.term();
        let ended = until("the end after SIGTERM", STOP, async || self.child.try_wait().ok().flatten());
        let status = ended.await;
        status.with_context(|| self.log())
    }

    /// Tells it to stop.
    pub fn term(&self) {
        Process { pid: self.pid(), name: String::new() }.signal(Signal::SIGTERM);
    }

    /// Waits for the end.
    pub async fn ended(&mut self, limit: Duration) -> Result<ExitStatus> {
        let ended =
            until("the end of the launcher", limit, async || self.child.try_wait().ok().flatten()).await;
        ended.with_context(|| self.log())
    }

    /// `kill -9` of everything at once, as when the machine goes.
    pub fn kill(mut self) {
        self.kill_all();
    }

    fn kill_all(&mut self) {
        // The parent first, so that it replaces none of its children.
        let all = self.children();
        let _ = self.child.kill();
        for process in all {
            process.signal(Signal::SIGKILL);
        }
        let _ = self.child.wait();
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        self.kill_all();
    }
}
