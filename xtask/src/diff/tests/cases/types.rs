//! Changes of types.

use serde_json::json;

use super::super::edits::{property, push, refer_to, rename, schema};
use super::super::fixture::reference;
use super::entry::Case;
use crate::diff::change::{Effect, Kind};

// A flat list of cases.
#[allow(clippy::too_many_lines)]
pub(super) fn type_cases() -> Vec<Case> {
    use Effect::{Gone, New, NotGenerated, Nothing, Renamed, Retyped};
    vec![
        (
            "a string becomes a number",
            |new| *property(new, "Run", "name") = json!({"type": "integer"}),
            vec![(Kind::TypeChanged, Retyped, "Run.name")],
        ),
        (
            "the values of a map become numbers",
            |new| {
                property(new, "Run", "labels")["additionalProperties"] = json!({"type": "number"});
            },
            vec![(Kind::TypeChanged, Retyped, "Run.labels{}")],
        ),
        (
            "a string becomes a timestamp",
            |new| property(new, "Run", "name")["format"] = json!("date-time"),
            vec![(Kind::FormatChanged, Retyped, "Run.name")],
        ),
        (
            "a string becomes a UUID",
            |new| property(new, "Run", "name")["format"] = json!("uuid"),
            vec![(Kind::FormatChanged, Nothing, "Run.name")],
        ),
        (
            "a constant changes its value",
            |new| property(new, "Run", "object")["const"] = json!("workflow_run"),
            vec![(Kind::ConstantChanged, Nothing, "Run.object")],
        ),
        (
            "a constant becomes a string",
            |new| *property(new, "Run", "object") = json!({"type": "string"}),
            vec![(Kind::ConstantChanged, Nothing, "Run.object")],
        ),
        (
            "a constant becomes an enum",
            |new| *property(new, "Run", "object") = json!({"enum": ["run", "test"]}),
            vec![(Kind::EnumValueAdded, Retyped, "Run.object")],
        ),
        (
            "an enum value is added",
            |new| property(new, "Run", "kind")["enum"] = json!(["auto", "manual", "test", "new"]),
            vec![(Kind::EnumValueAdded, New, "Run.kind")],
        ),
        (
            "an enum value is removed",
            |new| property(new, "Run", "kind")["enum"] = json!(["auto", "manual"]),
            vec![(Kind::EnumValueRemoved, Gone, "Run.kind")],
        ),
        (
            "an enum becomes a string",
            |new| *property(new, "Run", "kind") = json!({"type": "string"}),
            vec![(Kind::TypeChanged, Retyped, "Run.kind")],
        ),
        (
            "a variant is added",
            |new| {
                *schema(new, "LostRun") =
                    json!({"type": "object", "properties": {"status": {"const": "lost"}}});
                let lifecycle = property(new, "Run", "lifecycle");
                push(&mut lifecycle["oneOf"], reference("LostRun"));
                lifecycle["discriminator"]["mapping"]["lost"] =
                    json!("#/components/schemas/LostRun");
            },
            vec![
                (Kind::TypeAdded, New, "LostRun"),
                (Kind::VariantAdded, New, "Run.lifecycle"),
            ],
        ),
        (
            "a tag changes its value",
            |new| {
                rename(
                    &mut property(new, "Run", "lifecycle")["discriminator"]["mapping"],
                    "done",
                    "ended",
                );
                property(new, "DoneRun", "status")["const"] = json!("ended");
            },
            vec![
                (Kind::ConstantChanged, Nothing, "DoneRun.status"),
                (Kind::VariantTagChanged, Renamed, "Run.lifecycle"),
            ],
        ),
        (
            "a type is renamed",
            |new| {
                rename(&mut new["components"]["schemas"], "Position", "Place");
                refer_to(new, "Position", "Place");
            },
            vec![(Kind::TypeRenamed, Renamed, "Place")],
        ),
        (
            "a type changes its case",
            |new| {
                rename(&mut new["components"]["schemas"], "Position", "position");
                refer_to(new, "Position", "position");
            },
            vec![(Kind::TypeRenamed, Nothing, "position")],
        ),
        (
            "an unused type is added",
            |new| {
                *schema(new, "Alone") =
                    json!({"type": "object", "properties": {"a": {"type": "string"}}});
            },
            vec![(Kind::TypeAdded, NotGenerated, "Alone")],
        ),
        (
            "an inline object becomes a component with the same name",
            |new| {
                let area = std::mem::replace(property(new, "Run", "area"), reference("RunArea"));
                *schema(new, "RunArea") = area;
            },
            vec![
                (Kind::TypeAdded, Nothing, "RunArea"),
                (Kind::TypeChanged, Nothing, "Run.area"),
            ],
        ),
        (
            "an inline object becomes a component with another name",
            |new| {
                let area = std::mem::replace(property(new, "Run", "area"), reference("Area"));
                *schema(new, "Area") = area;
            },
            vec![
                (Kind::TypeAdded, New, "Area"),
                (Kind::TypeChanged, Renamed, "Run.area"),
            ],
        ),
        (
            "an inline enum becomes shared and is renamed",
            |new| *property(new, "UpdateRunRequest", "mode") = json!({"enum": ["fast", "exact"]}),
            vec![
                (Kind::PropertyAdded, New, "UpdateRunRequest.mode"),
                (Kind::InlineTypeRenamed, Renamed, "CreateRunRequest.mode"),
            ],
        ),
    ]
}
