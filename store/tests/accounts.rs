//! Accounts.

use store::Registered;

use crate::study::{Study, rules};

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_given_once_and_so_is_one_that_looks_the_same() {
    let study = Study::new(1, rules()).await;
    let store = &study.store;
    assert_eq!(store.register("Zoë", Some("hash".to_owned())).await.unwrap(), Registered::New);
    assert_eq!(study.again().await.store.register("Zoë", None).await.unwrap(), Registered::Exists);
    assert_eq!(store.register("zoe\u{308}", None).await.unwrap(), Registered::LooksLike("Zoë".to_owned()));
    let known = store.known("Zoë").await.unwrap().unwrap();
    assert_eq!(known.password.as_deref(), Some("hash"));
    assert!(store.set_password("Zoë", "new".to_owned()).await.unwrap());
    assert!(!store.set_password("nobody", "new".to_owned()).await.unwrap());
    let roster = vec![("Zoë".to_owned(), None), ("bob".to_owned(), Some("h".to_owned()))];
    assert_eq!(store.seed_accounts(roster.clone()).await.unwrap(), 1);
    assert_eq!(store.seed_accounts(roster).await.unwrap(), 0);
    assert_eq!(store.known("Zoë").await.unwrap().unwrap().password.as_deref(), Some("new"));
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_part_of_the_history() {
    let study = Study::new(1, rules()).await;
    study.store.register("bob", Some("hash".to_owned())).await.unwrap();
    let other = study.elsewhere().await;
    other.learn(&study).await;
    assert_eq!(other.store.known("bob").await.unwrap().unwrap().password.as_deref(), Some("hash"));
}
