//! Where the grammar wants an object or a list, there is one.

use serde_json::Value;

use super::Refusals;
use crate::document::{Holds, Kind, Pointer, for_each, is_extension};

/// Refuses values of another form than the keyword that holds them has.
pub(super) fn check(document: &Value, refusals: &mut Refusals) {
    for_each(document, |pointer, kind, node| {
        for (key, value) in node.as_object().into_iter().flatten() {
            let at = pointer.join(key);
            match kind.holds(key, value) {
                Holds::One(kind) => needs_node(&at, kind, value, refusals),
                Holds::List(kind) => match value.as_array() {
                    None => refuse(&at, "a list", value, refusals),
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
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    refusals.refuse(
        at,
        format_args!("{needed} is needed here, and this is {found}"),
        &format!("make it {needed}, or remove it"),
    );
}
