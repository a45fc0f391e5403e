//! A project with three items, and a browser of sorts.

use std::path::Path;

use annotator::{App, Settings, key, router};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use serde_json::Value;
use store::{Gate, Rules, Store};
use tempfile::TempDir;
use tower::ServiceExt;

const CONFIG: &str = r"
annotation_task_name: Three items
task_dir: .
output_annotation_dir: out
require_password: false
data_files: [items.jsonl]
item_properties: {id_key: id, text_key: text}
assignment_strategy: fixed_order
annotation_schemes:
  - {annotation_type: radio, name: mood, description: Mood, labels: [good, bad], label_requirement: {required: true}}
  - {annotation_type: multiselect, name: topics, description: Topics, labels: [price, speed]}
  - {annotation_type: text, name: remark, description: Remark}
  - {annotation_type: span, name: ent, description: Entities, labels: [PER, ORG]}
";

/// A worker's router, and what it stands on.
pub(crate) struct Site {
    pub(crate) store: Store,
    router: Router,
    dir: TempDir,
}

/// What came back.
pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answered {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }
}

impl Site {
    /// An open study.
    pub(crate) async fn open() -> Self {
        Self::with(CONFIG).await
    }

    pub(crate) async fn with(config: &str) -> Self {
        Self::with_files(config, &[]).await
    }

    /// With files of its own beside the config.
    pub(crate) async fn with_files(config: &str, files: &[(&str, &str)]) -> Self {
        let site = Self::made(config, files).await;
        site.store.claim(uuid()).await.unwrap();
        site.store.set_gate(Gate::Open).await.unwrap();
        site
    }

    /// A study of which it is not known yet whether it may go on.
    pub(crate) async fn shut(config: &str) -> Self {
        Self::made(config, &[]).await
    }

    async fn made(config: &str, files: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        for (name, content) in files {
            std::fs::write(dir.path().join(name), content).unwrap();
        }
        std::fs::write(dir.path().join("config.yaml"), config).unwrap();
        let items = ["a", "b", "c"].map(|id| format!("{{\"id\": \"{id}\", \"text\": \"Item {id}\"}}\n"));
        std::fs::write(dir.path().join("items.jsonl"), items.concat()).unwrap();
        let (router, store) = worker(dir.path()).await;
        Self { store, router, dir }
    }

    /// Another worker of the same study.
    pub(crate) async fn second_worker(&self) -> Router {
        worker(self.dir.path()).await.0
    }

    pub(crate) fn switch(&mut self, router: Router) {
        self.router = router;
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answered {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        Answered {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// Signs in by name; the cookie.
    pub(crate) async fn sign_in(&self, name: &str) -> String {
        let form = format!("email={name}&pass=");
        let request =
            Request::post("/auth").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answered = self.send(request.body(form.into()).unwrap()).await;
        assert_eq!(answered.status, StatusCode::FOUND, "{}", answered.text);
        cookie(&answered)
    }

    pub(crate) async fn get(&self, path: &str, cookie: &str) -> Answered {
        let request = Request::get(path).header(header::COOKIE, cookie).header(header::ACCEPT, "text/html");
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, cookie: &str, body: impl Into<Body>) -> Answered {
        let request = Request::post(path)
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "application/json")
            .header("x-potato-navigation", "1");
        self.send(request.body(body.into()).unwrap()).await
    }

    pub(crate) async fn save(&self, cookie: &str, body: &Value) -> Answered {
        self.post("/updateinstance", cookie, body.to_string()).await
    }

    /// The answers that are stored.
    pub(crate) async fn stored(&self, cookie: &str, item: &str) -> Value {
        self.get(&format!("/get_annotations?instance_id={item}"), cookie).await.json()["label_values"].take()
    }
}

pub(crate) fn cookie(answered: &Answered) -> String {
    let set = answered.headers.get(header::SET_COOKIE).unwrap().to_str().unwrap();
    set.split(';').next().unwrap().to_owned()
}

async fn worker(dir: &Path) -> (Router, Store) {
    let config = project::config::load(&dir.join("config.yaml")).unwrap().config;
    let settings = Settings::read(&|_| None).unwrap();
    let key = key(&config, &settings, &|_| None).unwrap();
    let options = store::Options {
        dir: config.state_dir.clone(),
        readers: 2,
        rules: Rules::from_config(&config),
        boot: None,
    };
    let store = tokio::task::spawn_blocking(|| Store::open(options)).await.unwrap().unwrap();
    store.ingest(&config).await.unwrap();
    let app = App::new(config, key);
    app.open(store.clone());
    app.settle();
    (router(app), store)
}

fn uuid() -> uuid::Uuid {
    uuid::Uuid::new_v4()
}

pub(crate) const PROJECT: &str = CONFIG;
