//! Where the state of a study lives: one store that all processes share, whose decisions hold for all of them.
//!
//! An append-only table of events is the truth; the tables of the current state are written in the same transaction and
//! follow from it. [`Store`] is the handle. What it decides is in `ops`, in terms of rows; the rows are kept by
//! `sqlite`, the only module that knows which database this is.

mod assignment;
mod change;
mod clock;
mod digest;
mod error;
mod event;
mod history;
mod ops;
mod raw;
mod register;
mod rules;
mod sqlite;
mod store;
mod study;
mod training;
mod work;

pub use change::{Account, AnswerChange, Change, Items, Looked, Moved, PhaseReached};
pub use clock::{Stamp, wall_millis};
pub use digest::Digest;
pub use error::StoreError;
pub use event::{Event, EventId};
pub use history::{Chain, HistoryError, Numbered, Seal, Tip, Vector};
pub use ops::union::Merged;
pub use rules::{Batches, Fallback, Group, Rules, Strategy};
pub use store::{Options, Store};
pub use study::{Gate, Study};
pub use training::TrainingState;
pub use work::{
    Conflict, Desk, End, Go, Ingested, ItemAnswers, Known, Leaf, ListedItem, Nothing, Place, Registered,
    Save, SaveError, Saved, View, Went,
};
