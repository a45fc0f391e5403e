//! A study with consent, surveys and items, as somebody else wrote it, through everything that can happen to its server.

use std::path::Path;
use std::time::Duration;

use reqwest::{Client, RequestBuilder, Response, StatusCode, redirect};
use serde_json::{Value, json};
use tests::deadline::until;
use tests::potato::Potato;
use tests::project::Project;
use tests::stack::{Setup, Stack};

const CONSENT: &str = "__phase_page__/consent/consent";
const PRESTUDY: &str = "__phase_page__/prestudy/prestudy";
const POSTSTUDY: &str = "__phase_page__/poststudy/poststudy";
/// A worker that is replaced comes back in this time, whatever else the machine does.
const START: Duration = Duration::from_secs(30);
const PASSWORD: &str = "a long one";

/// Potato's example, as it is; none where the examples are not there.
fn demo() -> Option<Project> {
    let dir =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/potato-examples/classification/survey-demo");
    if !dir.is_dir() {
        println!("skipped: {} is not there", dir.display());
        return None;
    }
    let read = |name: &str| std::fs::read_to_string(dir.join(name)).unwrap();
    let files = ["data/texts.json", "surveys/consent.json"].map(|name| (name, read(name)));
    let files = files.each_ref().map(|(name, content)| (*name, content.as_str()));
    Some(Project::from_files(&read("config.yaml"), &files).unwrap())
}

/// Somebody with a browser, a name and a password.
struct Person {
    name: &'static str,
    http: Client,
}

impl Person {
    fn new(name: &'static str) -> Self {
        let http = Client::builder().cookie_store(true).redirect(redirect::Policy::none()).build().unwrap();
        Self { name, http }
    }

    /// Sends a request, again while the worker that it came to is still starting, as a page does.
    async fn send(&self, request: RequestBuilder) -> Response {
        let taken = async || {
            let response = request.try_clone()?.send().await.ok()?;
            (response.status() != StatusCode::SERVICE_UNAVAILABLE).then_some(response)
        };
        until("a worker that is ready", START, taken).await.unwrap()
    }

    async fn enter(&self, url: &str, path: &str) {
        let form = [("email", self.name), ("pass", PASSWORD)];
        let response = self.send(self.http.post(format!("{url}{path}")).form(&form)).await;
        assert_eq!(response.status(), StatusCode::FOUND, "{}", response.text().await.unwrap());
    }

    async fn page(&self, url: &str) -> String {
        let response = self.send(self.http.get(format!("{url}/"))).await;
        assert_eq!(response.status(), StatusCode::OK);
        response.text().await.unwrap()
    }

    /// The id of the page or item, `done` at the end.
    async fn place(&self, url: &str) -> String {
        let page = self.page(url).await;
        let Some((_, after)) = page.split_once("id=\"instance_id\"") else {
            assert!(page.contains("Thank You!"), "{page}");
            return "done".to_owned();
        };
        after.split_once("value=\"").unwrap().1.split_once('"').unwrap().0.to_owned()
    }

    async fn save(&self, url: &str, place: &str, annotations: Value) {
        let body = json!({"instance_id": place, "annotations": annotations});
        let response = self.send(self.http.post(format!("{url}/updateinstance")).json(&body)).await;
        let body: Value = response.json().await.unwrap();
        assert_eq!(body["status"], "success", "{place}: {body}");
    }

    async fn next(&self, url: &str, place: &str) -> StatusCode {
        let body = json!({"action": "next_instance", "instance_id": place});
        let request = self.http.post(format!("{url}/annotate")).header("X-Potato-Navigation", "1");
        self.send(request.json(&body)).await.status()
    }
}

/// Answers to the questions `PREFIX_1` and on.
fn survey(prefix: &str, count: usize, label: &str) -> Value {
    (1..=count).map(|n| (format!("{prefix}_{n}:::{label}"), Value::from(label))).collect()
}

fn merged(first: &Value, second: &Value) -> Value {
    first
        .as_object()
        .unwrap()
        .iter()
        .chain(second.as_object().unwrap())
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect()
}

