//! Mends what a document gets wrong, or says in a way that has no Rust form, where one reading of it is clear.
//!
//! Each pass is one module that handles one construct; what it changes is noted with the place, in the document as
//! it was given. The result is a document of OpenAPI 3.1 that [`crate::lower`] takes without a word. A pass that
//! cannot keep what a schema says widens it: to fewer rules, to more properties than it names, at last to any JSON.
//! What cannot be mended is refused before the passes change anything that a refusal could name.

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

/// Something that was mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Repair {
    place: Pointer,
    what: String,
}

impl Repair {
    /// What was done at a place, for what is mended elsewhere.
    pub(crate) fn new(place: Pointer, what: String) -> Self {
        Self { place, what }
    }
}

impl fmt::Display for Repair {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.what)
    }
}

/// What was mended so far.
#[derive(Debug, Default)]
struct Repairs(Vec<Repair>);

impl Repairs {
    fn note(&mut self, place: &Pointer, what: impl fmt::Display) {
        self.0.push(Repair {
            place: place.clone(),
            what: what.to_string(),
        });
    }
}

/// A pass over the whole document.
type Pass = fn(&mut Value, &mut Repairs);

/// The passes that take away what no refusal is to speak of.
const BEFORE: &[Pass] = &[unread::repair, nulls::repair, path_items::repair];

/// The passes over a document that nothing is refused in, in order.
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

/// Mends `document`, and says what was mended.
///
/// # Errors
/// What cannot be mended, all of it.
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

/// Whether a document has nothing that cannot be mended.
///
/// # Errors
/// What cannot be mended, all of it.
pub(crate) fn check(document: &Value) -> Result<()> {
    let mut document = document.clone();
    for pass in BEFORE {
        pass(&mut document, &mut Repairs::default());
    }
    refuse::check(&document)
}

/// Gives every operation the name of its function.
pub(crate) fn name_operations(document: &mut Value) {
    operation_ids::repair(document, &mut Repairs::default());
}

/// Runs one pass over a document, for its tests: what the document becomes, and the notes.
#[cfg(test)]
fn repaired(pass: Pass, mut document: Value) -> (Value, Vec<String>) {
    let mut repairs = Repairs::default();
    pass(&mut document, &mut repairs);
    let notes = repairs.0.iter().map(ToString::to_string).collect();
    (document, notes)
}

/// Runs one pass over a schema, for its tests: what it becomes, and the notes.
#[cfg(test)]
fn repaired_schema(pass: Pass, schema: Value) -> (Value, Vec<String>) {
    let document = serde_json::json!({"paths": {}, "components": {"schemas": {"X": schema}}});
    let (mut document, notes) = repaired(pass, document);
    (document["components"]["schemas"]["X"].take(), notes)
}

/// Makes one schema of each `allOf`.
pub(crate) fn merge_all_of(document: &mut Value) {
    all_of::repair(document, &mut Repairs::default());
}
