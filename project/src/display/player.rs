//! Fields of type `audio` and `video`: the browser's own player, which works by keyboard.

use askama::Template;
use serde_json::Value;

use super::options::Options;
use super::sources::{self, Named};
use super::{Kind, Place, written};
use crate::config::ConfigError;
use crate::media::Source;

pub(super) const AUDIO_OPTIONS: &[&str] = &["controls", "autoplay", "loop", "muted"];
pub(super) const VIDEO_OPTIONS: &[&str] = &["controls", "autoplay", "loop", "muted", "poster", "max_width"];

/// How a sound or a film is played.
#[expect(clippy::struct_excessive_bools, reason = "each is an option by the same name")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Player {
    what: &'static str,
    controls: bool,
    autoplay: bool,
    repeats: bool,
    muted: bool,
    poster: Option<String>,
    max_width: Option<u32>,
}

pub(super) fn read_audio(options: &Options<'_>) -> Result<Kind, ConfigError> {
    read(options, "audio").map(Kind::Player)
}

pub(super) fn read_video(options: &Options<'_>) -> Result<Kind, ConfigError> {
    let (poster, max_width) = (options.text("poster")?, options.size("max_width", "pixels")?);
    Ok(Kind::Player(Player { poster, max_width, ..read(options, "video")? }))
}

fn read(options: &Options<'_>, what: &'static str) -> Result<Player, ConfigError> {
    Ok(Player {
        what,
        controls: options.flag("controls", true)?,
        autoplay: options.flag("autoplay", false)?,
        repeats: options.flag("loop", false)?,
        muted: options.flag("muted", false)?,
        poster: None,
        max_width: None,
    })
}

#[derive(Template)]
#[template(path = "player.html")]
struct Page<'a> {
    player: &'a Player,
    address: &'a str,
    name: &'a str,
    poster: Option<&'a str>,
    track: Option<&'a str>,
}

impl Player {
    pub(super) fn html(&self, value: &Value, place: &Place<'_>) -> String {
        let poster = self.poster.as_deref().and_then(|poster| sources::address_of(poster, place.media));
        let shown = |named: &Named| match &named.source {
            Source::At(address) => written(&Page {
                player: self,
                address,
                name: named.caption.as_deref().unwrap_or(place.name),
                poster: named.poster.as_deref().or(poster.as_deref()),
                track: named.track.as_deref(),
            }),
            Source::Missing(path) => sources::absent(self.what, path, true),
            Source::Refused(value) => sources::absent(self.what, value, false),
        };
        sources::named(value, place.media).iter().map(shown).collect()
    }
}
