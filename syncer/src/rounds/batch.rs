//! A change batch: the files of one commit, read as they were planned.

use std::sync::Arc;

use bytes::Bytes;
use uuid::Uuid;

use super::plan::{LocalFile, Plan, RemoteFile, RemoteName, RemoteTree};
use crate::blocking::blocking;
use crate::disk::names::{Meaning, meaning};
use crate::disk::oid::{Oid, hex};
use crate::disk::stable_read;
use crate::syncer::Syncer;

/// Hex digits of a batch's id.
const BATCH_ID_BYTES: usize = 8;

/// A batch with its content.
pub(super) struct Batch {
    pub(super) id: String,
    pub(super) files: Vec<(String, Bytes)>,
    pub(super) added: RemoteTree,
    pub(super) bases: Vec<(String, [u8; 20])>,
    pub(super) bytes: u64,
    pub(super) events: Option<(u64, u64)>,
}

/// Reads what the plan names; a file that is no longer what was planned waits for the next round.
pub(super) async fn read(syncer: &Syncer, origin: Uuid, files: &[LocalFile], plan: &Plan) -> Option<Batch> {
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
