//! Equivalent, renamed, broken and malformed parts, credentials and media types.

use serde_json::{Value, json};

use super::changes::changes;
use super::edits::{changed, operation, property, refer_to, remove, rename, schema};
use super::fixture::{document, reference, response};
use crate::diff::change::{Effect, Kind};

#[test]
fn equivalent_nullable_forms_are_equal() {
    let old = changed(|old| *property(old, "Run", "name") = json!({"type": ["string", "null"]}));
    let new =
        changed(|new| *property(new, "Run", "name") = json!({"type": "string", "nullable": true}));
    assert_eq!(changes(&old, &new), []);
}

#[test]
fn detects_types_that_are_renamed_together() {
    let new = changed(|new| {
        for (old, new_name) in [
            ("RunList", "JobList"),
            ("DoneRun", "EndedJob"),
            ("Position", "Place"),
        ] {
            rename(&mut new["components"]["schemas"], old, new_name);
            refer_to(new, old, new_name);
        }
        rename(
            &mut schema(new, "EndedJob")["properties"],
            "seconds",
            "duration",
        );
        *property(new, "Place", "sheet") = json!({"type": "string"});
    });
    let found = changes(&document(), &new);
    let mut renamed: Vec<&str> = found
        .iter()
        .filter(|(kind, ..)| *kind == Kind::TypeRenamed)
        .map(|(.., place)| place.as_str())
        .collect();
    renamed.sort_unstable();
    assert_eq!(renamed, ["JobList", "Place"]);
    let has = |kind, place: &str| found.iter().any(|one| one.0 == kind && one.2 == place);
    assert!(has(Kind::PropertyAdded, "Place.sheet"), "{found:#?}");
    // Half of its properties are new, and only its place supports the pair.
    assert!(
        has(Kind::TypeRemoved, "DoneRun") && has(Kind::TypeAdded, "EndedJob"),
        "{found:#?}"
    );
    assert!(has(Kind::TypeChanged, "Run.lifecycle<done>"), "{found:#?}");
    assert!(!has(Kind::TypeChanged, "list_runs -> 200"), "{found:#?}");
}

#[test]
fn all_of_equals_merged_schema() {
    let new = changed(|new| {
        *schema(new, "Position") = json!({"allOf": [
            {"type": "object", "required": ["x", "y"], "properties": {
                "x": {"type": "number"}, "y": {"type": "number"},
            }},
            {"type": "object", "properties": {"page": {"type": "integer"}}},
        ]});
        *property(new, "Run", "position") = json!({"allOf": [reference("Position")]});
        *property(new, "Run", "id") = json!({"allOf": [{"type": "string"}, {"title": "Id"}]});
    });
    assert_eq!(changes(&document(), &new), []);
}

#[test]
fn reports_broken_references_and_handles_cycles() {
    let new = changed(|new| {
        remove(&mut new["components"]["schemas"], "Position");
        *schema(new, "Circle") = reference("Ring");
        *schema(new, "Ring") = reference("Circle");
        *property(new, "Run", "circle") = reference("Circle");
    });
    let found = changes(&document(), &new);
    let broken = (
        Kind::ReferenceBroken,
        Effect::Rejected,
        "#/components/schemas/Position".to_owned(),
    );
    assert!(found.contains(&broken), "{found:#?}");
    assert!(found.contains(&(Kind::TypeRemoved, Effect::Gone, "Position".to_owned())));
    assert_eq!(found.len(), changes(&new, &document()).len());

    let deep = changed(|deep| {
        *property(deep, "Run", "self") = json!({"$ref": "#/components/schemas/Run/properties/self/items", "items": {"$ref": "#"}});
    });
    changes(&document(), &deep);
    changes(&deep, &new);
}

#[test]
fn ignores_malformed_parts() {
    for part in ["components", "paths", "info", "servers", "security"] {
        for value in [
            json!(1),
            json!([]),
            json!([[1]]),
            json!({"a": 1, "schemas": []}),
            json!(null),
        ] {
            let new = changed(|new| new[part] = value.clone());
            changes(&document(), &new);
            changes(&new, &document());
        }
    }
    let new = changed(|new| {
        *schema(new, "Run") = json!({"properties": [], "required": {}, "oneOf": {}, "enum": 1});
        operation(new, "/v1/runs", "get")["parameters"] =
            json!([1, {"in": 3}, {"$ref": 4}, {"$ref": "#/x"}]);
        operation(new, "/v1/runs", "post")["requestBody"] =
            json!({"content": [1], "required": "yes"});
        operation(new, "/v1/runs", "post")["responses"] =
            json!({"200": 1, "201": {"content": {"application/json": 1}}});
    });
    changes(&document(), &new);
    changes(&new, &document());
}

#[test]
fn requiring_fewer_credentials_is_additive() {
    let document = |security: Value| {
        changed(|document| {
            document["components"]["securitySchemes"]["Org"] =
                json!({"type": "apiKey", "in": "header", "name": "X-Org"});
            document["security"] = security;
        })
    };
    let (both, one) = (
        document(json!([{"Key": [], "Org": []}])),
        document(json!([{"Org": []}])),
    );
    let effect = |old: &Value, new: &Value| changes(old, new)[0].1;
    assert_eq!(effect(&both, &one), Effect::Relaxed);
    assert_eq!(effect(&one, &both), Effect::Unauthorized);
}

#[test]
fn default_response_is_success_without_2xx() {
    let document = |schema: Value| {
        changed(|document| {
            operation(document, "/v1/runs", "get")["responses"] =
                json!({"default": response(schema)});
        })
    };
    let (texts, numbers) = (
        document(json!({"type": "array", "items": {"type": "string"}})),
        document(json!({"type": "array", "items": {"type": "number"}})),
    );
    let found = changes(&texts, &numbers);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].1, Effect::Retyped, "{found:#?}");
}

#[test]
fn preferred_media_type_replaces_sent_one() {
    let document = |media_types: &[&str]| {
        changed(|document| {
            let content = &mut operation(document, "/v1/runs", "post")["requestBody"]["content"];
            *content = json!({});
            for media_type in media_types {
                content[*media_type] = json!({"schema": reference("CreateRunRequest")});
            }
        })
    };
    let form = document(&["application/x-www-form-urlencoded"]);
    let parts = document(&["application/x-www-form-urlencoded", "multipart/form-data"]);
    let effects = |old: &Value, new: &Value| -> Vec<Effect> {
        changes(old, new)
            .into_iter()
            .map(|change| change.1)
            .collect()
    };
    assert_eq!(effects(&form, &parts), [Effect::Retyped]);
    let bytes = document(&["application/x-www-form-urlencoded", "a/b"]);
    assert_eq!(effects(&form, &bytes), [Effect::NotGenerated]);
}

#[test]
fn limits_exponential_reference_paths() {
    let document = |last: &str| {
        changed(|document| {
            let parts = schema(document, "Parts");
            for at in 0..40 {
                let next =
                    json!({"$ref": format!("#/components/schemas/Parts/properties/{}", at + 1)});
                parts["properties"][at.to_string()] =
                    json!({"type": "object", "properties": {"a": next, "b": next}});
            }
            parts["properties"]["40"] = json!({"type": last});
            let first = json!({"$ref": "#/components/schemas/Parts/properties/0"});
            *property(document, "Run", "parts") = first;
        })
    };
    assert_ne!(changes(&document("string"), &document("integer")), []);
}
