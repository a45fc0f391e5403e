//! Waiting for a condition, with an end.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

const STEP: Duration = Duration::from_millis(50);

/// Asks until `done` answers with something; `what` names it if it does not within `limit`.
pub async fn until<T>(what: &str, limit: Duration, mut done: impl AsyncFnMut() -> Option<T>) -> Result<T> {
    let end = Instant::now() + limit;
    loop {
        if let Some(value) = done().await {
            return Ok(value);
        }
        if Instant::now() >= end {
            bail!("not within {limit:?}: {what}");
        }
        tokio::time::sleep(STEP).await;
    }
}
