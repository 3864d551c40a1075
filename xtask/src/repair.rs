//! Normalizes invalid or unsupported parts of the spec whose meaning is unambiguous.
//!
//! Each pass is one module that handles one construct and notes every change with its place in the original spec.
//! The result is an OpenAPI 3.1 spec that [`crate::lower`] accepts without further notes. A pass that cannot preserve
//! a schema widens it: to fewer constraints, then to additional properties, and finally to any JSON.
//! Specs that cannot be normalized are rejected first, so that errors point to places in the original.

mod aliases;
mod all_of;
mod bodies;
mod booleans;
mod defaults;
mod enum_values;
mod inner_references;
mod keywords;
mod mixed_unions;
mod names;
mod nulls;
mod operation_ids;
mod parameters;
mod path_items;
mod required;
mod responses;
mod security;
mod unread;
mod widened;

use std::fmt;

use serde_json::Value;

pub(crate) use self::parameters::is_sent;

use crate::document::Pointer;
use crate::problem::Result;
use crate::refuse;

/// A change made to the spec, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Repair {
    place: Pointer,
    message: String,
}

impl Repair {
    /// Creates a note for a change made outside of this module.
    pub(crate) fn new(place: Pointer, message: String) -> Self {
        Self { place, message }
    }
}

impl fmt::Display for Repair {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.message)
    }
}

/// The changes made so far.
#[derive(Debug, Default)]
struct Repairs(Vec<Repair>);

impl Repairs {
    fn note(&mut self, place: &Pointer, message: impl fmt::Display) {
        self.0.push(Repair {
            place: place.clone(),
            message: message.to_string(),
        });
    }
}

/// A pass over the whole spec.
type Pass = fn(&mut Value, &mut Repairs);

/// Passes that run before validation and drop parts that must not cause errors.
const BEFORE: &[Pass] = &[unread::repair, nulls::repair, path_items::repair];

/// Passes that run on a validated spec, in order.
const PASSES: &[Pass] = &[
    keywords::repair,
    inner_references::repair,
    booleans::repair,
    operation_ids::repair,
    security::repair,
    enum_values::repair,
    defaults::repair,
    parameters::repair,
    aliases::repair,
    widened::repair,
    all_of::repair,
    mixed_unions::repair,
    aliases::repair_circles,
    required::repair,
    responses::repair,
    bodies::repair,
    names::repair,
];

/// Normalizes the spec and returns the changes.
///
/// # Errors
/// Returns every problem that cannot be normalized.
pub(crate) fn repair(document: &mut Value) -> Result<Vec<Repair>> {
    let mut repairs = Repairs::default();
    for pass in BEFORE {
        pass(document, &mut repairs);
    }
    refuse::check(document)?;
    for pass in PASSES {
        pass(document, &mut repairs);
    }
    Ok(repairs.0)
}

/// Checks that the spec can be normalized.
///
/// # Errors
/// Returns every problem that cannot be normalized.
pub(crate) fn check(document: &Value) -> Result<()> {
    let mut document = document.clone();
    for pass in BEFORE {
        pass(&mut document, &mut Repairs::default());
    }
    refuse::check(&document)
}

/// Sets the `operationId` of every operation to its function name.
pub(crate) fn name_operations(document: &mut Value) {
    operation_ids::repair(document, &mut Repairs::default());
}

/// Runs one pass over a spec and returns the result and the notes.
#[cfg(test)]
fn repaired(pass: Pass, mut document: Value) -> (Value, Vec<String>) {
    let mut repairs = Repairs::default();
    pass(&mut document, &mut repairs);
    let notes = repairs.0.iter().map(ToString::to_string).collect();
    (document, notes)
}

/// Runs one pass over a schema and returns the result and the notes.
#[cfg(test)]
fn repaired_schema(pass: Pass, schema: Value) -> (Value, Vec<String>) {
    let document = serde_json::json!({"paths": {}, "components": {"schemas": {"X": schema}}});
    let (mut document, notes) = repaired(pass, document);
    (document["components"]["schemas"]["X"].take(), notes)
}

/// Merges each `allOf` into one schema.
pub(crate) fn merge_all_of(document: &mut Value) {
    all_of::repair(document, &mut Repairs::default());
}
