//! The launcher with real processes: programs that do as they are told stand beside it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod stage;

use std::fs;
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use stage::{Stage, free_port};

const TOKEN_END: &str = "abcdefghijklmnopqrstuvwx";
const STOP: Duration = Duration::from_secs(10);

#[test]
fn a_worker_that_is_killed_is_replaced_and_nobody_is_refused() {
    let mut stage = Stage::start(&[]);
    stage.wait_until_ready(2);
    let victim = stage.ask().unwrap();
    kill(Pid::from_raw(victim), Signal::SIGKILL).unwrap();
    let line = stage.wait_for(&["was killed by SIGKILL and is replaced"]);
    assert!(line.contains(&format!("(pid {victim})")), "{line}");
    assert_ne!(stage.ask().unwrap(), victim);
    stage.wait_for(&["launcher: worker", " is ready"]);
}

#[test]
fn the_stop_is_in_order_and_leaves_nothing() {
    let mut stage = Stage::start(&[]);
    stage.wait_until_ready(2);
    stage.signal(Signal::SIGTERM);
    let (code, took) = stage.wait_for_end();
    assert_eq!(code, Some(0), "{:#?}", stage.said);
    assert!(took < STOP);
    let hurried = stage.position("syncer: got SIGUSR2");
    let told = stage.position("syncer: got SIGTERM");
    for worker in ["launcher: worker 0 (pid", "launcher: worker 1 (pid"] {
        let ended = stage
            .said
            .iter()
            .position(|line| line.starts_with(worker) && line.ends_with("ended with code 0"));
        assert!(ended.unwrap() < told, "{:#?}", stage.said);
    }
    assert!(hurried < told);
    assert!(TcpStream::connect(("127.0.0.1", stage.port)).is_err());
}

#[test]
fn a_syncer_that_could_not_send_all_shows_in_the_exit_code() {
    let mut stage = Stage::start(&[("FAKE_UNSENT", "75")]);
    stage.wait_until_ready(2);
    stage.signal(Signal::SIGINT);
    assert_eq!(stage.wait_for_end().0, Some(75));
}

#[test]
fn a_syncer_that_does_not_end_is_killed_within_ten_seconds() {
    let mut stage = Stage::start(&[("FAKE_STUBBORN", "1")]);
    stage.wait_until_ready(2);
    stage.signal(Signal::SIGTERM);
    let (code, took) = stage.wait_for_end();
    assert_eq!(code, Some(75));
    assert!(Duration::from_secs(9) < took && took < STOP, "{took:?}");
}

#[test]
fn a_second_word_ends_it_within_two_seconds() {
    let mut stage = Stage::start(&[("FAKE_STUBBORN", "1")]);
    stage.wait_until_ready(2);
    stage.signal(Signal::SIGTERM);
    stage.wait_for(&["syncer: got SIGTERM"]);
    stage.signal(Signal::SIGTERM);
    let (code, took) = stage.wait_for_end();
    assert_eq!(code, Some(75));
    assert!(took < Duration::from_secs(4), "{took:?}");
}

#[test]
fn the_token_reaches_the_syncer_and_no_environment() {
    let token = format!("hf_{TOKEN_END}");
    let remote = format!("https://me:{token}@huggingface.co");
    let mut stage = Stage::start(&[
        ("HF_TOKEN", &token),
        ("REMOTE", &remote),
        ("OAUTH_CLIENT_SECRET", "o"),
        ("FAKE_TOKEN_ENDS_IN", TOKEN_END),
    ]);
    stage.wait_until_ready(2);
    assert_eq!(stage.said[stage.position("syncer: secrets")], "syncer: secrets HF_TOKEN REMOTE");
    stage.position("annotator: cannot look into the launcher");
    stage.position("annotator: looked at True");
    assert!(!stage.said.iter().any(|line| line.contains("found the token")), "{:#?}", stage.said);
    let workers = &stage.said[stage.position("annotator: environment")];
    assert!(workers.contains("OAUTH_CLIENT_SECRET") && workers.contains("SPUD_SESSION_KEY"), "{workers}");
    let syncers = &stage.said[stage.position("syncer: environment")];
    assert!(!syncers.contains("OAUTH_CLIENT_SECRET") && !syncers.contains("SPUD_SESSION_KEY"), "{syncers}");
    assert!(!stage.said.iter().any(|line| line.contains(TOKEN_END)));
}

#[test]
fn children_get_the_listener_and_no_other_descriptor() {
    let mut stage = Stage::start(&[]);
    stage.wait_until_ready(2);
    let serving: Vec<&String> = stage.said.iter().filter(|line| line.contains("annotator: serve")).collect();
    assert_eq!(serving.len(), 2);
    assert!(serving.iter().all(|line| line.ends_with("descriptors [0, 1, 2, 3]")), "{serving:?}");
    assert!(stage.said[stage.position("syncer: run")].ends_with("descriptors [0, 1, 2]"));
}

#[test]
fn what_is_wrong_with_the_project_ends_it_before_anything_is_served() {
    let mut stage = Stage::start(&[("FAKE_CHECK", "78")]);
    assert_eq!(stage.wait_for_end().0, Some(78));
    stage.position("annotator: config.yaml: port is 'x'");
    assert!(!stage.said.iter().any(|line| line.contains("launcher:")), "{:#?}", stage.said);
}

#[test]
fn a_worker_that_cannot_use_its_settings_ends_all_with_its_code() {
    let mut stage = Stage::start(&[("FAKE_FAILS", "78")]);
    assert_eq!(stage.wait_for_end().0, Some(78));
}

