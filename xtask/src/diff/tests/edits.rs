//! Small edits of the fixture.

use serde_json::Value;

use super::fixture::document;

/// Returns the fixture after a change.
pub(super) fn changed(change: impl FnOnce(&mut Value)) -> Value {
    let mut document = document();
    change(&mut document);
    document
}

/// Returns an operation mutably.
pub(super) fn operation<'d>(document: &'d mut Value, path: &str, method: &str) -> &'d mut Value {
    &mut document["paths"][path][method]
}

/// Returns a component schema mutably.
pub(super) fn schema<'d>(document: &'d mut Value, name: &str) -> &'d mut Value {
    &mut document["components"]["schemas"][name]
}

/// Returns a property of a component schema mutably.
pub(super) fn property<'d>(document: &'d mut Value, of: &str, name: &str) -> &'d mut Value {
    &mut schema(document, of)["properties"][name]
}

/// Removes a member from an object and returns it.
pub(super) fn remove(value: &mut Value, key: &str) -> Value {
    value.as_object_mut().unwrap().shift_remove(key).unwrap()
}

/// Renames a member of an object without moving it.
pub(super) fn rename(value: &mut Value, old: &str, new: &str) {
    let members = value.as_object_mut().unwrap();
    *members = std::mem::take(members)
        .into_iter()
        .map(|(key, value)| (if key == old { new.to_owned() } else { key }, value))
        .collect();
}

/// Redirects all references from one component to another.
pub(super) fn refer_to(document: &mut Value, old: &str, new: &str) {
    let text = document.to_string().replace(
        &format!("\"#/components/schemas/{old}\""),
        &format!("\"#/components/schemas/{new}\""),
    );
    *document = serde_json::from_str(&text).unwrap();
}

/// Appends an element to an array.
pub(super) fn push(list: &mut Value, value: Value) {
    list.as_array_mut().unwrap().push(value);
}
