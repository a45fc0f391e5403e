//! The rounds: look where the repo is, take in what is foreign, make the directory ready, plan, commit, record.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use store::Study;
use tracing::{info, warn};
use uuid::Uuid;

use crate::blocking::blocking;
use crate::boot::{check_privacy, ours};
use crate::cadence::{Due, Failure, Moment};
use crate::clock::wall_millis_now;
use crate::hub::{Head, Hub, HubError, Kind};
use crate::incoming::{IncomingError, Places, bring};
use crate::manifest::{ManifestError, Number};
use crate::mirror::{MirrorError, Prepared};
use crate::names::{Meaning, meaning};
use crate::oid::{Oid, hex};
use crate::plan::{Amount, Limits, LocalFile, Plan, Refusal, RemoteFile, RemoteName, RemoteTree, plan};
use crate::push::{Next, after};
use crate::stable_read;
use crate::stop::{Phase, Stop};
use crate::syncer::Syncer;

/// Between two looks at the repo while there is nothing to push, so that what another instance wrote comes in.
const LOOK_AT_MOST_EVERY: Duration = Duration::from_secs(5);
const LOOK_AT_LEAST_EVERY: Duration = Duration::from_mins(1);
/// Between tries of the last push.
const FINAL_RETRY: Duration = Duration::from_millis(400);
/// Finding out what is left must not keep the process from ending.
const COUNTING: Duration = Duration::from_millis(200);
/// Hex digits of a batch's id.
const BATCH_ID_BYTES: usize = 8;

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
            hub.check_token().await?;
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

/// A batch with its content.
struct Batch {
    id: String,
    files: Vec<(String, Bytes)>,
    added: RemoteTree,
    bases: Vec<(String, [u8; 20])>,
    bytes: u64,
    events: Option<(u64, u64)>,
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
    let batch = read_batch(syncer, origin, &files, &plan).await;
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

/// Reads what the plan names; a file that is no longer what was planned waits for the next round.
async fn read_batch(syncer: &Syncer, origin: Uuid, files: &[LocalFile], plan: &Plan) -> Option<Batch> {
    let wanted: Vec<LocalFile> = plan.batch.iter().map(|index| files[*index].clone()).collect();
    let settings = Arc::clone(&syncer.settings);
    let read = blocking(move || {
        let read = |file: LocalFile| {
            let (content, _) = stable_read::bytes(&settings.out.join(&file.path)).ok()?;
            (Oid::of(&content) == file.oid).then_some((file, Bytes::from(content)))
        };
        wanted.into_iter().filter_map(read).collect::<Vec<_>>()
    });
    let read = read.await;
    let is_history = |path: &str| matches!(meaning(path), Some(Meaning::Segment(_) | Meaning::Head(_)));
    let planned = plan.batch.iter().filter(|index| is_history(&files[**index].path)).count();
    if read.is_empty() || read.iter().filter(|(file, _)| is_history(&file.path)).count() < planned {
        return None;
    }
    let mut hasher = blake3::Hasher::new();
    hasher.update(origin.as_bytes());
    let mut events: Option<(u64, u64)> = None;
    for (file, _) in &read {
        hasher.update(file.path.as_bytes()).update(&file.oid.sha256);
        if let Some(Meaning::Segment(segment)) = meaning(&file.path)
            && segment.origin == origin
        {
            events = Some((events.map_or(segment.first, |(first, _)| first), segment.last));
        }
    }
    Some(Batch {
        id: hex(&hasher.finalize().as_bytes()[..BATCH_ID_BYTES]),
        added: read.iter().map(|(file, _)| (file.path.clone(), as_remote(&file.oid))).collect(),
        bases: read.iter().map(|(file, _)| (file.path.clone(), file.oid.git)).collect(),
        bytes: read.iter().map(|(file, _)| file.oid.size).sum(),
        files: read.into_iter().map(|(file, content)| (file.path, content)).collect(),
        events,
    })
}

/// A regular file of the Hub with this content. Where the Hub takes it for a large one, the next listing says so.
pub(crate) fn as_remote(oid: &Oid) -> RemoteFile {
    RemoteFile { size: oid.size, name: RemoteName::Git(oid.git) }
}

/// The last push: views and history are complete on this disk first, then as much as the time allows goes out.
async fn last_push(syncer: &Syncer, stop: &Stop) -> Left {
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
