use std::fmt;

/// What does not fit the document, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// The place, as a path: `body/documents/start/url`, `query/limit`.
    pub place: String,
    /// What is wrong there.
    pub reason: String,
    /// What kind of mistake it is.
    pub kind: ViolationKind,
}

/// What is wrong at a place, roughly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ViolationKind {
    /// What is required is not there.
    Missing,
    /// What is there was never declared.
    Undeclared,
    /// A body is there that the operation does not take.
    NoBody,
    /// What is there does not fit.
    #[default]
    Unfit,
}

impl Violation {
    pub(super) fn new(place: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            reason: reason.into(),
            kind: ViolationKind::Unfit,
        }
    }

    pub(super) fn missing(place: impl Into<String>) -> Self {
        Self {
            kind: ViolationKind::Missing,
            ..Self::new(place, "it is required")
        }
    }

    pub(super) fn undeclared(place: impl Into<String>) -> Self {
        Self {
            kind: ViolationKind::Undeclared,
            ..Self::new(place, "nobody declared it")
        }
    }

    /// The same mistake, seen from the place around it.
    pub(super) fn within(mut self, place: &str) -> Self {
        self.place = match (place, self.place.trim_start_matches('/')) {
            (around, "") => around.to_owned(),
            ("", inner) => inner.to_owned(),
            (around, inner) => format!("{around}/{inner}"),
        };
        self
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.reason)
    }
}

impl std::error::Error for Violation {}
