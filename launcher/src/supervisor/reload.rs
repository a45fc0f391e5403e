//! All workers replaced one after the other: the new one is ready before the old one is told to go.

use std::collections::VecDeque;
use std::time::Duration;

use super::backoff::Backoff;
use super::child::Child;
use super::vacancy::PATIENCE;
use super::{Ending, Id, Moment, Order, Phase, Role, Supervisor};

/// How long an old worker may take for what it has begun.
const FAREWELL: Duration = Duration::from_secs(10);

/// How far it is.
#[derive(Debug)]
pub(super) struct Reload {
    left: VecDeque<Role>,
    candidate: Option<(Role, Id)>,
    /// Asked for once more meanwhile.
    again: bool,
}

impl Reload {
    pub(super) fn is_candidate(&self, id: Id) -> bool {
        self.candidate.is_some_and(|(_, candidate)| candidate == id)
    }
}

impl Supervisor {
    /// Begins, or notes that it is to be done again.
    pub(super) fn reload(&mut self, now: Moment) {
        if !matches!(self.phase, Phase::Running) {
            return;
        }
        if let Some(reload) = &mut self.reload {
            reload.again = true;
            return;
        }
        self.say("all workers are replaced, one at a time");
        let left = self.posts.keys().filter(|role| matches!(role, Role::Worker(_))).copied().collect();
        self.reload = Some(Reload { left, candidate: None, again: false });
        self.go_on_reloading(now);
    }

    fn go_on_reloading(&mut self, now: Moment) {
        while let Some(reload) = &mut self.reload {
            let Some(role) = reload.left.pop_front() else {
                let again = reload.again;
                self.reload = None;
                self.say("all workers are new");
                if again {
                    self.reload(now);
                }
                return;
            };
            let Some(post) = self.posts.get_mut(&role) else { continue };
            if post.holder.is_none() {
                // What kept it from starting may be what was mended.
                post.backoff = Backoff::default();
                self.fill(role, now);
                continue;
            }
            let id = self.spawn(role);
            self.children.entry(id).and_modify(|child| child.ready_by = Some(now + PATIENCE));
            if let Some(reload) = &mut self.reload {
                reload.candidate = Some((role, id));
            }
            return;
        }
    }

    /// If this is the new worker that is waited for, the old one goes.
    pub(super) fn candidate_is_ready(&mut self, id: Id, now: Moment) {
        let Some(reload) = &mut self.reload else { return };
        let Some((role, _)) = reload.candidate.take_if(|(_, candidate)| *candidate == id) else { return };
        let post = self.posts.get_mut(&role).expect("a candidate of a post that is taken away is forgotten");
        if let Some(old) = post.holder.replace(id).filter(|old| *old != id) {
            self.retire(old, now);
        }
        self.go_on_reloading(now);
    }

    /// The new worker did not make it; those in place stay.
    pub(super) fn candidate_failed(&mut self, child: Child, ending: Ending, now: Moment) {
        let again = self.reload.take().is_some_and(|reload| reload.again);
        self.say(format!("the new {child} {ending} before it was ready: the workers in place stay"));
        if again {
            self.reload(now);
        }
    }

    /// The holder of a post is gone (`post.holder` is none): the new worker that was to replace it anyway takes over. If the new
    /// worker itself is what is gone, the reload is over.
    pub(super) fn candidate_takes_over(&mut self, gone: Id, child: Child, ending: Ending) -> bool {
        let Some((role, id)) = self.reload.as_ref().and_then(|reload| reload.candidate) else { return false };
        if id == gone {
            self.reload = None;
            return false;
        }
        if role != child.role {
            return false;
        }
        self.say(format!("{child} {ending}; the one that was to replace it is on its way"));
        let post = self.posts.get_mut(&role).expect("a candidate of a post that is taken away is forgotten");
        post.holder = Some(id);
        true
    }

    /// The post of a candidate is taken away.
    pub(super) fn forget_candidate(&mut self, role: Role, now: Moment) {
        let Some(reload) = &mut self.reload else { return };
        if let Some((_, id)) = reload.candidate.take_if(|(post, _)| *post == role) {
            self.retire(id, now);
            self.go_on_reloading(now);
        }
    }

    /// Told to finish what it has begun, and end.
    pub(super) fn retire(&mut self, id: Id, now: Moment) {
        if let Some(child) = self.children.get_mut(&id) {
            child.leaves(now + FAREWELL);
            self.signal(id, Order::End);
        }
    }
}
