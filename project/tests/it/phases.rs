//! What comes before and after the annotation.

use std::fs;
use std::path::Path;

use project::config::PageKind::{self, Annotation, Consent, Prestudy};
use project::config::{self, Phases};
use project::items;
use project::schemes::{Answers, Labels};

use crate::kit::{NOBODY, Project, RADIO};

const CONSENT: &str = r#"[{"annotation_type": "radio", "name": "agree", "description": "Do you?", "labels": ["i_agree", "no"]}]"#;

fn project(phases: &str) -> Project {
    let project = Project::new(&format!("{RADIO}{phases}"));
    project.write("consent.json", CONSENT);
    project
}

fn phases(text: &str) -> Phases {
    project(text).config().phases
}

fn names(phases: &Phases) -> Vec<(PageKind, &str)> {
    phases.pages.iter().map(|page| (page.kind, page.name.as_str())).collect()
}

#[test]
fn without_phases_there_is_the_annotation() {
    assert_eq!(names(&phases("")), [(PageKind::Annotation, "annotation")]);
    assert_eq!(
        names(&phases("phases: {order: [annotation], annotation: }")),
        [(PageKind::Annotation, "annotation")]
    );
}

#[test]
fn pages_of_a_type_stand_together_in_the_order_of_their_first() {
    let text = "
phases:
  order: [consent_a, survey, nowhere, consent_b]
  survey: {type: prestudy, instrument: phq-2}
  consent_a: {file: consent.json}
  consent_b: {file: consent.json}
  forgotten: {type: poststudy, file: consent.json}
";
    let project = project(text);
    let loaded = project.load();
    let expected =
        [(Consent, "consent_a"), (Consent, "consent_b"), (Prestudy, "survey"), (Annotation, "annotation")];
    assert_eq!(names(&loaded.config.phases), expected);
    assert_eq!(loaded.config.phases.pages[2].id(), "__phase_page__/prestudy/survey");
    let warned = loaded.warnings.join("\n");
    assert!(warned.contains("names nowhere") && warned.contains("phases.forgotten"), "{warned}");
    let list = phases(
        "
phases:
  - {name: hello, type: instructions, annotation_schemes: [{annotation_type: pure_display, name: hi, description: Hi}]}
  - {name: annotation}
  - {name: after, type: poststudy, file: consent.json}
",
    );
    assert_eq!(
        list.pages.iter().map(|page| page.name.as_str()).collect::<Vec<_>>(),
        ["hello", "annotation", "after"]
    );
}

#[test]
fn questions_may_be_in_any_of_the_files_and_beside_instruments() {
    let project = project(
        "
phases:
  consent: {file: consent.json}
  instructions: {file: read.html}
  prestudy: {instruments: [gad-2, phq-2], file: lines.jsonl, annotation_schemes: [{annotation_type: text, name: so, description: So?}]}
  poststudy: {file: last.yaml}
",
    );
    project.write("read.html", "<h2>Read</h2><script>alert(1)</script><p>this</p>");
    project.write(
        "lines.jsonl",
        "{\"annotation_type\": \"number\", \"name\": \"age\", \"description\": \"Age\"}\n\n\t{\"annotation_type\": \"text\", \"name\": \"job\", \"description\": \"Job\"}\n",
    );
    project.write("last.yaml", "annotation_type: likert\nsequential_key_binding: true\nname: fun\ndescription: Fun?\nsize: 5\nmin_label: a\nmax_label: b\n");
    let config = project.config();
    let [consent, instructions, prestudy, poststudy, annotation] = config.phases.pages.as_slice() else {
        panic!("{:?}", names(&config.phases))
    };
    assert_eq!(annotation.kind, PageKind::Annotation, "it is appended");
    let html = consent.schemes[0].form(0, None, &NOBODY);
    assert!(html.contains(">i_agree<"), "labels are shown as they are written: {html}");
    let html = instructions.html.as_deref().unwrap();
    assert!(html.contains("<h2>Read</h2>") && !html.contains("<script"), "{html}");
    let asked: Vec<&str> = prestudy.schemes.iter().map(|scheme| scheme.name.as_str()).collect();
    assert_eq!(
        asked,
        ["gad2_instruction", "gad2_1", "gad2_2", "phq2_instruction", "phq2_1", "phq2_2", "age", "job", "so"]
    );
    assert_eq!(poststudy.schemes[0].name, "fun");
    assert!(!poststudy.schemes[0].keys.is_empty(), "keys are allotted for each page");
}

