//! Handling of input that the spec does not declare.

use crate::spec::{Violation, ViolationKind};

/// How the fake handles query parameters and fields of a new run that the spec does not declare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Undeclared {
    /// Reports them as violations, since they are most likely typos.
    Rejected,
    /// Ignores them, as the service does.
    Ignored,
}

impl Undeclared {
    /// Returns whether a request may contain this violation.
    ///
    /// HTTP clients add headers of their own, and some send a body or a content type to operations without a request body.
    pub(super) fn permits(self, violation: &Violation) -> bool {
        match violation.kind {
            ViolationKind::Undeclared => {
                let is_query = violation.path.starts_with("query/");
                violation.path.starts_with("header/") || is_query && self == Self::Ignored
            }
            ViolationKind::UnexpectedBody => true,
            _ => false,
        }
    }
}
