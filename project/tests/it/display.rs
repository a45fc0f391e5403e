//! `instance_display`: the fields of an item as the page shows them.

use project::items::Item;
use serde_json::{Value, json};

use crate::kit::{Project, RADIO, refusal};

fn item(value: &Value) -> Item {
    Item { id: "1".to_owned(), fields: value.as_object().unwrap().clone() }
}

#[test]
fn fields_are_shown_by_their_types_and_harmless() {
    let display = "\
instance_display:
  layout: {direction: horizontal}
  fields:
    - {key: text, type: text, label: Post, span_target: true, display_options: {max_height: 300, collapsible: true}}
    - {key: more, type: html}
    - {key: source, type: code}
    - {key: talk, type: dialogue, display_options: {show_turn_numbers: true}}
";
    let config = Project::new(&format!("{RADIO}{display}")).config();
    let display = config.display.as_ref().unwrap();
    assert!(display.horizontal);
    let item = item(&json!({
        "text": "a  <b>b</b>", "more": "<i>x</i><script>bad()</script>", "source": "if a < b:\n  pass",
        "talk": ["Ann: hi", "Bob: ho"],
    }));
    let shown: Vec<String> = display.fields.iter().map(|field| field.html(&item.fields, &config)).collect();
    assert_eq!(shown[0], "a <b>b</b>");
    assert!(shown[1].contains("<i>x</i>") && !shown[1].contains("<script"));
    assert!(shown[2].contains("if a &#60; b:\n  pass"), "{}", shown[2]);
    assert!(shown[3].contains("numbered") && shown[3].contains("Bob"));
    assert_eq!((display.fields[0].max_height, display.fields[0].collapsible), (Some(300), true));
    assert_eq!(item.span_text(&config, Some("text")).as_deref(), Some("a b"));
    assert_eq!(item.span_text(&config, Some("more")), None, "no spans where the config allows none");
    assert_eq!(item.span_text(&config, None), None);
}

#[test]
fn a_field_that_cannot_be_shown_is_refused_by_name() {
    for (fields, words) in [
        ("[{key: a, type: image}]", "image is known to Potato and not built here yet"),
        ("[{key: a, type: imag}]", "\"imag\" is no type of field"),
        ("[{type: text}]", "key"),
        ("[{key: a, type: code, span_target: true}]", "span_target"),
        ("[{key: a, type: text, display_options: {max_height: 0}}]", "max_height"),
    ] {
        let refused = refusal(&format!("{RADIO}instance_display: {{fields: {fields}}}"));
        assert!(refused.contains(words) && refused.contains("instance_display.fields[0]"), "{refused}");
    }
}
