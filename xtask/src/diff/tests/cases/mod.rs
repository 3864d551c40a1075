//! Each kind of change: what is done to the fixture, and what is to be reported.

mod bodies;
mod operations;
mod properties;
mod types;
mod whole;

use serde_json::Value;

use crate::diff::change::{Effect, Kind};

/// What happens, the change of the document, and what is reported: what, with which effect, and where.
pub(super) type Case = (
    &'static str,
    fn(&mut Value),
    Vec<(Kind, Effect, &'static str)>,
);

/// All cases.
pub(super) fn cases() -> Vec<Case> {
    let mut cases = operations::operation_cases();
    cases.extend(operations::parameter_cases());
    cases.extend(bodies::body_cases());
    cases.extend(properties::property_cases());
    cases.extend(types::type_cases());
    cases.extend(whole::document_cases());
    cases
}
