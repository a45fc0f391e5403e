//! Which files make the next commit: a pure function of what is here and what is there.
//!
//! Order matters: history first, in the order of its numbers, the head in the commit that completes it, then all other
//! files. So whatever commit is the last one that arrives, the history on the Hub has no gap and no file is newer than it.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use crate::disk::names::{Meaning, Segment, meaning};
use crate::disk::oid::Oid;

/// A file of the output directory.
#[derive(Clone, Debug)]
pub struct LocalFile {
    /// Relative to the output directory, with `/`.
    pub path: String,
    /// Its content.
    pub oid: Oid,
    /// Git's id of the content that was last known to be both here and there.
    pub base: Option<[u8; 20]>,
}

/// A file of the repo, under its path relative to `path_in_repo`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RemoteFile {
    /// Bytes.
    pub size: u64,
    /// What it is known by.
    pub name: RemoteName,
}

/// How the Hub names a content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemoteName {
    /// Git's blob id of a regular file.
    Git([u8; 20]),
    /// SHA-256 of a large file.
    Sha256([u8; 32]),
}

impl RemoteFile {
    /// Whether it is this content.
    pub fn holds(&self, oid: &Oid) -> bool {
        self.size == oid.size
            && match self.name {
                RemoteName::Git(git) => git == oid.git,
                RemoteName::Sha256(sha256) => sha256 == oid.sha256,
            }
    }
}

/// The files of a commit by path.
pub type RemoteTree = BTreeMap<String, RemoteFile>;

/// How much goes into one commit.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Files.
    pub files: usize,
    /// Files of a first upload.
    pub first_files: usize,
    /// Bytes, before they are encoded; a single file that is larger goes alone.
    pub bytes: u64,
    /// Files above this are left out, and said to be.
    pub file_bytes: u64,
}

impl Limits {
    /// What the Hub advises.
    pub const HUB: Self = Self { files: 100, first_files: 1000, bytes: 4 << 20, file_bytes: 256 << 20 };
}

/// Files and bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Amount {
    /// How many files.
    pub files: u64,
    /// How many bytes they have.
    pub bytes: u64,
}

impl Amount {
    fn add(&mut self, size: u64) {
        self.files += 1;
        self.bytes += size;
    }
}

/// What to do next.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Indices into the local files: the next commit.
    pub batch: Vec<usize>,
    /// All that waits to be sent, the batch included.
    pub waiting: Amount,
    /// Indices of files that are there as they are here.
    pub equal: Vec<usize>,
    /// Indices of files that are too large.
    pub too_large: Vec<usize>,
}

/// Why nothing may be sent.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Refusal {
    /// Our own history on the Hub is not the one here.
    #[error(
        "the repo has another {path} than this store made: the store was copied or set back to an older state; \
         start this instance on an empty disk, so that it restores what is in the repo"
    )]
    Copied {
        /// The file that shows it.
        path: String,
    },
}

/// Plans the next commit of the store whose history is `own`.
pub fn plan(own: Uuid, local: &[LocalFile], remote: &RemoteTree, limits: &Limits) -> Result<Plan, Refusal> {
    let mut plan = Plan::default();
    let (mut segments, mut heads, mut others) = (BTreeMap::new(), Vec::new(), Vec::new());
    for (index, file) in local.iter().enumerate() {
        let there = remote.get(&file.path);
        if there.is_some_and(|there| there.holds(&file.oid)) {
            plan.equal.push(index);
            continue;
        }
        match meaning(&file.path) {
            Some(Meaning::Segment(segment)) if there.is_none() => {
                segments.insert((segment.origin, segment.first), index);
            }
            Some(Meaning::Segment(Segment { origin, .. })) if origin == own => {
                return Err(Refusal::Copied { path: file.path.clone() });
            }
            Some(Meaning::Head(origin)) if origin == own || there.is_none() => heads.push((origin, index)),
            // Another store's history is that store's to correct.
            Some(Meaning::Segment(_) | Meaning::Head(_)) | None => {}
            Some(Meaning::View(_) | Meaning::Raw) if file.base == Some(file.oid.git) => {}
            Some(Meaning::View(_) | Meaning::Raw) if file.oid.size > limits.file_bytes => {
                plan.too_large.push(index);
            }
            Some(Meaning::View(_) | Meaning::Raw) => others.push(index),
        }
    }
    check_own_history(own, local, remote)?;

    let mut room = Room::new(remote, limits);
    let mut incomplete = BTreeSet::new();
    for ((origin, _), index) in segments {
        plan.waiting.add(local[index].oid.size);
        if incomplete.contains(&origin) || !room.take(local[index].oid.size) {
            incomplete.insert(origin);
        } else {
            plan.batch.push(index);
        }
    }
    let mut complete = incomplete.is_empty();
    for (origin, index) in heads {
        plan.waiting.add(local[index].oid.size);
        if !incomplete.contains(&origin) && room.take(local[index].oid.size) {
            plan.batch.push(index);
        } else {
            complete = false;
        }
    }
    for index in others {
        plan.waiting.add(local[index].oid.size);
        if complete && room.take(local[index].oid.size) {
            plan.batch.push(index);
        }
    }
    Ok(plan)
}

