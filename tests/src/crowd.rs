//! Many annotators at once, and a record of everything that they were told is saved.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::client::{Annotator, Page};
use crate::project::LABELS;
use crate::seed::Seed;

/// How long an annotator tries again while the server does not answer.
const PATIENCE: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_millis(100);

/// Annotator → item → the label that was acknowledged last.
pub type Told = BTreeMap<String, BTreeMap<String, String>>;

/// A crowd's record, shared by its members.
#[derive(Clone, Debug, Default)]
pub struct Record {
    told: Arc<Mutex<Told>>,
    /// Sent and not acknowledged: either may be stored.
    asked: Arc<Mutex<Told>>,
    failures: Arc<Mutex<u64>>,
}

/// What a crowd does.
#[derive(Clone, Debug)]
pub struct Crowd {
    /// How many annotators.
    pub annotators: usize,
    /// How many items each answers, at most.
    pub items: usize,
    /// Whether each keeps its connection.
    pub keep: bool,
    /// Whether a request that fails is sent again, until it works.
    pub patient: bool,
    /// Starts their names.
    pub names: String,
}

impl Crowd {
    /// Patient annotators with a connection for each request.
    pub fn new(annotators: usize, items: usize) -> Self {
        Self { annotators, items, keep: false, patient: true, names: "user".to_owned() }
    }

    /// Works until all are done; the record of what they were told.
    pub async fn work(&self, url: &str, record: &Record, seed: &Seed) -> Result<()> {
        let mut members = Vec::new();
        for n in 0..self.annotators {
            let name = format!("{}{n:03}", self.names);
            let annotator = Annotator::new(url, &name, self.keep)?;
            let member = Member {
                annotator,
                record: record.clone(),
                patient: self.patient,
                labels: (0..self.items).map(|_| LABELS[pick(seed)]).collect(),
            };
            members.push(member.work());
        }
        futures_util::future::try_join_all(members).await?;
        Ok(())
    }
}

fn pick(seed: &Seed) -> usize {
    usize::try_from(seed.below(LABELS.len() as u64)).unwrap_or_default()
}

struct Member {
    annotator: Annotator,
    record: Record,
    patient: bool,
    labels: Vec<&'static str>,
}

impl Member {
    async fn work(self) -> Result<()> {
        self.again("sign-in", async || self.annotator.sign_in().await).await?;
        for label in &self.labels {
            let Page::Item(item) = self.again("page", async || self.annotator.page().await).await? else {
                return Ok(());
            };
            self.record.ask(&self.annotator.name, &item, label);
            self.again("save", async || self.annotator.save(&item, label).await).await?;
            self.record.tell(&self.annotator.name, &item, label);
            if self.again("next", async || self.annotator.next(&item).await).await?.is_none() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Does it again until it works, if the member is patient.
    async fn again<T>(&self, what: &str, act: impl AsyncFn() -> Result<T>) -> Result<T> {
        let end = Instant::now() + PATIENCE;
        loop {
            match act().await {
                Ok(value) => return Ok(value),
                Err(error) => {
                    *self.record.failures.lock().unwrap_or_else(PoisonError::into_inner) += 1;
                    if !self.patient || Instant::now() >= end {
                        bail!("{what} of {}: {error:#}", self.annotator.name);
                    }
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

impl Record {
    fn ask(&self, name: &str, item: &str, label: &str) {
        put(&self.asked, name, item, label);
    }

    /// Notes an acknowledged answer.
    pub fn tell(&self, name: &str, item: &str, label: &str) {
        put(&self.told, name, item, label);
    }

    /// All that was acknowledged.
    pub fn told(&self) -> Told {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// All that was sent.
    pub fn asked(&self) -> Told {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Requests that failed and were sent again.
    pub fn failures(&self) -> u64 {
        *self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn put(map: &Mutex<Told>, name: &str, item: &str, label: &str) {
    let mut map = map.lock().unwrap_or_else(PoisonError::into_inner);
    map.entry(name.to_owned()).or_default().insert(item.to_owned(), label.to_owned());
}
