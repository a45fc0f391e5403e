//! A Hub that does not answer at the start.

use std::time::Duration;

use tests::client::Annotator;
use tests::deadline::until;
use tests::hub::{Hub, Options};
use tests::project::{Project, backup};
use tests::stack::Setup;

use crate::{REPO, TOKEN};

#[tokio::test(flavor = "multi_thread")]
async fn while_the_hub_is_down_nothing_is_taken_and_when_it_returns_all_works_by_itself() {
    let hub = Hub::start(Options { token: Some(TOKEN.to_owned()), ..Options::default() }).await.unwrap();
    hub.down(Some(503));
    let project = Project::new(20, &backup(REPO, 1.0)).unwrap();
    let setup = Setup::new(&project.config_file()).hub(&hub.url(), TOKEN);
    let stack = setup.begin().unwrap();
    let (status, body) = until("/health with a reason", Duration::from_secs(30), async || {
        stack.health().await.filter(|(_, body)| body["reason"].is_string())
    })
    .await
    .unwrap();
    assert_eq!(status, 503);
    let reason = body["reason"].as_str().unwrap();
    assert!(reason.contains(REPO) && reason.contains("503"), "{reason}");

    let anna = Annotator::new(&stack.url(), "anna", true).unwrap();
    assert!(anna.sign_in().await.is_err(), "nobody comes in");
    // The other worker may have looked a moment earlier, and still say that it is starting.
    until("a save is refused with the reason", Duration::from_secs(10), async || {
        let refused = anna.try_save("item_00000", "positive", None).await.unwrap();
        assert_eq!(refused.status(), 503);
        let told: serde_json::Value = refused.json().await.unwrap();
        told["message"].as_str().unwrap().contains("503").then_some(())
    })
    .await
    .unwrap();
    assert!(hub.commits(REPO).is_empty(), "nothing is pushed");

    hub.down(None);
    let returned = std::time::Instant::now();
    stack.open(Duration::from_secs(30)).await.unwrap();
    println!("open {:?} after the Hub's return", returned.elapsed());
    anna.sign_in().await.unwrap();
    let tests::client::Page::Item(item) = anna.page().await.unwrap() else { panic!("an item") };
    anna.save(&item, "positive").await.unwrap();
    assert_eq!(stack.stop().await.unwrap().code(), Some(0));
    assert!(hub.files(REPO).contains_key("anna/user_state.json"));
}
