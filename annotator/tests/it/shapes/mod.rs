//! Whatever JSON is posted as an answer is stored in the documented shape, or refused with 4xx and nothing changed.

mod bodies;
mod documented;
mod project;

use std::collections::{BTreeMap, BTreeSet};

use proptest::test_runner::TestCaseError;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use self::bodies::{Body, answers, marks};
use self::project::{ALL, Good, TUPLE, TUPLES, good, good_tuples, items};
use crate::random::runner;
use crate::site::Site;

/// Enough that each scheme is hit some sixty times.
const CASES: u32 = 2500;

/// An annotator at one item.
struct At {
    runtime: Runtime,
    site: Site,
    cookie: String,
    item: &'static str,
}

/// What is stored of an item.
#[derive(PartialEq, Debug)]
struct Stored {
    labels: Value,
    spans: Vec<Value>,
    links: Vec<Value>,
    events: Vec<Value>,
}

impl At {
    fn new(config: &str, rows: &str, item: &'static str) -> Self {
        let runtime = Runtime::new().unwrap();
        let (site, cookie) = runtime.block_on(async {
            let site = Site::with_files(config, &[("all.jsonl", rows)]).await;
            let cookie = site.sign_in("anna").await;
            site.get("/annotate", &cookie).await;
            (site, cookie)
        });
        Self { runtime, site, cookie, item }
    }

    fn stored(&self) -> Stored {
        self.runtime.block_on(async {
            let list = async |kind: &str| {
                let answered = self.site.get(&format!("/api/{kind}/{}", self.item), &self.cookie).await;
                answered.json()[kind].as_array().cloned().unwrap()
            };
            Stored {
                labels: self.site.stored(&self.cookie, self.item).await,
                spans: list("spans").await,
                links: list("links").await,
                events: list("events").await,
            }
        })
    }

    /// Posts it; whether it was taken.
    fn post(&self, body: &Body) -> Result<bool, TestCaseError> {
        let before = self.stored();
        let (path, sent) = body.request(self.item);
        let answered = self.runtime.block_on(self.site.post(path, &self.cookie, sent.to_string()));
        let after = self.stored();
        let fail = |what: String| TestCaseError::fail(format!("{path} {sent}: {what}"));
        match answered.status.as_u16() {
            200 => {}
            400..500 if before == after && answered.json()["message"].is_string() => return Ok(false),
            status => {
                return Err(fail(format!("{status} {}; before {before:?}, after {after:?}", answered.text)));
            }
        }
        for (scheme, labels) in after.labels.as_object().unwrap() {
            if !documented::fits(scheme, labels.as_object().unwrap()) {
                return Err(fail(format!("{scheme} has {labels}")));
            }
        }
        if !documented::marks_fit(&after.spans, &after.links, &after.events) {
            return Err(fail(format!("{after:?}")));
        }
        Ok(true)
    }
}

/// What happened to the answers of each scheme.
#[derive(Default)]
struct Count {
    taken: u32,
    refused: u32,
}

fn run(at: &At, good: &[Good], others: &[&'static str], cases: u32) {
    for (scheme, labels) in good {
        let body = Body::labels(scheme, labels);
        assert!(at.post(&body).unwrap(), "{scheme} {labels}");
    }
    let counts = std::cell::RefCell::new(BTreeMap::<String, Count>::new());
    let result = runner(cases).run(&answers(good, others), |body| {
        let taken = at.post(&body)?;
        let mut counts = counts.borrow_mut();
        let count = counts.entry(body.scheme().to_owned()).or_default();
        *(if taken { &mut count.taken } else { &mut count.refused }) += 1;
        Ok(())
    });
    result.unwrap();
    // Both happened, so that neither is said of nothing.
    let counts = counts.into_inner();
    for scheme in good.iter().map(|(scheme, _)| *scheme).collect::<BTreeSet<_>>() {
        assert!(counts[scheme].taken > 0 && counts[scheme].refused > 0, "{scheme}");
    }
    for scheme in others {
        assert!(counts[*scheme].refused > 0, "{scheme}");
    }
}

#[test]
fn an_answer_of_any_scheme_is_stored_as_documented_or_refused() {
    let at = At::new(ALL, &items(), "a");
    let others = ["pure_display", "video", "span_link", "coreference", "event_annotation"];
    run(&at, &good(), &others, CASES);
}

#[test]
fn a_choice_of_the_best_and_the_worst_is_stored_as_documented_or_refused() {
    let rows: Vec<String> = ["x", "y", "z"].map(|id| json!({"id": id, "text": id}).to_string()).into();
    run(&At::new(TUPLES, &rows.join("\n"), TUPLE), &good_tuples(), &[], CASES / 10);
}

#[test]
fn spans_links_and_events_are_stored_as_documented_or_refused() {
    let at = At::new(ALL, &items(), "a");
    let (taken, refused) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    let most = std::cell::Cell::new([0; 3]);
    let result = runner(CASES).run(&marks(), |body| {
        let count = if at.post(&body)? { &taken } else { &refused };
        count.set(count.get() + 1);
        let Stored { spans, links, events, .. } = at.stored();
        let [s, l, e] = most.get();
        most.set([s.max(spans.len()), l.max(links.len()), e.max(events.len())]);
        Ok(())
    });
    result.unwrap();
    assert!(taken.get() > 0 && refused.get() > 0);
    assert!(most.get().iter().all(|most| *most > 0), "spans, links and events: {:?}", most.get());
}
