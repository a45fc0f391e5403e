//! The supervisor in a simulated world, where processes fail in every way and people send signals at any moment.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

use std::collections::BTreeMap;
use std::time::Duration;

use launcher::supervisor::{
    Action, Ending, Event, FIRST_WAIT, Id, LONGEST_WAIT, Moment, Order, Role, STOP_DEADLINE, Supervisor, Wish,
};

const SEEDS: u64 = 200;
const TIMEOUT: Duration = Duration::from_secs(3);
const ROUGH: Duration = Duration::from_secs(90);
/// Long enough for the longest wait, a reload that is given up, and one more.
const CALM: Duration = Duration::from_mins(20);
const STEADY: Duration = Duration::from_secs(5);
/// More ticks at one moment would keep a processor busy.
const MOST_TICKS_IN_VAIN: u32 = 3;
const SIGKILL: i32 = 9;
const SIGTERM: i32 = 15;
const SIGABRT: i32 = 6;

/// `SplitMix64`.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    fn millis(&mut self, most: u64) -> Duration {
        Duration::from_millis(self.below(most + 1))
    }
}

struct Process {
    role: Role,
    ready_at: Option<Moment>,
    told_to_end: bool,
    hangs: bool,
}

/// What went wrong with a post, to know the least that must pass before it is filled again.
#[derive(Default)]
struct Record {
    failures: u32,
    failed_at: Option<Moment>,
}

