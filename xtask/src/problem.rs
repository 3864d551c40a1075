//! What every command of the xtask answers with when it cannot go on.

use std::fmt;

/// One reason why a command stops: where, what is wrong there, and what mends it.
///
/// It is shown in two lines, of which the second is the mend, and never shows what a document contains beyond
/// the names of the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    place: String,
    reason: String,
    mend: String,
}

/// The result of a step of the xtask.
pub(crate) type Result<T, E = Problem> = std::result::Result<T, E>;

impl Problem {
    /// A problem at `place`: a file, with the line, pointer or action in it where that is known.
    pub(crate) fn new(
        place: impl fmt::Display,
        reason: impl fmt::Display,
        mend: impl fmt::Display,
    ) -> Self {
        Self {
            place: place.to_string(),
            reason: reason.to_string(),
            mend: mend.to_string(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}: {}\n  to mend it: {}",
            self.place, self.reason, self.mend
        )
    }
}

impl std::error::Error for Problem {}
