//! `hub [PORT]`: the stand-in of the Hub by itself, for trying things by hand. It takes any token and forgets all at its end.

use anyhow::{Context, Result};
use tests::hub::{Hub, Options};

#[tokio::main]
async fn main() -> Result<()> {
    let port = std::env::args().nth(1).map(|port| port.parse()).transpose().context("hub [PORT]")?;
    let hub = Hub::start(Options { port, ..Options::default() }).await?;
    println!("{}", hub.url());
    std::future::pending().await
}
