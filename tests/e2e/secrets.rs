//! `HF_TOKEN` reaches the syncer alone.

use std::path::Path;

use tests::hub::{Hub, Options};
use tests::processes::Process;
use tests::project::{Project, backup};
use tests::stack::Setup;

use crate::{REPO, TOKEN};

fn holds(path: &Path, secret: &str) -> bool {
    std::fs::read(path)
        .is_ok_and(|bytes| bytes.windows(secret.len()).any(|window| window == secret.as_bytes()))
}

/// What another process of the same user, without privileges, can read about one.
fn readable_by_others(pid: i32, path: &str) -> String {
    let script = format!("cat /proc/{pid}/{path} 2>/dev/null | tr '\\0' '\\n' | cat -v");
    let user = ["--reuid=65534", "--regid=65534", "--clear-groups"];
    let output =
        std::process::Command::new("setpriv").args(user).args(["sh", "-c", &script]).output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workers_user_can_read_the_token_from_no_process_and_no_file() {
    let hub = Hub::start(Options { token: Some(TOKEN.to_owned()), ..Options::default() }).await.unwrap();
    let project = Project::new(10, &backup(REPO, 1.0)).unwrap();
    let stack = Setup::new(&project.config_file()).hub(&hub.url(), TOKEN).start().await.unwrap();
    let children = stack.children();
    assert_eq!(children.len(), 3, "{children:?}");
    let launcher = Process { pid: stack.pid(), name: "launcher".to_owned() };
    for Process { pid, name } in children.iter().chain([&launcher]) {
        let file = |name: &str| Path::new("/proc").join(pid.to_string()).join(name);
        assert!(file("environ").exists());
        assert!(!holds(&file("environ"), TOKEN), "{name} has the token in its environment, even for root");
        assert!(!holds(&file("cmdline"), TOKEN), "{name} has the token among its arguments");
    }
    let mut files = vec![project.dir().to_owned()];
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(&path).unwrap().flatten().map(|entry| entry.path()));
        } else if path.is_file() {
            assert!(!holds(&path, TOKEN), "{} holds the token", path.display());
        }
    }
    for (path, content) in hub.files(REPO) {
        assert!(!String::from_utf8_lossy(&content).contains(TOKEN), "{path} on the Hub holds the token");
    }
}

/// The whole stack runs as one user without privileges, as on a Space, and that user looks around.
#[tokio::test(flavor = "multi_thread")]
async fn the_same_user_cannot_look_into_the_launcher_and_the_syncer() {
    if !nix::unistd::geteuid().is_root() {
        println!("skipped: only root can start the stack as another user");
        return;
    }
    let hub = Hub::start(Options { token: Some(TOKEN.to_owned()), ..Options::default() }).await.unwrap();
    let project = Project::new(10, &backup(REPO, 1.0)).unwrap();
    let nobody = nix::unistd::Uid::from_raw(65534);
    std::process::Command::new("chown").arg("-R").arg("65534:65534").arg(project.dir()).status().unwrap();
    let run_as = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    let setup = Setup::new(&project.config_file()).hub(&hub.url(), TOKEN).under(&run_as);
    let stack = setup.start().await.unwrap();
    let mut pids: Vec<(String, i32)> =
        stack.children().into_iter().map(|process| (process.name, process.pid)).collect();
    pids.push(("launcher".to_owned(), stack.pid()));
    assert_eq!(pids.len(), 4);
    for (name, pid) in pids {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        assert!(status.contains(&format!("Uid:\t{nobody}\t{nobody}")), "{name} runs as nobody: {status}");
        for file in ["environ", "mem", "maps"] {
            let text = readable_by_others(pid, file);
            assert!(!text.contains(TOKEN), "{name}'s {file} shows the token");
            assert!(text.is_empty(), "{name}'s {file} can be read by its own user");
        }
    }
}
