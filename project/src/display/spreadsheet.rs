//! A field of type `spreadsheet`: rows as a table that scrolls in itself.

use askama::Template;
use indexmap::IndexSet;
use serde_json::Value;

use super::options::Options;
use super::{Kind, Place, written};
use crate::config::ConfigError;

pub(super) const OPTIONS: &[&str] = &["headers", "show_headers", "show_row_numbers"];

/// Keys of a mapping that hold the header, and the rows.
const HEADERS: [&str; 3] = ["headers", "columns", "header"];
const ROWS: [&str; 3] = ["rows", "data", "values"];

/// How rows are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spreadsheet {
    headers: Vec<String>,
    headed: bool,
    numbered: bool,
}

pub(super) fn read(options: &Options<'_>) -> Result<Kind, ConfigError> {
    Ok(Kind::Spreadsheet(Spreadsheet {
        headers: options.texts("headers")?,
        headed: options.flag("show_headers", true)?,
        numbered: options.flag("show_row_numbers", false)?,
    }))
}

#[derive(Template)]
#[template(path = "spreadsheet.html")]
struct Table<'a> {
    name: &'a str,
    numbered: bool,
    headers: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

struct Cell {
    text: String,
    number: bool,
}

impl Spreadsheet {
    pub(super) fn html(&self, value: &Value, place: &Place<'_>) -> String {
        let (found, rows) = self.table(value);
        let headers = match (self.headed, self.headers.is_empty()) {
            (false, _) => Vec::new(),
            (true, true) => found,
            (true, false) => self.headers.clone(),
        };
        written(&Table { name: place.name, numbered: self.numbered, headers, rows })
    }

    /// A list of mappings, a list of lists of which the first is the header, a mapping with both, or text as in a CSV file.
    fn table(&self, value: &Value) -> (Vec<String>, Vec<Vec<Cell>>) {
        match value {
            Value::String(text) => self.split(csv_rows(text)),
            Value::Object(fields) => {
                let find = |keys: &[&str]| keys.iter().find_map(|key| fields.get(*key)?.as_array());
                let Some(rows) = find(&ROWS) else { return records(std::slice::from_ref(value)) };
                match find(&HEADERS) {
                    Some(headers) => (headers.iter().map(words).collect(), rows.iter().map(row).collect()),
                    None => self.table(&Value::Array(rows.clone())),
                }
            }
            Value::Array(rows) if rows.iter().any(Value::is_object) => records(rows),
            Value::Array(rows) => self.split(rows.iter().map(row).collect()),
            Value::Null | Value::Bool(_) | Value::Number(_) => (Vec::new(), Vec::new()),
        }
    }

    /// The first row is the header, unless the config has one or wants none.
    fn split(&self, mut rows: Vec<Vec<Cell>>) -> (Vec<String>, Vec<Vec<Cell>>) {
        if rows.is_empty() || !self.headed || !self.headers.is_empty() {
            return (Vec::new(), rows);
        }
        (rows.remove(0).into_iter().map(|cell| cell.text).collect(), rows)
    }
}

/// Rows by the names of their columns; the header has each name once, in the order in which they come.
fn records(rows: &[Value]) -> (Vec<String>, Vec<Vec<Cell>>) {
    let names: IndexSet<&String> =
        rows.iter().filter_map(Value::as_object).flat_map(|row| row.keys()).collect();
    let cells =
        |row: &Value| names.iter().map(|name| cell(row.get(name.as_str()).unwrap_or(&Value::Null))).collect();
    (names.iter().map(|name| (*name).clone()).collect(), rows.iter().map(cells).collect())
}

fn row(value: &Value) -> Vec<Cell> {
    match value {
        Value::Array(values) => values.iter().map(cell).collect(),
        other => vec![cell(other)],
    }
}

fn cell(value: &Value) -> Cell {
    Cell { text: words(value), number: value.is_number() }
}

fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn csv_rows(text: &str) -> Vec<Vec<Cell>> {
    let delimiter = if text.lines().next().is_some_and(|line| line.contains('\t')) { b'\t' } else { b',' };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    // The text is in memory and UTF-8: there is no row that cannot be read.
    let rows = reader.records().filter_map(Result::ok);
    let cell = |text: &str| Cell { text: text.to_owned(), number: text.trim().parse::<f64>().is_ok() };
    rows.map(|row| row.iter().map(cell).collect()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn tables_come_in_all_the_shapes_of_data() {
        let Ok(Kind::Spreadsheet(sheet)) = read(&Options(None)) else { panic!("no options are needed") };
        for value in [
            json!([{"a": "x", "b": 1}, {"b": 2, "c": "z"}]),
            json!([["a", "b", "c"], ["x", 1, ""], ["", 2, "z"]]),
            json!({"columns": ["a", "b", "c"], "rows": [["x", 1, null], [null, 2, "z"]]}),
            json!("a,b,c\nx,1,\n,2,z\n"),
            json!("a\tb\tc\nx\t1\t\n\t2\tz"),
        ] {
            let (headers, rows) = sheet.table(&value);
            assert_eq!(headers, ["a", "b", "c"], "{value}");
            let texts: Vec<Vec<&str>> =
                rows.iter().map(|row| row.iter().map(|cell| cell.text.as_str()).collect()).collect();
            assert_eq!(texts, [["x", "1", ""], ["", "2", "z"]], "{value}");
            assert!(rows[0][1].number && !rows[0][0].number, "{value}");
        }
    }
}
