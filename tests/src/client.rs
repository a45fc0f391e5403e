//! An annotator at the HTTP interface: signs in, reads the page, saves, goes on.

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use reqwest::{Client, RequestBuilder, Response, StatusCode, redirect};
use serde_json::{Value, json};

use crate::project::SCHEME;

/// One annotator's session.
#[derive(Clone, Debug)]
pub struct Annotator {
    /// The name.
    pub name: String,
    url: String,
    http: Client,
}

/// What the page at the annotator's place is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    /// An item's.
    Item(String),
    /// The end, or nothing to do.
    Done,
    /// The sign-in page.
    SignIn,
}

impl Annotator {
    /// A browser that has not signed in; with `keep` it keeps its connection.
    pub fn new(url: &str, name: &str, keep: bool) -> Result<Self> {
        let http = Client::builder()
            .cookie_store(true)
            .redirect(redirect::Policy::none())
            .pool_max_idle_per_host(usize::from(keep))
            .timeout(Duration::from_secs(20))
            .build()?;
        Ok(Self { name: name.to_owned(), url: url.to_owned(), http })
    }

    /// Signs in by name.
    pub async fn sign_in(&self) -> Result<()> {
        let form = [("action", "login"), ("email", &self.name), ("pass", "")];
        let response = self.post("/auth").form(&form).send().await?;
        ensure!(response.status() == StatusCode::FOUND, "sign-in of {}: {}", self.name, response.status());
        Ok(())
    }

    /// Where the annotator is.
    pub async fn page(&self) -> Result<Page> {
        let mut response = self.get("/annotate").await?;
        if response.status() == StatusCode::FOUND {
            response = self.get("/").await?;
        }
        let status = response.status();
        let text = response.text().await?;
        ensure!(status.is_success(), "the page of {} is {status}: {text}", self.name);
        if let Some((_, after)) = text.split_once("id=\"instance_id\"") {
            let value = after.split_once("value=\"").and_then(|(_, value)| value.split_once('"'));
            return Ok(Page::Item(value.context("a value of instance_id")?.0.to_owned()));
        }
        if text.contains("Thank You!") || text.contains("Nothing to annotate") {
            return Ok(Page::Done);
        }
        ensure!(text.contains("id=\"login-email\""), "a page that nobody knows: {text}");
        Ok(Page::SignIn)
    }

    /// Sends an answer; the response as it comes.
    pub async fn try_save(&self, item: &str, label: &str, key: Option<&str>) -> Result<Response> {
        let mut body = json!({
            "instance_id": item, "annotations": {format!("{SCHEME}:::{label}"): label}, "cleared_schemas": [],
            "span_annotations": [],
        });
        if let Some(key) = key {
            body["idempotency_key"] = key.into();
        }
        Ok(self.post("/updateinstance").json(&body).send().await?)
    }

    /// Saves an answer that must be taken.
    pub async fn save(&self, item: &str, label: &str) -> Result<()> {
        let response = self.try_save(item, label, None).await?;
        let status = response.status();
        let body: Value = response.json().await?;
        ensure!(status.is_success() && body["status"] == "success", "save of {item}: {status} {body}");
        Ok(())
    }

    /// Goes on from an item; the next one, or none at the end.
    pub async fn next(&self, item: &str) -> Result<Option<String>> {
        let body = json!({"action": "next_instance", "instance_id": item});
        let response = self.post("/annotate").header("X-Potato-Navigation", "1").json(&body).send().await?;
        match response.status() {
            StatusCode::FOUND => Ok(None),
            StatusCode::OK => {
                let body: Value = response.json().await?;
                Ok(body["instance_id"].as_str().map(str::to_owned))
            }
            other => bail!("next of {} from {item}: {other}", self.name),
        }
    }

    /// The labels stored for an item, by scheme.
    pub async fn stored(&self, item: &str) -> Result<Value> {
        let response = self.get(&format!("/get_annotations?instance_id={item}")).await?;
        ensure!(response.status().is_success(), "reading {item} back: {}", response.status());
        let mut body: Value = response.json().await?;
        Ok(body["label_values"].take())
    }

    /// Any page.
    pub async fn get(&self, path: &str) -> Result<Response> {
        Ok(self.http.get(format!("{}{path}", self.url)).send().await?)
    }

    /// A request to be filled.
    pub fn post(&self, path: &str) -> RequestBuilder {
        self.http.post(format!("{}{path}", self.url))
    }
}
