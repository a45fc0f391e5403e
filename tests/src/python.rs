//! Others' programs in Python, from the environment that `tests/run` made.

use std::path::PathBuf;
use std::process::{Command, Output};

use anyhow::{Context, Result, ensure};

/// An executable of the environment: `python`, `potato`, …
pub fn executable(name: &str) -> Result<PathBuf> {
    let venv = std::env::var_os("SPUD_VENV").context("SPUD_VENV is not set: run tests/run")?;
    let path = PathBuf::from(venv).join("bin").join(name);
    ensure!(path.exists(), "{} is missing: run tests/run", path.display());
    Ok(path)
}

/// Runs a script of `tests/python` to its end.
pub fn script(name: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Result<Output> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("python").join(name);
    Command::new(executable("python")?)
        .arg(&path)
        .args(arguments)
        .envs(variables.iter().copied())
        .output()
        .with_context(|| path.display().to_string())
}
