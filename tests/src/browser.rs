//! Scripts of `tests/browser`, in a real Chromium.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

/// Runs a script, which must succeed, with `input` on its standard input; what it printed.
pub async fn run(script: &str, arguments: &[&str], input: &str) -> Result<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser").join(script);
    let mut command = Command::new("node");
    command.arg(path).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
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
