//! `layout`: in which groups, and in which order, forms are shown.

use crate::kit::{Project, refusal};

const SCHEMES: &str = "\
annotation_schemes:
  - {annotation_type: text, name: a, description: d}
  - {annotation_type: text, name: b, description: d, layout: {order: 2}}
  - {annotation_type: text, name: c, description: d, layout: {order: 1, columns: 2}}
  - {annotation_type: text, name: d, description: d}
";

/// The parts as text: schemes, those of a group in its brackets.
fn shown(layout: &str) -> String {
    let config = Project::new(&format!("{SCHEMES}{layout}")).config();
    let part = |part: &project::config::Part| {
        let names: Vec<&str> =
            part.schemes.iter().map(|scheme| config.schemes[*scheme].name.as_str()).collect();
        part.group
            .as_ref()
            .map_or_else(|| names.join(" "), |group| format!("{}[{}]", group.id, names.join(" ")))
    };
    config.layout.parts.iter().map(part).collect::<Vec<_>>().join(" ")
}

#[test]
fn forms_stand_in_their_groups_and_in_their_order() {
    for (layout, expected) in [
        ("", "c b a d"),
        ("layout: {order: [d, b]}", "d b c a"),
        ("layout: {groups: [{id: g, schemas: [d, a]}]}", "c b g[d a]"),
        ("layout: {groups: [{id: g, schemas: [d]}, {id: h, schemas: [a]}], order: [h, c]}", "h[a] c b g[d]"),
    ] {
        assert_eq!(shown(layout), expected, "{layout}");
    }
    let layout = "layout: {grid: {columns: 3, gap: 1rem, row_gap: 8, align_items: end}, \
        groups: [{id: g, schemas: [a], title: T, collapsed_default: true, background_color: '#010203'}]}";
    let layout = Project::new(&format!("{SCHEMES}{layout}")).config().layout;
    assert_eq!(
        (layout.columns, layout.style.as_str()),
        (3, "--form-gap: 1rem; --form-row-gap: 8px; --form-align: end; ")
    );
    let group = layout.parts.iter().find_map(|part| part.group.clone()).unwrap();
    assert_eq!((group.collapsible, group.collapsed, group.rgb.as_deref()), (true, true, Some("1 2 3")));
}

#[test]
fn a_layout_that_names_what_is_not_there_is_refused() {
    for (layout, words) in [
        ("{groups: [{id: g, schemas: [x]}]}", "\"x\" is no scheme of this project"),
        ("{groups: [{id: g, schemas: []}]}", "groups[0].schemas: must name at least one"),
        ("{groups: [{schemas: [a]}]}", "groups[0].id"),
        ("{groups: [{id: g, schemas: [a]}, {id: g, schemas: [b]}]}", "the id of two groups"),
        ("{groups: [{id: g, schemas: [a]}, {id: h, schemas: [a]}]}", "in a group already"),
        ("{order: [x]}", "neither a scheme nor the id of a group"),
        ("{grid: {gap: wide}}", "must be a length"),
    ] {
        let refused = refusal(&format!("{SCHEMES}layout: {layout}"));
        assert!(refused.contains(words), "{refused}");
    }
}
