//! A disk that is full or cannot be written: the save is refused, nothing acknowledged is lost, and it goes on without a
//! restart.

use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use tests::checker::{compare, read_back};
use tests::client::{Annotator, Page};
use tests::crowd::{Crowd, Record};
use tests::deadline::until;
use tests::project::{LABELS, Project};
use tests::seed::Seed;
use tests::stack::{Setup, Stack};

const SIZE: &str = "24m";
const LIMIT: Duration = Duration::from_secs(30);

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

/// A stack whose output directory is a small disk of its own, seen by nobody else; it goes with the stack.
async fn on_small_disk(project: &Project) -> Stack {
    std::fs::create_dir(project.output()).unwrap();
    let mount = format!("mount -t tmpfs -o size={SIZE} tmpfs '{}'", project.output().display());
    let script = format!("{mount} && exec \"$0\" \"$@\"");
    let setup = Setup::new(&project.config_file()).under(&["unshare", "--mount", "sh", "-c", &script]);
    setup.start().await.unwrap()
}

/// Whether this machine lets us mount a small disk; a container without that right cannot show these promises.
fn can_mount() -> bool {
    let try_it = ["--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"];
    let can = Command::new("unshare").args(try_it).output().is_ok_and(|output| output.status.success());
    if !can {
        println!("skipped: no right to mount a small disk here");
    }
    can
}

/// Waits until saves of an item are refused; the status and the answer.
async fn refused(annotator: &Annotator, item: &str) -> (u16, serde_json::Value) {
    // There may be room for a few more.
    until("a save is refused", LIMIT, async || {
        let response = annotator.try_save(item, LABELS[0], None).await.unwrap();
        match response.status().as_u16() {
            200 => None,
            status => Some((status, response.json().await.unwrap())),
        }
    })
    .await
    .unwrap()
}

async fn unhealthy(stack: &Stack) {
    until("a load balancer is told", LIMIT, async || {
        stack.health().await.filter(|(status, _)| *status == 503).map(drop)
    })
    .await
    .unwrap();
}

async fn taken_again(annotator: &Annotator, item: &str, label: &str) {
    let save = async || annotator.save(item, label).await.ok();
    until("a save is taken again", LIMIT, save).await.unwrap();
}

/// All that was acknowledged can be read back.
async fn nothing_is_lost(stack: &Stack, record: &Record) {
    let findings = compare(record, &read_back(&stack.url(), record).await.unwrap(), None);
    assert_eq!(findings.acknowledged, 41);
    assert!(findings.are_clean(), "{findings:?}");
}

/// A crowd has answered, and one more annotator is at an item.
async fn at_work(stack: &Stack) -> (Record, Annotator, String) {
    let record = Record::default();
    Crowd::new(4, 10).work(&stack.url(), &record, &Seed::from_env()).await.unwrap();
    let anna = Annotator::new(&stack.url(), "anna", true).unwrap();
    anna.sign_in().await.unwrap();
    let Page::Item(item) = anna.page().await.unwrap() else { panic!("an item") };
    (record, anna, item)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_saves_and_an_emptied_one_takes_them_again() {
    if !can_mount() {
        return;
    }
    let project = Project::new(200, "").unwrap();
    let stack = on_small_disk(&project).await;
    let (record, anna, item) = at_work(&stack).await;
    let path = format!("/proc/{}/root{}/ballast", stack.pid(), project.output().display());
    let ballast = Ballast::fill(Path::new(&path));
    let (status, told) = refused(&anna, &item).await;
    assert!(matches!(status, 507 | 503), "{status} {told}");
    assert!(told["message"].as_str().unwrap().contains("disk"), "{told}");
    unhealthy(&stack).await;
    drop(ballast);
    taken_again(&anna, &item, LABELS[1]).await;
    record.tell("anna", &item, LABELS[1]);
    nothing_is_lost(&stack, &record).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_on_a_read_only_disk_refuses_saves_until_it_can_be_written() {
    if !can_mount() {
        return;
    }
    let project = Project::new(200, "").unwrap();
    let config = project.config_file();
    let stack = Setup::new(&config).start().await.unwrap();
    let (record, anna, item) = at_work(&stack).await;
    anna.save(&item, LABELS[0]).await.unwrap();
    stack.kill();

    let output = project.output().display().to_string();
    let script = format!(
        "mount --bind '{output}' '{output}' && mount -o remount,bind,ro '{output}' && exec \"$0\" \"$@\""
    );
    let stack = Setup::new(&config).under(&["unshare", "--mount", "sh", "-c", &script]).begin().unwrap();
    let reason = until("the reason is told", LIMIT, async || {
        let (status, body) = stack.health().await?;
        assert_eq!(status, 503, "{body}");
        body["reason"].as_str().map(str::to_owned)
    });
    let reason = reason.await.unwrap();
    assert!(reason.contains("read-only"), "{reason}");
    let anna = Annotator::new(&stack.url(), "anna", true).unwrap();
    assert_eq!(anna.try_save(&item, LABELS[1], None).await.unwrap().status(), 503);

    let target = format!("--target={}", stack.pid());
    let remount = ["--mount", "mount", "-o", "remount,bind,rw", &output];
    assert!(Command::new("nsenter").arg(target).args(remount).status().unwrap().success());
    stack.open(LIMIT).await.unwrap();
    anna.sign_in().await.unwrap();
    taken_again(&anna, &item, LABELS[1]).await;
    record.tell("anna", &item, LABELS[1]);
    nothing_is_lost(&stack, &record).await;
}
