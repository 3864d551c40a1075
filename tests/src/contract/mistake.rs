use std::fmt;

/// What does not fit the document, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mistake {
    /// The place, as a path: `body/documents/start/url`, `query/limit`.
    pub place: String,
    /// What is wrong there.
    pub reason: String,
}

impl Mistake {
    pub(super) fn new(place: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            reason: reason.into(),
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

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.reason)
    }
}

impl std::error::Error for Mistake {}
