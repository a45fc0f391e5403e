//! The types of fields: those that are built, and all that Potato knows.

use super::options::Options;
use super::{Kind, code, dialogue, document, gallery, image, pairwise, player, spreadsheet};
use crate::config::ConfigError;

/// One built type: its name, the options of its own, and how they are read.
pub(super) struct Entry {
    pub(super) name: &'static str,
    pub(super) options: &'static [&'static str],
    pub(super) read: fn(&Options<'_>) -> Result<Kind, ConfigError>,
}

/// The types that are built.
#[rustfmt::skip]
pub(super) const BUILT: &[Entry] = &[
    Entry { name: "text", options: &[], read: |_| Ok(Kind::Text) },
    Entry { name: "html", options: &[], read: |_| Ok(Kind::Html) },
    Entry { name: "document", options: document::OPTIONS, read: document::read },
    Entry { name: "code", options: code::OPTIONS, read: |_| Ok(Kind::Code) },
    Entry { name: "dialogue", options: dialogue::OPTIONS, read: dialogue::read },
    Entry { name: "pairwise", options: pairwise::OPTIONS, read: pairwise::read },
    Entry { name: "spreadsheet", options: spreadsheet::OPTIONS, read: spreadsheet::read },
    Entry { name: "image", options: image::OPTIONS, read: image::read },
    Entry { name: "gallery", options: gallery::OPTIONS, read: gallery::read },
    Entry { name: "audio", options: player::AUDIO_OPTIONS, read: player::read_audio },
    Entry { name: "video", options: player::VIDEO_OPTIONS, read: player::read_video },
];

/// All types of Potato's, for telling a slip from what is not there yet.
#[rustfmt::skip]
pub(super) const KNOWN: [&str; 27] = [
    "agent_trace", "audio", "audio_dialogue", "code", "coding_trace", "conversation_tree", "cot_trace", "depth_map",
    "dialogue", "document", "eval_trace", "gallery", "genome_locus", "html", "image", "image_region",
    "interactive_chat", "live_agent", "live_coding_agent", "multi_agent_discussion", "pairwise", "pdf",
    "protein_structure", "spreadsheet", "text", "video", "web_agent_trace",
];
