//! Registers: the cells of the state, of which the last writer wins.

use crate::{Digest, EventId, Stamp};

/// What a register holds. The numbers are stored and never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// A scheme's labels (label empty), or one label of it.
    Answer = 1,
    /// A span, by its id.
    Span = 2,
    /// A link, by its id.
    Link = 3,
    /// An annotated event, by its id.
    Event = 4,
    /// A top-level key of `user_state.json` that is carried through.
    Carried = 5,
    /// The item an annotator is at.
    Cursor = 6,
    /// The furthest phase and page that an annotator reached.
    Phase = 7,
    /// The account.
    Account = 8,
    /// The page that an annotator looks at, where he went back.
    Look = 9,
}

impl Class {
    pub(crate) fn from_number(number: i64) -> Option<Self> {
        [
            Self::Answer,
            Self::Span,
            Self::Link,
            Self::Event,
            Self::Carried,
            Self::Cursor,
            Self::Phase,
            Self::Account,
            Self::Look,
        ]
        .into_iter()
        .find(|class| *class as i64 == number)
    }

    /// Whether it is part of what an annotator says about an item.
    pub(crate) fn is_answer(self) -> bool {
        matches!(self, Self::Answer | Self::Span | Self::Link | Self::Event)
    }
}

/// Which register. Parts that a class does not use are empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::struct_field_names, reason = "`key` is what the raw file calls it")]
pub(crate) struct Key {
    pub(crate) user: String,
    pub(crate) item: String,
    pub(crate) class: Class,
    pub(crate) key: String,
    pub(crate) label: String,
}

impl Key {
    pub(crate) fn of_item(user: &str, item: &str, class: Class, key: &str, label: &str) -> Self {
        Self {
            user: user.to_owned(),
            item: item.to_owned(),
            class,
            key: key.to_owned(),
            label: label.to_owned(),
        }
    }

    pub(crate) fn of_user(user: &str, class: Class, key: &str) -> Self {
        Self::of_item(user, "", class, key, "")
    }
}

/// What it holds, and who wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Register {
    pub(crate) at: Stamp,
    pub(crate) id: EventId,
    /// JSON text; none is a tombstone.
    pub(crate) value: Option<String>,
}

impl Register {
    pub(crate) fn precedence(&self) -> (Stamp, EventId) {
        (self.at, self.id)
    }

    pub(crate) fn digest(&self, key: &Key) -> Digest {
        let Key { user, item, class, key, label } = key;
        let presence = [u8::from(self.value.is_some())];
        Digest::of(&[
            b"register",
            user.as_bytes(),
            item.as_bytes(),
            &[*class as u8],
            key.as_bytes(),
            label.as_bytes(),
            &self.at.0.to_le_bytes(),
            &self.id.0,
            &presence,
            self.value.as_deref().unwrap_or_default().as_bytes(),
        ])
    }
}
