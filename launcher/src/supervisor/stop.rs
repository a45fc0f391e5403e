//! The end: workers drain while the syncer begins its push, then the syncer finishes, all within one deadline.

use std::time::Duration;

use nix::sys::signal::Signal;

use super::child::Child;
use super::{Action, Ending, Id, Moment, Order, Phase, Role, Supervisor, UNSENT};

/// Workers that are still there are killed then.
pub const WORKERS_DEADLINE: Duration = Duration::from_millis(2500);
/// The syncer is told to end at the latest then, should a killed worker linger.
const SYNCERS_TURN: Duration = Duration::from_secs(3);
/// Everything is killed then; a Space leaves 10 s.
pub const DEADLINE: Duration = Duration::from_millis(9300);
/// All of it, if the stop was asked for twice.
const SHORT_DEADLINE: Duration = Duration::from_secs(2);
/// What is not gone this long after it was killed is not waited for.
const LINGER: Duration = Duration::from_millis(200);

/// How far it is.
#[derive(Debug)]
pub(super) struct Stop {
    at_once: bool,
    syncers_turn: Moment,
    syncer_told: bool,
    deadline: Moment,
    killed: bool,
    /// The exit code as far as it is known.
    code: u8,
}

impl Stop {
    /// Something else that went wrong comes first.
    fn unsent(&mut self) {
        if self.code == 0 {
            self.code = UNSENT;
        }
    }

    pub(super) fn due(&self) -> Moment {
        match (self.killed, self.syncer_told) {
            (true, _) => self.deadline + LINGER,
            (false, true) => self.deadline,
            (false, false) => self.syncers_turn.min(self.deadline),
        }
    }
}

impl Supervisor {
    /// Begins the stop, or hastens it.
    pub(super) fn stop(&mut self, at_once: bool, code: u8, now: Moment) {
        if let Phase::Stopping(_) = self.phase {
            return self.hasten(now);
        }
        self.actions.push(Action::AnnounceStop);
        self.say("stopping");
        self.reload = None;
        self.posts.values_mut().for_each(|post| post.vacant_until = None);
        // What waits to be sent cannot be known without a syncer.
        let cannot_know = self.syncer_was_ready && self.syncer().is_none();
        let code = if code == 0 && cannot_know { UNSENT } else { code };
        let syncer = self.syncer().and_then(|id| Some((id, *self.children.get(&id)?)));
        self.phase = Phase::Stopping(Stop {
            at_once: false,
            syncers_turn: now + SYNCERS_TURN,
            syncer_told: false,
            deadline: now + DEADLINE,
            killed: false,
            code,
        });
        // One that is not ready may not have set up what receives the signal.
        if let Some((id, _)) = syncer.filter(|(_, child)| child.ready_at.is_some()) {
            self.signal(id, Order::Hurry);
        }
        let ids: Vec<Id> = self.children.keys().copied().collect();
        for id in ids {
            let child = self.children.get_mut(&id).expect("ids come from the children's own list");
            match child.role {
                Role::Worker(_) => {
                    child.leaves(now + WORKERS_DEADLINE);
                    self.signal(id, Order::End);
                }
                Role::Check => self.signal(id, Order::Kill),
                Role::Syncer => child.alive_by = None,
            }
        }
        if at_once {
            self.hasten(now);
        }
    }

    fn hasten(&mut self, now: Moment) {
        let Phase::Stopping(stop) = &mut self.phase else { return };
        if stop.at_once {
            return;
        }
        stop.at_once = true;
        stop.syncer_told = true;
        stop.deadline = stop.deadline.min(now + SHORT_DEADLINE);
        self.say("stopping at once");
        let children: Vec<(Id, Role)> = self.children.iter().map(|(id, child)| (*id, child.role)).collect();
        for (id, role) in children {
            let order = if role == Role::Syncer { Order::End } else { Order::Kill };
            self.signal(id, order);
        }
    }

    /// A child ended during the stop.
    pub(super) fn left(&mut self, child: Child, ending: Ending) {
        self.say(format!("{child} {ending}"));
        let never_began = !self.syncer_was_ready && ending == Ending::Signal(Signal::SIGTERM as i32);
        if let Phase::Stopping(stop) = &mut self.phase
            && child.role == Role::Syncer
            && ending != Ending::Code(0)
            && !never_began
        {
            stop.unsent();
        }
    }

    /// Looks whether the next step of the stop is due.
    pub(super) fn go_on_stopping(&mut self, now: Moment) {
        let Phase::Stopping(stop) = &mut self.phase else { return };
        let working = self.children.values().any(|child| matches!(child.role, Role::Worker(_)));
        let tell = !stop.syncer_told && (!working || stop.syncers_turn <= now);
        stop.syncer_told |= tell;
        let kill = !stop.killed && stop.deadline <= now;
        stop.killed |= kill;
        let over = self.children.is_empty() || stop.deadline + LINGER <= now;
        let syncers: Vec<Id> = self.children_of(|role| role == Role::Syncer);
        if tell {
            for id in &syncers {
                self.signal(*id, Order::End);
            }
        }
        if kill {
            for id in self.children_of(|_| true) {
                self.signal(id, Order::Kill);
            }
        }
        if over {
            self.end_stop(!syncers.is_empty());
        }
    }

    fn end_stop(&mut self, syncer_left: bool) {
        let Phase::Stopping(stop) = &mut self.phase else { return };
        if syncer_left {
            stop.unsent();
        }
        let code = stop.code;
        self.say(if code == UNSENT { "stopped; not everything was sent" } else { "stopped" });
        self.end(code);
    }

    fn children_of(&self, wanted: impl Fn(Role) -> bool) -> Vec<Id> {
        self.children.iter().filter(|(_, child)| wanted(child.role)).map(|(id, _)| *id).collect()
    }
}
