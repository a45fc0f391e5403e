//! A `user_state.json` that cannot be read is reported and left as it is.

use tests::client::{Annotator, Page};
use tests::project::{LABELS, Project};
use tests::stack::Setup;

const BROKEN: &str = "{\"user_id\": \"anna\", \"instance_id_to_label_to_value\": {\"item_0";

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_read_is_never_overwritten_and_its_user_is_told() {
    let project = Project::new(10, "").unwrap();
    let file = project.output().join("anna/user_state.json");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, BROKEN).unwrap();
    let stack = Setup::new(&project.config_file()).start().await.unwrap();
    assert!(stack.log().contains("anna/user_state.json"), "the log names it: {}", stack.log());
    let anna = Annotator::new(&stack.url(), "anna", true).unwrap();
    anna.sign_in().await.unwrap();
    let text = anna.get("/annotate").await.unwrap().text().await.unwrap();
    assert!(text.contains("Your earlier answers cannot be shown"), "{text}");
    let Page::Item(item) = anna.page().await.unwrap() else { panic!("an item") };
    anna.save(&item, LABELS[0]).await.unwrap();
    assert!(stack.stop().await.unwrap().success());
    assert_eq!(std::fs::read_to_string(&file).unwrap(), BROKEN);

    // Once it is repaired, both what was in it and what was answered meanwhile are there.
    let repaired = r#"{"user_id": "anna", "instance_id_ordering": ["item_00003"], "current_instance_index": 0,
        "current_phase_and_page": ["annotation", null],
        "instance_id_to_label_to_value": {"item_00003": [[{"schema": "sentiment", "name": "mixed"}, "mixed"]]}}"#;
    std::fs::write(&file, repaired).unwrap();
    let stack = Setup::new(&project.config_file()).start().await.unwrap();
    let anna = Annotator::new(&stack.url(), "anna", true).unwrap();
    anna.sign_in().await.unwrap();
    assert_eq!(anna.stored("item_00003").await.unwrap()["sentiment"]["mixed"], "mixed");
    if item != "item_00003" {
        assert_eq!(anna.stored(&item).await.unwrap()["sentiment"][LABELS[0]], LABELS[0]);
    }
    let text = anna.get("/annotate").await.unwrap().text().await.unwrap();
    assert!(!text.contains("Your earlier answers cannot be shown"), "all is well again");
}
