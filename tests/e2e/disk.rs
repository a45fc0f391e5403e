//! A disk that is full: the save is refused, nothing acknowledged is lost, and it goes on without a restart.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use tests::checker::compare;
use tests::client::{Annotator, Page};
use tests::crowd::{Crowd, Record};
use tests::deadline::until;
use tests::project::{LABELS, Project};
use tests::seed::Seed;
use tests::stack::Setup;

const SIZE: &str = "24m";

/// Fills a disk to the last byte; dropping it makes room again.
struct Ballast<'a>(&'a Path);

impl<'a> Ballast<'a> {
    fn fill(path: &'a Path) -> Self {
        let mut file = std::fs::File::create(path).unwrap();
        for step in [1 << 16, 1 << 9, 1] {
            while file.write_all(&vec![0; step]).is_ok() {}
        }
        Self(path)
    }
}

impl Drop for Ballast<'_> {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(self.0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_saves_and_an_emptied_one_takes_them_again() {
    if !nix::unistd::geteuid().is_root() {
        println!("skipped: only root can mount a small disk");
        return;
    }
    let project = Project::new(200, "").unwrap();
    std::fs::create_dir(project.output()).unwrap();
    // The disk is seen by the stack alone, in a namespace of mounts that goes with it.
    let script =
        format!("mount -t tmpfs -o size={SIZE} tmpfs '{}' && exec \"$0\" \"$@\"", project.output().display());
    let setup = Setup::new(&project.config_file()).under(&["unshare", "--mount", "sh", "-c", &script]);
    let stack = setup.start().await.unwrap();
    let disk = format!("/proc/{}/root{}", stack.pid(), project.output().display());
    let (record, seed) = (Record::default(), Seed::from_env());
    Crowd::new(4, 10).work(&stack.url(), &record, &seed).await.unwrap();

    let anna = Annotator::new(&stack.url(), "anna", true).unwrap();
    anna.sign_in().await.unwrap();
    let Page::Item(item) = anna.page().await.unwrap() else { panic!("an item") };
    let ballast_path = Path::new(&disk).join("ballast");
    let ballast = Ballast::fill(&ballast_path);
    // The log of writes may have room for a few more; then no save is taken.
    let refused = until("a save is refused", Duration::from_secs(30), async || {
        let response = anna.try_save(&item, LABELS[0], None).await.unwrap();
        match response.status().as_u16() {
            200 => None,
            status => Some((status, response.json::<serde_json::Value>().await.unwrap())),
        }
    })
    .await
    .unwrap();
    assert!(matches!(refused.0, 507 | 503), "{refused:?}");
    assert!(refused.1["message"].as_str().unwrap().contains("disk"), "{refused:?}");
    until("a load balancer is told", Duration::from_secs(10), async || {
        stack.health().await.filter(|(status, _)| *status == 503).map(drop)
    })
    .await
    .unwrap();

    drop(ballast);
    until("a save is taken again", Duration::from_secs(30), async || anna.save(&item, LABELS[1]).await.ok())
        .await
        .unwrap();
    record.tell("anna", &item, LABELS[1]);
    let mut stored = tests::crowd::Told::new();
    for (name, items) in record.told() {
        let annotator = Annotator::new(&stack.url(), &name, true).unwrap();
        annotator.sign_in().await.unwrap();
        for item in items.keys() {
            let labels = annotator.stored(item).await.unwrap();
            let label =
                labels[tests::project::SCHEME].as_object().and_then(|labels| labels.keys().next().cloned());
            stored.entry(name.clone()).or_default().insert(item.clone(), label.unwrap_or_default());
        }
    }
    let findings = compare(&record, &stored, None);
    assert_eq!(findings.acknowledged, 41);
    assert!(findings.are_clean(), "{findings:?}");
}
