//! Decides which processes run: a state machine without clock or system calls. Events and the time go in, actions come
//! out.

mod backoff;
mod child;
mod event;
mod reload;
mod stop;
mod vacancy;

use std::collections::BTreeMap;
use std::time::Duration;

pub use backoff::{FIRST as FIRST_WAIT, LONGEST as LONGEST_WAIT};
use child::{Child, Post};
pub use event::{Action, Ending, Event, Id, Moment, Order, Role, Wish};
use reload::Reload;
use stop::Stop;
pub use stop::{DEADLINE as STOP_DEADLINE, WORKERS_DEADLINE};

use crate::settings::MOST_WORKERS;

/// Exit codes, as in sysexits.h.
pub const SOFTWARE: u8 = 70;
/// Something could not be sent.
pub const UNSENT: u8 = 75;
/// Something is wrong with the project or the environment.
pub const CONFIG: u8 = 78;

/// A tick comes at least this often.
pub const LONGEST_TICK: Duration = Duration::from_secs(1);
/// If none came for this long, the children may have been held up as the launcher was.
const HELD_UP: Duration = Duration::from_secs(3);
/// After SIGABRT a hung child has this long to show why.
const ABORT_TIME: Duration = Duration::from_secs(2);

#[derive(Debug)]
enum Phase {
    /// Nothing is started but the check.
    Checking,
    Running,
    Stopping(Stop),
    Ended,
}

/// The state machine.
#[derive(Debug)]
pub struct Supervisor {
    /// How long a child may be silent.
    timeout: Option<Duration>,
    phase: Phase,
    /// Until all were ready for the first time.
    booting: bool,
    children: BTreeMap<Id, Child>,
    posts: BTreeMap<Role, Post>,
    reload: Option<Reload>,
    syncer_was_ready: bool,
    next_id: u64,
    last_tick: Moment,
    last_status: String,
    actions: Vec<Action>,
}

impl Supervisor {
    /// For this many workers, which may be silent for `timeout`.
    pub fn new(workers: u32, timeout: Option<Duration>) -> Self {
        let posts = (0..workers).map(Role::Worker).chain([Role::Syncer]);
        Self {
            timeout,
            phase: Phase::Checking,
            booting: true,
            children: BTreeMap::new(),
            posts: posts.map(|role| (role, Post::default())).collect(),
            reload: None,
            syncer_was_ready: false,
            next_id: 0,
            last_tick: Moment::ZERO,
            last_status: String::new(),
            actions: Vec::new(),
        }
    }

    /// Takes in one event; what to do now, in this order.
    pub fn handle(&mut self, event: Event, now: Moment) -> Vec<Action> {
        if matches!(self.phase, Phase::Ended) {
            return Vec::new();
        }
        match event {
            Event::Begin => {
                self.spawn(Role::Check);
            }
            Event::Started(id, pid) => {
                if let Some(child) = self.children.get_mut(&id) {
                    child.pid = Some(pid);
                }
            }
            Event::Ready(id) => self.ready(id, now),
            Event::Alive(id) => self.alive(id, now),
            Event::Exited(id, ending) => self.exited(id, ending, now),
            Event::Wished(wish) => self.wished(wish, now),
            Event::Tick => self.tick(now),
        }
        self.go_on_stopping(now);
        self.show_status();
        std::mem::take(&mut self.actions)
    }

    /// When a tick is due if nothing happens before.
    pub fn next_tick(&self) -> Moment {
        let children = self.children.values().filter_map(Child::due);
        let posts = self.posts.values().filter_map(|post| post.vacant_until);
        let stop = match &self.phase {
            Phase::Stopping(stop) => Some(stop.due()),
            Phase::Checking | Phase::Running | Phase::Ended => None,
        };
        children.chain(posts).chain(stop).fold(self.last_tick + LONGEST_TICK, Moment::min)
    }

    /// How many workers are wanted.
    pub fn workers(&self) -> usize {
        self.posts.len() - 1
    }

    /// The child that is the syncer now.
    pub fn syncer(&self) -> Option<Id> {
        self.posts[&Role::Syncer].holder
    }

    fn spawn(&mut self, role: Role) -> Id {
        let id = Id(self.next_id);
        self.next_id += 1;
        self.children.insert(id, Child::new(role));
        self.actions.push(Action::Spawn(id, role));
        id
    }

    fn signal(&mut self, id: Id, order: Order) {
        self.actions.push(Action::Signal(id, order));
    }

    fn say(&mut self, line: impl Into<String>) {
        self.actions.push(Action::Say(line.into()));
    }

    /// The project can be served: the syncer first, so that it has its secrets before anyone is there to look.
    fn run(&mut self, now: Moment) {
        self.phase = Phase::Running;
        self.actions.push(Action::Listen);
        let workers: Vec<Role> = self.posts.keys().filter(|role| **role != Role::Syncer).copied().collect();
        self.fill(Role::Syncer, now);
        for role in workers {
            self.fill(role, now);
        }
    }

    fn ready(&mut self, id: Id, now: Moment) {
        let Some(child) = self.children.get_mut(&id) else { return };
        if child.ready_at.is_some() {
            return;
        }
        child.ready_at = Some(now);
        child.ready_by = None;
        self.alive(id, now);
        let child = self.children[&id];
        self.syncer_was_ready |= child.role == Role::Syncer;
        self.say(format!("{child} is ready"));
        if !matches!(self.phase, Phase::Running) {
            return;
        }
        self.candidate_is_ready(id, now);
        if self.booting && self.posts.values().all(|post| self.is_ready(post)) {
            self.booting = false;
            self.actions.push(Action::AnnounceReady);
        }
    }

