//! The rounds: look where the repo is, take in what is foreign, make the directory ready, plan, commit, record.

pub mod after;
mod batch;
pub mod cadence;
mod last;
pub mod plan;
pub mod trouble;

use std::time::Duration;

use tracing::{info, warn};
use uuid::Uuid;

use crate::boot::{check_privacy, ours};
use crate::clock::wall_millis_now;
use crate::disk::manifest::{ManifestError, Number};
use crate::disk::names::{Meaning, meaning};
use crate::history::incoming::{IncomingError, Places, bring};
use crate::hub::{Head, Hub, HubError, Kind};
use crate::rounds::after::{Next, after};
use crate::rounds::batch::Batch;
use crate::rounds::cadence::{Due, Failure, Moment};
use crate::rounds::plan::{Amount, Limits, LocalFile, Plan, Refusal, RemoteTree, plan};
use crate::stop::{Phase, Stop};
use crate::syncer::Syncer;
use crate::views::mirror::{MirrorError, Prepared};

pub(crate) use batch::as_remote;
pub use last::Left;
use last::last_push;

/// Between two looks at the repo while there is nothing to push, so that what another instance wrote comes in.
const LOOK_AT_MOST_EVERY: Duration = Duration::from_secs(5);
const LOOK_AT_LEAST_EVERY: Duration = Duration::from_mins(1);

/// What a round came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Round {
    /// All is there.
    Nothing,
    /// A batch went out; whether more waits.
    Sent { more: bool },
}

