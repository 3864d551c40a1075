//! The error type of the xtask.

use std::fmt;

/// An error with its location, its reason and a hint, and any further errors of the same command.
///
/// `Display` prints two lines per error, the second of which is the hint. Apart from names in the location,
/// it prints no content of a spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    place: String,
    reason: String,
    hint: String,
    others: Vec<Problem>,
}

/// A `Result` whose error is a [`Problem`].
pub(crate) type Result<T, E = Problem> = std::result::Result<T, E>;

impl Problem {
    /// Creates an error at `place`: a file, plus the line, pointer or action if known.
    pub(crate) fn new(
        place: impl fmt::Display,
        reason: impl fmt::Display,
        hint: impl fmt::Display,
    ) -> Self {
        Self {
            place: place.to_string(),
            reason: reason.to_string(),
            hint: hint.to_string(),
            others: Vec::new(),
        }
    }

    /// Combines `problems` into one error. Returns `None` if there are none.
    pub(crate) fn all(problems: Vec<Self>) -> Option<Self> {
        let mut problems = problems.into_iter();
        let mut first = problems.next()?;
        first.others.extend(problems);
        Some(first)
    }

    /// Prefixes every location with the file or URL `name`.
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
            "{}: {}\n  help: {}",
            self.place, self.reason, self.hint
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
    fn displays_all_problems() {
        let one = || Problem::new("/a", "is wrong", "fix a");
        let other = Problem::new("/b", "is wrong too", "fix b");
        assert_eq!(Problem::all(Vec::new()), None);
        let all = Problem::all(vec![one(), other]).unwrap().within("api.json");
        assert_eq!(
            all.to_string(),
            "api.json, /a: is wrong\n  help: fix a\n\
             error: api.json, /b: is wrong too\n  help: fix b"
        );
    }
}
