//! History from elsewhere on its way in: fetched beside, checked, applied to the store, then put in place.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::{Path, PathBuf};

use store::{Merged, Store, StoreError, Vector};
use uuid::Uuid;

use crate::disk::manifest::{Manifest, ManifestError};
use crate::disk::names::{HISTORY, Meaning, Segment, is_safe, meaning};
use crate::disk::oid::Oid;
use crate::disk::stable_read::{self, Stat};
use crate::disk::whole_file;
use crate::history::head::{HeadError, HeadFile};
use crate::history::segments::{self, Events, Run, SegmentError};
use crate::hub::{FetchError, Hub, fetch};
use crate::rounds::plan::{RemoteFile, RemoteTree};
use crate::settings::Settings;

/// Why what is there was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum IncomingError {
    /// It could not be fetched.
    #[error("the backup could not be fetched: {0}")]
    Fetch(#[from] FetchError),
    /// A head is not one.
    #[error("the backup is damaged: {0}")]
    Head(#[from] HeadError),
    /// Something that the heads speak of is not there.
    #[error("the backup is damaged: {0}")]
    Damaged(String),
    /// It is not ours to use.
    #[error("{0}")]
    Refused(String),
    /// Segments on this disk cannot be read.
    #[error(transparent)]
    Segments(#[from] SegmentError),
    /// The store did not take it.
    #[error("the backup could not be taken into the store: {0}")]
    Store(#[from] StoreError),
    /// The syncer's own file failed.
    #[error("the syncer's own file failed: {0}")]
    Manifest(#[from] ManifestError),
    /// A file could not be put in place.
    #[error("{}: {source}", path.display())]
    Place {
        /// Which.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
}

/// Whose study this is, as far as it is known here.
#[derive(Clone, Copy, Debug)]
pub struct Ours<'a> {
    /// The study of the store; none if it has none yet.
    pub study: Option<Uuid>,
    /// The store's own origin.
    pub origin: Uuid,
    /// `SPACE_ID`.
    pub owner: Option<&'a str>,
    /// Another owner's repo is to be taken over.
    pub adopt: bool,
}

/// What was fetched and checked, and is not applied yet.
#[derive(Debug, Default)]
pub struct Incoming {
    /// The study that it belongs to; none if there is no head.
    pub study: Option<Uuid>,
    runs: Vec<Run>,
    covering: Option<HeadFile>,
    moves: Vec<(PathBuf, PathBuf)>,
}

/// Where the repo, the directory and the waiting room are.
pub struct Places<'a> {
    /// The repo, with the commit; none to look only at this disk.
    pub remote: Option<(&'a Hub, &'a str)>,
    /// What that commit holds.
    pub tree: &'a RemoteTree,
    /// The settings.
    pub settings: &'a Settings,
    /// Digests of files here that are known.
    pub manifest: &'a Manifest,
}

impl Places<'_> {
    fn room(&self) -> PathBuf {
        self.settings.state.join("incoming")
    }
}

/// Fetches what of the history is not here, and checks whose it is. For a store that is `fresh` all of the history is
/// read, also what is on this disk; else only what is new.
pub async fn bring(
    places: &Places<'_>,
    ours: Ours<'_>,
    fresh: bool,
    progress: impl Fn(usize, usize),
) -> Result<Incoming, IncomingError> {
    let Places { remote, tree, settings, manifest } = *places;
    let known = manifest.files()?;
    let mut wanted = Vec::new();
    let mut heads = Vec::new();
    let here = segments::list(&settings.out)?;
    let mut sources: BTreeMap<Segment, PathBuf> = BTreeMap::new();
    let mut on_disk: BTreeMap<(Uuid, u64), PathBuf> = BTreeMap::new();
    for segment in here.values().flatten() {
        let path = settings.out.join(segment.to_string());
        on_disk.insert((segment.origin, segment.last), path.clone());
        if fresh {
            sources.insert(*segment, path);
        }
    }
    for (path, file) in tree {
        match meaning(path) {
            // Our own that are here and differ are for the plan to refuse.
            Some(Meaning::Segment(segment))
                if !is_here(&settings.out, path, file, &known)
                    && (segment.origin != ours.origin || !settings.out.join(path).exists()) =>
            {
                sources.insert(segment, places.room().join(path));
                wanted.push((path.clone(), *file));
            }
            Some(Meaning::Head(_)) if is_here(&settings.out, path, file, &known) => {
                heads.push((path.clone(), settings.out.join(path)));
            }
            Some(Meaning::Head(_)) => {
                heads.push((path.clone(), places.room().join(path)));
                wanted.push((path.clone(), *file));
            }
            None if path.starts_with(&format!("{HISTORY}/")) => {
                return Err(IncomingError::Damaged(format!("{path} is none of its files")));
            }
            Some(Meaning::Segment(_) | Meaning::View(_) | Meaning::Raw) | None => {}
        }
    }
    if fresh {
        for origin in here.keys() {
            let path = format!("{HISTORY}/{origin}/head.json");
            if !tree.contains_key(&path) && settings.out.join(&path).exists() {
                heads.push((path.clone(), settings.out.join(path)));
            }
        }
    }
    if let Some((hub, sha)) = remote {
        fetch(hub, sha, &wanted, &places.room(), |done| progress(done, wanted.len())).await?;
    }

    let heads = heads.iter().map(|(name, path)| read_head(name, path)).collect::<Result<Vec<_>, _>>()?;
    let study = judge(&heads, ours)?;
    if study.is_none() && !sources.is_empty() {
        return Err(IncomingError::Damaged(
            "there is history, but no head.json that says of which study".to_owned(),
        ));
    }
    let covering = heads.into_iter().max_by_key(|head| head.vector.values().sum::<u64>());
    if fresh && let Some(covering) = &covering {
        check_complete(&sources, covering)?;
    }
    let moves = wanted
        .iter()
        .filter(|(path, _)| meaning(path) != Some(Meaning::Head(ours.origin)))
        .map(|(path, _)| (places.room().join(path), settings.out.join(path)))
        .collect();
    Ok(Incoming { study, runs: runs(sources, &on_disk)?, covering: covering.filter(|_| fresh), moves })
}

impl Incoming {
    /// Applies it to the store, all or nothing. A fresh store must come to the state that was recorded.
    pub async fn apply(&self, store: &Store) -> Result<Merged, StoreError> {
        if self.runs.is_empty() {
            return Ok(Merged::default());
        }
        let expect = self.covering.as_ref().map(|head| (head.vector.clone(), head.digest));
        let covered: Option<Vector> = expect.as_ref().map(|(vector, _)| vector.clone());
        store.union(Box::new(Events::new(self.runs.clone(), covered)), expect).await
    }

    /// Puts the files in place; only after [`Self::apply`].
    pub fn settle(self, settings: &Settings) -> Result<(), IncomingError> {
        for (from, to) in &self.moves {
            put(from, to).map_err(|source| IncomingError::Place { path: to.clone(), source })?;
        }
        clear(&settings.state.join("incoming"))
    }
}

fn clear(room: &Path) -> Result<(), IncomingError> {
    match std::fs::remove_dir_all(room) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(IncomingError::Place { path: room.to_owned(), source: error })
        }
        _ => Ok(()),
    }
}

