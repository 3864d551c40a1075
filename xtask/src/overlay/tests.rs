// A literal document is given away: `&` before every `json!` would only be in the way.
#![allow(clippy::needless_pass_by_value)]

use serde_json::json;

use super::*;
use crate::document::Pointer;

fn overlay(value: Value) -> Result<Overlay> {
    Overlay::from_value("fix.yaml".to_owned(), value)
}

fn of_actions(actions: Value) -> Overlay {
    overlay(json!({
        "overlay": "1.1.0",
        "info": {"title": "T", "version": "1", "description": "a reason"},
        "actions": actions,
    }))
    .unwrap()
}

fn of_texts(actions: Value) -> Overlay {
    let mut overlay = of_actions(actions);
    overlay.texts = true;
    overlay
}

/// What the actions make of `document`, where all of them match.
fn applied(mut document: Value, actions: Value) -> Value {
    let misfits = apply(&mut document, &[of_actions(actions)]);
    assert_eq!(misfits, []);
    document
}

/// Why the actions cannot be applied to `document`, which stays as it is.
fn refused(mut document: Value, actions: Value) -> String {
    misfits(&mut document, &of_actions(actions))
}

/// Why an overlay leaves `document` as it is.
fn misfits(document: &mut Value, overlay: &Overlay) -> String {
    let before = document.clone();
    let misfits = apply(document, std::slice::from_ref(overlay));
    assert_eq!(*document, before);
    assert!(misfits.iter().all(Misfit::is_failure), "{misfits:?}");
    let lines: Vec<String> = misfits.iter().map(ToString::to_string).collect();
    let lines = lines.join("\n");
    lines
        .strip_prefix("left out: ")
        .unwrap_or(&lines)
        .to_owned()
}

/// What an overlay that fits finds nothing for in `document`.
fn unmatched(document: &mut Value, overlay: Overlay) -> Vec<Unmatched> {
    let misfits = apply(document, &[overlay]).into_iter();
    misfits
        .map(|misfit| match misfit {
            Misfit::Unmatched(unmatched) => unmatched,
            other => panic!("{other}"),
        })
        .collect()
}

#[test]
fn an_update_merges_objects_appends_to_lists_and_replaces_the_rest() {
    assert_eq!(
        applied(
            json!({"a": {"kept": 1, "inner": {"x": 1, "list": [1]}, "plain": "old"}}),
            json!([{"target": "$.a", "update": {
                "inner": {"x": null, "list": [2, [3]], "y": {}}, "plain": false
            }}]),
        ),
        json!({"a": {"kept": 1, "inner": {"x": null, "list": [1, 2, [3]], "y": {}}, "plain": false}})
    );
}

#[test]
fn an_update_of_a_list_appends_an_element_or_the_elements_of_a_list() {
    assert_eq!(
        applied(
            json!({"a": [1], "b": [1]}),
            json!([
                {"target": "$.a", "update": {"name": 2}},
                {"target": "$.b", "update": [2, 3]},
            ]),
        ),
        json!({"a": [1, {"name": 2}], "b": [1, 2, 3]})
    );
}

#[test]
fn an_update_can_replace_a_plain_value_by_null() {
    assert_eq!(
        applied(json!({"a": 1}), json!([{"target": "$.a", "update": null}])),
        json!({"a": null})
    );
}

#[test]
fn an_update_applies_to_everything_that_is_selected_whatever_its_name() {
    assert_eq!(
        applied(
            json!({"paths": {"/a/{b}~c": {"get": {}}, "/d": {"get": {}}}}),
            json!([{"target": "$.paths.*.get", "update": {"x": 1}}]),
        ),
        json!({"paths": {"/a/{b}~c": {"get": {"x": 1}}, "/d": {"get": {"x": 1}}}})
    );
}

#[test]
fn an_update_of_another_kind_is_refused_with_its_place() {
    let message = refused(
        json!({"a": {"b": {"c": "text"}}}),
        json!([{"target": "$.a", "update": {"b": {"c": {"d": 1}}}}]),
    );
    assert!(
        message.starts_with(
            "fix.yaml, action 1: $.a does not fit: \
             a plain value at /a/b/c cannot be merged with an object"
        ),
        "{message}"
    );
}

#[test]
fn an_action_that_does_not_fit_is_left_out_and_the_others_are_not() {
    let mut document = json!({"a": {"x": {}, "b": "text"}, "c": {}});
    let overlay = of_actions(json!([
        {"target": "$.a", "update": {"y": 1}},
        {"target": "$.a", "update": {"x": {"z": 1}, "b": {"d": 1}}},
        {"target": "$.c", "update": {"e": 1}},
    ]));
    let misfits = apply(&mut document, &[overlay]);
    assert_eq!(
        document,
        json!({"a": {"x": {}, "b": "text", "y": 1}, "c": {"e": 1}})
    );
    assert_eq!(misfits.len(), 1);
    assert!(matches!(&misfits[0], Misfit::LeftOut(_)), "{misfits:?}");
}

