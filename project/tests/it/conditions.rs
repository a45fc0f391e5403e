//! What is shown, and so asked, as it depends on other answers.

use project::schemes::{self, Answers, Labels};
use serde_json::Value;

use crate::kit::{NOBODY, Project, refusal};

fn config(rule: &str) -> String {
    format!(
        "
annotation_schemes:
  - {{annotation_type: radio, name: mood, description: How?, labels: [happy, not happy]}}
  - {{annotation_type: multiselect, name: topics, description: What?, labels: [price, price tag, speed]}}
  - {{annotation_type: slider, name: heat, description: Warm?, min_value: 0, max_value: 10, starting_value: 5}}
  - {{annotation_type: text, name: nick, description: Name?}}
  - annotation_type: text
    name: why
    description: Why?
    required: true
    display_logic: {rule}
"
    )
}

fn labels(pairs: &[(&str, &str)]) -> Labels {
    pairs.iter().map(|(label, value)| ((*label).to_owned(), (*value).into())).collect()
}

fn answers(all: &[(&str, &[(&str, &str)])]) -> Answers {
    all.iter().map(|(scheme, pairs)| ((*scheme).to_owned(), labels(pairs))).collect()
}

/// What each operator says; the page is held to the same table.
const TABLE: &str = include_str!("data/conditions.json");

#[test]
fn each_operator_says_what_its_name_says() {
    let table: Value = serde_json::from_str(TABLE).unwrap();
    let given: Answers = serde_json::from_value(table["answers"].clone()).unwrap();
    for case in table["cases"].as_array().unwrap() {
        let [schema, operator, value] = ["schema", "operator", "value"].map(|key| &case[key]);
        let rule = format!("{{show_when: [{{schema: {schema}, operator: {operator}, value: {value}}}]}}");
        let config = Project::new(&config(&rule)).config();
        let why = config.schemes.last().unwrap();
        assert_eq!(schemes::is_shown(why, &given), case["holds"], "{case}");
        assert_eq!(schemes::is_shown(why, &Answers::new()), case["unanswered"], "{case}");
    }
}

#[test]
fn groups_nest_and_what_is_hidden_is_not_required() {
    let rule = "{logic: any, show_when: [{not: {schema: mood, operator: not_empty}}, \
                {all: [{schema: mood, operator: equals, value: happy}, {schema: heat, operator: gt, value: 5}]}]}";
    let config = Project::new(&config(rule)).config();
    let unmet = |given: &Answers| schemes::unmet(&config.schemes, given).len();
    assert_eq!(unmet(&Answers::new()), 1);
    assert_eq!(unmet(&answers(&[("mood", &[("happy", "happy")])])), 0);
    assert_eq!(unmet(&answers(&[("mood", &[("happy", "happy")]), ("heat", &[("slider", "6")])])), 1);
}

#[test]
fn the_page_gets_the_rule_and_hides_the_form() {
    let config =
        Project::new(&config("{show_when: [{schema: mood, operator: equals, value: happy}]}")).config();
    let last = |given: &Answers| schemes::forms(&config.schemes, given, &NOBODY).pop().unwrap();
    let html = last(&Answers::new());
    assert!(html.starts_with(
        "<div class=\"display-logic-container\" data-schema-name=\"why\" data-display-logic=\""
    ));
    assert!(html.contains("&#34;show_when&#34;") && html.contains(" hidden><form"), "{html}");
    assert!(!last(&answers(&[("mood", &[("happy", "happy")])])).contains(" hidden><form"));
}

#[test]
fn a_rule_that_can_never_be_meant_is_refused() {
    for (rule, said) in [
        ("{show_when: [{schema: nope, operator: empty}]}", "asks about \"nope\", which is no scheme here"),
        ("{show_when: [{schema: why, operator: empty}]}", "asks about itself"),
        ("{show_when: [{schema: mood, operator: is, value: happy}]}", "must be one of equals"),
        ("{show_when: [{schema: mood, value: happy}]}", "show_when[0].operator: is missing"),
        ("{show_when: [{schema: mood, operator: equals, value: yes}]}", "text in quotes"),
        ("{show_when: [{schema: heat, operator: gt, value: warm}]}", "must be a number, got \"warm\""),
        ("{show_when: [{schema: heat, operator: in_range, value: [1]}]}", "the lowest and the highest"),
        ("{show_when: [{schema: nick, operator: matches, value: '('}]}", "not a pattern"),
        ("{show_when: []}", "at least one condition"),
        ("{logic: any}", "show_when: is missing"),
    ] {
        let error = refusal(&config(rule));
        assert!(error.contains(said), "{error:?} does not say {said:?}");
    }
}
