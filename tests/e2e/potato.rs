//! Python Potato and this system take turns on one output directory.

use std::collections::BTreeMap;

use tests::checker::{compare, raw};
use tests::client::Annotator;
use tests::crowd::{Crowd, Record, Told};
use tests::potato::Potato;
use tests::project::{LABELS, Project};
use tests::seed::Seed;
use tests::stack::{Setup, Stack};

const ANNOTATORS: usize = 4;

async fn ours(project: &Project) -> Stack {
    Setup::new(&project.config_file()).start().await.unwrap()
}

/// Annotator → item → label, from the columns `sentiment.LABEL` of the export.
fn rows(csv: &str) -> Told {
    let mut lines = csv.lines();
    let columns: Vec<&str> = lines.next().unwrap().split(',').collect();
    let mut told = Told::new();
    for line in lines {
        let row: BTreeMap<&str, &str> = columns.iter().copied().zip(line.split(',')).collect();
        let label =
            LABELS.iter().find(|label| row.get(format!("sentiment.{label}").as_str()) == Some(*label));
        let label = label.unwrap_or_else(|| panic!("no label in {line}"));
        let items = told.entry(row["user_id"].to_owned()).or_default();
        assert_eq!(
            items.insert(row["instance_id"].to_owned(), (*label).to_owned()),
            None,
            "two rows: {line}"
        );
    }
    told
}

fn answered(record: &Record) -> usize {
    record.told().values().map(BTreeMap::len).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn potato_exports_what_was_annotated_here() {
    let project = Project::new(40, "max_annotations_per_user: 8\n").unwrap();
    let stack = ours(&project).await;
    let record = Record::default();
    Crowd::new(ANNOTATORS, 8).work(&stack.url(), &record, &Seed::from_env()).await.unwrap();
    assert!(stack.stop().await.unwrap().success());
    let potato = Potato::start(&project).await.unwrap();
    let csv = potato.export(&project, "csv").await.unwrap();
    assert_eq!(rows(&csv), record.told());
    potato.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn from_potato_to_here_and_back_and_here_again_keeps_every_change() {
    let project = Project::new(60, "max_annotations_per_user: 12\n").unwrap();
    let (record, seed) = (Record::default(), Seed::from_env());
    let part = Crowd { patient: false, ..Crowd::new(ANNOTATORS, 4) };

    let potato = Potato::start(&project).await.unwrap();
    part.work(&potato.url(), &record, &seed).await.unwrap();
    potato.stop().await.unwrap();
    assert_eq!(answered(&record), ANNOTATORS * 4);

    let stack = ours(&project).await;
    let name = record.told().keys().next().unwrap().clone();
    let annotator = Annotator::new(&stack.url(), &name, true).unwrap();
    annotator.sign_in().await.unwrap();
    for (item, label) in &record.told()[&name] {
        let stored = annotator.stored(item).await.unwrap();
        assert_eq!(stored["sentiment"][label], *label, "{name} {item}: {stored}");
    }
    part.work(&stack.url(), &record, &seed).await.unwrap();
    // Potato keeps a place only with a save: after a restart, there or here, one sees the last answered item once more.
    assert_eq!(answered(&record), ANNOTATORS * 7, "everybody went on where Potato had them");
    assert!(stack.stop().await.unwrap().success());
    assert!(compare(&record, &raw(&project.output()).unwrap(), None).are_clean());

    let potato = Potato::start(&project).await.unwrap();
    let annotator = Annotator::new(&potato.url(), &name, true).unwrap();
    annotator.sign_in().await.unwrap();
    annotator.page().await.unwrap();
    let (item, old) =
        record.told()[&name].iter().next().map(|(item, label)| (item.clone(), label.clone())).unwrap();
    let new = LABELS.into_iter().find(|label| *label != old).unwrap();
    annotator.save(&item, new).await.unwrap();
    record.tell(&name, &item, new);
    potato.stop().await.unwrap();

    let stack = ours(&project).await;
    let annotator = Annotator::new(&stack.url(), &name, true).unwrap();
    annotator.sign_in().await.unwrap();
    let stored = annotator.stored(&item).await.unwrap();
    assert_eq!(stored["sentiment"], serde_json::json!({new: new}), "the change of {item} by {name}");
    let rest = Crowd { items: 12, ..part };
    rest.work(&stack.url(), &record, &seed).await.unwrap();
    assert!(stack.stop().await.unwrap().success());
    let findings = compare(&record, &raw(&project.output()).unwrap(), None);
    assert_eq!(findings.acknowledged, ANNOTATORS * 12);
    assert!(findings.are_clean(), "{findings:?}");
}