#[test]
fn an_overlay_for_another_document_is_told_once() {
    let mut document = json!({"a": 1});
    let overlay = of_actions(json!([
        {"target": "$.b", "update": 2},
        {"target": "$.c", "remove": true},
    ]));
    assert_eq!(
        misfits(&mut document, &overlay),
        "fix.yaml: none of its 2 actions finds anything: it was written for another document"
    );
}

#[test]
fn what_is_removed_leaves_the_order_of_the_rest() {
    assert_eq!(
        applied(
            json!({"a": 1, "b": 2, "c": 3, "list": [1, 2, 3, 4]}),
            json!([
                {"target": "$.a", "remove": true},
                {"target": "$.list[?@ == 2 || @ == 3]", "remove": true},
            ]),
        )
        .to_string(),
        r#"{"b":2,"c":3,"list":[1,4]}"#
    );
}

#[test]
fn the_document_itself_cannot_be_removed() {
    let message = refused(json!({}), json!([{"target": "$", "remove": true}]));
    assert!(
        message.contains("the whole document cannot be removed"),
        "{message}"
    );
}

#[test]
fn a_copy_is_of_the_document_as_the_actions_before_left_it() {
    assert_eq!(
        applied(
            json!({"from": {"a": 1, "b": 2}}),
            json!([
                {"target": "$", "update": {"to": {}}},
                {"target": "$.to", "copy": "$.from"},
                {"target": "$.from.a", "remove": true},
            ]),
        ),
        json!({"from": {"b": 2}, "to": {"a": 1, "b": 2}})
    );
}

#[test]
fn a_copy_of_several_values_is_refused() {
    let message = refused(
        json!({"a": {"x": 1, "y": 2}, "b": 0}),
        json!([{"target": "$.b", "copy": "$.a.*"}]),
    );
    assert!(
        message.contains("selects 2 values, and one is copied"),
        "{message}"
    );
}

#[test]
fn actions_that_match_nothing_are_reported_and_the_others_applied() {
    let mut document = json!({"a": {}});
    let overlay = of_actions(json!([
        {"target": "$.gone", "update": {}, "description": "it was there"},
        {"target": "$.a", "copy": "$.lost"},
        {"target": "$.a", "update": {"x": 1}},
    ]));

    let unmatched = unmatched(&mut document, overlay);

    assert_eq!(document, json!({"a": {"x": 1}}));
    assert_eq!(
        unmatched
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
        [
            "fix.yaml, action 1: nothing in the document matches $.gone (it was there)",
            "fix.yaml, action 2: nothing in the document matches $.lost (a reason)",
        ]
    );
}

#[test]
fn texts_are_set_on_what_exists_and_reported_for_what_does_not() {
    let mut document = json!({"schema": {"properties": {
        // A property that is called like a keyword is led through, and gets a text like any other.
        "description": {"type": "string"},
        "id": {"$ref": "#/x", "description": "old"},
    }}});
    let overlay = of_texts(json!([{"target": "$.schema", "update": {
        "description": "A thing.",
        "properties": {
            "description": {"description": "What it is."},
            "id": {"description": "Its id."},
            "gone": {"description": "No longer there."},
        },
    }}]));

    let unmatched = unmatched(&mut document, overlay);

    assert_eq!(
        document,
        json!({"schema": {
            "properties": {
                "description": {"type": "string", "description": "What it is."},
                "id": {"$ref": "#/x", "description": "Its id."},
            },
            "description": "A thing.",
        }})
    );
    let targets: Vec<_> = unmatched.iter().map(|one| one.target.as_str()).collect();
    assert_eq!(targets, ["/schema/properties/gone"]);
}

#[test]
fn an_overlay_of_texts_changes_nothing_but_texts() {
    let actions = [
        json!({"target": "$.a", "update": {"type": "string"}}),
        json!({"target": "$.a", "update": {"description": {"description": "x"}}}),
        json!({"target": "$.a", "update": {"description": ["x"]}}),
        json!({"target": "$.a.description", "update": "x"}),
        json!({"target": "$.a", "remove": true}),
        json!({"target": "$.a", "copy": "$.a"}),
    ];
    for action in actions {
        let document = json!({"a": {"description": "d"}});
        let mut changed = document.clone();
        let result = apply(&mut changed, &[of_texts(json!([action]))]);
        let is_left_out = matches!(result[..], [Misfit::LeftOut(_)]);
        assert!(is_left_out, "{action}");
        assert_eq!(changed, document);
    }
}

