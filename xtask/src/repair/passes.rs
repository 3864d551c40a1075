//! The passes, and their order.

use serde_json::Value;

use super::notes::{Pass, Repair, Repairs};
use super::{
    aliases, all_of, bodies, booleans, defaults, enum_values, inner_references, keywords,
    mixed_unions, names, nulls, operation_ids, parameters, path_items, required, responses,
    security, unread, widened,
};
use crate::problem::Result;
use crate::refuse;

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

/// Merges each `allOf` into one schema.
pub(crate) fn merge_all_of(document: &mut Value) {
    all_of::repair(document, &mut Repairs::default());
}
