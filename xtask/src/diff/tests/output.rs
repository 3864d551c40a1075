//! Tests of the output and the result of the command.

use serde_json::{Value, json};

use super::edits::{changed, property, remove, schema};
use super::fixture::document;
use crate::diff::command::{Format, Options, Threshold, run};
use crate::diff::compare::compare;

fn flip() -> Value {
    changed(|new| {
        remove(&mut schema(new, "Run")["properties"], "name");
        *property(new, "Run", "new") = json!({"anyOf": [{"type": "string"}, {"type": "null"}]});
        property(new, "Problem", "detail")["maxLength"] = json!(9);
    })
}

#[test]
fn text_is_grouped_by_family_with_counts() {
    let report = compare(("old.json", &document()), ("new.json", &flip()), &[]);
    assert_eq!(
        report.text(),
        "old.json -> new.json\n\
         \n\
         runs\n  \
         ! Run.name: property removed string\n  \
         + Run.new: property added string\n  \
         . Problem.detail: limits changed none -> maxLength 9 (generates no code)\n\
         \n\
         3 changes: 1 breaking (!), 1 additive (+), 1 without effect on code (.)\n     \
         1 property added: +1\n     \
         1 property removed: !1\n     \
         1 limits changed: .1"
    );
    let same = compare(("a", &document()), ("b", &document()), &[]);
    assert_eq!(same.text(), "a -> b: no changes");
}

#[test]
fn json_is_one_object() {
    let report = compare(("old.json", &document()), ("new.json", &flip()), &[]);
    let read: Value = serde_json::from_str(&report.json()).unwrap();
    assert_eq!(
        read["counts"],
        json!({"breaking": 1, "additive": 1, "none": 1})
    );
    assert_eq!(
        read["changes"][0],
        json!({
            "class": "breaking",
            "kind": "property-removed",
            "effect": "gone",
            "family": "runs",
            "place": "Run.name",
            "old_pointer": "/components/schemas/Run/properties/name",
            "new_pointer": null,
            "before": "string",
            "after": null,
            "operations": ["create_run", "get_run", "list_runs", "update_run"],
            "families": ["runs"],
        })
    );
    let same = compare(("a", &document()), ("b", &document()), &[]);
    let read: Value = serde_json::from_str(&same.json()).unwrap();
    assert_eq!(
        read,
        json!({
            "old": "a", "new": "b", "changes": [],
            "counts": {"breaking": 0, "additive": 0, "none": 0},
        })
    );
}

#[test]
fn pointers_refer_to_original_spec() {
    let new = changed(|new| {
        *property(new, "Run", "parts") = json!({"anyOf": [{"type": "null"}, {"type": "array", "items": {
            "type": "object", "properties": {"at": {"type": "string"}},
        }}]});
    });
    let mut newer = new.clone();
    property(&mut newer, "Run", "parts")["anyOf"][1]["items"]["properties"]["to"] =
        json!({"type": "string"});
    let report = compare(("old", &new), ("new", &newer), &[]);
    let pointer = report.changes()[0].new_pointer.as_deref().unwrap();
    assert_eq!(
        pointer,
        "/components/schemas/Run/properties/parts/anyOf/1/items/properties/to"
    );
    assert!(newer.pointer(pointer).is_some());
}

#[test]
fn command_fails_as_set_by_fail_on() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, document: &Value| {
        let path = folder.path().join(name);
        std::fs::write(&path, document.to_string()).unwrap();
        path
    };
    let old = write("old.json", &document());
    let additive = changed(|new| *property(new, "Run", "new") = json!({"type": "string"}));
    let (additive, breaking) = (write("a.json", &additive), write("b.json", &flip()));
    let ends = |new: &std::path::Path, fail_on| {
        let options = Options {
            old: old.clone(),
            new: new.to_owned(),
            format: Format::Text,
            fail_on,
        };
        run(&options, folder.path().join("no-overlays").as_path())
            .map_err(|problem| problem.to_string())
    };
    assert_eq!(ends(&breaking, None), Ok(()));
    assert_eq!(ends(&additive, Some(Threshold::Breaking)), Ok(()));
    assert_eq!(ends(&old, Some(Threshold::Additive)), Ok(()));
    let refused = ends(&additive, Some(Threshold::Additive)).unwrap_err();
    assert!(
        refused.contains("found 1 breaking or additive changes"),
        "{refused}"
    );
    let refused = ends(&breaking, Some(Threshold::Breaking)).unwrap_err();
    assert!(refused.contains("found 1 breaking changes"), "{refused}");
    let missing = ends(&folder.path().join("none.json"), None).unwrap_err();
    assert!(missing.contains("none.json"), "{missing}");
    let empty = write("empty.json", &json!({}));
    let refused = ends(&empty, None).unwrap_err();
    assert!(
        refused.contains("empty.json, #: missing `openapi`"),
        "{refused}"
    );
}
