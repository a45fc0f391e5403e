//! Answers in a real Chromium while the server dies and while the network is gone: all are stored, each once.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use tests::browser::Talk;
use tests::checker::raw;
use tests::deadline::until;
use tests::line::{Line, Passes};
use tests::project::Project;
use tests::stack::Setup;

const ANSWERS: usize = 50;
/// The answers during which the server is killed, and the network is cut.
const KILLED: &str = "17";
const CUT: &str = "34";
/// A machine that does other things, too.
const PATIENCE: Duration = Duration::from_mins(2);

/// How long there is no network.
fn outage() -> Duration {
    Duration::from_secs(if std::env::var_os("SPUD_FULL").is_some() { 30 } else { 3 })
}

/// Item → how many times it was answered, as the store's events tell.
fn events(output: &Path) -> BTreeMap<String, i64> {
    let file = output.join(".spud/store.sqlite");
    let store = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
    let mut query =
        store.prepare("SELECT item, COUNT(*) FROM event WHERE kind = 'answers' GROUP BY item").unwrap();
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_answers_survive_a_killed_server_and_a_cut_network_each_once() {
    let project = Project::new(ANSWERS + 10, &format!("max_annotations_per_user: {ANSWERS}\n")).unwrap();
    let setup = Setup::new(&project.config_file());
    let stack = setup.start().await.unwrap();
    let setup = setup.port(stack.port());
    let line = Line::to(stack.port()).await.unwrap();
    let marks = format!("{KILLED},{CUT}");
    let mut annotator = Talk::start("outage.mjs", &[&line.url(), &ANSWERS.to_string(), &marks]).unwrap();

    // The server dies while an answer is on its way, wherever that is then.
    assert_eq!(annotator.hear("at", PATIENCE).await.unwrap(), KILLED);
    annotator.go().unwrap();
    stack.kill();
    annotator.hear("away", PATIENCE).await.unwrap();
    let stack = setup.start().await.unwrap();

    // An answer arrives, and the network goes before the browser hears that it did: it will send it again.
    assert_eq!(annotator.hear("at", PATIENCE).await.unwrap(), CUT);
    line.pass(Passes::Requests);
    annotator.go().unwrap();
    until("a reply is lost", PATIENCE, async || (line.swallowed() > 0).then_some(())).await.unwrap();
    line.pass(Passes::Nothing);
    annotator.hear("away", PATIENCE).await.unwrap();
    tokio::time::sleep(outage()).await;
    line.pass(Passes::All);

    let chosen = annotator.hear("done", PATIENCE).await.unwrap();
    let chosen: BTreeMap<String, String> = serde_json::from_str(&chosen).unwrap();
    assert!(stack.stop().await.unwrap().success());
    assert_eq!(chosen.len(), ANSWERS);
    assert_eq!(raw(&project.output()).unwrap()["browser"], chosen);
    let once: BTreeMap<String, i64> = chosen.into_keys().map(|item| (item, 1)).collect();
    assert_eq!(events(&project.output()), once, "each answer is one event");
}
