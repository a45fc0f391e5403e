//! Scripts of `tests/browser`, in a real Chromium.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;

fn node(script: &str, arguments: &[&str]) -> Command {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser").join(script);
    let mut command = Command::new("node");
    command.arg(path).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
    command
}

/// Runs a script, which must succeed, with `input` on its standard input; what it printed.
pub async fn run(script: &str, arguments: &[&str], input: &str) -> Result<String> {
    let mut command = node(script, arguments);
    command.stderr(Stdio::piped());
    let input = input.to_owned();
    let work = move || {
        let mut child = command.spawn().context("node")?;
        // Closed at the end of this statement, so that the script sees the end of its input.
        child.stdin.take().context("its input")?.write_all(input.as_bytes())?;
        child.wait_with_output().context("node")
    };
    let output = tokio::task::spawn_blocking(work).await??;
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{script}: {said}");
    eprint!("{said}");
    Ok(told)
}

/// A script that is talked with, line by line; it is ended when this is dropped.
#[derive(Debug)]
pub struct Talk {
    child: Child,
    input: ChildStdin,
    lines: UnboundedReceiver<String>,
}

impl Talk {
    /// Starts a script.
    pub fn start(script: &str, arguments: &[&str]) -> Result<Self> {
        let mut child = node(script, arguments).spawn().context("node")?;
        let input = child.stdin.take().context("its input")?;
        let output = child.stdout.take().context("its output")?;
        let (send, lines) = unbounded_channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    return;
                }
            }
        });
        Ok(Self { child, input, lines })
    }

    /// Tells it to go on.
    pub fn go(&mut self) -> Result<()> {
        self.input.write_all(b"go\n").context("the script has ended")
    }

    /// The rest of its next line, which must begin with `word`.
    pub async fn hear(&mut self, word: &str, limit: Duration) -> Result<String> {
        let line = timeout(limit, self.lines.recv()).await;
        let line = line.with_context(|| format!("the script says no {word:?} within {limit:?}"))?;
        let Some(line) = line else { bail!("the script ended before it said {word:?}") };
        let rest =
            line.strip_prefix(word).with_context(|| format!("the script says {line:?}, not {word:?}"))?;
        Ok(rest.trim().to_owned())
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
