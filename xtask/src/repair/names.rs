//! Notes names that collide in Rust. [`crate::lower`] renames them.
//!
//! A name already in Rust case keeps its spelling. The others get a numeric suffix in alphabetical order, regardless
//! of their order in the spec.

use serde_json::{Map, Value, json};

use super::notes::Repairs;
use crate::document::Kind;
use crate::document::{Pointer, for_each, for_each_operation};
use crate::lower::{EXTRA, names, request_body};

/// Notes the components, properties, enum values and setters that are renamed.
pub(super) fn repair(document: &mut Value, repairs: &mut Repairs) {
    let components = document["components"]["schemas"].as_object();
    let raw: Vec<&str> = keys(components);
    note(
        &raw,
        names::type_name,
        &names::PRELUDE,
        &|name| Pointer::of(["components", "schemas", name]),
        repairs,
    );
    for_each(document, |pointer, kind, node| {
        if kind != Kind::Schema {
            return;
        }
        let properties = node["properties"].as_object();
        let has_extra = node
            .get("additionalProperties")
            .is_some_and(|more| more != &json!(false));
        note(
            &keys(properties),
            names::value_name,
            if has_extra { &[EXTRA] } else { &[] },
            &|name| pointer.join("properties").join(name),
            repairs,
        );
        let values = node["enum"].as_array();
        let texts: Vec<&str> = values
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        note(
            &texts,
            names::type_name,
            &[],
            &|value| {
                let at = texts.iter().position(|text| *text == value);
                pointer.join("enum").join(at.unwrap_or_default())
            },
            repairs,
        );
    });
    for_each_operation(document, |pointer, _, operation| {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let mut all: Vec<&str> = parameters
            .filter_map(|parameter| parameter["name"].as_str())
            .collect();
        // Same order as the generated setters: parameters, then the body.
        all.extend(request_body(document, operation).map(|_| "body"));
        let named = names::assign(&all, names::value_name, &names::BUILDER_FUNCTIONS);
        for (raw, name) in all.iter().zip(named) {
            let wanted = names::value_name(raw);
            if name != wanted {
                // Note the name, not the index: the parameter may have been listed elsewhere in the spec.
                repairs.note(
                    pointer,
                    format_args!("setter {wanted} is already taken; {raw} uses {name}"),
                );
            }
        }
    });
}

fn keys(map: Option<&Map<String, Value>>) -> Vec<&str> {
    map.into_iter()
        .flatten()
        .map(|(key, _)| key.as_str())
        .collect()
}

fn note(
    raw: &[&str],
    cased: fn(&str) -> String,
    reserved: &[&str],
    place: &dyn Fn(&str) -> Pointer,
    repairs: &mut Repairs,
) {
    for (raw, name) in raw.iter().zip(names::assign(raw, cased, reserved)) {
        let wanted = cased(raw);
        if name != wanted {
            repairs.note(
                &place(raw),
                format_args!("{wanted} is already taken; renamed to {name}"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn notes_renamed_items() {
        let (_, notes) = crate::repair::testing::repaired(
            repair,
            json!({"components": {"schemas": {
                "X-Output": {"enum": ["asc", "ASC"]},
                "XOutput": {"properties": {"document[]": {}, "document": {}}},
            }}}),
        );
        assert_eq!(
            notes,
            [
                "/components/schemas/X-Output: XOutput is already taken; renamed to XOutput2",
                "/components/schemas/X-Output/enum/0: Asc is already taken; renamed to Asc2",
                "/components/schemas/XOutput/properties/document[]: document is already taken; renamed to document2",
            ]
        );
    }
}
