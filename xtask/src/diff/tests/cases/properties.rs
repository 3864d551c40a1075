//! Changes of properties.

use serde_json::json;

use super::super::edits::{property, push, remove, rename, schema};
use super::entry::Case;
use crate::diff::change::{Effect, Kind};

// A flat list of cases.
#[allow(clippy::too_many_lines)]
pub(super) fn property_cases() -> Vec<Case> {
    use Effect::{
        BecomesOption, Gone, New, NewlyRequired, NoLongerOption, NoNull, NotGenerated, Nothing,
        OnTheWire, Relaxed, Retyped,
    };
    vec![
        (
            "a property of a response is added",
            |new| *property(new, "Run", "new") = json!({"type": "string"}),
            vec![(Kind::PropertyAdded, New, "Run.new")],
        ),
        (
            "a property of a response is removed",
            |new| {
                remove(&mut schema(new, "Run")["properties"], "name");
            },
            vec![(Kind::PropertyRemoved, Gone, "Run.name")],
        ),
        (
            "a property of a response changes its case",
            |new| {
                rename(
                    &mut schema(new, "Run")["properties"],
                    "created_at",
                    "createdAt",
                );
            },
            vec![(Kind::PropertyRenamed, OnTheWire, "Run.createdAt")],
        ),
        (
            "a property of a response becomes optional",
            |new| schema(new, "Run")["required"] = json!(["kind", "lifecycle", "position"]),
            vec![(Kind::PropertyOptional, BecomesOption, "Run.id")],
        ),
        (
            "a property of a response becomes required",
            |new| push(&mut schema(new, "Run")["required"], json!("name")),
            vec![(Kind::PropertyRequired, NoLongerOption, "Run.name")],
        ),
        (
            "a required property of a response becomes nullable",
            |new| property(new, "Run", "id")["type"] = json!(["string", "null"]),
            vec![(Kind::NullAllowed, BecomesOption, "Run.id")],
        ),
        (
            "an optional property of a response becomes nullable",
            |new| property(new, "Run", "name")["type"] = json!(["string", "null"]),
            vec![(Kind::NullAllowed, Nothing, "Run.name")],
        ),
        (
            "a required property of a response gets a default",
            |new| property(new, "Run", "id")["default"] = json!("none"),
            vec![(Kind::DefaultChanged, BecomesOption, "Run.id")],
        ),
        (
            "an optional property of a request is added",
            |new| *property(new, "CreateRunRequest", "new") = json!({"type": "string"}),
            vec![(Kind::PropertyAdded, New, "CreateRunRequest.new")],
        ),
        (
            "a required property of a request is added",
            |new| {
                *property(new, "CreateRunRequest", "new") = json!({"type": "string"});
                push(
                    &mut schema(new, "CreateRunRequest")["required"],
                    json!("new"),
                );
            },
            vec![(Kind::PropertyAdded, NewlyRequired, "CreateRunRequest.new")],
        ),
        (
            "a property of a request is removed",
            |new| {
                remove(
                    &mut schema(new, "CreateRunRequest")["properties"],
                    "priority",
                );
            },
            vec![(Kind::PropertyRemoved, Gone, "CreateRunRequest.priority")],
        ),
        (
            "a property of a request becomes required",
            |new| {
                push(
                    &mut schema(new, "CreateRunRequest")["required"],
                    json!("priority"),
                );
            },
            vec![(
                Kind::PropertyRequired,
                NewlyRequired,
                "CreateRunRequest.priority",
            )],
        ),
        (
            "a property of a request becomes optional",
            |new| schema(new, "CreateRunRequest")["required"] = json!([]),
            vec![(
                Kind::PropertyOptional,
                Relaxed,
                "CreateRunRequest.workflow_id",
            )],
        ),
        (
            "a property of a request changes its default",
            |new| property(new, "CreateRunRequest", "version")["default"] = json!("draft"),
            vec![(Kind::DefaultChanged, Nothing, "CreateRunRequest.version")],
        ),
        (
            "a property of a PATCH is no longer nullable",
            |new| *property(new, "UpdateRunRequest", "name") = json!({"type": "string"}),
            vec![(Kind::NullForbidden, NoNull, "UpdateRunRequest.name")],
        ),
        (
            "a property of a PATCH becomes nullable",
            |new| property(new, "UpdateRunRequest", "note")["type"] = json!(["string", "null"]),
            vec![(Kind::NullAllowed, Relaxed, "UpdateRunRequest.note")],
        ),
        (
            "a property of an inline object is added",
            |new| property(new, "Run", "area")["properties"]["depth"] = json!({"type": "integer"}),
            vec![(Kind::PropertyAdded, New, "Run.area.depth")],
        ),
        (
            "a property of an error is removed",
            |new| {
                remove(&mut schema(new, "Problem")["properties"], "detail");
            },
            vec![(Kind::PropertyRemoved, NotGenerated, "Problem.detail")],
        ),
        (
            "an object allows additional properties",
            |new| schema(new, "Position")["additionalProperties"] = json!(true),
            vec![(Kind::ExtraPropertiesChanged, New, "Position")],
        ),
        (
            "an object forbids additional properties",
            |new| schema(new, "Position")["additionalProperties"] = json!(false),
            vec![],
        ),
        (
            "the items of an array become nullable",
            |new| property(new, "Run", "tags")["items"] = json!({"type": ["string", "null"]}),
            vec![(Kind::NullAllowed, Retyped, "Run.tags[]")],
        ),
    ]
}
