//! `.jsonl`: one object a line. `.json`: a list of objects, one object, or one value after the other.

use std::io::{self, BufRead};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::{ItemError, Row};

/// Largest row, in bytes: a file that is not what its name says ends here and not in memory.
const MAX_ROW_BYTES: usize = 256 * 1024 * 1024;

fn failed(path: &Path, line: u64, error: &io::Error) -> ItemError {
    ItemError::at(path, Some(line), format!("cannot be read: {error}"))
}

/// The object in `bytes`, which begin on `line`.
fn object(path: &Path, line: u64, bytes: &[u8]) -> Result<Map<String, Value>, ItemError> {
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(other) => {
            let kind = match other {
                Value::Array(_) => "a list",
                Value::String(_) => "text",
                Value::Number(_) => "a number",
                Value::Bool(_) => "a boolean",
                Value::Null | Value::Object(_) => "null",
            };
            Err(ItemError::at(path, Some(line), format!("each row must be a JSON object, got {kind}")))
        }
        Err(error) => {
            let line = line + (error.line() as u64).saturating_sub(1);
            let said = error.to_string();
            let said = said.split(" at line ").next().unwrap_or_default();
            Err(ItemError::at(
                path,
                Some(line),
                format!("not valid JSON: {said} (column {})", error.column()),
            ))
        }
    }
}

/// The rows of a `.jsonl` file; blank lines are skipped.
pub(super) struct Lines<R> {
    path: PathBuf,
    source: R,
    line: u64,
    buffer: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(path: PathBuf, source: R) -> Self {
        Self { path, source, line: 0, buffer: Vec::new() }
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        loop {
            self.buffer.clear();
            self.line += 1;
            match self.source.read_until(b'\n', &mut self.buffer) {
                Ok(0) => return None,
                Ok(_) if self.buffer.trim_ascii().is_empty() => {}
                Ok(_) => {
                    return Some(
                        object(&self.path, self.line, self.buffer.trim_ascii_end())
                            .map(|fields| (self.line, fields)),
                    );
                }
                Err(error) => return Some(Err(failed(&self.path, self.line, &error))),
            }
        }
    }
}

/// The rows of a `.json` file. Lists are opened where they stand at the top, one after the other or one a line.
pub(super) struct Documents<R> {
    path: PathBuf,
    source: R,
    /// The line of the next byte.
    line: u64,
    state: State,
    buffer: Vec<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Between two values.
    Top,
    /// After `[`: a value or `]`.
    First,
    /// After a value in a list: `,` or `]`.
    Separator,
    /// After `,`: a value.
    Next,
}

impl<R: BufRead> Documents<R> {
    pub(super) fn new(path: PathBuf, source: R) -> Self {
        Self { path, source, line: 1, state: State::Top, buffer: Vec::new() }
    }

    fn refuse(&self, problem: &str) -> Row {
        Err(ItemError::at(&self.path, Some(self.line), problem))
    }

    /// The next byte that is not white space, left in the source.
    fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            let chunk = self.source.fill_buf()?;
            let Some(&first) = chunk.first() else { return Ok(None) };
            let blank = chunk.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            if blank == 0 {
                return Ok(Some(first));
            }
            self.line += count_lines(&chunk[..blank]);
            self.source.consume(blank);
        }
    }

    /// Puts one value into the buffer: up to the end of its brackets, or to what follows a bare one.
    fn take_value(&mut self) -> io::Result<()> {
        self.buffer.clear();
        let mut scan = Scan::default();
        loop {
            let chunk = self.source.fill_buf()?;
            if chunk.is_empty() {
                return Ok(());
            }
            let (count, complete) = scan.advance(chunk);
            self.buffer.extend_from_slice(&chunk[..count]);
            self.line += count_lines(&chunk[..count]);
            self.source.consume(count);
            if complete {
                return Ok(());
            }
            if self.buffer.len() > MAX_ROW_BYTES {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "a row of more than 256 MB"));
            }
        }
    }

    fn step(&mut self) -> Option<Row> {
        loop {
            let byte = match self.peek() {
                Ok(byte) => byte,
                Err(error) => return Some(Err(failed(&self.path, self.line, &error))),
            };
            let next = match (self.state, byte) {
                (State::Top, None) => return None,
                (_, None) => return Some(self.refuse("the file ends inside of a list; is it cut off?")),
                (State::Top, Some(b'[')) => State::First,
                (State::First | State::Separator, Some(b']')) => State::Top,
                (State::Separator, Some(b',')) => State::Next,
                (State::Separator, Some(_)) => {
                    return Some(self.refuse("not valid JSON: expected , or ] after a row"));
                }
                (State::Top | State::First | State::Next, Some(_)) => return Some(self.value()),
            };
            self.state = next;
            self.source.consume(1);
        }
    }

    fn value(&mut self) -> Row {
        let line = self.line;
        self.take_value().map_err(|error| failed(&self.path, line, &error))?;
        if self.state != State::Top {
            self.state = State::Separator;
        }
        object(&self.path, line, &self.buffer).map(|fields| (line, fields))
    }
}

impl<R: BufRead> Iterator for Documents<R> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        self.step()
    }
}

fn count_lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// Where a value ends; whether it is valid is the parser's business.
#[derive(Default)]
struct Scan {
    depth: usize,
    in_text: bool,
    escaped: bool,
    begun: bool,
}

impl Scan {
    /// How many bytes belong to the value, and whether it is complete with them.
    fn advance(&mut self, chunk: &[u8]) -> (usize, bool) {
        for (i, &byte) in chunk.iter().enumerate() {
            if self.in_text {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => {
                        self.in_text = false;
                        if self.depth == 0 {
                            return (i + 1, true);
                        }
                    }
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' => self.in_text = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' if self.depth > 0 => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return (i + 1, true);
                    }
                }
                // The end of a bare value; a stray one is taken, so that the scan always moves.
                b'}' | b']' | b',' | b' ' | b'\t' | b'\r' | b'\n' if self.depth == 0 && self.begun => {
                    return (i, true);
                }
                _ => {}
            }
            self.begun = true;
        }
        (chunk.len(), false)
    }
}
