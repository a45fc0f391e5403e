//! Our reading against that of `PyYAML` itself, over what people write and over what trips readers up.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::{Yaml, parse};

/// Prints each document of the list on stdin as `PyYAML` reads it: dates as their text, what fails as null.
const READER: &str = r#"
import json, sys, yaml, datetime
def plain(v):
    if isinstance(v, dict): return {str(k): plain(x) for k, x in v.items()}
    if isinstance(v, list): return [plain(x) for x in v]
    if isinstance(v, (datetime.date, datetime.datetime)): return str(v)
    return v
def read(text):
    try: return {"value": plain(yaml.safe_load(text))}
    except Exception: return None
print(json.dumps([read(t) for t in json.load(sys.stdin)]))
"#;

/// Each is tried as a value of a mapping and as an entry of a list.
#[rustfmt::skip]
const SCALARS: &[&str] = &[
    "yes", "No", "ON", "off", "y", "n", "oN", "tRUE", "TRUE", "~", "null", "Null", "nUll", "", "0", "-0",
    "+1", "00", "010", "-010", "08", "0o17", "0x1f", "0X1F", "-0x1_F", "0b101", "0b", "0b2", "1_000", "_1",
    "1_", "12:30", "-1:00", "1:60", "190:20:30", "0:30", "1:30.5", "0:00.5", "1e3", "1E3", "1.e3", "1.5e3",
    "1.5e+3", "1.5e-3", "1.5E+3", ".5", "-.5", "+.5", "5.", "1_0.5_0", "..5", "1.2.3", "-", "--", "+", ".",
    ".nan1", ".infx", "2020-01-02", "2020-1-2", "!!str 5", "!!int \"5\"", "! 5", "!!float \"5\"",
    "!!bool \"yes\"", "'yes'", "\"5\"", "'it''s'", "\"a\\tb\\u00e9\"", "<", "a: b: c", "a #b", "a#b", "- a",
    "[a, b", "{a: 1, b: [yes, 5]}", "[a, b,]", "{a, b}", "[]", "{}", "@a", "`a", "%a", "&a b", "*a",
    "!!unknown x", "a\\nb", "\u{e9}", "\u{1f600}", "1,5", "1 000", "5%", "$5", "(a)", "null null",
];

const DOCUMENTS: &[&str] = &[
    "",
    "# only a comment\n",
    "a: 1\na: 2\nb: 3\n",
    "base: &base {x: 1, y: 2}\nall:\n  <<: *base\n  y: 3\n  z: 4\n",
    "a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc:\n  z: 0\n  <<: [*a, *b]\n",
    "a: &a [1, 2]\nb: *a\nc: {d: *a}\n",
    "a: 1\n<<: 5\n",
    "a: |\n  one\n   two\n\n  three\nb: >-\n  folded\n  text\n\n  more\nc: |+\n  keep\n\nd: 1\n",
    "a: 'two\n  lines'\nb: \"two\n  lines \\\n  joined\"\n",
    "a:\n- 1\n- 2\nb:\n  - x: 1\n    y: 2\n  - z\n",
    "a:\n\tb: 1\n",
    "a: b\n  c: d\n",
    "a: [1, 2\nb: 3\n",
    "a: \"open\n",
    "? a\n: b\n? c\n",
    "--- \na: 1\n...\n",
    "a: 1\n---\nb: 2\n",
    "%YAML 1.1\n---\na: yes\n",
    "a: {b: c, d: [e, {f: g}]}\n",
    "'quoted key': 1\n\"other\": 2\n",
    "a: http://example.org/x?y=1#z\nb: 10:20 uhr\nc: a:b\n",
    "a:   spaced   text   # comment\nb: 'x' # c\n",
    "a: !!map {b: 1}\nc: !!seq [1]\n",
    "labels: [yes, no, maybe]\n",
    "a: >\n  x\n  y\n",
    "a: |2\n    two spaces more\n",
    "a: - b\n",
    "a: null\nb:\nc: ''\n",
    "\u{feff}a: 1\n",
    "a: 1\r\nb: 2\r\n",
    "- - 1\n  - 2\n- - 3\n",
    "a: {x: 1,\n  y: 2}\n",
    "x: [a\n, b]\n",
    "a: *missing\n",
];

