//! The last push, at the stop, and what is left when its time is over.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use store::Study;
use tracing::warn;

use super::after::{Next, after};
use super::cadence::Failure;
use super::plan::{Amount, Limits, LocalFile, plan};
use super::{Round, RoundError, round};
use crate::disk::manifest::Number;
use crate::hub::Kind;
use crate::stop::Stop;
use crate::syncer::Syncer;
use crate::views::mirror::Prepared;

/// Between tries of the last push.
const FINAL_RETRY: Duration = Duration::from_millis(400);
/// Finding out what is left must not keep the process from ending.
const COUNTING: Duration = Duration::from_millis(200);

/// What could not be sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// Events that are on this disk only.
    pub events: u64,
    /// Files that are on this disk only, or in an older state on the Hub.
    pub files: Amount,
}

impl Left {
    /// All is there.
    pub const NOTHING: Self = Self { events: 0, files: Amount { files: 0, bytes: 0 } };
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { events, files: Amount { files, bytes } } = self;
        write!(f, "{events} events, {files} files, {bytes} bytes")
    }
}

/// The last push: views and history are complete on this disk first, then as much as the time allows goes out.
pub(super) async fn last_push(syncer: &Syncer, stop: &Stop) -> Left {
    let prepared = {
        let mut mirror = syncer.mirror.lock().await;
        mirror.prepare(syncer.clock.now(), true).await
    };
    if let Err(error) = &prepared {
        warn!("the output directory is not complete: {error}");
    }
    if syncer.hub.is_none() {
        return if prepared.is_ok() {
            Left::NOTHING
        } else {
            Left { events: unsealed(syncer).await, ..Left::NOTHING }
        };
    }
    let pushing = async {
        loop {
            match round(syncer, true).await {
                Ok(Round::Nothing) => return true,
                Ok(Round::Sent { .. }) => {}
                Err(error) => {
                    warn!("the last push failed: {error}");
                    syncer.board.set_error(error.to_string());
                    if !may_work_soon(&error) {
                        return false;
                    }
                    tokio::time::sleep(FINAL_RETRY).await;
                }
            }
        }
    };
    let ended = tokio::select! {
        all_is_there = pushing => Some(all_is_there),
        () = stop.out_of_time() => None,
    };
    if ended == Some(true) {
        return Left::NOTHING;
    }
    // What came from the Hub meanwhile may have changed files since.
    let prepared = async { syncer.mirror.lock().await.prepare(syncer.clock.now(), true).await.ok() };
    let prepared = tokio::time::timeout(COUNTING, prepared).await.ok().flatten();
    let left = left(syncer, prepared.as_ref()).await;
    if left != Left::NOTHING {
        let why = if ended.is_some() { "it failed" } else { "time is over" };
        warn!(
            "not on the Hub when {why}: {left}. All of it is on this disk and goes out at the next start on it"
        );
    }
    left
}

fn may_work_soon(error: &RoundError) -> bool {
    match error {
        RoundError::Hub(error) => {
            matches!(after(error.kind, 1), Next::Look | Next::Wait(Failure::Trouble))
                && error.kind != Kind::Denied
        }
        RoundError::Plan(_) | RoundError::Refused(_) => false,
        RoundError::Mirror(_) | RoundError::Incoming(_) => true,
    }
}

async fn unsealed(syncer: &Syncer) -> u64 {
    let (Ok(seal), Ok(Study { origin, .. })) = (syncer.store.seal().await, syncer.store.study().await) else {
        return 1;
    };
    let sealed = syncer.manifest.number(Number::Sealed(origin)).unwrap_or(0);
    seal.tip.last.saturating_sub(u64::try_from(sealed).unwrap_or(0)).max(1)
}

/// What is not on the Hub, by what is known of it.
async fn left(syncer: &Syncer, prepared: Option<&Prepared>) -> Left {
    let (Ok(seal), Ok(Study { origin, .. })) = (syncer.store.seal().await, syncer.store.study().await) else {
        return Left { events: 1, ..Left::NOTHING };
    };
    let pushed = syncer.manifest.number(Number::Pushed(origin)).unwrap_or(0);
    let events = seal.tip.last.saturating_sub(u64::try_from(pushed).unwrap_or(0));
    let tree = syncer.manifest.tree().unwrap_or_default();
    let bases: HashMap<String, [u8; 20]> = syncer.manifest.bases().unwrap_or_default();
    let files = prepared.map_or(&[][..], |prepared| &prepared.files);
    let files: Vec<LocalFile> =
        files.iter().map(|file| LocalFile { base: bases.get(&file.path).copied(), ..file.clone() }).collect();
    let files = plan(origin, &files, &tree, &Limits::HUB).map(|plan| plan.waiting).unwrap_or_default();
    Left { events, files }
}
