//! What annotators ask of the store, and what they are told.

use indexmap::IndexMap;
use project::schemes::{Answers, Labels};

use crate::{AnswerChange, Stamp, TrainingState};

/// A save of answers to one item.
#[derive(Clone, Debug, Default)]
pub struct Save {
    /// The annotator.
    pub user: String,
    /// The item's id.
    pub item: String,
    /// What to set and clear; `surplus` is decided by the store.
    pub change: AnswerChange,
    /// The client's idempotency key: a repetition of it changes nothing and is told the same.
    pub key: Option<String>,
    /// The version that the client saw; a register changed since then by somebody else is a conflict. None: the last one wins.
    pub seen: Option<Stamp>,
}

/// An accepted save.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// The item's version from now on, for the next save.
    pub version: Stamp,
    /// The item had all its answers already: this one is kept and does not count.
    pub surplus: bool,
    /// Whether the annotator had answered this item before.
    pub updated: bool,
    /// The key had been seen: nothing was changed by this request.
    pub repeated: bool,
}

/// Why a save changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// HTTP 401.
    #[error("there is no annotator '{0}'")]
    NoAnnotator(String),
    /// HTTP 404.
    #[error("there is no item '{0}'")]
    NoItem(String),
    /// HTTP 403.
    #[error("item '{item}' is not assigned to '{user}'")]
    NotAssigned {
        /// The annotator.
        user: String,
        /// The item.
        item: String,
    },
    /// HTTP 403.
    #[error("'{0}' has left this study")]
    Left(String),
    /// HTTP 409: somebody (another tab, another device) was faster.
    #[error("the answer was changed elsewhere since this page saw it")]
    Conflict(Box<Conflict>),
    /// See there.
    #[error(transparent)]
    Store(#[from] crate::StoreError),
}

/// Both sides of a conflict.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// The item's version now.
    pub version: Stamp,
    /// What is stored now, for the schemes that the refused save names.
    pub stored: Answers,
    /// What the refused save wanted to store there.
    pub refused: AnswerChange,
}

/// All that is stored for one annotator and item.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ItemAnswers {
    /// Answers by scheme and label.
    pub answers: Answers,
    /// Spans by id.
    pub spans: Labels,
    /// Links by id.
    pub links: Labels,
    /// Annotated events by id.
    pub events: Labels,
    /// To be named by the next save; zero if nothing was ever stored.
    pub version: Stamp,
}

impl ItemAnswers {
    /// Whether there is any answer.
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty() && self.spans.is_empty() && self.links.is_empty() && self.events.is_empty()
    }
}

/// Where an annotator is.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// At an item.
    At(Box<Desk>),
    /// At a page before or after the items.
    Page(Box<Leaf>),
    /// Through with everything.
    Done {
        /// Items this annotator answered.
        answered: u64,
        /// How it ended.
        end: End,
    },
    /// There is nothing for this annotator now.
    Nothing(Nothing),
}

/// How an annotator's part in the study ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// With all that there was to do.
    Complete,
    /// By an answer that the study does not want to go on with; what the annotator is told.
    ScreenedOut(String),
    /// By the training.
    NotTrained,
}

/// A page of a phase, with all that is needed to show it.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// Its place among [`project::config::Phases::pages`].
    pub index: usize,
    /// The id under which its answers are saved.
    pub id: String,
    /// Whether there is one to go back to.
    pub has_previous: bool,
    /// What this annotator has answered here.
    pub stored: ItemAnswers,
    /// How the training goes, on its page.
    pub training: Option<TrainingState>,
}

/// Why there is nothing to annotate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nothing {
    /// The project has no items.
    NoData,
    /// The quota is zero.
    ZeroQuota,
    /// The annotator qualified for no category, and nothing is left for such.
    NoQualifiedCategory,
    /// The annotator is in no group of the batches.
    NoBatchGroup,
    /// All items have, or are about to get, the answers they ask for.
    Saturated,
}

