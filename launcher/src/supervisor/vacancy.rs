//! A post whose holder is gone: who comes next, and when.

use std::time::Duration;

use nix::sys::signal::Signal;

use super::backoff::Backoff;
use super::child::Child;
use super::{CONFIG, Ending, Id, Moment, Phase, Role, Supervisor};

/// A child that did its work for this long starts with a clean record.
const STEADY: Duration = Duration::from_secs(5);
/// A worker that is not ready by then is given up. At boot there is no such limit: a corpus is read in then.
pub(super) const PATIENCE: Duration = Duration::from_mins(5);

impl Supervisor {
    /// Starts a child on a post that has none.
    pub(super) fn fill(&mut self, role: Role, now: Moment) {
        debug_assert!(matches!(self.phase, Phase::Running));
        let id = self.spawn(role);
        if let (Role::Worker(_), false) = (role, self.booting) {
            self.children.entry(id).and_modify(|child| child.ready_by = Some(now + PATIENCE));
        }
        let post = self.posts.get_mut(&role).expect("only posts that exist are filled");
        debug_assert!(post.holder.is_none());
        post.holder = Some(id);
        post.vacant_until = None;
    }

    /// The holder of a post ended although it was wanted.
    pub(super) fn vacant(&mut self, id: Id, child: Child, ending: Ending, now: Moment) {
        let post = self.posts.get_mut(&child.role).expect("the caller found the post");
        post.holder = None;
        let early = if child.ready_at.is_some() { "" } else { " before it was ready" };
        if self.booting && child.ready_at.is_none() && ending == Ending::Code(CONFIG.into()) {
            self.say(format!("{child} {ending}{early}: nothing can be served"));
            self.stop(false, CONFIG, now);
            return;
        }
        if self.candidate_takes_over(id, child, ending) {
            return;
        }
        let post = self.posts.get_mut(&child.role).expect("the caller found the post");
        if is_steady(&child, now) {
            post.backoff = Backoff::default();
        }
        if !is_failure(&child, ending, now) {
            self.say(format!("{child} {ending} and is replaced"));
            self.fill(child.role, now);
            return;
        }
        let wait = post.backoff.failed();
        post.vacant_until = Some(now + wait);
        self.say(format!("{child} {ending}{early} and is started again in {} s", wait.as_secs_f64()));
    }
}

fn is_steady(child: &Child, now: Moment) -> bool {
    child.ready_at.is_some_and(|at| now.saturating_sub(at) >= STEADY)
}

/// Whether the child itself is at fault, so that the next one may well fare the same. One that others ended is not.
fn is_failure(child: &Child, ending: Ending, now: Moment) -> bool {
    let by_others =
        [Ending::Signal(Signal::SIGKILL as i32), Ending::Signal(Signal::SIGTERM as i32), Ending::Code(0)];
    let innocent = by_others.contains(&ending) && !child.hung;
    child.ready_at.is_none() || !(innocent || is_steady(child, now))
}
