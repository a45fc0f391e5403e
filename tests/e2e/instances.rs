//! Two instances on one repo.

use tests::checker::compare;
use tests::crowd::{Crowd, Record};
use tests::hub::{Hub, Options};
use tests::project::{Project, backup};
use tests::seed::Seed;
use tests::stack::Setup;
use tests::state::digest;

use crate::{REPO, TOKEN};

#[tokio::test(flavor = "multi_thread")]
async fn two_instances_and_a_third_from_nothing_end_with_the_union_and_one_digest() {
    let hub = Hub::start(Options { token: Some(TOKEN.to_owned()), ..Options::default() }).await.unwrap();
    let first = Project::new(60, &backup(REPO, 1.0)).unwrap();
    let second = first.elsewhere().unwrap();
    let start = async |project: &Project| {
        Setup::new(&project.config_file()).hub(&hub.url(), TOKEN).start().await.unwrap()
    };
    let (a, b) = (start(&first).await, start(&second).await);
    let (record, seed) = (Record::default(), Seed::from_env());
    let left = Crowd { names: "left".to_owned(), ..Crowd::new(4, 6) };
    let right = Crowd { names: "right".to_owned(), ..Crowd::new(4, 6) };
    let (url_a, url_b) = (a.url(), b.url());
    let (left, right) = tokio::join!(left.work(&url_a, &record, &seed), right.work(&url_b, &record, &seed));
    left.unwrap();
    right.unwrap();
    // At the same time, so that they race; then once more, so that each has seen the other's last word.
    let (a, b) = tokio::join!(a.stop(), b.stop());
    println!("stopped with {:?} and {:?}", a.unwrap(), b.unwrap());
    for project in [&first, &second] {
        assert_eq!(start(project).await.stop().await.unwrap().code(), Some(0));
    }
    let third = first.elsewhere().unwrap();
    assert_eq!(start(&third).await.stop().await.unwrap().code(), Some(0));
    let digests = [&first, &second, &third].map(|project| {
        let logs = || std::fs::read_to_string(project.dir().join("log-0.txt")).unwrap_or_default();
        digest(&project.output()).unwrap_or_else(|error| panic!("{error:#}\n{}", logs()))
    });
    assert_eq!(digests[0], digests[2]);
    assert_eq!(digests[1], digests[2]);
    for project in [&first, &second, &third] {
        let findings = compare(&record, &tests::checker::raw(&project.output()).unwrap(), None);
        assert_eq!(findings.acknowledged, 48);
        assert!(findings.are_clean(), "{findings:?}");
    }
}
