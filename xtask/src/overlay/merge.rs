//! The merge of an update into the selected values.

use serde_json::{Map, Value};

use crate::document::Pointer;

/// The keywords that a text overlay may set.
const TEXTS: [&str; 3] = ["title", "summary", "description"];

/// Merges `update` into the values at `places`.
///
/// As in the Overlay Specification, objects are merged recursively, arrays are extended and scalars are replaced.
///
/// # Errors
/// Returns an error with the pointer of the target if its type does not match the update.
pub(super) fn merge(
    document: &mut Value,
    places: &[Pointer],
    update: &Value,
) -> Result<(), String> {
    for place in places {
        let Some(target) = place.find_mut(document) else {
            continue;
        };
        match (target, update) {
            (Value::Object(target), Value::Object(update)) => merge_members(place, target, update)?,
            (Value::Array(target), Value::Array(update)) => target.extend(update.iter().cloned()),
            (Value::Array(target), update) => target.push(update.clone()),
            (target, update) if is_primitive(target) && is_primitive(update) => {
                *target = update.clone();
            }
            (target, update) => return Err(mismatch(place, target, update)),
        }
    }
    Ok(())
}

fn merge_members(
    place: &Pointer,
    target: &mut Map<String, Value>,
    update: &Map<String, Value>,
) -> Result<(), String> {
    for (key, update) in update {
        match (target.get_mut(key), update) {
            (None, update) => {
                target.insert(key.clone(), update.clone());
            }
            (Some(Value::Object(target)), Value::Object(update)) => {
                merge_members(&place.join(key), target, update)?;
            }
            (Some(Value::Array(target)), Value::Array(update)) => {
                target.extend(update.iter().cloned());
            }
            (Some(target), update) if is_primitive(target) && is_primitive(update) => {
                *target = update.clone();
            }
            (Some(target), update) => return Err(mismatch(&place.join(key), target, update)),
        }
    }
    Ok(())
}

/// Sets the texts in `update` on the existing values at `places`, and returns the places that do not exist.
///
/// # Errors
/// Returns an error if the update contains anything but texts.
pub(super) fn add_texts(
    document: &mut Value,
    places: &[Pointer],
    update: &Value,
) -> Result<Vec<String>, String> {
    let mut missing = Vec::new();
    for place in places {
        if let Some(target) = place.find_mut(document) {
            add_texts_at(place, target, update, &mut missing)?;
        }
    }
    Ok(missing)
}

fn add_texts_at(
    place: &Pointer,
    target: &mut Value,
    update: &Value,
    missing: &mut Vec<String>,
) -> Result<(), String> {
    let (Value::Object(target), Value::Object(update)) = (&mut *target, update) else {
        return Err(mismatch(place, target, update));
    };
    for (key, update) in update {
        let place = place.join(key);
        match (target.get_mut(key), update) {
            // An object under such a key is a property of that name, not a keyword.
            (None | Some(Value::String(_)), Value::String(_)) if TEXTS.contains(&key.as_str()) => {
                target.insert(key.clone(), update.clone());
            }
            (Some(target @ Value::Object(_)), Value::Object(_)) => {
                add_texts_at(&place, target, update, missing)?;
            }
            (None, Value::Object(_)) => missing.push(place.to_string()),
            _ => {
                return Err(format!(
                    "{place}: a text overlay can only set title, summary and description"
                ));
            }
        }
    }
    Ok(())
}

fn is_primitive(value: &Value) -> bool {
    !value.is_object() && !value.is_array()
}

fn mismatch(place: &Pointer, target: &Value, update: &Value) -> String {
    format!(
        "{} cannot be merged into {} at {place}",
        kind(update),
        kind(target)
    )
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Object(_) => "an object",
        Value::Array(_) => "an array",
        _ => "a scalar",
    }
}
