//! Violations of the spec.

use std::fmt;

/// A violation of the spec.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// The path of the value, such as `body/documents/start/url` or `query/limit`.
    pub path: String,
    /// The reason, for a human.
    pub reason: String,
    /// The kind of violation.
    pub kind: ViolationKind,
}

/// The kind of a [`Violation`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ViolationKind {
    /// A required value is missing.
    Missing,
    /// The spec does not declare the value.
    Undeclared,
    /// The request has a body, but the operation takes none.
    UnexpectedBody,
    /// The value does not match its schema.
    #[default]
    Invalid,
}

impl Violation {
    pub(super) fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            reason: reason.into(),
            kind: ViolationKind::Invalid,
        }
    }

    pub(super) fn missing(path: impl Into<String>) -> Self {
        Self {
            kind: ViolationKind::Missing,
            ..Self::new(path, "required but missing")
        }
    }

    pub(super) fn undeclared(path: impl Into<String>) -> Self {
        Self {
            kind: ViolationKind::Undeclared,
            ..Self::new(path, "not declared by the spec")
        }
    }

    /// Prepends the path of an enclosing value.
    pub(super) fn within(mut self, parent: &str) -> Self {
        self.path = match (parent, self.path.trim_start_matches('/')) {
            (parent, "") => parent.to_owned(),
            ("", child) => child.to_owned(),
            (parent, child) => format!("{parent}/{child}"),
        };
        self
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.reason)
    }
}

impl std::error::Error for Violation {}
