//! Data files in all formats, and what is refused with its place.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use project::items::{self, Item};
use serde_json::json;

use crate::kit::{Project, RADIO};

/// A project whose data is `content` in a file of that name.
fn project(name: &str, content: impl AsRef<[u8]>) -> Project {
    let project = Project::verbatim(&format!(
        "annotation_task_name: t\noutput_annotation_dir: out\nitem_properties: {{id_key: id, text_key: text}}\ndata_files: [{name}]\n{RADIO}"
    ));
    project.write(name, content);
    project
}

fn read(name: &str, content: impl AsRef<[u8]>) -> Vec<Item> {
    items::read(&project(name, content).config()).collect::<Result<_, _>>().unwrap()
}

fn refused(name: &str, content: impl AsRef<[u8]>) -> String {
    let project = project(name, content);
    let results: Vec<_> = items::read(&project.config()).collect();
    let error = results.last().unwrap().as_ref().unwrap_err().to_string();
    assert_eq!(results.iter().filter(|result| result.is_err()).count(), 1);
    error.replace(&format!("{}/", project.path("").display()).replace("//", "/"), "")
}

fn ids(items: &[Item]) -> Vec<&str> {
    items.iter().map(|item| item.id.as_str()).collect()
}

#[test]
fn all_formats_give_the_same_items() {
    let rows = [
        ("d.jsonl", "{\"id\": \"1\", \"text\": \"a\"}\n\n{\"id\": 2, \"text\": \"b\"}"),
        ("d.json", "[{\"id\": \"1\", \"text\": \"a\"},\n {\"id\": 2, \"text\": \"b\"}]\n"),
        ("d.json", "\u{feff}\n [ {\"id\": \"1\", \"text\": \"a\"} , {\"id\": 2, \"text\": \"b\"} ] \n"),
        ("d.json", "{\"id\": \"1\", \"text\": \"a\"}\n{\"id\": 2,\n \"text\": \"b\"}\n"),
        ("d.json", "[{\"id\": \"1\", \"text\": \"a\"}]\n[{\"id\": 2, \"text\": \"b\"}]\n"),
        ("d.csv", "id,text\r\n1,a\r\n,\r\n2,b\r\n"),
        ("d.tsv", "id\ttext\n1\ta\n\n2\tb"),
        ("d.CSV", "\u{feff}id,text\n1,a\n\n2,b\n"),
    ];
    for (name, content) in rows {
        let items = read(name, content);
        assert_eq!(ids(&items), ["1", "2"], "{name} {content:?}");
        assert_eq!(items[1].fields["text"], "b", "{name} {content:?}");
    }
    assert_eq!(ids(&read("d.json", "{\n \"id\": \"only\",\n \"text\": \"x ] } \\\" y\"\n}")), ["only"]);
    assert_eq!(ids(&read("d.json", "[]")), Vec::<&str>::new());
}

#[test]
fn values_of_tables_stay_as_they_are() {
    let items = read("d.csv", "id,text,extra\n007,\"a, \"\"b\"\"\nc\",\n008,short\n");
    assert_eq!(items[0].id, "007");
    assert_eq!(items[0].fields["text"], "a, \"b\"\nc");
    assert_eq!(items[1].fields["extra"], "");
    let items = read("d.tsv", "id\ttext\n1\t\"a\n2\t b \n");
    assert_eq!(items[0].fields["text"], "\"a");
    assert_eq!(items[1].fields["text"], " b ");
}

#[test]
fn rows_are_kept_verbatim_in_the_order_of_their_keys() {
    let items = read("d.jsonl", "{\"z\": [1, {\"b\": null}], \"id\": \"1\", \"a\": 1e3, \"text\": \"é\"}\n");
    assert_eq!(items[0].fields.keys().collect::<Vec<_>>(), ["z", "id", "a", "text"]);
    assert_eq!(items[0].fields["z"], json!([1, {"b": null}]));
}

#[test]
fn a_row_that_cannot_be_served_is_refused_with_its_place() {
    for (name, content, said) in [
        ("d.jsonl", "{\"id\": \"1\"}\n{\"text\": \"b\"}\n", "d.jsonl:2: the row has no \"id\""),
        ("d.jsonl", "{\"id\": \"\"}\n", "d.jsonl:1: \"id\" is empty"),
        ("d.jsonl", "{\"id\": null}\n", "d.jsonl:1: \"id\" must be text or a number"),
        ("d.jsonl", "[{\"id\": 1}]\n", "d.jsonl:1: each row must be a JSON object, got a list"),
        ("d.jsonl", "\n{\"id\": 1\n", "d.jsonl:2: not valid JSON"),
        ("d.json", "[{\"id\": 1},\n5]\n", "d.json:2: each row must be a JSON object, got a number"),
        ("d.json", "[{\"id\": 1}\n{\"id\": 2}]", "d.json:2: not valid JSON: expected , or ]"),
        ("d.json", "[{\"id\": 1},\n{\"id\": \n]", "d.json:3: not valid JSON"),
        ("d.json", "[{\"id\": 1}", "cut off"),
        ("d.json", "[,]", "not valid JSON"),
        ("d.json", "]", "not valid JSON"),
        ("d.csv", "id,text\n1,a,b\n", "d.csv:2: the row has 3 values, the header 2"),
        ("d.csv", "id,id\n1,a\n", "d.csv:1: the header names the column \"id\" twice"),
        ("d.tsv", "id\ttext\n1\ta\tb\n", "d.tsv:2: the row has 3 values"),
        ("d.jsonl", "{\"id\": \"1\"}\n{\"id\": 1}\n", "d.jsonl:2: the id \"1\" is already that of d.jsonl:1"),
        ("d.json", "[{\"id\": \"1\"},\n\n{\"id\": 1}]", "d.json:3: the id \"1\" is already that of d.json:1"),
    ] {
        let error = refused(name, content);
        assert!(error.contains(said), "{content:?}: {error}");
    }
    assert!(refused("d.jsonl", b"{\"id\": \"\xff\"}\n").contains("bytes that are not UTF-8"));
}

