//! Ways in which a commit can go wrong.

/// What happens to a request to commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not worked on; this status is the answer.
    Refuse(u16),
    /// It is worked on; this status is the answer.
    ApplyThen(u16),
    /// It is worked on; the answer breaks off in the middle.
    ApplyThenCut,
    /// It is not worked on, and there is no answer.
    Silence,
    /// Somebody else's commit comes first.
    ForeignFirst,
}
