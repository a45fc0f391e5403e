//! A project on disk with the real program at work on it.

use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use store::{AnswerChange, Digest, Gate, Save, Store};
use syncer::settings::{Settings, rules};
use syncer::status::{Status, ask};
use tempfile::TempDir;

use crate::hub::Hub;

const DEADLINE: Duration = Duration::from_mins(1);
const STEP: Duration = Duration::from_millis(50);

pub(crate) struct Site {
    dir: TempDir,
    hub: String,
    token: &'static str,
    child: Option<Child>,
}

impl Site {
    pub(crate) fn new(hub: &Hub) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let config = "
annotation_task_name: t
task_dir: .
output_annotation_dir: out
data_files: [items.jsonl]
item_properties: {id_key: id, text_key: text}
require_password: false
annotation_schemes:
  - {annotation_type: radio, name: mood, description: d, labels: [good, bad], option_randomization: true}
huggingface_backup: {enabled: true, repo_id: o/r, token: '${HF_TOKEN}', schedule_minutes: 0.02}
";
        std::fs::write(dir.path().join("config.yaml"), config).unwrap();
        let items: Vec<String> =
            (0..50).map(|n| format!("{{\"id\":\"{n}\",\"text\":\"text {n}\"}}")).collect();
        std::fs::write(dir.path().join("items.jsonl"), items.join("\n")).unwrap();
        Self { dir, hub: hub.address.clone(), token: "hf_good", child: None }
    }

    pub(crate) fn config(&self) -> PathBuf {
        self.dir.path().join("config.yaml")
    }

    pub(crate) fn out(&self) -> PathBuf {
        self.dir.path().join("out")
    }

    pub(crate) fn write(&self, path: &str, content: &str) {
        let path = self.out().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.out().join(path)).unwrap_or_default()
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_syncer"));
        command
            .env("POTATO_CONFIG", self.config())
            .env("HF_ENDPOINT", &self.hub)
            .env("HF_TOKEN", self.token)
            .env("SPUD_BOOT", "boot")
            .env("SPUD_STOP_SECONDS", "4")
            .env_remove("HF_HUB_DISABLE_TELEMETRY")
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn start(&mut self) {
        assert!(self.child.is_none());
        self.child = Some(self.command().arg("run").spawn().unwrap());
    }

    /// The store, as an annotator process has it.
    pub(crate) fn store(&self) -> Store {
        let loaded = project::config::load(&self.config()).unwrap();
        let secret = |_: &str| Some("x".to_owned());
        let settings = Settings::new(&loaded.config, false, &|_| None, &secret).unwrap();
        let options = store::Options {
            boot: Some("boot".to_owned()),
            rules: rules(&loaded.config),
            ..settings.store()
        };
        std::fs::create_dir_all(&options.dir).unwrap();
        Store::open(options).unwrap()
    }

    /// Answers the next `count` items for a user, once the gate is open.
    pub(crate) async fn annotate(&self, user: &str, items: std::ops::Range<u32>, value: &str) {
        let store = self.store();
        until("the gate opens", async || store.gate().await.unwrap() == Gate::Open).await;
        let loaded = project::config::load(&self.config()).unwrap();
        store.ingest(&loaded.config).await.unwrap();
        store.register(user, None).await.unwrap();
        store.arrive(user).await.unwrap();
        for item in items {
            store.go(user, store::Go::Next { from: None }).await.unwrap();
            let mut change = AnswerChange::default();
            change
                .schemes
                .insert("mood".to_owned(), [(value.to_owned(), json!(value))].into_iter().collect());
            let save = Save { user: user.to_owned(), item: item.to_string(), change, ..Save::default() };
            store.save(save).await.unwrap();
        }
        store.close().await;
    }

    pub(crate) async fn digest(&self) -> Digest {
        let store = self.store();
        let digest = store.recount().await.unwrap();
        store.close().await;
        digest
    }

    pub(crate) fn status(&self) -> Option<Status> {
        ask(&self.out().join(".spud")).ok()
    }

    /// Waits until the Hub has all that there is now.
    pub(crate) async fn pushed(&self) {
        let store = self.store();
        let target = store.seal().await.unwrap().tip.last;
        store.close().await;
        until("all is pushed", async || {
            self.status().is_some_and(|s| s.pushed >= target && s.pending_files == 0 && s.lag_seconds == 0.0)
        })
        .await;
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.child.as_ref().unwrap().id()).unwrap();
        kill_process(Pid::from_raw(pid).unwrap(), signal).unwrap();
    }

    pub(crate) async fn stop(&mut self) -> ExitStatus {
        self.signal(Signal::TERM);
        self.ended().await
    }

    pub(crate) async fn kill(&mut self) {
        self.signal(Signal::KILL);
        self.ended().await;
    }

    pub(crate) async fn ended(&mut self) -> ExitStatus {
        let mut child = self.child.take().unwrap();
        let mut status = None;
        until("the program ends", async || {
            status = child.try_wait().unwrap();
            status.is_some()
        })
        .await;
        status.unwrap()
    }

    /// Throws the disk away.
    pub(crate) fn lose_disk(&self) {
        std::fs::remove_dir_all(self.out()).unwrap();
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

/// Waits for a condition.
pub(crate) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let end = Instant::now() + DEADLINE;
    while !holds().await {
        assert!(Instant::now() < end, "waited in vain until {what}");
        tokio::time::sleep(STEP).await;
    }
}