async fn crash(stack: Stack, project: &Project) -> Stack {
    stack.kill();
    Setup::new(&project.config_file()).start().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_study_with_surveys_is_run_through_crashes_and_read_by_potato() {
    let Some(project) = demo() else { return };
    let mut stack = Setup::new(&project.config_file()).start().await.unwrap();
    let (anna, ben) = (Person::new("anna"), Person::new("ben"));
    for person in [&anna, &ben] {
        person.enter(&stack.url(), "/register").await;
        let url = stack.url();
        assert_eq!(person.place(&url).await, CONSENT);
        assert_eq!(person.next(&url, CONSENT).await, StatusCode::BAD_REQUEST, "consent is required");
        person.save(&url, CONSENT, json!({"consent_agree:::agree": "agree"})).await;
        assert_eq!(person.next(&url, CONSENT).await, StatusCode::FOUND);
        person.save(&url, PRESTUDY, survey("tipi", 10, "6")).await;
    }

    stack = crash(stack, &project).await;
    let url = stack.url();
    anna.enter(&url, "/auth").await;
    let page = anna.page(&url).await;
    assert!(
        page.contains(PRESTUDY) && page.matches(" checked").count() == 10,
        "all ten answers are shown again"
    );
    assert_eq!(anna.next(&url, PRESTUDY).await, StatusCode::FOUND);
    for (n, item) in ["1", "2", "3"].into_iter().enumerate() {
        assert_eq!(anna.place(&url).await, item);
        anna.save(&url, item, json!({format!("sentiment:::{}", n + 1): (n + 1).to_string()})).await;
        assert_eq!(anna.next(&url, item).await, StatusCode::OK);
    }

    stack = crash(stack, &project).await;
    let url = stack.url();
    anna.enter(&url, "/auth").await;
    // A page that was left still takes what is sent late, and nothing else changes.
    anna.save(&url, PRESTUDY, json!({"tipi_1:::2": "2"})).await;
    for item in ["4", "5"] {
        assert_eq!(anna.place(&url).await, item);
        anna.save(&url, item, json!({"sentiment:::5": "5"})).await;
        anna.next(&url, item).await;
    }
    assert_eq!(anna.place(&url).await, POSTSTUDY);
    let both = merged(&survey("swls", 5, "7"), &survey("pss", 10, "never"));
    anna.save(&url, POSTSTUDY, both).await;

    stack = crash(stack, &project).await;
    let url = stack.url();
    anna.enter(&url, "/auth").await;
    assert_eq!(anna.next(&url, POSTSTUDY).await, StatusCode::FOUND);
    stack = crash(stack, &project).await;
    let url = stack.url();
    anna.enter(&url, "/auth").await;
    assert_eq!(anna.place(&url).await, "done");
    assert!(stack.stop().await.unwrap().success());

    let file = project.output().join("anna/user_state.json");
    let state: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    assert_eq!(state["current_phase_and_page"], json!(["done", null]));
    let pages = &state["phase_to_page_to_label_to_value"];
    let counts = [("consent", 1), ("prestudy", 10), ("poststudy", 15)];
    for (phase, count) in counts {
        assert_eq!(pages[phase][phase].as_array().map(Vec::len), Some(count), "{phase}: {pages}");
    }
    assert_eq!(pages["prestudy"]["prestudy"][0], json!([{"schema": "tipi_1", "name": "2"}, "2"]));

    read_by_potato(&project, &ben).await;
}

/// Python Potato exports the finished work, and shows the unfinished where it was left.
async fn read_by_potato(project: &Project, ben: &Person) {
    let config = std::fs::read_to_string(project.config_file()).unwrap();
    // The passwords are ours.
    std::fs::write(project.config_file(), format!("{config}\nrequire_password: false\n")).unwrap();
    let potato = Potato::start(project).await.unwrap();
    let csv = potato.export(project, "csv").await.unwrap();
    let of_anna = csv.lines().filter(|line| line.contains("anna")).count();
    assert!(of_anna >= 5, "{csv}");
    let url = potato.url();
    ben.enter(&url, "/auth").await;
    let page = ben.page(&url).await;
    let checked =
        page.split("<input").filter(|input| input.contains("schema=\"tipi_") && input.contains("checked"));
    assert_eq!(checked.count(), 10, "Potato shows the survey with all answers");
    assert_eq!(ben.next(&url, "__phase_page__").await, StatusCode::FOUND);
    assert!(ben.page(&url).await.contains("Rate the sentiment of this text"));
    potato.stop().await.unwrap();
}