/// Our own segments, here and there together, must follow one another: else two stores write one history.
fn check_own_history(own: Uuid, local: &[LocalFile], remote: &RemoteTree) -> Result<(), Refusal> {
    let here = local.iter().map(|file| file.path.as_str());
    let there = remote.keys().map(String::as_str);
    let mut segments: Vec<Segment> = here
        .chain(there)
        .filter_map(|path| match meaning(path) {
            Some(Meaning::Segment(segment)) if segment.origin == own => Some(segment),
            _ => None,
        })
        .collect();
    segments.sort_unstable();
    segments.dedup();
    match segments.windows(2).find(|pair| pair[1].first != pair[0].last + 1) {
        Some(pair) => Err(Refusal::Copied { path: pair[1].to_string() }),
        None => Ok(()),
    }
}

/// The room left in a commit.
struct Room {
    files: usize,
    bytes: u64,
    empty: bool,
}

impl Room {
    fn new(remote: &RemoteTree, limits: &Limits) -> Self {
        let first =
            remote.keys().all(|path| matches!(meaning(path), None | Some(Meaning::Head(_) | Meaning::Raw)));
        let files = if first { limits.first_files } else { limits.files };
        Self { files, bytes: limits.bytes, empty: true }
    }

    fn take(&mut self, size: u64) -> bool {
        let fits = self.files > 0 && (size <= self.bytes || self.empty);
        if fits {
            self.files -= 1;
            self.bytes = self.bytes.saturating_sub(size);
            self.empty = false;
        }
        fits
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const OWN: Uuid = Uuid::from_u128(1);
    const OTHER: Uuid = Uuid::from_u128(2);

    fn file(path: impl Into<String>, content: &str) -> LocalFile {
        LocalFile { path: path.into(), oid: Oid::of(content.as_bytes()), base: None }
    }

    fn segment(origin: Uuid, first: u64, last: u64) -> String {
        Segment { origin, first, last, part: 0 }.to_string()
    }

    fn head(origin: Uuid) -> String {
        format!(".history/{origin}/head.json")
    }

    fn there(file: &LocalFile) -> (String, RemoteFile) {
        (file.path.clone(), RemoteFile { size: file.oid.size, name: RemoteName::Git(file.oid.git) })
    }

    fn batch(plan: &Plan, local: &[LocalFile]) -> Vec<String> {
        plan.batch.iter().map(|index| local[*index].path.clone()).collect()
    }

    #[test]
    fn what_is_there_already_is_not_sent() {
        let local = [file("ann/user_state.json", "a"), file(segment(OWN, 1, 2), "s")];
        let remote = local.iter().map(there).collect();
        let plan = plan(OWN, &local, &remote, &Limits::HUB).unwrap();
        assert_eq!((plan.batch.len(), plan.waiting, plan.equal.len()), (0, Amount::default(), 2));
    }

    #[test]
    fn what_somebody_else_changed_there_and_nobody_here_is_left_as_it_is() {
        let mut mine = file("notes.txt", "old");
        mine.base = Some(mine.oid.git);
        let remote = [there(&file("notes.txt", "new"))].into();
        let local = [mine];
        assert!(plan(OWN, &local, &remote, &Limits::HUB).unwrap().batch.is_empty());
    }

    #[test]
    fn another_stores_history_is_sent_where_it_is_missing_and_never_replaced() {
        let local = [file(segment(OTHER, 1, 2), "here"), file(head(OTHER), "here")];
        let missing = plan(OWN, &local, &RemoteTree::new(), &Limits::HUB).unwrap();
        assert_eq!(batch(&missing, &local), [segment(OTHER, 1, 2), head(OTHER)]);
        let remote = [there(&file(segment(OTHER, 1, 2), "there")), there(&file(head(OTHER), "there"))].into();
        assert!(plan(OWN, &local, &remote, &Limits::HUB).unwrap().batch.is_empty());
    }

    #[test]
    fn a_store_that_was_copied_does_not_write_over_the_first() {
        let local = [file(segment(OWN, 1, 2), "here")];
        for remote in [file(segment(OWN, 1, 2), "there"), file(segment(OWN, 1, 5), "there")] {
            let remote = [there(&remote)].into();
            assert!(matches!(plan(OWN, &local, &remote, &Limits::HUB), Err(Refusal::Copied { .. })));
        }
    }

    #[test]
    fn a_file_too_large_for_a_commit_goes_alone_and_one_too_large_for_the_hub_is_named() {
        let limits = Limits { bytes: 10, file_bytes: 20, ..Limits::HUB };
        let local = [file("a", "0123456789abcdef"), file("b", "1"), file("c", &"x".repeat(21))];
        let plan = plan(OWN, &local, &RemoteTree::new(), &limits).unwrap();
        assert_eq!((batch(&plan, &local), plan.too_large), (vec!["a".to_owned()], vec![2]));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]
        #[test]
        fn batch_after_batch_all_arrives_in_order_and_within_the_limits(
            lengths in proptest::collection::vec((0_usize..40, any::<bool>()), 0..40),
            raw in proptest::collection::vec(0_usize..60, 0..40),
            files in 1_usize..6,
            bytes in 1_u64..80,
        ) {
            let mut local = Vec::new();
            let mut next = BTreeMap::from([(OWN, 1), (OTHER, 1)]);
            for (length, own) in lengths {
                let origin = if own { OWN } else { OTHER };
                let first = next[&origin];
                local.push(file(segment(origin, first, first + 2), &"s".repeat(length)));
                next.insert(origin, first + 3);
            }
            local.extend([file(head(OWN), "head"), file(head(OTHER), "head")]);
            local.extend(raw.iter().enumerate().map(|(n, length)| file(format!("{n}/user_state.json"), &"r".repeat(*length))));
            let limits = Limits { files, first_files: files, bytes, file_bytes: 1000 };
            let mut remote = RemoteTree::new();
            for _ in 0..=local.len() {
                let plan = plan(OWN, &local, &remote, &limits).unwrap();
                let size: u64 = plan.batch.iter().map(|index| local[*index].oid.size).sum();
                prop_assert!(plan.batch.len() <= files && (size <= bytes || plan.batch.len() == 1
                    || plan.batch.iter().filter(|index| local[**index].oid.size > 0).count() == 1));
                if plan.batch.is_empty() {
                    break;
                }
                remote.extend(plan.batch.iter().map(|index| there(&local[*index])));
                for origin in [OWN, OTHER] {
                    let held = |file: &&LocalFile| remote.contains_key(&file.path);
                    let of_origin = |file: &&LocalFile| matches!(meaning(&file.path), Some(Meaning::Segment(s)) if s.origin == origin);
                    let all = local.iter().filter(of_origin).count();
                    let prefix = local.iter().filter(of_origin).take_while(held).count();
                    prop_assert_eq!(local.iter().filter(of_origin).filter(held).count(), prefix, "a gap");
                    prop_assert!(prefix == all || !remote.contains_key(&head(origin)), "a head before its history");
                    prop_assert!(prefix == all || !remote.keys().any(|path| path.ends_with("user_state.json")));
                }
            }
            prop_assert_eq!(remote.len(), local.len());
        }
    }
}
