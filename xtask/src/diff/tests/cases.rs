//! Cases for each kind of change: an edit of the fixture and the expected report.

mod bodies;
mod operations;
mod properties;
mod types;
mod whole;

use serde_json::Value;

use crate::diff::change::{Effect, Kind};

/// The name, the edit of the fixture, and the kind, effect and place of each expected change.
pub(super) type Case = (
    &'static str,
    fn(&mut Value),
    Vec<(Kind, Effect, &'static str)>,
);

/// Returns all cases.
pub(super) fn cases() -> Vec<Case> {
    let mut cases = operations::operation_cases();
    cases.extend(operations::parameter_cases());
    cases.extend(bodies::body_cases());
    cases.extend(properties::property_cases());
    cases.extend(types::type_cases());
    cases.extend(whole::document_cases());
    cases
}
