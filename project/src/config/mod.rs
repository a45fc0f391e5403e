//! `config.yaml` as typed structs: read once, whole, before anything is done.
//!
//! The keys and their meaning are those of Potato 2.12; where a section lives, its file says what it reads.

mod assignment;
mod backup;
mod batches;
mod data;
mod error;
mod file;
mod known;
mod layout;
mod length;
mod page;
mod paths;
mod phases;
mod section;
mod sessions;
mod sign_in;
mod tuples;
mod unbuilt;

use std::cell::RefCell;
use std::path::{Path, PathBuf};

pub use self::assignment::{Assignment, Fallback, Strategy};
pub use self::backup::Backup;
pub use self::batches::{Batches, Group};
pub use self::data::{DataFile, Encoding, ItemProperties};
pub use self::error::ConfigError;
pub use self::layout::{FormGroup, FormLayout, Part};
pub(crate) use self::length::length;
pub use self::page::{ListAsText, PageOptions, Prefix};
pub use self::phases::{Exit, PHASE_PAGE, Page, PageKind, Phases, Question, Training};
pub(crate) use self::section::{Section, nearest};
pub use self::sessions::{SameSite, Sessions};
pub use self::sign_in::SignIn;
pub use self::tuples::Tuples;
pub(crate) use self::unbuilt::{refuse_in_scheme as refuse_unbuilt_in_scheme, scheme_type as unbuilt_type};
use crate::display::Display;
use crate::keywords::{self, Keywords};
use crate::media::{self, Media};
use crate::schemes::{Scheme, read_all};
use crate::secret::Secret;
use crate::yaml::{self, Yaml};

/// Where the store lives below the output directory, unless the config says otherwise.
pub const STATE_DIR: &str = ".spud";

/// A Potato project, as its config file describes it; all paths are absolute.
#[derive(Debug, Clone)]
pub struct Config {
    /// The config file itself.
    pub file: PathBuf,
    /// `task_dir`: what relative paths start from.
    pub root: PathBuf,
    /// `annotation_task_name`: title of every page.
    pub task_name: String,
    /// `output_annotation_dir`; need not exist yet.
    pub output_dir: PathBuf,
    /// `state_dir`, a key of our own: where the store lives. Default: `.spud` in the output directory.
    pub state_dir: PathBuf,
    /// `item_properties`.
    pub item_properties: ItemProperties,
    /// `data_files`, in the order of the list.
    pub data_files: Vec<DataFile>,
    /// `annotation_schemes`, in the order of the list; never empty.
    pub schemes: Vec<Scheme>,
    /// `bws_config`: what is annotated are tuples of the data.
    pub tuples: Option<Tuples>,
    /// The pages before and after the annotation.
    pub phases: Phases,
    /// Who may sign in, and how.
    pub sign_in: SignIn,
    /// Who gets which items.
    pub assignment: Assignment,
    /// Session cookies.
    pub sessions: Sessions,
    /// `admin_api_key`.
    pub admin_api_key: Option<Secret>,
    /// The dataset repo on the Hub, where one is configured and enabled.
    pub backup: Option<Backup>,
    /// `export_annotation_format`, lower case; `json` is written `jsonl`.
    pub export_formats: Vec<String>,
    /// Look and behaviour of the annotation page.
    pub page: PageOptions,
    /// `keyword_highlights_file`: words that are pointed out in the text.
    pub keywords: Option<Keywords>,
    /// `media_directory`: what is served at `/media/`.
    pub media: Media,
    /// `layout`: where the forms stand.
    pub layout: FormLayout,
    /// The fields that are shown instead of the item's text.
    pub display: Option<Display>,
    /// `port` or `server.port`, where given.
    pub port: Option<u16>,
    /// `host` or `server.host`, where given.
    pub host: Option<String>,
    /// `debug` or `server.debug`.
    pub debug: bool,
}

/// A config that can be served, and what its author should know about it.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The config.
    pub config: Config,
    /// One sentence each: keys that are unknown, given twice, or read otherwise than by Potato.
    pub warnings: Vec<String>,
}

/// Reads a config file, or the only one in `configs/` of a directory.
pub fn load(file: &Path) -> Result<Loaded, ConfigError> {
    let file = file::find(file)?;
    let text = file::read(&file)?;
    parse(&file, &text)
}

fn parse(file: &Path, text: &str) -> Result<Loaded, ConfigError> {
    let (root, notes) = yaml::parse(text).map_err(|error| ConfigError::Syntax {
        file: file.to_owned(),
        line: error.line,
        problem: error.problem,
    })?;
    let Yaml::Map(map) = &root.value else {
        let problem = format!("must be a mapping of keys at the top, got {}", root.kind());
        return Err(ConfigError::File { file: file.to_owned(), problem });
    };
    let warnings = RefCell::new(notes);
    let places = paths::Places::find(file, map)?;
    let top = Section::top(file, &places, map, &warnings);
    let config = read(&top)?;
    Ok(Loaded { config, warnings: warnings.into_inner() })
}

