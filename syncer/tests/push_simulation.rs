//! Rounds against a Hub that fails in every way, in simulation: whatever happens, each batch is in one commit, and each
//! commit on the branch holds a history without gaps and no file that is newer.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

use std::collections::BTreeMap;
use std::time::Duration;

use syncer::disk::names::{Meaning, Segment, meaning};
use syncer::disk::oid::Oid;
use syncer::hub::Kind;
use syncer::rounds::after::{Next, after};
use syncer::rounds::cadence::Jitter;
use syncer::rounds::plan::{Limits, LocalFile, RemoteFile, RemoteName, RemoteTree, plan};
use uuid::Uuid;

const SEEDS: u64 = 256;
const STEPS: usize = 300;
const LIMITS: Limits = Limits { files: 4, first_files: 6, bytes: 4000, file_bytes: 10_000 };

/// A commit as the Hub keeps it.
#[derive(Clone)]
struct Commit {
    tree: RemoteTree,
    added: Vec<String>,
}

/// A request that the Hub has got but not worked on yet.
struct Late {
    parent: usize,
    added: RemoteTree,
}

struct Hub {
    branch: Vec<Commit>,
    late: Vec<Late>,
}

impl Hub {
    fn head(&self) -> usize {
        self.branch.len() - 1
    }

    /// Commits if `parent` is the head, as the Hub does.
    fn apply(&mut self, parent: usize, added: &RemoteTree) -> Result<usize, Kind> {
        if parent != self.head() {
            return Err(Kind::Raced);
        }
        let mut tree = self.branch[parent].tree.clone();
        tree.extend(added.clone());
        self.branch.push(Commit { tree, added: added.keys().cloned().collect() });
        Ok(self.head())
    }
}

/// A store's directory: history that grows, and views that name the event they cover.
struct Instance {
    origin: Uuid,
    events: u64,
    sealed: u64,
    files: BTreeMap<String, (Oid, Option<[u8; 20]>)>,
    known: Option<usize>,
}

fn remote(oid: &Oid) -> RemoteFile {
    RemoteFile { size: oid.size, name: RemoteName::Git(oid.git) }
}

impl Instance {
    fn new(origin: Uuid) -> Self {
        Self { origin, events: 0, sealed: 0, files: BTreeMap::new(), known: None }
    }

    fn put(&mut self, path: String, content: &str) {
        let base = self.files.get(&path).and_then(|(_, base)| *base);
        self.files.insert(path, (Oid::of(content.as_bytes()), base));
    }

    fn annotate(&mut self, user: u64) {
        self.events += 1;
        // A view is written at some time after the event and before the seal that covers it.
        let (origin, events) = (self.origin, self.events);
        self.put(format!("{origin}-{user}/user_state.json"), &format!("view at {events}"));
    }

    fn seal(&mut self) {
        if self.events > self.sealed {
            let segment = Segment { origin: self.origin, first: self.sealed + 1, last: self.events, part: 0 };
            self.sealed = self.events;
            self.put(
                segment.to_string(),
                &"x".repeat(usize::try_from(segment.last - segment.first).unwrap() * 60 + 10),
            );
            self.put(format!(".history/{}/head.json", self.origin), &format!("head at {}", segment.last));
        }
    }

    fn look(&mut self, hub: &Hub) -> (usize, RemoteTree) {
        let head = hub.head();
        let tree = hub.branch[head].tree.clone();
        if self.known != Some(head) {
            for (path, file) in &tree {
                let foreign = match meaning(path) {
                    Some(Meaning::Segment(segment)) => segment.origin != self.origin,
                    Some(Meaning::Head(origin)) => origin != self.origin,
                    _ => false,
                };
                if foreign && let RemoteName::Git(git) = file.name {
                    self.files
                        .insert(path.clone(), (Oid { git, sha256: [0; 32], size: file.size }, Some(git)));
                }
            }
            self.known = Some(head);
        }
        (head, tree)
    }

