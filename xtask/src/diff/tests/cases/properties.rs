//! Changes of properties.

use serde_json::json;

use super::super::edits::{property, push, remove, rename, schema};
use super::Case;
use crate::diff::change::{Effect, Kind};

// One case after the other: there is nothing to take apart.
#[allow(clippy::too_many_lines)]
pub(super) fn property_cases() -> Vec<Case> {
    use Effect::{
        Gone, MayBeAbsent, Missed, MoreTaken, NeverAbsent, New, NoNull, NotGenerated, Nothing,
        OnTheWire, Retyped,
    };
    vec![
        (
            "a property of an answer is added",
            |new| *property(new, "Run", "new") = json!({"type": "string"}),
            vec![(Kind::PropertyAdded, New, "Run.new")],
        ),
        (
            "a property of an answer is removed",
            |new| {
                remove(&mut schema(new, "Run")["properties"], "name");
            },
            vec![(Kind::PropertyRemoved, Gone, "Run.name")],
        ),
        (
            "a property of an answer is written otherwise",
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
            "a property of an answer becomes optional",
            |new| schema(new, "Run")["required"] = json!(["kind", "lifecycle", "position"]),
            vec![(Kind::PropertyOptional, MayBeAbsent, "Run.id")],
        ),
        (
            "a property of an answer becomes required",
            |new| push(&mut schema(new, "Run")["required"], json!("name")),
            vec![(Kind::PropertyRequired, NeverAbsent, "Run.name")],
        ),
        (
            "a required property of an answer can be null",
            |new| property(new, "Run", "id")["type"] = json!(["string", "null"]),
            vec![(Kind::NullAllowed, MayBeAbsent, "Run.id")],
        ),
        (
            "an optional property of an answer can be null",
            |new| property(new, "Run", "name")["type"] = json!(["string", "null"]),
            vec![(Kind::NullAllowed, Nothing, "Run.name")],
        ),
        (
            "a required property of an answer gets a default",
            |new| property(new, "Run", "id")["default"] = json!("none"),
            vec![(Kind::DefaultChanged, MayBeAbsent, "Run.id")],
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
            vec![(Kind::PropertyAdded, Missed, "CreateRunRequest.new")],
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
            vec![(Kind::PropertyRequired, Missed, "CreateRunRequest.priority")],
        ),
        (
            "a property of a request becomes optional",
            |new| schema(new, "CreateRunRequest")["required"] = json!([]),
            vec![(
                Kind::PropertyOptional,
                MoreTaken,
                "CreateRunRequest.workflow_id",
            )],
        ),
        (
            "a property of a request has another default",
            |new| property(new, "CreateRunRequest", "version")["default"] = json!("draft"),
            vec![(Kind::DefaultChanged, Nothing, "CreateRunRequest.version")],
        ),
        (
            "a property of a PATCH can no longer be null",
            |new| *property(new, "UpdateRunRequest", "name") = json!({"type": "string"}),
            vec![(Kind::NullForbidden, NoNull, "UpdateRunRequest.name")],
        ),
        (
            "a property of a PATCH can be null",
            |new| property(new, "UpdateRunRequest", "note")["type"] = json!(["string", "null"]),
            vec![(Kind::NullAllowed, MoreTaken, "UpdateRunRequest.note")],
        ),
        (
            "an inline object has another property",
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
            "an object takes any other property",
            |new| schema(new, "Position")["additionalProperties"] = json!(true),
            vec![(Kind::ExtraPropertiesChanged, New, "Position")],
        ),
        (
            "an object says that it has no other property",
            |new| schema(new, "Position")["additionalProperties"] = json!(false),
            vec![],
        ),
        (
            "the items of a list can be null",
            |new| property(new, "Run", "tags")["items"] = json!({"type": ["string", "null"]}),
            vec![(Kind::NullAllowed, Retyped, "Run.tags[]")],
        ),
    ]
}
