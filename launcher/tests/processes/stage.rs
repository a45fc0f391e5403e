//! A folder with the launcher and programs beside it, and a launcher that runs there.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader, Read};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, Uid};

const DEADLINE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(20);
const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/processes/program.py");
/// `nobody`, in whose name the launcher runs where the tests run as root: root may look into everything.
const NOBODY: u32 = 65534;

/// A launcher at work.
pub(crate) struct Stage {
    child: Child,
    lines: Receiver<String>,
    /// All that was said so far.
    pub(crate) said: Vec<String>,
    waiting: VecDeque<String>,
    pub(crate) port: u16,
    _folder: tempfile::TempDir,
}

/// A port that is free now.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Stage {
    /// Starts a launcher with these variables besides the usual ones.
    pub(crate) fn start(variables: &[(&str, &str)]) -> Self {
        Self::start_with(free_port(), variables, |launcher| Command::new(launcher))
    }

    /// Starts it at `port`, by the command that `program` makes of the launcher's path.
    pub(crate) fn start_with(
        port: u16,
        variables: &[(&str, &str)],
        program: impl Fn(&OsStr) -> Command,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        if Uid::current().is_root() {
            chown(folder.path(), Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let place = |name: &str| folder.path().join(name);
        install(env!("CARGO_BIN_EXE_launcher"), &place("launcher"));
        for name in ["annotator", "syncer"] {
            install(PROGRAM, &place(name));
        }
        fs::write(place("config.yaml"), "port: 1\n").unwrap();
        let mut command = program(place("launcher").as_os_str());
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOST", "127.0.0.1")
            .env("TMPDIR", folder.path())
            .env("PORT", port.to_string())
            .envs(variables.iter().copied())
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stderr(Stdio::piped());
        if Uid::current().is_root() {
            command.uid(NOBODY).gid(NOBODY);
        }
        let mut child = command.spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            stderr.lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        Self { child, lines, said: Vec::new(), waiting: VecDeque::new(), port, _folder: folder }
    }

    /// Waits for a line that contains all these words, after the last one that was waited for.
    pub(crate) fn wait_for(&mut self, words: &[&str]) -> String {
        let deadline = Instant::now() + DEADLINE;
        loop {
            while let Some(line) = self.waiting.pop_front() {
                self.said.push(line.clone());
                if words.iter().all(|word| line.contains(word)) {
                    return line;
                }
            }
            assert!(Instant::now() < deadline, "no line with {words:?} in {:#?}", self.said);
            match self.lines.recv_timeout(PAUSE) {
                Ok(line) => self.waiting.push_back(line),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => panic!("no line with {words:?} in {:#?}", self.said),
            }
        }
    }

    /// Waits until this many workers and the syncer are ready.
    pub(crate) fn wait_until_ready(&mut self, workers: usize) {
        for _ in 0..=workers {
            self.wait_for(&["launcher: ", " is ready"]);
        }
    }

    /// Waits until something is so.
    pub(crate) fn wait_until(&mut self, what: &str, mut is_so: impl FnMut(&mut Self) -> bool) {
        let deadline = Instant::now() + DEADLINE;
        while !is_so(self) {
            assert!(Instant::now() < deadline, "{what} does not come to be: {:#?}", self.said);
            if let Ok(line) = self.lines.recv_timeout(PAUSE) {
                self.waiting.push_back(line);
            }
        }
    }

    /// Whether a line with these words was said that nobody waited for yet.
    pub(crate) fn has_come(&self, words: &str) -> bool {
        self.waiting.iter().any(|line| line.contains(words))
    }

    /// The pid of the worker that answers next.
    pub(crate) fn ask(&self) -> std::io::Result<i32> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(DEADLINE))?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        answer.parse().map_err(std::io::Error::other)
    }

    pub(crate) fn pid(&self) -> Pid {
        Pid::from_raw(self.child.id().cast_signed())
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill(self.pid(), signal).unwrap();
    }

    /// Waits for the end of the launcher and of all that it started; the exit code and how long it took.
    pub(crate) fn wait_for_end(&mut self) -> (Option<i32>, Duration) {
        let began = Instant::now();
        // The stream ends when the last process that has it ends.
        loop {
            match self.lines.recv_timeout(DEADLINE) {
                Ok(line) => self.waiting.push_back(line),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it does not end: {:#?}", self.said),
            }
        }
        self.said.extend(self.waiting.drain(..));
        let status: ExitStatus = self.child.wait().unwrap();
        (status.code(), began.elapsed())
    }

    /// Where the first line with these words is among all that was said.
    pub(crate) fn position(&self, words: &str) -> usize {
        let position = self.said.iter().position(|line| line.contains(words));
        position.unwrap_or_else(|| panic!("no line with '{words}' in {:#?}", self.said))
    }
}

/// Copies a program, by another process: a child that another thread starts while this one writes would hold the file
/// open for writing too, and the kernel runs no such file ("Text file busy").
fn install(from: &str, to: &Path) {
    assert!(Command::new("install").args(["-m", "755", from]).arg(to).status().unwrap().success());
}

impl Drop for Stage {
    fn drop(&mut self) {
        // Its children end with it.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
