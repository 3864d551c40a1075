//! Checks of the JSON types that the grammar requires.

use serde_json::Value;

use super::violations::Refusals;
use crate::document::{Holds, Kind, Pointer, for_each, is_extension};

/// Rejects values whose JSON type does not match their keyword.
pub(super) fn check(document: &Value, refusals: &mut Refusals) {
    for_each(document, |pointer, kind, node| {
        for (key, value) in node.as_object().into_iter().flatten() {
            let at = pointer.join(key);
            match kind.holds(key, value) {
                Holds::One(kind) => needs_node(&at, kind, value, refusals),
                Holds::List(kind) => match value.as_array() {
                    None => refuse(&at, "an array", value, refusals),
                    Some(elements) => {
                        for (index, element) in elements.iter().enumerate() {
                            needs_node(&at.join(index), kind, element, refusals);
                        }
                    }
                },
                Holds::Map(kind) => match value.as_object() {
                    None => refuse(&at, "an object", value, refusals),
                    Some(members) => {
                        for (name, member) in members {
                            let names_only = key == "dependencies" && member.is_array();
                            if !names_only && !is_extension(name) {
                                needs_node(&at.join(name), kind, member, refusals);
                            }
                        }
                    }
                },
                Holds::Data => {}
            }
        }
    });
}

fn needs_node(at: &Pointer, kind: Kind, value: &Value, refusals: &mut Refusals) {
    if !kind.fits(value) {
        let needed = if kind == Kind::Schema {
            "a schema"
        } else {
            "an object"
        };
        refuse(at, needed, value, refusals);
    }
}

fn refuse(at: &Pointer, needed: &str, value: &Value, refusals: &mut Refusals) {
    let found = match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    };
    refusals.refuse(
        at,
        format_args!("expected {needed}, found {found}"),
        &format!("replace it with {needed} or remove it"),
    );
}
