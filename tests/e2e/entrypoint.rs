//! `./entrypoint` from any folder serves what it is told to, and without a word the example.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use nix::sys::signal::Signal;
use tests::deadline::until;
use tests::processes::Process;
use tests::project::Project;
use tests::stack::{STOP, program};

const START: Duration = Duration::from_secs(30);

/// A checkout in which the programs have been built; its sources are those of this one.
fn checkout() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    // By another process: a program that this one wrote may still be open for writing in a child of another test.
    for part in ["launcher", "annotator", "syncer", "examples", "entrypoint", "Cargo.toml"] {
        let copied = Command::new("cp").arg("-r").arg(root.join(part)).arg(dir.path()).status().unwrap();
        assert!(copied.success());
    }
    let release = dir.path().join("target/release");
    std::fs::create_dir_all(&release).unwrap();
    for name in ["launcher", "annotator", "syncer"] {
        std::os::unix::fs::symlink(program(name).unwrap(), release.join(name)).unwrap();
    }
    dir
}

struct Served {
    child: Child,
    port: u16,
}

impl Served {
    fn start(entrypoint: PathBuf, from: &Path, argument: Option<&Path>, config: Option<&Path>) -> Self {
        let port = tests::port::free().unwrap();
        let mut command = Command::new(entrypoint);
        command
            .args(argument)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("PORT", port.to_string())
            .current_dir(from)
            .stdin(Stdio::null());
        if let Some(config) = config {
            command.env("POTATO_CONFIG", config);
        }
        Self { child: command.spawn().unwrap(), port }
    }

    /// The title of the page, once there is one.
    async fn title(&self) -> String {
        let address = format!("http://127.0.0.1:{}/", self.port);
        let page = async || {
            let response = reqwest::Client::new().get(&address).send().await.ok()?;
            if !response.status().is_success() {
                return None;
            }
            response.text().await.ok()
        };
        let page = until("a page", START, page).await.unwrap();
        page.split("<title>").nth(1).unwrap().split("</title>").next().unwrap().to_owned()
    }

    async fn stop(mut self) {
        Process { pid: self.child.id().cast_signed(), name: String::new() }.signal(Signal::SIGTERM);
        let ended = until("the end", STOP, async || self.child.try_wait().ok().flatten()).await.unwrap();
        assert!(ended.success(), "{ended}");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_serves_its_argument_the_variable_the_folder_or_the_example() {
    let checkout = checkout();
    let elsewhere = tempfile::tempdir().unwrap();
    let project = Project::new(3, "").unwrap();
    let link = elsewhere.path().join("spud");
    std::os::unix::fs::symlink(checkout.path().join("entrypoint"), &link).unwrap();
    let config = project.config_file();
    let cases: [(&Path, Option<&Path>, Option<&Path>, &str); 5] = [
        (elsewhere.path(), None, None, "How does this review feel?"),
        (elsewhere.path(), Some(project.dir()), None, "Load"),
        (elsewhere.path(), Some(config.as_path()), None, "Load"),
        (elsewhere.path(), None, Some(config.as_path()), "Load"),
        (project.dir(), None, None, "Load"),
    ];
    for (from, argument, variable, title) in cases {
        let served = Served::start(link.clone(), from, argument, variable);
        assert_eq!(served.title().await, format!("Sign in · {title}"));
        served.stop().await;
    }
}

#[test]
fn what_it_cannot_serve_it_names() {
    let checkout = checkout();
    let output = Command::new(checkout.path().join("entrypoint")).arg("/no/such/project").output().unwrap();
    assert_eq!(output.status.code(), Some(78));
    assert!(String::from_utf8_lossy(&output.stderr).contains("/no/such/project"));
}