    fn is_ready(&self, post: &Post) -> bool {
        let holder = post.holder.and_then(|id| self.children.get(&id));
        holder.is_some_and(|child| child.ready_at.is_some() && !child.hung)
    }

    /// The watch over a child begins with its first word.
    fn alive(&mut self, id: Id, now: Moment) {
        let Some(child) = self.children.get_mut(&id) else { return };
        if child.kill_at.is_none() {
            child.alive_by = self.timeout.map(|timeout| now + timeout);
        }
    }

    fn exited(&mut self, id: Id, ending: Ending, now: Moment) {
        let Some(child) = self.children.remove(&id) else { return };
        match self.phase {
            Phase::Checking => self.checked(ending, now),
            Phase::Running if self.posts.get(&child.role).is_some_and(|post| post.holder == Some(id)) => {
                self.vacant(id, child, ending, now);
            }
            Phase::Running if self.reload.as_ref().is_some_and(|reload| reload.is_candidate(id)) => {
                self.candidate_failed(child, ending, now);
            }
            Phase::Running | Phase::Ended => self.say(format!("{child} {ending}")),
            Phase::Stopping(_) => self.left(child, ending),
        }
    }

    fn checked(&mut self, ending: Ending, now: Moment) {
        let code = match ending {
            Ending::Code(0) => return self.run(now),
            // The check said what is wrong.
            Ending::Code(code) => u8::try_from(code).unwrap_or(SOFTWARE),
            Ending::Signal(_) | Ending::NotStarted => {
                self.say(format!("{} {ending}", Role::Check));
                SOFTWARE
            }
        };
        self.end(code);
    }

    fn end(&mut self, code: u8) {
        self.phase = Phase::Ended;
        self.actions.push(Action::Exit(code));
    }

    fn wished(&mut self, wish: Wish, now: Moment) {
        match wish {
            Wish::Stop => self.stop(false, 0, now),
            Wish::StopNow => self.stop(true, 0, now),
            Wish::Reload => self.reload(now),
            Wish::More => self.more(now),
            Wish::Fewer => self.fewer(now),
        }
    }

    fn more(&mut self, now: Moment) {
        if self.is_stopping() {
            return;
        }
        let free = (0..MOST_WORKERS).map(Role::Worker).find(|role| !self.posts.contains_key(role));
        let Some(role) = free else {
            self.say(format!("there are {MOST_WORKERS} workers already"));
            return;
        };
        self.posts.insert(role, Post::default());
        self.say(format!("one worker more: {}", self.workers()));
        if matches!(self.phase, Phase::Running) {
            self.fill(role, now);
        }
    }

    fn fewer(&mut self, now: Moment) {
        if self.is_stopping() {
            return;
        }
        let last = self.posts.keys().rfind(|role| matches!(role, Role::Worker(_))).copied();
        let Some(role) = last.filter(|_| self.workers() > 1) else {
            self.say("the last worker stays");
            return;
        };
        let post = self.posts.remove(&role).expect("its key was just found");
        self.say(format!("one worker less: {}", self.workers()));
        if let Some(id) = post.holder {
            self.retire(id, now);
        }
        self.forget_candidate(role, now);
    }

    fn is_stopping(&self) -> bool {
        matches!(self.phase, Phase::Stopping(_) | Phase::Ended)
    }

    fn tick(&mut self, now: Moment) {
        let gap = now.saturating_sub(self.last_tick);
        self.last_tick = now;
        if gap > HELD_UP {
            self.children.values_mut().filter_map(|child| child.alive_by.as_mut()).for_each(|by| *by += gap);
        }
        let due: Vec<Id> = self.children.keys().copied().collect();
        for id in due {
            self.look_at(id, now);
        }
        let vacant: Vec<Role> = self.posts.keys().copied().collect();
        for role in vacant {
            if self.posts[&role].vacant_until.is_some_and(|until| until <= now) {
                self.fill(role, now);
            }
        }
    }

    /// A child whose time is over.
    fn look_at(&mut self, id: Id, now: Moment) {
        let child = self.children.get_mut(&id).expect("ids come from the children's own list");
        let is_over = |by: Option<Moment>| by.is_some_and(|by| by <= now);
        if is_over(child.kill_at) || is_over(child.ready_by) {
            (child.kill_at, child.ready_by, child.alive_by) = (None, None, None);
            let line = format!("{child} takes too long and is killed");
            self.signal(id, Order::Kill);
            self.say(line);
        } else if is_over(child.alive_by) {
            child.alive_by = None;
            child.hung = true;
            child.kill_at = Some(now + ABORT_TIME);
            let line = format!("{child} gave no sign of life for {:?}", self.timeout.unwrap_or_default());
            self.signal(id, Order::Abort);
            self.say(line);
        }
    }

    fn show_status(&mut self) {
        let status = match &self.phase {
            Phase::Checking => "reading the project".to_owned(),
            Phase::Running => {
                let ready = self.posts.values().filter(|post| self.is_ready(post)).count();
                let syncer = self.is_ready(&self.posts[&Role::Syncer]);
                let workers = ready - usize::from(syncer);
                let waits = if syncer { "" } else { "; the syncer is not" };
                format!("{workers} of {} workers ready{waits}", self.workers())
            }
            Phase::Stopping(_) => "stopping".to_owned(),
            Phase::Ended => return,
        };
        if status != self.last_status {
            self.last_status.clone_from(&status);
            self.actions.push(Action::Status(status));
        }
    }
}
