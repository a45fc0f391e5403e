//! What an event can say: one type a kind, as its JSON data.

use indexmap::IndexMap;
use project::schemes::{Answers, Labels};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Event;

/// A change to the state of one annotator: the meaning of an event.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "most changes are answers, and one lives only as long as its request"
)]
pub enum Change {
    /// Answers, spans, links and events of one item were set or cleared.
    Answers(AnswerChange),
    /// Items were handed out, in this order.
    Reserved(Items),
    /// Items were given back.
    Released(Items),
    /// Items were taken back, because nothing was heard from the annotator.
    Lapsed(Items),
    /// The annotator went to an item.
    Moved(Moved),
    /// The annotator reached a phase and page for the first time.
    Phase(PhaseReached),
    /// The annotator looks at a page that he had reached before.
    Looked(Looked),
    /// The account was made or its password changed.
    Account(Account),
    /// Parts of `user_state.json` that are carried through without being understood.
    Carried(IndexMap<String, Value>),
}

/// One save: whole schemes and single labels, each a register (DESIGN: Registers).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AnswerChange {
    /// Schemes whose labels are replaced as a whole; no labels means cleared.
    #[serde(default, skip_serializing_if = "Answers::is_empty")]
    pub schemes: Answers,
    /// Single labels of schemes that take several; null removes one.
    #[serde(default, skip_serializing_if = "Answers::is_empty")]
    pub labels: Answers,
    /// Spans by id; null removes one.
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub spans: Labels,
    /// Links by id; null removes one.
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub links: Labels,
    /// Annotated events by id; null removes one.
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub events: Labels,
    /// The item had all the answers it asks for when this one came: it is kept and not counted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub surplus: bool,
}

impl AnswerChange {
    /// Whether nothing would be written.
    pub fn is_empty(&self) -> bool {
        let Self { schemes, labels, spans, links, events, surplus: _ } = self;
        schemes.is_empty() && labels.is_empty() && spans.is_empty() && links.is_empty() && events.is_empty()
    }
}

/// Items by id, in order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Items {
    /// Their ids.
    pub items: Vec<String>,
}

/// Where an annotator went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moved {
    /// The item's id.
    pub to: String,
}

/// The phase and page an annotator is in; after a union the furthest reached counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhaseReached {
    /// Potato's name of the phase: `annotation`, `done`, …
    pub phase: String,
    /// The page inside the phase, where it has pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// How far along that was when it was reached, counted from 1. The order of pages is the config's, which may change: what was
    /// reached must compare in the same way ever after. None is as far as the phase is by its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u32>,
}

/// The page that an annotator went back to, or on to again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looked {
    /// As of [`PhaseReached`].
    pub phase: String,
    /// As of [`PhaseReached`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
}

/// An annotator's account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The password's hash (Potato's PBKDF2 form or a PHC string); none where a name is enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// May not sign in any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub disabled: bool,
}

impl Change {
    /// The kind's name and the data's JSON text.
    pub fn encode(&self) -> (&'static str, String) {
        fn text(data: &impl Serialize) -> String {
            serde_json::to_string(data).expect("a change has only string keys and finite numbers")
        }
        match self {
            Self::Answers(data) => ("answers", text(data)),
            Self::Reserved(data) => ("reserved", text(data)),
            Self::Released(data) => ("released", text(data)),
            Self::Lapsed(data) => ("lapsed", text(data)),
            Self::Moved(data) => ("moved", text(data)),
            Self::Phase(data) => ("phase", text(data)),
            Self::Looked(data) => ("looked", text(data)),
            Self::Account(data) => ("account", text(data)),
            Self::Carried(data) => ("carried", text(data)),
        }
    }

    /// The change that an event stands for; none if its kind is not known here.
    ///
    /// # Errors
    /// The data is not that of its kind.
    pub fn decode(event: &Event) -> Result<Option<Self>, serde_json::Error> {
        let data = event.data.as_str();
        Ok(Some(match event.kind.as_str() {
            "answers" => Self::Answers(serde_json::from_str(data)?),
            "reserved" => Self::Reserved(serde_json::from_str(data)?),
            "released" => Self::Released(serde_json::from_str(data)?),
            "lapsed" => Self::Lapsed(serde_json::from_str(data)?),
            "moved" => Self::Moved(serde_json::from_str(data)?),
            "phase" => Self::Phase(serde_json::from_str(data)?),
            "looked" => Self::Looked(serde_json::from_str(data)?),
            "account" => Self::Account(serde_json::from_str(data)?),
            "carried" => Self::Carried(serde_json::from_str(data)?),
            _ => return Ok(None),
        }))
    }
}
