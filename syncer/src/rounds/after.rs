//! What to do after a commit that did not simply succeed.
//!
//! The rule that makes a batch arrive once: each round begins by looking where the repo is, and commits on top of exactly
//! that. A commit of ours whose fate is unknown either has arrived, then the look finds it and the plan leaves it out; or
//! it has not, and then it cannot any more once the next one is on top of the same parent.

use crate::hub::Kind;
use crate::rounds::cadence::Failure;

/// Races lost in a row before it counts as trouble.
const RACES: u32 = 5;

/// The next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Look at the repo and plan anew, now.
    Look,
    /// Wait as the failure demands, then look and plan anew.
    Wait(Failure),
}

/// What follows a call that failed, the `races`-th one in a row that was raced counted from 1.
pub fn after(kind: Kind, races: u32) -> Next {
    match kind {
        Kind::Raced if races <= RACES => Next::Look,
        Kind::Quota { retry_after } => Next::Wait(Failure::Quota { retry_after }),
        Kind::Raced | Kind::Unclear | Kind::Missing | Kind::Denied | Kind::Refused => {
            Next::Wait(Failure::Trouble)
        }
    }
}