fn read(top: &Section<'_>) -> Result<Config, ConfigError> {
    let task_name = top.required_text("annotation_task_name")?;
    let output = top.required_text("output_annotation_dir")?;
    let output_dir = top.resolve("output_annotation_dir", &output)?;
    unbuilt::refuse(top)?;
    let item_properties = data::item_properties(top)?;
    let data_files = data::data_files(top)?;
    let schemes = schemes(top)?;
    let phases = phases::read(top, &schemes)?;
    let server = top.section("server")?;
    let server = server.as_ref().unwrap_or(top);
    let state_dir = match top.text("state_dir")? {
        Some(dir) => top.places.root.join(dir),
        None => output_dir.join(STATE_DIR),
    };
    let sign_in = sign_in::read(top, &output)?;
    let mut hidden = vec![output_dir.clone(), state_dir.clone(), top.file.to_owned(), sign_in.roster.clone()];
    hidden.extend(data_files.iter().map(|file| file.path.clone()));
    let config = Config {
        file: top.file.to_owned(),
        root: top.places.root.clone(),
        task_name,
        state_dir,
        keywords: keywords::read(top, &schemes)?,
        layout: layout::read(top, &schemes)?,
        media: media(top, &output_dir, hidden)?,
        item_properties,
        data_files,
        tuples: tuples(top, &schemes)?,
        schemes,
        phases,
        sign_in,
        assignment: assignment::read(top)?,
        sessions: sessions::read(top)?,
        admin_api_key: top.secret("admin_api_key")?,
        backup: backup::read(top)?,
        export_formats: export_formats(top)?,
        page: page::read(top)?,
        display: crate::display::read(top)?,
        port: match port(top)? {
            Some(port) => Some(port),
            None => port(server)?,
        },
        host: top.text("host")?.or(server.text("host")?),
        debug: top.flag("debug")?.unwrap_or(false) || server.flag("debug")?.unwrap_or(false),
        output_dir,
    };
    known::warn(top)?;
    Ok(config)
}

/// `annotation_schemes`, and `require_fully_annotated`, which makes each required that does not say otherwise.
fn schemes(top: &Section<'_>) -> Result<Vec<Scheme>, ConfigError> {
    let Some(list) = top.list("annotation_schemes")? else {
        return Err(top.refuse("annotation_schemes", "is missing and must be a list of schemes"));
    };
    if list.is_empty() {
        return Err(top.refuse("annotation_schemes", "must hold at least one scheme"));
    }
    let mut schemes = read_all(top, "annotation_schemes", list)?;
    if top.flag("require_fully_annotated")?.unwrap_or(false) {
        for scheme in &mut schemes {
            scheme.require_unless_told();
        }
    }
    Ok(schemes)
}

/// `bws_config`, which schemes of that type need.
fn tuples(top: &Section<'_>, schemes: &[Scheme]) -> Result<Option<Tuples>, ConfigError> {
    let tuples = tuples::read(top)?;
    match schemes.iter().find(|scheme| scheme.annotation_type() == "bws") {
        Some(scheme) if tuples.is_none() => {
            let problem = format!(
                "is missing; scheme {:?} (bws) is about tuples that it makes of the data",
                scheme.name
            );
            Err(top.refuse("bws_config", problem))
        }
        _ => Ok(tuples),
    }
}

/// `media_directory`, with what is never served from it.
fn media(top: &Section<'_>, output_dir: &Path, hidden: Vec<PathBuf>) -> Result<Media, ConfigError> {
    let name = top.text("media_directory")?.unwrap_or_else(|| media::DEFAULT_DIR.to_owned());
    let dir = top.resolve("media_directory", &name)?;
    if dir.starts_with(output_dir) {
        let problem = format!("{name:?} lies in the output directory, which is never served; move it out");
        return Err(top.refuse("media_directory", problem));
    }
    Ok(Media::new(dir, &top.places.root, hidden))
}

fn port(section: &Section<'_>) -> Result<Option<u16>, ConfigError> {
    match section.integer("port")? {
        None => Ok(None),
        Some(number) => match u16::try_from(number) {
            Ok(port) if port > 0 => Ok(Some(port)),
            _ => Err(section.refuse("port", format!("must be 1 to 65535, got {number}"))),
        },
    }
}

/// `export_annotation_format`, or its older name `output_annotation_format`, where it is not given.
fn export_formats(top: &Section<'_>) -> Result<Vec<String>, ConfigError> {
    let key = if top.has("export_annotation_format") {
        "export_annotation_format"
    } else {
        "output_annotation_format"
    };
    let formats = top.texts(key)?.into_iter().map(|format| match format.trim().to_lowercase().as_str() {
        "json" => "jsonl".to_owned(),
        format => format.to_owned(),
    });
    Ok(formats.collect())
}