#[test]
fn overlays_of_another_form_are_refused() {
    let action = json!({"target": "$.a", "update": {}, "description": "r"});
    let with = |overlay: &str, actions: Value| json!({"overlay": overlay, "info": {"title": "T", "version": "1"}, "actions": actions});
    let cases = [
        (json!([]), "fix.yaml: this is not an OpenAPI Overlay: "),
        (
            json!({"openapi": "3.1.0"}),
            "fix.yaml: this is not an OpenAPI Overlay: unknown field",
        ),
        (
            with("2.0.0", json!([action])),
            "fix.yaml: version \"2.0.0\" of the Overlay",
        ),
        (
            with("1.1.0", json!([])),
            "fix.yaml: an overlay has at least one action",
        ),
        (
            with("1.1.0", json!([action, {"target": "$.a", "remove": true}])),
            "fix.yaml, action 2: the action does not say why it is there",
        ),
        (
            with(
                "1.1.0",
                json!([{"target": "$.a[", "remove": true, "description": "r"}]),
            ),
            "fix.yaml, action 1: \"$.a[\" is not a JSONPath: ",
        ),
        (
            with("1.1.0", json!([{"target": "$.a", "description": "r"}])),
            "fix.yaml, action 1: an action does one thing",
        ),
        (
            with(
                "1.1.0",
                json!([{"target": "$.a", "update": {}, "remove": true, "description": "r"}]),
            ),
            "fix.yaml, action 1: an action does one thing",
        ),
        (
            with(
                "1.1.0",
                json!([{"target": "$.a", "updates": {}, "description": "r"}]),
            ),
            "fix.yaml: this is not an OpenAPI Overlay: unknown field `updates`",
        ),
    ];
    for (value, start) in cases {
        let message = overlay(value).unwrap_err().to_string();
        assert!(message.starts_with(start), "{message}");
        assert!(message.contains("\n  to mend it: "), "{message}");
    }
}

#[test]
fn a_folder_is_read_in_the_order_of_names_and_without_other_files() {
    let folder = tempfile::tempdir().unwrap();
    let text = |key: &str| {
        format!(
            "overlay: 1.1.0\ninfo: {{title: T, version: '1', description: r}}\n\
             actions: [{{target: $, update: {{{key}: 1}}}}]\n"
        )
    };
    for name in ["b.yaml", "a.yml", "c.json", ".d.yaml", "notes.md"] {
        let content = match name {
            "c.json" => json!({"overlay": "1.0.0", "info": {"title": "T", "version": "1"},
                "actions": [{"target": "$", "update": {"c": 1}, "description": "r"}]})
            .to_string(),
            name => text(&name[..1]),
        };
        fs::write(folder.path().join(name), content).unwrap();
    }

    let mut document = json!({});
    let misfits = apply(&mut document, &read_folder(folder.path()).unwrap());
    assert_eq!(misfits, []);

    assert_eq!(document.to_string(), r#"{"a":1,"b":1,"c":1}"#);
}

#[test]
fn an_error_of_yaml_names_file_line_and_column() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("bad.yaml"),
        "overlay: 1.1.0\nactions: [\n",
    )
    .unwrap();

    let message = read_folder(folder.path()).unwrap_err().to_string();

    assert!(
        message.contains("bad.yaml:3:1: this is not YAML"),
        "{message}"
    );
}

#[test]
fn a_folder_that_is_not_there_has_no_overlays() {
    let folder = tempfile::tempdir().unwrap();
    assert!(read_folder(&folder.path().join("none")).unwrap().is_empty());
}

/// The overlays of the project say nothing about the document that is not so.
#[test]
fn the_overlays_of_the_project_match_its_document() {
    let folder = crate::workspace().join("openapi");
    let mut document = document::read(&folder.join("retab.json")).unwrap();

    let overlays = read_folder(&folder.join("overlays")).unwrap();
    let misfits = apply(&mut document, &overlays);

    assert_eq!(misfits, []);
    let stream = ["properties", "stream"];
    let schemas = Pointer::of(["components", "schemas"]);
    let has_stream = |schema: &str| {
        let schema = schemas.join(schema);
        (stream
            .iter()
            .fold(schema, |at, token| at.join(token))
            .find(&document))
        .is_some()
    };
    assert!(has_stream("StreamExtractionRequest"));
    assert!(!has_stream("CreateExtractionRequest"));
}