fn put(from: &Path, to: &Path) -> io::Result<()> {
    if let Some(dir) = to.parent() {
        whole_file::make_dirs(dir)?;
    }
    match whole_file::place(from, to) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            whole_file::write(to, &std::fs::read(from)?)
        }
        placed => placed,
    }
}

fn is_here(out: &Path, path: &str, file: &RemoteFile, known: &HashMap<String, (Stat, Oid)>) -> bool {
    let place = out.join(path);
    let Ok(stat) = Stat::of(&place) else { return false };
    match known.get(path) {
        Some((then, oid)) if *then == stat => file.holds(oid),
        _ => stat.size == file.size && stable_read::oid(&place).is_ok_and(|(oid, _)| file.holds(&oid)),
    }
}

fn read_head(name: &str, path: &Path) -> Result<HeadFile, IncomingError> {
    let bytes =
        std::fs::read(path).map_err(|source| IncomingError::Place { path: path.to_owned(), source })?;
    Ok(HeadFile::parse(name, &bytes)?)
}

/// Whether the heads are of our study and our owner; the study.
fn judge(heads: &[HeadFile], ours: Ours<'_>) -> Result<Option<Uuid>, IncomingError> {
    let mut study = ours.study;
    for head in heads {
        match study {
            Some(known) if known != head.study => {
                return Err(IncomingError::Refused(format!(
                    "the repo holds study {}, this is study {known}: name another repo or another folder in it (path_in_repo), \
                     or start on an empty disk",
                    head.study
                )));
            }
            _ => study = Some(head.study),
        }
    }
    let newest = heads.iter().max_by_key(|head| head.at);
    if let (Some(theirs), Some(owner)) = (newest.and_then(|head| head.owner.as_deref()), ours.owner)
        && theirs != owner
        && !ours.adopt
    {
        return Err(IncomingError::Refused(format!(
            "the repo is the backup of the Space {theirs}, this is {owner}: name another repo, or start the syncer once with \
             --adopt (SPUD_ADOPT=1) to take it over"
        )));
    }
    Ok(if heads.is_empty() { None } else { study })
}

