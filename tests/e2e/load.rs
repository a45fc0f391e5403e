//! Many annotators, several workers, and whatever ends them: nothing acknowledged is lost, and no item goes to too many.

use std::time::Duration;

use nix::sys::signal::Signal;
use tests::checker::{Findings, compare, raw};
use tests::crowd::{Crowd, Record};
use tests::project::Project;
use tests::seed::Seed;
use tests::stack::{STOP, Setup};

const CAP: &str = "num_annotators_per_item: 2\nmax_annotations_per_user: 30\n";
const ITEMS: usize = 600;
const ANNOTATORS: usize = 32;
const EACH: usize = 30;
const KILL_EVERY: Duration = Duration::from_millis(300);

fn clean(findings: &Findings) {
    println!("{} acknowledged", findings.acknowledged);
    assert!(findings.are_clean(), "{findings:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_two_annotators_at_four_workers_lose_nothing() {
    let project = Project::new(ITEMS, CAP).unwrap();
    let stack = Setup::new(&project.config_file()).workers(4).start().await.unwrap();
    let (record, seed) = (Record::default(), Seed::from_env());
    let crowd = Crowd { patient: false, ..Crowd::new(ANNOTATORS, EACH) };
    crowd.work(&stack.url(), &record, &seed).await.unwrap();
    assert!(stack.stop().await.unwrap().success());
    assert_eq!(record.failures(), 0);
    let findings = compare(&record, &raw(&project.output()).unwrap(), Some(2));
    assert_eq!(findings.acknowledged, ANNOTATORS * EACH);
    clean(&findings);
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_that_are_killed_all_the_time_lose_nothing() {
    let project = Project::new(ITEMS, CAP).unwrap();
    let stack = Setup::new(&project.config_file()).workers(4).start().await.unwrap();
    let (record, seed) = (Record::default(), Seed::from_env());
    let crowd = Crowd::new(ANNOTATORS, EACH);
    let url = stack.url();
    let mut killed = 0;
    let killing = async {
        loop {
            tokio::time::sleep(KILL_EVERY).await;
            let workers = stack.workers();
            if !workers.is_empty() {
                let n = usize::try_from(seed.below(workers.len() as u64)).unwrap();
                workers[n].signal(Signal::SIGKILL);
                killed += 1;
            }
        }
    };
    tokio::select! {
        done = crowd.work(&url, &record, &seed) => done.unwrap(),
        () = killing => {}
    }
    println!("{killed} workers killed, {} requests sent again", record.failures());
    stack.open(STOP).await.unwrap();
    assert!(stack.stop().await.unwrap().success());
    let findings = compare(&record, &raw(&project.output()).unwrap(), Some(2));
    assert_eq!(findings.acknowledged, ANNOTATORS * EACH);
    clean(&findings);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_that_goes_and_comes_back_has_all_that_was_acknowledged() {
    let project = Project::new(ITEMS, CAP).unwrap();
    let (record, seed) = (Record::default(), Seed::from_env());
    let setup = Setup::new(&project.config_file()).workers(4);
    let stack = setup.start().await.unwrap();
    let crowd = Crowd::new(ANNOTATORS, EACH);
    let (url, port) = (stack.url(), stack.port());
    let mut stack = Some(stack);
    let mut restarts = 0;
    let machine = async {
        loop {
            // Somewhere in the work, not at a time that the work could know.
            tokio::time::sleep(Duration::from_millis(700 + seed.below(800))).await;
            if let Some(stack) = stack.take() {
                stack.kill();
            }
            stack = Some(setup.clone().port(port).start().await.unwrap());
            restarts += 1;
        }
    };
    tokio::select! {
        done = crowd.work(&url, &record, &seed) => done.unwrap(),
        () = machine => {}
    }
    println!("{restarts} restarts");
    drop(stack.take());
    let stack = setup.port(port).start().await.unwrap();
    assert!(stack.stop().await.unwrap().success());
    let findings = compare(&record, &raw(&project.output()).unwrap(), Some(2));
    assert_eq!(findings.acknowledged, ANNOTATORS * EACH);
    clean(&findings);
}