struct World {
    dice: Dice,
    now: Moment,
    supervisor: Supervisor,
    processes: BTreeMap<Id, Process>,
    coming: BTreeMap<(Moment, u64), Event>,
    scheduled: u64,
    records: BTreeMap<Role, Record>,
    rough: bool,
    /// Nobody but the supervisor decides when a post is filled.
    undisturbed: bool,
    listening: bool,
    announced: u32,
    stop_since: Option<Moment>,
    syncers_last: Option<Ending>,
    exit: Option<u8>,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut dice = Dice(seed);
        let workers = u32::try_from(1 + dice.below(5)).unwrap();
        let mut world = Self {
            dice,
            now: Moment::ZERO,
            supervisor: Supervisor::new(workers, Some(TIMEOUT)),
            processes: BTreeMap::new(),
            coming: BTreeMap::new(),
            scheduled: 0,
            records: BTreeMap::new(),
            rough: true,
            undisturbed: seed.is_multiple_of(2),
            listening: false,
            announced: 0,
            stop_since: None,
            syncers_last: None,
            exit: None,
        };
        world.tell(Event::Begin);
        world
    }

    fn soon(&mut self, after: Duration, event: Event) {
        self.scheduled += 1;
        self.coming.insert((self.now + after, self.scheduled), event);
    }

    fn tell(&mut self, event: Event) {
        if let Event::Wished(Wish::Stop | Wish::StopNow) = event {
            self.stop_since.get_or_insert(self.now);
        }
        for action in self.supervisor.handle(event, self.now) {
            self.act(&action);
        }
        self.check();
    }

    fn act(&mut self, action: &Action) {
        assert!(self.exit.is_none(), "{action:?} after the end");
        match *action {
            Action::Listen => self.listening = true,
            Action::Spawn(id, role) => self.spawn(id, role),
            Action::Signal(id, order) => self.signal(id, order),
            Action::AnnounceReady => {
                self.announced += 1;
                // That one hangs shows later.
                assert!(self.ready_workers(true) >= self.supervisor.workers(), "announced too early");
            }
            Action::Exit(code) => self.exit = Some(code),
            Action::AnnounceStop | Action::Status(_) | Action::Say(_) => {}
        }
    }

    fn spawn(&mut self, id: Id, role: Role) {
        assert!(self.stop_since.is_none(), "{role} is started during the stop");
        assert!(self.listening || role == Role::Check, "{role} is started before anyone listens");
        if self.undisturbed
            && let Some(Record { failures, failed_at: Some(at) }) = self.records.get(&role)
        {
            let least = (FIRST_WAIT * 2_u32.pow((failures - 1).min(10))).min(LONGEST_WAIT);
            let waited = self.now.saturating_sub(*at);
            assert!(waited >= least, "{role} failed {failures} times and came back after {waited:?}");
        }
        let process = Process { role, ready_at: None, told_to_end: false, hangs: false };
        assert!(self.processes.insert(id, process).is_none(), "{id:?} is used twice");
        if self.rough && self.dice.percent(3) {
            return self.soon(Duration::ZERO, Event::Exited(id, Ending::NotStarted));
        }
        self.soon(Duration::ZERO, Event::Started(id, i32::try_from(id.0).unwrap() + 100));
        let after = self.dice.millis(300);
        if role == Role::Check {
            self.soon(after, Event::Exited(id, Ending::Code(0)));
        } else if self.rough && self.dice.percent(30) {
            self.soon(after, Event::Exited(id, Ending::Code(1)));
        } else if self.rough && self.announced > 0 && role != Role::Syncer && self.dice.percent(2) {
            // It never says a word.
        } else {
            self.soon(after, Event::Ready(id));
        }
    }

    fn signal(&mut self, id: Id, order: Order) {
        let process = self.processes.get_mut(&id).expect("only what runs is signalled");
        let ready = process.ready_at.is_some();
        process.told_to_end |= order != Order::Hurry;
        let (after, ending) = match (order, process.role) {
            (Order::Kill, _) => (5, Ending::Signal(SIGKILL)),
            (Order::Hurry, role) => {
                assert!(role == Role::Syncer && ready, "{role} is not ready to be hurried");
                return;
            }
            (Order::Abort, _) if self.dice.percent(30) => return,
            (Order::Abort, _) => (50, Ending::Signal(SIGABRT)),
            (Order::End, _) if process.hangs || self.dice.percent(10) => return,
            (Order::End, _) if !ready => (5, Ending::Signal(SIGTERM)),
            (Order::End, Role::Syncer) if self.dice.percent(20) => (6000, Ending::Code(75)),
            (Order::End, Role::Syncer) => (6000, Ending::Code(0)),
            (Order::End, _) => (2200, Ending::Code(0)),
        };
        let after = self.dice.millis(after);
        self.soon(after, Event::Exited(id, ending));
    }

    /// What must hold after each event.
    fn check(&self) {
        let count = |wanted: &dyn Fn(&Process) -> bool| self.processes.values().filter(|p| wanted(p)).count();
        assert!(count(&|p| p.role == Role::Syncer) <= 1, "two syncers at {:?}", self.now);
        let workers = count(&|p| matches!(p.role, Role::Worker(_)) && !p.told_to_end);
        let most = self.supervisor.workers() + 1;
        assert!(workers <= most, "{workers} workers where at most {most} are wanted");
        if let (Some(since), None) = (self.stop_since, self.exit) {
            let limit = STOP_DEADLINE + Duration::from_millis(200);
            let took = self.now.saturating_sub(since);
            assert!(took <= limit, "the stop takes {took:?}");
        }
    }

    fn ready_workers(&self, or_hanging: bool) -> usize {
        let ready = |p: &&Process| {
            let works = p.ready_at.is_some() && !p.told_to_end && (or_hanging || !p.hangs);
            matches!(p.role, Role::Worker(_)) && works
        };
        self.processes.values().filter(ready).count()
    }

    /// Lets time go by.
    fn run(&mut self, until: Moment) {
        let mut in_vain = 0;
        while self.exit.is_none() {
            let tick = self.supervisor.next_tick().max(self.now);
            let event = self.coming.first_key_value().map_or(Moment::MAX, |((at, _), _)| *at);
            if tick.min(event) > until {
                break;
            }
            if event <= tick {
                let ((at, _), event) = self.coming.pop_first().unwrap();
                in_vain = 0;
                self.now = at;
                self.happen(event);
            } else {
                in_vain = if tick > self.now { 0 } else { in_vain + 1 };
                assert!(in_vain < MOST_TICKS_IN_VAIN, "ticks change nothing at {tick:?}");
                self.now = tick;
                self.tell(Event::Tick);
            }
        }
        self.now = self.now.max(until);
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Ready(id) | Event::Alive(id) => {
                let Some(process) = self.processes.get_mut(&id).filter(|process| !process.hangs) else {
                    return;
                };
                if let Event::Ready(_) = event {
                    process.ready_at = Some(self.now);
                }
                self.soon(TIMEOUT / 3, Event::Alive(id));
            }
            Event::Exited(id, ending) => {
                let Some(process) = self.processes.remove(&id) else { return };
                if process.role == Role::Syncer {
                    self.syncers_last = Some(ending);
                }
                let record = self.records.entry(process.role).or_default();
                if process.ready_at.is_some_and(|at| self.now.saturating_sub(at) >= STEADY) {
                    record.failures = 0;
                }
                record.failed_at = process.ready_at.is_none().then_some(self.now);
                record.failures += u32::from(process.ready_at.is_none());
            }
            Event::Begin | Event::Started(..) | Event::Wished(_) | Event::Tick => {}
        }
        self.tell(event);
    }

    fn someone(&mut self) -> Option<Id> {
        let ids: Vec<Id> =
            self.processes.iter().filter(|(_, p)| p.role != Role::Check).map(|(id, _)| *id).collect();
        let index = self.dice.below(ids.len().max(1) as u64);
        ids.get(usize::try_from(index).unwrap()).copied()
    }

    fn mischief(&mut self) {
        let wishes = [Wish::Reload, Wish::More, Wish::Fewer];
        match (self.dice.below(6), self.someone()) {
            (0 | 1, Some(id)) => self.happen(Event::Exited(id, Ending::Signal(SIGKILL))),
            (2, Some(id)) => self.happen(Event::Exited(id, Ending::Code(1))),
            (3, Some(id)) => self.processes.get_mut(&id).unwrap().hangs = true,
            (4, _) if !self.undisturbed => {
                let wish = wishes[usize::try_from(self.dice.below(3)).unwrap()];
                self.tell(Event::Wished(wish));
            }
            _ => {}
        }
    }
}