#[test]
fn an_id_may_stand_once_over_all_files() {
    let project = project("a.csv", "id,text\n1,a\n");
    let text = std::fs::read_to_string(project.path("config.yaml")).unwrap();
    project.write("config.yaml", text.replace("[a.csv]", "[a.csv, {path: b.jsonl}]"));
    project.write("b.jsonl", "{\"id\": 2}\n{\"id\": 1}\n");
    let error = items::read(&project.config()).find_map(Result::err).unwrap().to_string();
    assert!(error.contains("b.jsonl:2: the id \"1\"") && error.contains("a.csv:2;"), "{error}");
}

#[test]
fn other_encodings_are_read_when_they_are_named() {
    let named = |encoding: &str, content: &[u8]| {
        let project = project("d.csv", content);
        let text = std::fs::read_to_string(project.path("config.yaml")).unwrap();
        project.write(
            "config.yaml",
            text.replace("[d.csv]", &format!("[{{path: d.csv, encoding: {encoding}}}]")),
        );
        items::read(&project.config())
            .map(|item| item.map(|item| item.fields["text"].clone()))
            .next()
            .unwrap()
    };
    let utf16: Vec<u8> = "\u{feff}id,text\n1,é\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (encoding, content) in [
        ("utf-8", "id,text\n1,é\n".as_bytes()),
        ("UTF_8_SIG", "\u{feff}id,text\n1,é\n".as_bytes()),
        ("latin-1", b"id,text\n1,\xe9\n"),
        ("cp1252", b"id,text\n1,\xe9\n"),
        ("iso8859_15", b"id,text\n1,\xe9\n"),
        ("utf-16", &utf16),
    ] {
        assert_eq!(named(encoding, content).unwrap(), "é", "{encoding}");
    }
    assert_eq!(named("shift_jis", b"id,text\n1,\x83e\x83X\x83g\n").unwrap(), "テスト");
    assert!(named("ascii", b"id,text\n1,a\n").is_ok());
    let project = project("d.csv", "id,text\n");
    let text = std::fs::read_to_string(project.path("config.yaml")).unwrap();
    project.write("config.yaml", text.replace("[d.csv]", "[{path: d.csv, encoding: klingon}]"));
    assert!(project.refusal().contains("data_files[0].encoding: \"klingon\" is not a known encoding"));
}

#[test]
fn an_item_shows_its_text_tidied_and_harmless() {
    let project = project(
        "d.jsonl",
        "{\"id\": 1, \"text\": \"Tom  works<script>x</script> at <b>Acme</b> & co\"}\n{\"id\": 2}\n",
    );
    let config = project.config();
    let items: Vec<_> = items::read(&config).collect::<Result<_, _>>().unwrap();
    assert_eq!(
        items[0].displayed(&config),
        "Tom works&lt;script&gt;x&lt;/script&gt; at <b>Acme</b> &amp; co"
    );
    assert_eq!((items[1].text(&config), items[1].displayed(&config)), (String::new(), String::new()));
}

#[test]
fn a_fingerprint_tells_a_file_that_was_touched() {
    let project = project("d.jsonl", "{\"id\": 1}\n");
    let config = project.config();
    let before = items::fingerprint(&config).unwrap();
    assert_eq!(before, items::fingerprint(&config).unwrap());
    project.write("d.jsonl", "{\"id\": 10}\n");
    assert_ne!(before, items::fingerprint(&config).unwrap());
    std::fs::remove_file(project.path("d.jsonl")).unwrap();
    assert!(items::fingerprint(&config).unwrap_err().to_string().contains("d.jsonl: cannot be looked at"));
}

#[test]
fn many_rows_are_read_as_a_stream() {
    const ROWS: usize = 100_000;
    let mut list = "[".to_owned();
    for i in 0..ROWS {
        let comma = if i == 0 { "" } else { ",\n" };
        write!(list, "{comma}{{\"id\": \"item_{i}\", \"text\": \"{}\"}}", "word ".repeat(20)).unwrap();
    }
    list.push(']');
    let project = project("d.json", list);
    let config = project.config();
    let begun = Instant::now();
    let mut rows = items::read(&config);
    assert_eq!(rows.next().unwrap().unwrap().id, "item_0");
    // Far below the time that the whole file takes.
    assert!(begun.elapsed() < Duration::from_millis(200));
    assert_eq!(rows.flatten().count(), ROWS - 1);
}