/// The reading of `PyYAML`, one entry a document; `None`, with a printed line, where it is not installed.
fn pyyaml(documents: &[String]) -> Option<Vec<Value>> {
    let python = std::env::var("SPUD_VENV")
        .map_or_else(|_| PathBuf::from("python3"), |venv| Path::new(&venv).join("bin/python"));
    let child = Command::new(&python)
        .args(["-c", READER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = child else {
        println!("skipped: {} cannot be started (SPUD_VENV names the venv)", python.display());
        return None;
    };
    let text = serde_json::to_string(documents).unwrap();
    let written = child.stdin.take().unwrap().write_all(text.as_bytes());
    let output = child.wait_with_output().unwrap();
    if written.is_err() || !output.status.success() {
        println!("skipped: {} has no PyYAML (SPUD_VENV names the venv)", python.display());
        return None;
    }
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

fn ours(document: &str) -> Value {
    match parse(document) {
        Ok((node, _)) => serde_json::json!({"value": node.to_json()}),
        Err(_) => Value::Null,
    }
}

fn compare(documents: &[String]) {
    let Some(theirs) = pyyaml(documents) else { return };
    let differing: Vec<_> = documents
        .iter()
        .zip(theirs)
        .filter(|(document, theirs)| ours(document) != *theirs)
        .map(|(document, theirs)| format!("{document:?}\n  PyYAML: {theirs}\n  ours:   {}", ours(document)))
        .collect();
    assert!(differing.is_empty(), "{} of {}:\n{}", differing.len(), documents.len(), differing.join("\n"));
}

#[test]
fn every_example_project_reads_as_pyyaml_reads_it() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/potato-examples");
    if !examples.is_dir() {
        println!("skipped: {} is not there", examples.display());
        return;
    }
    let mut documents = Vec::new();
    for group in ["classification", "span"] {
        for project in fs::read_dir(examples.join(group)).unwrap() {
            documents.push(fs::read_to_string(project.unwrap().path().join("config.yaml")).unwrap());
        }
    }
    assert_eq!(documents.len(), 41);
    compare(&documents);
}

#[test]
fn what_trips_readers_up_reads_as_pyyaml_reads_it() {
    let mut documents: Vec<String> = SCALARS.iter().map(|scalar| format!("key: {scalar}\n")).collect();
    documents.extend(SCALARS.iter().map(|scalar| format!("- {scalar}\n")));
    documents.extend(DOCUMENTS.iter().map(|document| (*document).to_owned()));
    compare(&documents);
}

#[test]
fn boolean_keys_become_the_text_that_was_written_with_a_warning() {
    let (node, warnings) = parse("textarea:\n  on: true\n  yes: 1\n  'off': 2\n").unwrap();
    let Yaml::Map(map) = &node.value else { panic!("{node:?}") };
    let keys: Vec<_> = match &map["textarea"].value {
        Yaml::Map(inner) => inner.keys().map(String::as_str).collect(),
        other => panic!("{other:?}"),
    };
    assert_eq!(keys, ["on", "yes", "off"]);
    assert_eq!(warnings.len(), 2);
    assert!(warnings[0].starts_with("line 2: the key on"), "{warnings:?}");
}

#[test]
fn a_key_given_twice_warns_with_both_lines() {
    let (_, warnings) = parse("a: 1\nb: 2\na: 3\n").unwrap();
    assert_eq!(warnings, ["line 3: a is given twice (first at line 1); the last one counts"]);
}

#[test]
fn an_error_names_its_line() {
    for (text, line) in [("a: 1\nb: [1\nc: 2\n", 3), ("a: 1\n\tb: 2\n", 2), ("a: 1\nb: !!binary aGk=\n", 2)] {
        let error = parse(text).unwrap_err();
        assert_eq!(error.line, line, "{text:?}: {}", error.problem);
    }
}

#[test]
fn aliases_that_grow_without_end_are_refused() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for i in 1..12 {
        let before = format!("*a{}", i - 1);
        let list = vec![before; 10].join(", ");
        writeln!(bomb, "a{i}: &a{i} [{list}]").unwrap();
    }
    let error = parse(&bomb).unwrap_err();
    assert!(error.problem.contains("aliases"), "{}", error.problem);
}