fn simulate(seed: u64) {
    let mut world = World::new(seed);
    let early_stop = world.dice.percent(20).then(|| world.dice.millis(80_000));
    while world.now < ROUGH && early_stop.is_none_or(|at| world.now < at) {
        let until = world.now + world.dice.millis(700);
        world.run(until);
        if world.exit.is_some() {
            // The check could not be started.
            assert!(!world.listening);
            return;
        }
        world.mischief();
    }
    if early_stop.is_none() {
        world.rough = false;
        world.run(ROUGH + CALM);
        assert_eq!(world.ready_workers(false), world.supervisor.workers(), "workers are missing for good");
        assert!(
            world.processes.values().any(|p| p.role == Role::Syncer && p.ready_at.is_some()),
            "no syncer"
        );
        assert_eq!(world.announced, 1);
    }
    stop(&mut world);
}

fn stop(world: &mut World) {
    let began = world.now;
    world.tell(Event::Wished(Wish::Stop));
    let mut limit = began + STOP_DEADLINE;
    if world.dice.percent(30) {
        let patience = world.dice.millis(3000);
        world.run(began + patience);
        if world.exit.is_none() {
            limit = world.now + Duration::from_secs(2);
            world.tell(Event::Wished(Wish::StopNow));
        }
    }
    world.run(limit + Duration::from_millis(200));
    let code = world.exit.expect("the stop ends within its deadline");
    match world.syncers_last {
        Some(Ending::Code(0)) => assert!(code == 0 || code == 75),
        Some(Ending::Code(_) | Ending::Signal(SIGKILL)) => assert_eq!(code, 75),
        _ => {}
    }
    assert!(world.processes.is_empty(), "something is left");
}

#[test]
fn workers_come_back_never_too_fast_and_the_stop_ends_in_time() {
    let seeds = match std::env::var("SPUD_SEED") {
        Ok(seed) => vec![seed.parse().unwrap()],
        Err(_) => (0..SEEDS).collect(),
    };
    for seed in seeds {
        println!("SPUD_SEED={seed}");
        simulate(seed);
    }
}

/// A supervisor of one worker whose check went well; the ids of its syncer and worker.
fn started() -> (Supervisor, Id, Id) {
    let mut supervisor = Supervisor::new(1, None);
    let check = spawned(&supervisor.handle(Event::Begin, Moment::ZERO))[0];
    let ids = spawned(&supervisor.handle(Event::Exited(check, Ending::Code(0)), Moment::ZERO));
    (supervisor, ids[0], ids[1])
}

fn spawned(actions: &[Action]) -> Vec<Id> {
    let id = |action: &Action| if let Action::Spawn(id, _) = action { Some(*id) } else { None };
    actions.iter().filter_map(id).collect()
}

#[test]
fn a_bad_setting_ends_all_at_boot_and_only_the_child_later() {
    let bad = |id| Event::Exited(id, Ending::Code(78));
    let (mut supervisor, syncer, worker) = started();
    let stop = supervisor.handle(bad(syncer), Moment::ZERO);
    assert!(stop.contains(&Action::Signal(worker, Order::End)));
    let end = supervisor.handle(Event::Exited(worker, Ending::Code(0)), Moment::ZERO);
    assert!(end.contains(&Action::Exit(78)), "{end:?}");

    let (mut supervisor, syncer, worker) = started();
    supervisor.handle(Event::Ready(worker), Moment::ZERO);
    let ready = supervisor.handle(Event::Ready(syncer), Moment::ZERO);
    assert!(ready.contains(&Action::AnnounceReady));
    let again = spawned(&supervisor.handle(Event::Exited(syncer, Ending::Signal(SIGKILL)), Moment::ZERO))[0];
    let waits = supervisor.handle(bad(again), Moment::ZERO);
    assert!(spawned(&waits).is_empty() && !waits.contains(&Action::AnnounceStop), "{waits:?}");
    assert_eq!(spawned(&supervisor.handle(Event::Tick, FIRST_WAIT)).len(), 1);
}
