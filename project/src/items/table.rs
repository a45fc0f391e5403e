//! `.csv` (RFC 4180, header row) and `.tsv` (tabs, no quoting, header row); all values stay text as they are.

use std::io::{BufRead, Read};
use std::path::PathBuf;

use serde_json::{Map, Value};

use super::{ItemError, Row};

/// A row as an object: a short one is filled with "", a long one is an error.
fn row<'f>(
    header: &[String],
    values: impl Iterator<Item = &'f str>,
    count: usize,
) -> Result<Map<String, Value>, String> {
    if count > header.len() {
        return Err(format!(
            "the row has {count} values, the header {}; is one with the separator in it not quoted?",
            header.len()
        ));
    }
    let values = values.map(str::to_owned).chain(std::iter::repeat(String::new()));
    Ok(header.iter().cloned().zip(values.map(Value::String)).collect())
}

fn check_header(header: &[String]) -> Result<(), String> {
    for (i, name) in header.iter().enumerate() {
        if header[..i].contains(name) {
            return Err(format!("the header names the column {name:?} twice"));
        }
    }
    Ok(())
}

/// The rows of a `.csv` file.
pub(super) struct Csv {
    path: PathBuf,
    reader: csv::Reader<Box<dyn Read + Send>>,
    header: Option<Vec<String>>,
    record: csv::StringRecord,
}

impl Csv {
    pub(super) fn new(path: PathBuf, source: Box<dyn Read + Send>) -> Self {
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(super::BUFFER_BYTES)
            .from_reader(source);
        Self { path, reader, header: None, record: csv::StringRecord::new() }
    }

    fn at(&self, problem: impl Into<String>) -> ItemError {
        let line = self.record.position().map_or_else(|| self.reader.position().line(), csv::Position::line);
        ItemError::at(&self.path, Some(line), problem)
    }
}

impl Iterator for Csv {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        loop {
            match self.reader.read_record(&mut self.record) {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => return Some(Err(self.at(format!("cannot be read: {error}")))),
            }
            let Some(header) = &self.header else {
                let header: Vec<String> = self.record.iter().map(str::to_owned).collect();
                if let Err(problem) = check_header(&header) {
                    return Some(Err(self.at(problem)));
                }
                self.header = Some(header);
                continue;
            };
            if self.record.iter().all(str::is_empty) {
                continue;
            }
            let line = self.record.position().map_or(0, csv::Position::line);
            return Some(match row(header, self.record.iter(), self.record.len()) {
                Ok(fields) => Ok((line, fields)),
                Err(problem) => Err(self.at(problem)),
            });
        }
    }
}

/// The rows of a `.tsv` file.
pub(super) struct Tsv<R> {
    path: PathBuf,
    source: R,
    line: u64,
    header: Option<Vec<String>>,
    buffer: String,
}

impl<R: BufRead> Tsv<R> {
    pub(super) fn new(path: PathBuf, source: R) -> Self {
        Self { path, source, line: 0, header: None, buffer: String::new() }
    }

    fn at(&self, problem: impl Into<String>) -> ItemError {
        ItemError::at(&self.path, Some(self.line), problem)
    }
}

impl<R: BufRead> Iterator for Tsv<R> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        loop {
            self.buffer.clear();
            self.line += 1;
            match self.source.read_line(&mut self.buffer) {
                Ok(0) => return None,
                Ok(_) => {}
                Err(error) => return Some(Err(self.at(format!("cannot be read: {error}")))),
            }
            let text = self.buffer.trim_end_matches(['\n', '\r']);
            if text.split('\t').all(str::is_empty) {
                continue;
            }
            let values: Vec<&str> = text.split('\t').collect();
            let Some(header) = &self.header else {
                let header: Vec<String> = values.into_iter().map(str::to_owned).collect();
                if let Err(problem) = check_header(&header) {
                    return Some(Err(self.at(problem)));
                }
                self.header = Some(header);
                continue;
            };
            return Some(match row(header, values.iter().copied(), values.len()) {
                Ok(fields) => Ok((self.line, fields)),
                Err(problem) => Err(self.at(problem)),
            });
        }
    }
}