/// An annotator's item, with all that a page about it needs, read in one go.
#[derive(Clone, Debug, PartialEq)]
pub struct Desk {
    /// The item's id.
    pub item: String,
    /// The item's row as in the data file, JSON text.
    pub fields: String,
    /// Its place among the annotator's items, from 0.
    pub place: u64,
    /// How many items the annotator has been given.
    pub assigned: u64,
    /// How many of them are answered.
    pub answered: u64,
    /// How many items this annotator will be given at most: the quota, or the number of items.
    pub expected: u64,
    /// What this annotator has answered here.
    pub stored: ItemAnswers,
}

/// Where an annotator wants to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Go {
    /// To the next item, handing one out at the end of the list. From the item named, if one is: if that is no longer where
    /// the annotator is, the request is a repetition and does not move.
    Next {
        /// The item that the page showed.
        from: Option<String>,
    },
    /// As `Next`, with the answer to a question of the training, which is graded once.
    Graded {
        /// As for `Next`.
        from: Option<String>,
        /// [`TrainingState::turn`] as the page showed it.
        turn: u64,
    },
    /// To the one before; stays at the first.
    Previous {
        /// As for `Next`.
        from: Option<String>,
    },
    /// To the n-th of the annotator's items, from 0; out of range stays.
    To(u64),
    /// To an item of the annotator's by id; another stays.
    Item(String),
    /// To the next item without an answer, from the current one on and round.
    NextUnanswered,
    /// To the one before without an answer.
    PreviousUnanswered,
}

/// Where somebody went, or why not.
#[derive(Clone, Debug, PartialEq)]
pub enum Went {
    /// The place now.
    Place(Place),
    /// Each assigned item has an answer ([`Go::NextUnanswered`] and its like).
    NoneUnanswered,
    /// Nobody of that name is known.
    NoAnnotator,
}

/// An account as sign-in sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The name exactly as registered.
    pub name: String,
    /// The password's hash; none where none was set.
    pub password: Option<String>,
    /// May not sign in.
    pub disabled: bool,
    /// Whether an account was made; else there is only work under this name, found in the output directory.
    pub registered: bool,
}

/// What came of a registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Registered {
    /// The account is made.
    New,
    /// There is an account of exactly this name.
    Exists,
    /// There is work under this name, but no account (it was not in the roster).
    Orphaned,
    /// A name that looks the same is taken.
    LooksLike(String),
}

/// An item as it is listed.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedItem {
    /// Its id.
    pub id: String,
    /// The row, JSON text.
    pub fields: String,
    /// Reservations and answers that count.
    pub taken: u64,
}

/// What the corpus is like after [`crate::Store::ingest`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ingested {
    /// How many items there are.
    pub items: u64,
    /// Whether the files were read (they had changed).
    pub read: bool,
}

/// An annotator's state as `user_state.json` shows it, with what a view needs beside.
#[derive(Clone, Debug)]
pub struct View {
    /// Annotator.
    pub user: String,
    /// The last event (in the order of this store) that it covers; names the base of a later import.
    pub seq: i64,
    /// Items with answers, in the order of the annotator's list, then others.
    pub items: IndexMap<String, ItemAnswers>,
    /// Pages of phases with answers, by the ids of [`project::config::Page::id`].
    pub pages: IndexMap<String, ItemAnswers>,
    /// The annotator's list.
    pub ordering: Vec<String>,
    /// The item the annotator is at.
    pub cursor: Option<String>,
    /// Its index in `ordering`; 0 if it is not there.
    pub current: u64,
    /// Phase and page.
    pub phase: (String, Option<String>),
    /// Top-level keys of the file that are carried through.
    pub carried: Labels,
}

impl View {
    /// All answers, those to items and those on pages, by the ids under which they are kept.
    pub(crate) fn answered(&self) -> impl Iterator<Item = (&String, &ItemAnswers)> {
        self.items.iter().chain(&self.pages)
    }

    /// See [`Self::answered`].
    pub(crate) fn answers(&self, id: &str) -> Option<&ItemAnswers> {
        self.items.get(id).or_else(|| self.pages.get(id))
    }

    /// Of somebody who did nothing.
    pub(crate) fn empty(user: &str) -> Self {
        Self {
            user: user.to_owned(),
            seq: 0,
            items: IndexMap::new(),
            pages: IndexMap::new(),
            ordering: Vec::new(),
            cursor: None,
            current: 0,
            phase: ("annotation".to_owned(), None),
            carried: Labels::new(),
        }
    }
}