/// Each origin's segments must reach, without a gap, what the head says it covers.
fn check_complete(sources: &BTreeMap<Segment, PathBuf>, head: &HeadFile) -> Result<(), IncomingError> {
    let mut reach: BTreeMap<Uuid, u64> = BTreeMap::new();
    for segment in sources.keys() {
        let last = reach.entry(segment.origin).or_default();
        if segment.first <= *last + 1 {
            *last = segment.last.max(*last);
        }
    }
    for (origin, covered) in &head.vector {
        let last = reach.get(origin).copied().unwrap_or(0);
        if last < *covered {
            return Err(IncomingError::Damaged(format!(
                "the history of {origin} goes up to event {last}, but a head covers {covered}"
            )));
        }
    }
    Ok(())
}

/// Joins segments that follow one another; each run goes on from what is on disk before it.
fn runs(
    sources: BTreeMap<Segment, PathBuf>,
    on_disk: &BTreeMap<(Uuid, u64), PathBuf>,
) -> Result<Vec<Run>, IncomingError> {
    let mut runs: Vec<(Run, u64)> = Vec::new();
    for (segment, path) in sources {
        match runs.last_mut() {
            Some((run, last)) if run.origin == segment.origin && *last + 1 == segment.first => {
                run.files.push(path);
                *last = segment.last;
            }
            _ => {
                let from = if segment.first == 1 {
                    store::Tip::default()
                } else {
                    let before = on_disk.get(&(segment.origin, segment.first - 1)).ok_or_else(|| {
                        IncomingError::Damaged(format!("what comes before {segment} is missing"))
                    })?;
                    segments::end_of(before)?
                };
                runs.push((Run { origin: segment.origin, from, files: vec![path] }, segment.last));
            }
        }
    }
    Ok(runs.into_iter().map(|(run, _)| run).collect())
}

/// Files of the repo's root that are about the repo, not of the study.
const NOT_THE_STUDYS: [&str; 2] = ["README.md", "_bundle"];
const NOT_RESTORED: [&str; 3] = [".log", ".tmp", ".responses.jsonl"];

/// Brings raw files that are missing here; those that are here stay as they are. `views` too where the repo has no
/// history that they could be written from.
pub async fn restore_raw(places: &Places<'_>, views: bool) -> Result<u64, IncomingError> {
    let Places { remote: Some((hub, sha)), tree, settings, .. } = *places else { return Ok(0) };
    let wanted: Vec<(String, RemoteFile)> = tree
        .iter()
        .filter(|(path, _)| match meaning(path) {
            Some(Meaning::Raw) => true,
            Some(Meaning::View(_)) => views,
            Some(Meaning::Segment(_) | Meaning::Head(_)) | None => false,
        })
        .filter(|(path, _)| {
            let root = path.split('/').next().unwrap_or_default();
            is_safe(path)
                && !NOT_THE_STUDYS.contains(&root)
                && !NOT_RESTORED.iter().any(|end| path.ends_with(end))
                && std::fs::symlink_metadata(settings.out.join(path)).is_err()
        })
        .map(|(path, file)| (path.clone(), *file))
        .collect();
    fetch(hub, sha, &wanted, &places.room(), |_| {}).await?;
    for (path, _) in &wanted {
        let to = settings.out.join(path);
        put(&places.room().join(path), &to)
            .map_err(|source| IncomingError::Place { path: to.clone(), source })?;
    }
    clear(&places.room())?;
    Ok(wanted.len() as u64)
}
