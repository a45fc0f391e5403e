//! Takes the pictures of `docs/pages.md` anew: `cargo run -p tests --bin pictures`, after a build. Writes `docs/pictures`.

use std::path::Path;

use anyhow::{Context, Result};
use tests::{browser, sites};

/// So many stacks at once are a light load for a small machine.
const AT_ONCE: usize = 12;

#[tokio::main]
async fn main() -> Result<()> {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/pictures");
    let target = target.to_str().context("a path in UTF-8")?;
    std::fs::create_dir_all(target)?;
    for dirs in sites::projects(&sites::own())?.chunks(AT_ONCE) {
        let sites = sites::start(dirs).await?;
        print!("{}", browser::run("pictures.mjs", &[target], &sites::addresses(&sites)).await?);
        for site in sites {
            site.stack.stop().await?;
        }
    }
    Ok(())
}
