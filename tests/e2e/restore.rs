//! The disk is lost, and the study comes back from the Hub.

use std::time::Duration;

use tests::checker::{compare, read_back};
use tests::client::{Annotator, Page};
use tests::crowd::{Crowd, Record, Told};
use tests::deadline::until;
use tests::hub::Hub;
use tests::project::{LABELS, Project, backup};
use tests::seed::Seed;
use tests::stack::{Setup, Stack};

use crate::{REPO, TOKEN};

const ANNOTATORS: usize = 6;
const EACH: usize = 8;
/// A push each second, so that the tests need not wait.
const SECONDS: f64 = 1.0;

async fn hub() -> Hub {
    Hub::start(tests::hub::Options { token: Some(TOKEN.to_owned()), ..Default::default() }).await.unwrap()
}

fn project() -> Project {
    let more = format!("max_annotations_per_user: 12\n{}", backup(REPO, SECONDS));
    Project::new(40, &more).unwrap()
}

async fn work(stack: &Stack) -> Record {
    let record = Record::default();
    Crowd::new(ANNOTATORS, EACH).work(&stack.url(), &record, &Seed::from_env()).await.unwrap();
    record
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_stop_and_a_lost_disk_everybody_goes_on_at_the_next_item() {
    let (hub, project) = (hub().await, project());
    let setup = Setup::new(&project.config_file()).hub(&hub.url(), TOKEN);
    let stack = setup.start().await.unwrap();
    let record = work(&stack).await;
    let mut places = Vec::new();
    for name in record.told().keys() {
        let annotator = Annotator::new(&stack.url(), name, true).unwrap();
        annotator.sign_in().await.unwrap();
        places.push((name.clone(), annotator.page().await.unwrap()));
    }
    assert_eq!(stack.stop().await.unwrap().code(), Some(0), "all was pushed at the stop");
    assert_eq!(hub.private(REPO), Some(true), "answers are personal data");

    project.lose_output().unwrap();
    let stack = setup.start().await.unwrap();
    let findings = compare(&record, &read_back(&stack.url(), &record).await.unwrap(), None);
    assert_eq!(findings.acknowledged, ANNOTATORS * EACH);
    assert!(findings.are_clean(), "{findings:?}");
    for (name, place) in places {
        let annotator = Annotator::new(&stack.url(), &name, true).unwrap();
        annotator.sign_in().await.unwrap();
        assert_eq!(annotator.page().await.unwrap(), place, "{name} goes on where they were");
        let Page::Item(item) = place else { panic!("{name} has more to do") };
        assert!(!record.told()[&name].contains_key(&item), "at an item without an answer");
        annotator.save(&item, LABELS[0]).await.unwrap();
    }
    assert_eq!(stack.stop().await.unwrap().code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_crash_and_a_lost_disk_all_that_was_pushed_is_back() {
    let (hub, project) = (hub().await, project());
    let setup = Setup::new(&project.config_file()).hub(&hub.url(), TOKEN);
    let stack = setup.start().await.unwrap();
    let record = work(&stack).await;
    until("all answers are on the Hub", Duration::from_mins(1), async || {
        compare(&record, &on_hub(&hub), None).are_clean().then_some(())
    })
    .await
    .unwrap();
    // What comes after the last push may be lost; nothing that was pushed is.
    let late = Annotator::new(&stack.url(), "late", true).unwrap();
    late.sign_in().await.unwrap();
    stack.kill();

    project.lose_output().unwrap();
    let stack = setup.start().await.unwrap();
    let findings = compare(&record, &read_back(&stack.url(), &record).await.unwrap(), None);
    assert_eq!(findings.acknowledged, ANNOTATORS * EACH);
    assert!(findings.are_clean(), "{findings:?}");
}

/// The answers in the repo's raw files.
fn on_hub(hub: &Hub) -> Told {
    let files = hub.files(REPO);
    let users = files.iter().filter_map(|(path, content)| {
        let user = path.strip_suffix("/user_state.json")?;
        let state = serde_json::from_slice(content).ok()?;
        Some((user.to_owned(), tests::checker::labels(&state)))
    });
    users.collect()
}