#[test]
fn what_cannot_be_shown_stops_the_start_in_words() {
    for (text, said) in [
        ("phases: {consent: {file: gone.json}}", "phases.consent.file: \"gone.json\" is not there"),
        ("phases: {consent: {}}", "phases.consent.file: is missing"),
        ("phases: {consent: {file: page.html}}", "must end in .json, .jsonl or .yaml"),
        ("phases: {consent: {file: broken.json}}", "broken.json: line 2: not valid JSON"),
        (
            "phases: {consent: {file: wrong.json}}",
            "wrong.json at line 2: [0].annotation_type: image_annotation",
        ),
        (
            "phases: {consent: {file: consent.json, annotation_schemes: [{annotation_type: text, name: agree, description: d}]}}",
            "\"agree\" is the name of two questions",
        ),
        ("phases: {hm: {file: consent.json}}", "phases.hm.type: is missing"),
        ("phases: {hm: {type: jspsych}}", "\"jspsych\" is not built here"),
        ("phases: {prestudy: {instrument: who-5}}", "put its questions into a file and name it under file:"),
        ("phases: {prestudy: {instrument: tipy}}", "tipy is not an instrument"),
        (
            "phases: {prestudy: {instrument: tipi, show_when: [{schema: nope, operator: empty}]}}",
            "asks about \"nope\"",
        ),
        (
            "phases: {prestudy: {instrument: tipi, exit_when: {message: x}}}",
            "exit_when.show_when: is missing",
        ),
        (
            "phases: [{name: a, type: consent, file: consent.json}, {name: a, type: poststudy, file: consent.json}]",
            "names two pages",
        ),
        ("phases: {training: {type: training}}", "needs training at the top"),
    ] {
        let project = project(text);
        project.write("page.html", "<p>x</p>");
        project.write("broken.json", "[\n{\"name\": }]");
        project.write(
            "wrong.json",
            "[\n{\"annotation_type\": \"image_annotation\", \"name\": \"x\", \"description\": \"d\"}]",
        );
        let error = project.refusal();
        assert!(error.contains(said), "{text}: {error:?} does not say {said:?}");
    }
    let project = project("phases: {consent: {file: consent.json}}");
    project.write("data.jsonl", "{\"id\": \"__phase_page__/consent/consent\", \"text\": \"t\"}\n");
    let error = items::read(&project.config()).find_map(Result::err).unwrap().to_string();
    assert!(error.contains("begins with __phase_page__"), "{error}");
}

const TRAINING: &str = r#"{"training_instances": [
 {"id": "t1", "text": "So glad!", "correct_answers": {"mood": "Happy"}, "explanation": "glad is happy"},
 {"id": 2, "text": "Woe", "correct_answers": {"mood": ["sad"]}}]}"#;

#[test]
fn training_is_graded_whatever_the_case_and_as_sets() {
    let project = project(
        "
phases: {training: {type: training}, annotation: }
training: {data_file: train/questions.json, passing_criteria: {max_mistakes: 3, max_attempts: -1}, feedback: {allow_retry: true}}
",
    );
    project.write("train/questions.json", TRAINING);
    let training = project.config().phases.training.unwrap();
    assert_eq!((training.min_correct, training.max_mistakes, training.allow_retry), (2, Some(3), true));
    let answer = |label: &str| -> Answers {
        let labels: Labels = [(label.to_owned(), label.into())].into_iter().collect();
        [("mood".to_owned(), labels)].into_iter().collect()
    };
    let [first, second] = training.questions.as_slice() else { panic!("{training:?}") };
    assert!(first.is_right(&answer("happy")) && !first.is_right(&answer("sad")));
    assert!(!first.is_right(&Answers::new()), "no answer is a mistake");
    assert!(second.is_right(&answer("sad")));
    assert!(!first.item.fields.contains_key("correct_answers"), "the page gets no answers");

    project.write("train/questions.json", TRAINING.replace("\"mood\": [", "\"mod\": ["));
    assert!(project.refusal().contains("\"mod\", which is not trained"));
}

#[test]
fn the_survey_demo_is_read_as_it_is() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../shared/potato-examples/classification/survey-demo/config.yaml");
    if !fs::exists(&file).unwrap() {
        println!("skipped: {} is not there", file.display());
        return;
    }
    let phases = config::load(&file).unwrap().config.phases;
    let counts: Vec<_> = phases.pages.iter().map(|page| (page.kind.phase(), page.schemes.len())).collect();
    assert_eq!(counts, [("consent", 2), ("prestudy", 11), ("annotation", 0), ("poststudy", 17)]);
    let words = phases.pages[0].schemes[0].form(0, None, &NOBODY);
    assert!(words.contains("<h3>Survey Instruments Demo</h3>"), "{words}");
}