    /// One round; what to do next.
    fn round(&mut self, hub: &mut Hub, dice: &mut Dice, races: u32) -> Option<Next> {
        if dice.one_in(12) {
            return Some(after(dice.failure(), 1));
        }
        let (parent, tree) = self.look(hub);
        self.seal();
        let local: Vec<LocalFile> = self
            .files
            .iter()
            .map(|(path, (oid, base))| LocalFile { path: path.clone(), oid: *oid, base: *base })
            .collect();
        let plan = plan(self.origin, &local, &tree, &LIMITS).unwrap();
        for index in &plan.equal {
            self.files.get_mut(&local[*index].path).unwrap().1 = Some(local[*index].oid.git);
        }
        if plan.batch.is_empty() {
            return None;
        }
        let added: RemoteTree =
            plan.batch.iter().map(|index| (local[*index].path.clone(), remote(&local[*index].oid))).collect();
        let answer = match dice.below(8) {
            0 => Err(dice.failure()),
            1 => hub.apply(parent, &added).and(Err(Kind::Unclear)),
            2 => {
                hub.late.push(Late { parent, added: added.clone() });
                Err(Kind::Unclear)
            }
            _ => hub.apply(parent, &added),
        };
        match answer {
            Ok(head) => {
                self.known = Some(head);
                for (path, file) in &added {
                    if let (Some((_, base)), RemoteName::Git(git)) = (self.files.get_mut(path), file.name) {
                        *base = Some(git);
                    }
                }
                Some(Next::Look)
            }
            Err(kind) => Some(after(kind, races + 1)),
        }
    }
}

struct Dice(Jitter);

impl Dice {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "small"
    )]
    fn below(&mut self, n: u64) -> u64 {
        (self.0.next_fraction() * n as f64) as u64
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn failure(&mut self) -> Kind {
        let quota = Kind::Quota { retry_after: Some(Duration::from_secs(1)) };
        [Kind::Unclear, Kind::Denied, quota, Kind::Refused, Kind::Raced]
            [usize::try_from(self.below(5)).unwrap()]
    }
}

#[test]
fn each_batch_is_in_one_commit_whatever_the_hub_does() {
    let seeds = match std::env::var("SPUD_SEED") {
        Ok(seed) => vec![seed.parse().unwrap()],
        Err(_) => (0..SEEDS).collect(),
    };
    for seed in seeds {
        println!("SPUD_SEED={seed}");
        simulate(seed);
    }
}

fn simulate(seed: u64) {
    let mut dice = Dice(Jitter(seed));
    let empty = Commit { tree: RemoteTree::new(), added: Vec::new() };
    let mut hub = Hub { branch: vec![empty], late: Vec::new() };
    let mut instances = [Instance::new(Uuid::from_u128(1)), Instance::new(Uuid::from_u128(2))];
    for _ in 0..STEPS {
        let which = usize::from(dice.one_in(2));
        match dice.below(4) {
            0 => {
                let user = dice.below(5);
                instances[which].annotate(user);
            }
            1 if !hub.late.is_empty() => {
                let late = hub.late.swap_remove(0);
                let _ = hub.apply(late.parent, &late.added);
            }
            // Killed and started again: what it knew of the repo is from before.
            2 if dice.one_in(10) => instances[which].known = None,
            _ => {
                let mut races = 0;
                while instances[which].round(&mut hub, &mut dice, races) == Some(Next::Look) && races < 8 {
                    races += 1;
                }
            }
        }
    }
    hub.late.clear();
    for _ in 0..2000 {
        let rests: Vec<_> =
            instances.iter_mut().map(|instance| instance.round(&mut hub, &mut dice, 0)).collect();
        if rests == [None, None] {
            break;
        }
    }
    check(&hub, &instances);
}

fn check(hub: &Hub, instances: &[Instance]) {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for commit in &hub.branch {
        for path in commit.added.iter().filter(|path| matches!(meaning(path), Some(Meaning::Segment(_)))) {
            *times.entry(path).or_default() += 1;
        }
        for instance in instances {
            let mut last = 0;
            for path in commit.tree.keys() {
                if let Some(Meaning::Segment(segment)) = meaning(path)
                    && segment.origin == instance.origin
                {
                    assert_eq!(segment.first, last + 1, "a gap in the history");
                    last = segment.last;
                }
            }
            for (path, file) in &commit.tree {
                if path.starts_with(&format!("{}-", instance.origin)) {
                    let covered = (1..=last).any(|n| file.holds(&Oid::of(format!("view at {n}").as_bytes())));
                    assert!(covered, "{path} is newer than the history, which ends at {last}");
                }
            }
        }
    }
    assert!(times.values().all(|times| *times == 1), "a segment is in two commits");
    let tree = &hub.branch[hub.head()].tree;
    for instance in instances {
        assert_eq!(instance.sealed, instance.events);
        for (path, (oid, _)) in &instance.files {
            assert!(
                tree[path].size == oid.size && remote(oid).name == tree[path].name,
                "{path} did not arrive"
            );
        }
    }
}