#[test]
fn workers_that_fail_are_started_again_ever_more_slowly() {
    let mut stage = Stage::start(&[("FAKE_FAILS", "1"), ("GUNICORN_WORKERS", "1")]);
    for seconds in ["0.25", "0.5", "1"] {
        stage.wait_for(&["ended with code 1 before it was ready", &format!("in {seconds} s")]);
    }
}

#[test]
fn a_bad_setting_is_one_line_and_exit_code_78() {
    for (variable, value, line) in [
        (
            "GUNICORN_WORKERS",
            "many",
            "launcher: GUNICORN_WORKERS is 'many', which is not a number of workers from 1 to 256",
        ),
        (
            "POTATO_CONFIG",
            "absent.yaml",
            "launcher: there is no config file 'absent.yaml': set POTATO_CONFIG, or give its path",
        ),
    ] {
        let mut stage = Stage::start(&[(variable, value)]);
        assert_eq!(stage.wait_for_end().0, Some(78));
        assert_eq!(stage.said, [line]);
    }
}

#[test]
fn a_port_in_use_is_named() {
    let mut first = Stage::start(&[]);
    first.wait_until_ready(2);
    let mut second = Stage::start_with(first.port, &[], |launcher| Command::new(launcher));
    assert_eq!(second.wait_for_end().0, Some(78));
    second.position(&format!("launcher: PORT {} of 127.0.0.1 is in use by another process", first.port));
}

#[test]
fn nothing_outlives_a_launcher_that_is_killed() {
    let mut stage = Stage::start(&[]);
    stage.wait_until_ready(2);
    stage.signal(Signal::SIGKILL);
    assert_eq!(stage.wait_for_end().0, None);
    stage.position("syncer: got SIGTERM");
    stage.position("annotator: got SIGTERM");
}

#[test]
fn orphans_are_reaped() {
    let mut stage = Stage::start(&[("FAKE_ORPHAN", "1"), ("GUNICORN_WORKERS", "1")]);
    let line = stage.wait_for(&["annotator: orphan"]);
    let orphan = line.rsplit(' ').next().unwrap().to_owned();
    stage.wait_until("the end of the orphan", |_| !fs::exists(format!("/proc/{orphan}")).unwrap());
    stage.ask().unwrap();
}

#[test]
fn a_reload_replaces_all_workers_and_refuses_nobody() {
    let mut stage = Stage::start(&[]);
    stage.wait_until_ready(2);
    let old: Vec<String> =
        stage.said.iter().filter(|line| line.contains("worker") && line.contains("ready")).cloned().collect();
    stage.signal(Signal::SIGHUP);
    let mut asked = 0;
    stage.wait_until("a reload", |stage| {
        asked += 1;
        stage.ask().expect("an answer");
        stage.has_come("all workers are new")
    });
    assert!(asked > 1);
    // The last one to go may still answer what it has taken on.
    let pids: Vec<&str> =
        old.iter().filter_map(|line| line.split("(pid ").nth(1)?.split(')').next()).collect();
    stage.wait_until("the end of the old ones", |_| {
        pids.iter().all(|pid| !fs::exists(format!("/proc/{pid}")).unwrap())
    });
    for _ in 0..10 {
        let pid = stage.ask().unwrap();
        assert!(!old.iter().any(|line| line.contains(&format!("(pid {pid})"))), "{pid} is of {old:?}");
    }
}

#[test]
fn workers_are_added_and_taken_away() {
    let mut stage = Stage::start(&[("GUNICORN_WORKERS", "1")]);
    stage.wait_until_ready(1);
    stage.signal(Signal::SIGTTIN);
    stage.wait_for(&["worker 1", "is ready"]);
    stage.signal(Signal::SIGTTOU);
    stage.wait_for(&["worker 1", "ended with code 0"]);
    stage.signal(Signal::SIGTTOU);
    stage.wait_for(&["the last worker stays"]);
}

#[test]
fn a_worker_that_hangs_is_killed_and_replaced() {
    let mut stage = Stage::start(&[("GUNICORN_TIMEOUT", "1"), ("GUNICORN_WORKERS", "1")]);
    stage.wait_until_ready(1);
    let victim = stage.ask().unwrap();
    kill(Pid::from_raw(victim), Signal::SIGSTOP).unwrap();
    stage.wait_for(&[&format!("(pid {victim})"), "gave no sign of life for 1s"]);
    stage.wait_for(&[&format!("(pid {victim})"), "was killed by SIGKILL"]);
    stage.wait_for(&["worker 0", "is ready"]);
    assert_ne!(stage.ask().unwrap(), victim);
}

#[test]
fn a_listener_that_is_handed_over_is_used() {
    const HAND_OVER: &str = "import os, socket, sys
listener = socket.create_server(('127.0.0.1', int(sys.argv[2])))
os.dup2(listener.fileno(), 9)
os.dup2(9, 3)
os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid()))
os.execv(sys.argv[1], sys.argv[1:2])";
    let port = free_port();
    let mut stage = Stage::start_with(port, &[("PORT", "1")], |launcher| {
        let mut command = Command::new("python3");
        command.arg("-c").arg(HAND_OVER).arg(launcher).arg(port.to_string());
        command
    });
    stage.wait_until_ready(2);
    stage.ask().unwrap();
    stage.signal(Signal::SIGTERM);
    assert_eq!(stage.wait_for_end().0, Some(0));
}