/// Why a round came to nothing.
#[derive(Debug, thiserror::Error)]
enum RoundError {
    #[error(transparent)]
    Hub(#[from] HubError),
    #[error(transparent)]
    Mirror(#[from] MirrorError),
    #[error(transparent)]
    Incoming(#[from] IncomingError),
    #[error(transparent)]
    Plan(#[from] Refusal),
    #[error("{0}")]
    Refused(String),
}

impl From<ManifestError> for RoundError {
    fn from(error: ManifestError) -> Self {
        Self::Mirror(error.into())
    }
}

impl From<store::StoreError> for RoundError {
    fn from(error: store::StoreError) -> Self {
        Self::Mirror(error.into())
    }
}

/// Goes on until it is told to stop, then does the last push; what is left.
pub(crate) async fn run(syncer: &Syncer, mut stop: Stop) -> Left {
    let look_every = syncer.settings.schedule.clamp(LOOK_AT_MOST_EVERY, LOOK_AT_LEAST_EVERY);
    let mut looked = syncer.clock.now();
    let mut races = 0;
    while !matches!(stop.phase(), Phase::Final(_)) {
        if matches!(stop.phase(), Phase::Hurry(_)) {
            syncer.cadence().hurry();
        }
        let now = syncer.clock.now();
        let due = syncer.cadence().due(now);
        let held_until = syncer.cadence().held_until();
        let look_at = (looked + look_every).max(held_until);
        let next = match due {
            Due::Now => now,
            Due::At(at) => at.min(look_at),
            Due::Idle => look_at,
        };
        if next > now {
            tokio::select! {
                _ = stop.changed() => {}
                () = syncer.wake.notified() => {}
                () = tokio::time::sleep_until(syncer.clock.instant(next)) => {}
            }
            continue;
        }
        let round = async {
            if due == Due::Now {
                round(syncer, false).await.map(Some)
            } else {
                look(syncer).await.map(|_| None)
            }
        };
        tokio::select! {
            result = round => {
                races = settle(syncer, now, result, races);
                looked = syncer.clock.now();
            }
            () = stop.out_of_time() => {}
        }
    }
    last_push(syncer, &stop).await
}

/// Draws the conclusions from a round that began at `began`; how many races were lost in a row.
fn settle(syncer: &Syncer, began: Moment, result: Result<Option<Round>, RoundError>, races: u32) -> u32 {
    let now = syncer.clock.now();
    let races = match result {
        Ok(round) => {
            match round {
                Some(Round::Sent { more }) => syncer.cadence().pushed(now, began, more),
                Some(Round::Nothing) => syncer.cadence().nothing_to_send(began),
                None => {}
            }
            if syncer.trouble().over() {
                info!("the backup works again");
            }
            syncer.board.update(|status| status.last_error = None);
            0
        }
        Err(error) => {
            let (next, races) = match &error {
                RoundError::Hub(HubError { kind, .. }) => (after(*kind, races + 1), races + 1),
                _ => (Next::Wait(Failure::Trouble), 0),
            };
            if let Next::Wait(failure) = next {
                // What a look finds wrong makes the next push wait too.
                syncer.cadence().failed(now, failure);
                tell(syncer, now, &error);
            }
            races
        }
    };
    syncer.show_waiting();
    races
}

fn tell(syncer: &Syncer, now: Moment, error: &RoundError) {
    syncer.board.set_error(error.to_string());
    if let Some(times) = syncer.trouble().happened(now) {
        let pending = syncer.board.get().pending_events;
        warn!(times, pending, "nothing can be pushed now: {error}");
    }
}

/// Looks where the repo is; takes in what is foreign. Answers what is there.
async fn look(syncer: &Syncer) -> Result<Option<(Option<String>, RemoteTree)>, RoundError> {
    let Some(hub) = &syncer.hub else { return Ok(None) };
    let Head { sha, public } = match hub.head().await {
        Err(error) if error.kind == Kind::Missing => {
            hub.create().await?;
            warn!(repo = hub.repo(), "the repo was gone and is made again");
            hub.head().await?
        }
        head => head?,
    };
    check_privacy(hub, public).map_err(RoundError::Refused)?;
    if sha == syncer.manifest.head(&hub.place())? && sha.is_some() {
        return Ok(Some((sha, syncer.manifest.tree()?)));
    }
    let Some(sha) = sha else { return Ok(Some((None, RemoteTree::new()))) };
    let tree = hub.tree(&sha).await?;
    take_in(syncer, hub, &sha, &tree).await?;
    syncer.manifest.set_tree(&hub.place(), &sha, &tree)?;
    Ok(Some((Some(sha), tree)))
}

async fn take_in(syncer: &Syncer, hub: &Hub, sha: &str, tree: &RemoteTree) -> Result<(), RoundError> {
    let places =
        Places { remote: Some((hub, sha)), tree, settings: &syncer.settings, manifest: &syncer.manifest };
    let incoming = bring(&places, ours(syncer).await?, false, |_, _| {}).await?;
    let _quiet = syncer.mirror.lock().await;
    let merged = incoming.apply(&syncer.store).await?;
    incoming.settle(&syncer.settings)?;
    if merged.new > 0 {
        info!(commit = sha, events = merged.new, users = merged.users, "took in what another instance wrote");
    }
    Ok(())
}

async fn round(syncer: &Syncer, all_views: bool) -> Result<Round, RoundError> {
    let there = look(syncer).await?;
    let now = syncer.clock.now();
    let mut mirror = syncer.mirror.lock().await;
    let Prepared { origin, tip, files } = mirror.prepare(now, all_views).await?;
    let (Some((parent, tree)), Some(hub)) = (there, &syncer.hub) else { return Ok(Round::Nothing) };
    let plan = plan(origin, &files, &tree, &Limits::HUB)?;
    let bases = plan.equal.iter().map(|index| &files[*index]).filter(|file| file.base != Some(file.oid.git));
    syncer.manifest.set_bases(&bases.map(|file| (file.path.clone(), file.oid.git)).collect::<Vec<_>>())?;
    for index in &plan.too_large {
        let LocalFile { path, oid, .. } = &files[*index];
        warn!(path, bytes = oid.size, "too large for the backup: it stays on this disk only");
    }
    record_pushed(syncer, origin, tip.last, &tree, &plan)?;
    if plan.batch.is_empty() {
        return Ok(Round::Nothing);
    }
    // Read while nothing of ours writes: what goes out is no newer than what was sealed.
    let batch = batch::read(syncer, origin, &files, &plan).await;
    drop(mirror);
    let Some(batch) = batch else { return Ok(Round::Sent { more: true }) };

    syncer.count_commit()?;
    let Batch { id, files: content, added, bases, bytes, events } = batch;
    let count = content.len();
    let message = match events {
        Some((first, last)) => format!("spud: batch {id}, events {first}-{last}, {count} files"),
        None => format!("spud: batch {id}, {count} files"),
    };
    let sha = hub.commit(parent.as_deref(), message, content).await?;
    let whole: RemoteTree = tree.into_iter().chain(added.clone()).collect();
    syncer.manifest.extend_tree(&hub.place(), &sha, &added)?;
    syncer.manifest.set_bases(&bases)?;
    let left =
        Amount { files: plan.waiting.files - count as u64, bytes: plan.waiting.bytes.saturating_sub(bytes) };
    record_pushed(syncer, origin, tip.last, &whole, &Plan { waiting: left, ..Plan::default() })?;
    syncer.manifest.set_number(Number::PushedAt, wall_millis_now())?;
    syncer.board.update(|status| {
        status.sent_bytes += bytes;
        status.pushed_at = Some(wall_millis_now());
    });
    info!(batch = id, files = count, bytes, commit = sha, "pushed");
    Ok(Round::Sent { more: left.files > 0 })
}

/// Keeps and shows how far the Hub is.
fn record_pushed(
    syncer: &Syncer,
    origin: Uuid,
    last: u64,
    tree: &RemoteTree,
    plan: &Plan,
) -> Result<(), ManifestError> {
    let own = tree.keys().filter_map(|path| match meaning(path) {
        Some(Meaning::Segment(segment)) if segment.origin == origin => Some(segment.last),
        _ => None,
    });
    let pushed = own.max().unwrap_or(0);
    syncer.manifest.set_number(Number::Pushed(origin), pushed.cast_signed())?;
    let Amount { files, bytes } = plan.waiting;
    let pushed_at = syncer.manifest.number(Number::PushedAt)?;
    syncer.board.update(|status| {
        status.pushed = pushed;
        status.pushed_at = (pushed_at > 0).then_some(pushed_at);
        status.pending_events = last.saturating_sub(pushed);
        status.pending_files = files;
        status.pending_bytes = bytes;
    });
    Ok(())
}
