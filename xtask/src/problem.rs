//! What every command of the xtask answers with when it cannot go on.

use std::fmt;

/// Why a command stops: where, what is wrong there, and what mends it; and the same of every other place, where
/// several are wrong.
///
/// Each is shown in two lines, of which the second is the mend, and never shows what a document contains beyond
/// the names of the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    place: String,
    reason: String,
    mend: String,
    others: Vec<Problem>,
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
            others: Vec::new(),
        }
    }

    /// All of `problems` as one, if there are any.
    pub(crate) fn all(problems: Vec<Self>) -> Option<Self> {
        let mut problems = problems.into_iter();
        let mut first = problems.next()?;
        first.others.extend(problems);
        Some(first)
    }

    /// The same, in the file or at the URL `name`: places are named from it.
    pub(crate) fn within(mut self, name: &str) -> Self {
        self.place = format!("{name}, {}", self.place);
        let others = self.others.into_iter();
        self.others = others.map(|other| other.within(name)).collect();
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}: {}\n  to mend it: {}",
            self.place, self.reason, self.mend
        )?;
        for other in &self.others {
            write!(formatter, "\nerror: {other}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_problems_are_all_told() {
        let one = || Problem::new("/a", "is wrong", "mend a");
        let other = Problem::new("/b", "is wrong too", "mend b");
        assert_eq!(Problem::all(Vec::new()), None);
        let all = Problem::all(vec![one(), other]).unwrap().within("api.json");
        assert_eq!(
            all.to_string(),
            "api.json, /a: is wrong\n  to mend it: mend a\n\
             error: api.json, /b: is wrong too\n  to mend it: mend b"
        );
    }
}
