//! The changes between two specs, reduced to what the tests compare.

use serde_json::Value;

use crate::diff::change::{Effect, Kind};
use crate::diff::compare::compare;

/// Returns the kind, effect and place of every change from `old` to `new`.
pub(super) fn changes(old: &Value, new: &Value) -> Vec<(Kind, Effect, String)> {
    let report = compare(("old", old), ("new", new), &[]);
    let changes = report.changes().iter();
    changes
        .map(|change| (change.kind, change.effect, change.place.clone()))
        .collect()
}
