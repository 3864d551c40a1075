//! The list of all cases.

use super::entry::Case;
use super::{bodies, operations, properties, types, whole};

/// Returns all cases.
pub(in crate::diff::tests) fn cases() -> Vec<Case> {
    let mut cases = operations::operation_cases();
    cases.extend(operations::parameter_cases());
    cases.extend(bodies::body_cases());
    cases.extend(properties::property_cases());
    cases.extend(types::type_cases());
    cases.extend(whole::document_cases());
    cases
}
