//! Data files → items, read as a stream: memory does not grow with the rows but for what finds a double id.

mod decode;
mod fingerprint;
mod json;
mod seen;
mod table;
pub(crate) mod tuples;

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

pub use self::fingerprint::{Fingerprint, fingerprint};

use crate::config::{Config, DataFile, PHASE_PAGE};
use crate::text;

/// Bytes that are read at a time.
const BUFFER_BYTES: usize = 256 * 1024;

/// One row of the data.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The value under `id_key`, as text.
    pub id: String,
    /// The row, verbatim.
    pub fields: Map<String, Value>,
}

/// Why the data cannot be served.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct ItemError {
    /// `file:line`, or the file alone.
    pub place: String,
    /// What is wrong and what is allowed.
    pub problem: String,
}

impl ItemError {
    fn at(file: &Path, line: Option<u64>, problem: impl Into<String>) -> Self {
        let place = match line {
            Some(line) => format!("{}:{line}", file.display()),
            None => file.display().to_string(),
        };
        Self { place, problem: problem.into() }
    }
}

impl Item {
    /// An item from a row, with its id from `id_key`.
    pub fn from_row(fields: Map<String, Value>, id_key: &str) -> Result<Self, String> {
        let id = match fields.get(id_key) {
            None => return Err(format!("the row has no {id_key:?} (the id_key of item_properties)")),
            Some(Value::String(id)) => id.clone(),
            Some(Value::Number(number)) => number.to_string(),
            Some(other) => return Err(format!("{id_key:?} must be text or a number, got {other}")),
        };
        if id.is_empty() {
            return Err(format!("{id_key:?} is empty; each row needs an id"));
        }
        Ok(Self { id, fields })
    }

    /// The value under `text_key` as text; empty where there is none.
    pub fn text(&self, config: &Config) -> String {
        match self.fields.get(&config.item_properties.text_key) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        }
    }

    /// Potato's `displayed_text`, sanitised HTML.
    pub fn displayed(&self, config: &Config) -> String {
        let value = self.fields.get(&config.item_properties.text_key).unwrap_or(&Value::Null);
        text::sanitise(&text::displayed_text(value, &config.page))
    }

    /// The text that carries spans, without its tags: what their offsets count. `target` is the field of the display; none is the
    /// item's text. None if no spans may be there.
    pub fn span_text(&self, config: &Config, target: Option<&str>) -> Option<String> {
        let targets =
            || config.display.iter().flat_map(|display| &display.fields).filter(|field| field.span_target);
        let html = match target {
            Some(target) => targets().find(|field| field.key == target)?.html(&self.fields, config),
            None if targets().next().is_some() => return None,
            None => self.displayed(config),
        };
        Some(text::page_text(&html))
    }
}

/// A row, and the line on which it begins.
type Row = Result<(u64, Map<String, Value>), ItemError>;
type Rows = Box<dyn Iterator<Item = Row> + Send>;

/// All items: the rows of the files, or the tuples that are made of them; after an error nothing follows.
pub fn read(config: &Config) -> Box<dyn Iterator<Item = Result<Item, ItemError>> + Send> {
    let Some(tuples) = &config.tuples else { return Box::new(rows(config)) };
    match tuples::make(config, tuples, rows(config)) {
        Ok(items) => Box::new(items.into_iter().map(Ok)),
        Err(error) => Box::new(std::iter::once(Err(error))),
    }
}

/// The rows in the order of the files; after an error nothing follows.
fn rows(config: &Config) -> impl Iterator<Item = Result<Item, ItemError>> + Send + use<> {
    let mut items = Items {
        id_key: config.item_properties.id_key.clone(),
        files: config.data_files.iter().map(|file| file.path.clone()).collect(),
        waiting: config.data_files.clone().into_iter(),
        current: None,
        seen: seen::Seen::default(),
        opened: 0,
        ended: false,
    };
    std::iter::from_fn(move || items.next())
}

struct Items {
    id_key: String,
    /// For naming the place of a double id.
    files: Vec<PathBuf>,
    waiting: std::vec::IntoIter<DataFile>,
    current: Option<Rows>,
    seen: seen::Seen,
    /// How many files have been begun.
    opened: usize,
    ended: bool,
}

impl Items {
    fn next(&mut self) -> Option<Result<Item, ItemError>> {
        while !self.ended {
            let Some(rows) = &mut self.current else {
                let file = self.waiting.next()?;
                self.opened += 1;
                match open(&file) {
                    Ok(rows) => self.current = Some(rows),
                    Err(error) => return Some(self.end(error)),
                }
                continue;
            };
            match rows.next() {
                None => self.current = None,
                Some(Err(error)) => return Some(self.end(error)),
                Some(Ok((line, fields))) => {
                    return match self.item(line, fields) {
                        Ok(item) => Some(Ok(item)),
                        Err(error) => Some(self.end(error)),
                    };
                }
            }
        }
        None
    }

    fn end(&mut self, error: ItemError) -> Result<Item, ItemError> {
        self.ended = true;
        Err(error)
    }

    fn item(&mut self, line: u64, fields: Map<String, Value>) -> Result<Item, ItemError> {
        let file = self.opened - 1;
        let at = |problem| ItemError::at(&self.files[file], Some(line), problem);
        let item = Item::from_row(fields, &self.id_key).map_err(at)?;
        if item.id.starts_with(PHASE_PAGE) {
            let problem = format!(
                "the id {:?} begins with {PHASE_PAGE}, which pages of phases are kept under",
                item.id
            );
            return Err(at(problem));
        }
        match self.seen.insert(&item.id, file, line) {
            None => Ok(item),
            Some((first_file, first_line)) => Err(at(format!(
                "the id {:?} is already that of {}:{first_line}; ids must differ over all data files",
                item.id,
                self.files[first_file].display()
            ))),
        }
    }
}

/// Opens a data file by its extension.
fn open(file: &DataFile) -> Result<Rows, ItemError> {
    let path = &file.path;
    let handle =
        File::open(path).map_err(|error| ItemError::at(path, None, format!("cannot be opened: {error}")))?;
    let bytes: Box<dyn Read + Send> = Box::new(decode::decoded(handle, file.encoding.0));
    let extension = path.extension().and_then(|extension| extension.to_str()).map(str::to_lowercase);
    let path = path.clone();
    Ok(match extension.as_deref() {
        Some("csv") => Box::new(table::Csv::new(path, bytes)),
        Some("tsv") => Box::new(table::Tsv::new(path, BufReader::with_capacity(BUFFER_BYTES, bytes))),
        Some("jsonl") => Box::new(json::Lines::new(path, BufReader::with_capacity(BUFFER_BYTES, bytes))),
        _ => Box::new(json::Documents::new(path, BufReader::with_capacity(BUFFER_BYTES, bytes))),
    })
}
