// Literal specs are passed by value to avoid `&` before every `json!`.
#![allow(clippy::needless_pass_by_value)]

use std::fs;

use serde_json::{Value, json};

use super::apply::apply;
use super::misfit::{Misfit, Unmatched};
use super::read::{Overlay, read_folder};
use crate::document::{self, Pointer};
use crate::problem::Result;

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

/// Applies matching actions to `document` and returns the result.
fn applied(mut document: Value, actions: Value) -> Value {
    let misfits = apply(&mut document, &[of_actions(actions)]);
    assert_eq!(misfits, []);
    document
}

/// Returns the error of actions that leave `document` unchanged.
fn refused(mut document: Value, actions: Value) -> String {
    misfits(&mut document, &of_actions(actions))
}

/// Returns the report of an overlay that leaves `document` unchanged.
fn misfits(document: &mut Value, overlay: &Overlay) -> String {
    let before = document.clone();
    let misfits = apply(document, std::slice::from_ref(overlay));
    assert_eq!(*document, before);
    assert!(misfits.iter().all(Misfit::is_failure), "{misfits:?}");
    let lines: Vec<String> = misfits.iter().map(ToString::to_string).collect();
    let lines = lines.join("\n");
    lines.strip_prefix("skipped: ").unwrap_or(&lines).to_owned()
}

/// Applies a compatible overlay and returns its unmatched targets.
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
fn update_merges_objects_extends_arrays_and_replaces_scalars() {
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
fn update_appends_to_array() {
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
fn update_can_replace_scalar_with_null() {
    assert_eq!(
        applied(json!({"a": 1}), json!([{"target": "$.a", "update": null}])),
        json!({"a": null})
    );
}

#[test]
fn update_applies_to_all_selected_values() {
    assert_eq!(
        applied(
            json!({"paths": {"/a/{b}~c": {"get": {}}, "/d": {"get": {}}}}),
            json!([{"target": "$.paths.*.get", "update": {"x": 1}}]),
        ),
        json!({"paths": {"/a/{b}~c": {"get": {"x": 1}}, "/d": {"get": {"x": 1}}}})
    );
}

#[test]
fn rejects_update_of_other_type_with_pointer() {
    let message = refused(
        json!({"a": {"b": {"c": "text"}}}),
        json!([{"target": "$.a", "update": {"b": {"c": {"d": 1}}}}]),
    );
    assert!(
        message.starts_with(
            "fix.yaml, action 1: cannot apply the action to $.a: \
             an object cannot be merged into a scalar at /a/b/c"
        ),
        "{message}"
    );
}

#[test]
fn skips_only_incompatible_actions() {
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
fn reports_overlay_for_other_spec_once() {
    let mut document = json!({"a": 1});
    let overlay = of_actions(json!([
        {"target": "$.b", "update": 2},
        {"target": "$.c", "remove": true},
    ]));
    assert_eq!(
        misfits(&mut document, &overlay),
        "fix.yaml: none of its 2 actions matches anything: the overlay is for another spec"
    );
}

#[test]
fn remove_preserves_order_of_remaining_values() {
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
fn rejects_removal_of_root() {
    let message = refused(json!({}), json!([{"target": "$", "remove": true}]));
    assert!(
        message.contains("the root of the spec cannot be removed"),
        "{message}"
    );
}

#[test]
fn copy_reads_result_of_preceding_actions() {
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
fn rejects_copy_of_several_values() {
    let message = refused(
        json!({"a": {"x": 1, "y": 2}, "b": 0}),
        json!([{"target": "$.b", "copy": "$.a.*"}]),
    );
    assert!(
        message.contains("selects 2 values, but `copy` requires one"),
        "{message}"
    );
}

#[test]
fn reports_unmatched_actions_and_applies_the_others() {
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
            "fix.yaml, action 1: nothing in the spec matches $.gone (it was there)",
            "fix.yaml, action 2: nothing in the spec matches $.lost (a reason)",
        ]
    );
}

#[test]
fn sets_texts_of_existing_values_and_reports_missing_ones() {
    let mut document = json!({"schema": {"properties": {
        // A property named like a keyword can be navigated and documented like any other.
        "description": {"type": "string"},
        "id": {"$ref": "#/x", "description": "old"},
    }}});
    let overlay = of_texts(json!([{"target": "$.schema", "update": {
        "description": "A thing.",
        "properties": {
            "description": {"description": "The thing."},
            "id": {"description": "Its id."},
            "gone": {"description": "No longer there."},
        },
    }}]));

    let unmatched = unmatched(&mut document, overlay);

    assert_eq!(
        document,
        json!({"schema": {
            "properties": {
                "description": {"type": "string", "description": "The thing."},
                "id": {"$ref": "#/x", "description": "Its id."},
            },
            "description": "A thing.",
        }})
    );
    let targets: Vec<_> = unmatched.iter().map(|one| one.target.as_str()).collect();
    assert_eq!(targets, ["/schema/properties/gone"]);
}

#[test]
fn text_overlay_changes_only_texts() {
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
fn rejects_malformed_overlays() {
    let action = json!({"target": "$.a", "update": {}, "description": "r"});
    let with = |overlay: &str, actions: Value| json!({"overlay": overlay, "info": {"title": "T", "version": "1"}, "actions": actions});
    let cases = [
        (json!([]), "fix.yaml: invalid OpenAPI Overlay: "),
        (
            json!({"openapi": "3.1.0"}),
            "fix.yaml: invalid OpenAPI Overlay: unknown field",
        ),
        (
            with("2.0.0", json!([action])),
            "fix.yaml: version \"2.0.0\" of the Overlay",
        ),
        (
            with("1.1.0", json!([])),
            "fix.yaml: an overlay requires at least one action",
        ),
        (
            with("1.1.0", json!([action, {"target": "$.a", "remove": true}])),
            "fix.yaml, action 2: the action requires a reason",
        ),
        (
            with(
                "1.1.0",
                json!([{"target": "$.a[", "remove": true, "description": "r"}]),
            ),
            "fix.yaml, action 1: invalid JSONPath \"$.a[\": ",
        ),
        (
            with("1.1.0", json!([{"target": "$.a", "description": "r"}])),
            "fix.yaml, action 1: an action requires exactly one of",
        ),
        (
            with(
                "1.1.0",
                json!([{"target": "$.a", "update": {}, "remove": true, "description": "r"}]),
            ),
            "fix.yaml, action 1: an action requires exactly one of",
        ),
        (
            with(
                "1.1.0",
                json!([{"target": "$.a", "updates": {}, "description": "r"}]),
            ),
            "fix.yaml: invalid OpenAPI Overlay: unknown field `updates`",
        ),
    ];
    for (value, start) in cases {
        let message = overlay(value).unwrap_err().to_string();
        assert!(message.starts_with(start), "{message}");
        assert!(message.contains("\n  help: "), "{message}");
    }
}

#[test]
fn reads_overlay_files_in_alphabetical_order() {
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
fn yaml_error_names_file_line_and_column() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("bad.yaml"),
        "overlay: 1.1.0\nactions: [\n",
    )
    .unwrap();

    let message = read_folder(folder.path()).unwrap_err().to_string();

    assert!(
        message.contains("bad.yaml:3:1: cannot convert the YAML"),
        "{message}"
    );
}

#[test]
fn missing_directory_has_no_overlays() {
    let folder = tempfile::tempdir().unwrap();
    assert!(read_folder(&folder.path().join("none")).unwrap().is_empty());
}

/// Every action and text in the overlays of this project matches the vendored spec.
#[test]
fn project_overlays_match_vendored_spec() {
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
