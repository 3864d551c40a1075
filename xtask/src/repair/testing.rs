//! Helpers for the tests of the passes.

use serde_json::Value;

use super::notes::{Pass, Repairs};

/// Runs one pass over a spec and returns the result and the notes.
pub(super) fn repaired(pass: Pass, mut document: Value) -> (Value, Vec<String>) {
    let mut repairs = Repairs::default();
    pass(&mut document, &mut repairs);
    let notes = repairs.0.iter().map(ToString::to_string).collect();
    (document, notes)
}

/// Runs one pass over a schema and returns the result and the notes.
pub(super) fn repaired_schema(pass: Pass, schema: Value) -> (Value, Vec<String>) {
    let document = serde_json::json!({"paths": {}, "components": {"schemas": {"X": schema}}});
    let (mut document, notes) = repaired(pass, document);
    (document["components"]["schemas"]["X"].take(), notes)
}
