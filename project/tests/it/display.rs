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
        ("[{key: a, type: pdf}]", "pdf is known to Potato and not built here yet"),
        ("[{key: a, type: imag}]", "did you mean image?"),
        ("[{type: text}]", "key"),
        ("[{key: a, type: code, span_target: true}]", "span_target"),
        ("[{key: a, type: text, display_options: {max_height: 0}}]", "max_height"),
    ] {
        let refused = refusal(&format!("{RADIO}instance_display: {{fields: {fields}}}"));
        assert!(refused.contains(words) && refused.contains("instance_display.fields[0]"), "{refused}");
    }
}

/// What each field of a display shows of an item, in a project with one image and one film.
fn shown(fields: &str, value: &Value) -> Vec<String> {
    let project = Project::new(&format!("{RADIO}instance_display:\n  fields:\n{fields}"));
    project.write("media/cat & dog.png", "x");
    project.write("media/a.mp4", "x");
    let config = project.config();
    let item = item(value);
    let display = config.display.as_ref().unwrap();
    display.fields.iter().map(|field| field.html(&item.fields, &config)).collect()
}

#[test]
fn media_lead_to_their_files_and_a_missing_one_is_named() {
    let fields = "
    - {key: pic, type: image, label: A \"cat\"}
    - {key: flat, type: image, display_options: {zoomable: false, alt_text: Flat, max_width: 200}}
    - {key: gone, type: image}
    - {key: bad, type: video}
    - {key: film, type: video, display_options: {poster: cat & dog.png, loop: true}}
    - {key: sound, type: audio, label: Voice}
    - {key: none, type: audio}
";
    let html = shown(
        fields,
        &json!({
            "pic": "cat & dog.png", "flat": "https://x.org/a.png?b=1&c=2", "gone": "<b>.png", "bad": "javascript:alert(1)",
            "film": {"src": "a.mp4"}, "sound": "https://x.org/a.mp3", "none": "",
        }),
    );
    assert!(
        html[0].contains("href=\"/media/cat%20%26%20dog.png\"") && html[0].contains("data-zoom"),
        "{}",
        html[0]
    );
    assert!(html[0].contains("alt=\"A &#34;cat&#34;\""), "{}", html[0]);
    assert!(html[1].contains("src=\"https://x.org/a.png?b=1&#38;c=2\" alt=\"Flat\""), "{}", html[1]);
    assert!(!html[1].contains("data-zoom") && html[1].contains("--max-width: 200px"), "{}", html[1]);
    assert!(html[2].contains("The image <code>&#60;b&#62;.png</code> is missing"), "{}", html[2]);
    assert!(html[3].contains("is not the address of a video") && !html[3].contains("src="), "{}", html[3]);
    assert!(
        html[4].starts_with("<video") && html[4].contains("poster=\"/media/cat%20%26%20dog.png\""),
        "{}",
        html[4]
    );
    assert!(
        html[4].contains(" controls") && html[4].contains(" loop") && !html[4].contains("autoplay"),
        "{}",
        html[4]
    );
    assert!(html[5].starts_with("<audio") && html[5].contains("aria-label=\"Voice\""), "{}", html[5]);
    assert_eq!(html[6], "");
}

#[test]
fn pairs_tables_galleries_and_documents_are_laid_out() {
    let fields = "
    - {key: pair, type: pairwise, display_options: {labels: [Left]}}
    - {key: table, type: spreadsheet, label: Prices}
    - {key: pics, type: gallery, display_options: {columns: 3}}
    - {key: doc, type: document, span_target: true}
";
    let html = shown(
        fields,
        &json!({
            "pair": ["one <b>1</b>", {"text": "two <script>"}], "table": [{"what": "tea", "price": 2.5}],
            "pics": [{"url": "a.mp4.png", "caption": "gone"}, {"url": "cat & dog.png", "caption": "A & B"}],
            "doc": "<h1>One</h1><p>x</p><h2>Two</h2>",
        }),
    );
    assert!(
        html[0].contains(">Left</h3><div class=\"cell-text\" dir=\"auto\">one <b>1</b></div>"),
        "{}",
        html[0]
    );
    assert!(
        html[0].contains(">B</h3><div class=\"cell-text\" dir=\"auto\">two &lt;script&gt;</div>"),
        "{}",
        html[0]
    );
    assert!(html[1].contains("<th scope=\"col\" dir=\"auto\">price</th>"), "{}", html[1]);
    assert!(
        html[1].contains("class=\"number\">2.5</td>") && html[1].contains("aria-label=\"Prices\""),
        "{}",
        html[1]
    );
    assert!(
        html[2].contains("--columns: 3") && html[2].contains("a.mp4.png</code> is missing"),
        "{}",
        html[2]
    );
    assert!(html[2].contains("<figcaption>A &#38; B</figcaption>"), "{}", html[2]);
    assert!(html[3].contains("<h1 id=\"doc-section-1\">One</h1>"), "{}", html[3]);
}

#[test]
fn a_slip_in_the_options_is_told_with_the_nearest_name() {
    let project = Project::new(&format!(
        "{RADIO}instance_display: {{fields: [{{key: a, type: image, display_options: {{zomable: false}}}}]}}\n"
    ));
    let warnings = project.load().warnings;
    assert!(
        warnings.iter().any(|warning| warning.contains("zomable") && warning.contains("zoomable?")),
        "{warnings:?}"
    );
}
