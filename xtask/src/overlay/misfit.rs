//! The parts of an overlay that do not apply to the spec.

use std::fmt;

use crate::problem::Problem;

/// An action, or one of its texts, whose target does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unmatched {
    /// The file of the overlay.
    pub(crate) file: String,
    /// The number of the action in its file, starting at 1.
    pub(crate) action: usize,
    /// The missing target: of the action, or of one of its texts.
    pub(crate) target: String,
    /// The reason for the action.
    pub(crate) reason: String,
    /// Whether the whole action matched nothing, not only one of its texts.
    pub(crate) is_whole: bool,
}

/// A part of an overlay that does not apply to the spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Misfit {
    /// An action, or one of its texts, matched nothing.
    Unmatched(Unmatched),
    /// None of the actions of this file matched anything.
    Foreign {
        /// The file of the overlay.
        file: String,
        /// The number of its actions.
        actions: usize,
    },
    /// An action is incompatible with its target and was skipped.
    LeftOut(Problem),
}

impl Misfit {
    /// Returns whether it fails `regen --check`.
    ///
    /// A text may outlive its property. A whole action without effect would hide an upstream change.
    pub(crate) fn is_failure(&self) -> bool {
        match self {
            Self::Unmatched(unmatched) => unmatched.is_whole,
            Self::Foreign { .. } | Self::LeftOut(_) => true,
        }
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unmatched(unmatched) => unmatched.fmt(formatter),
            Self::Foreign { file, actions } => write!(
                formatter,
                "{file}: none of its {actions} actions matches anything: the overlay is for another spec"
            ),
            Self::LeftOut(problem) => write!(formatter, "skipped: {problem}"),
        }
    }
}

impl fmt::Display for Unmatched {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}, action {}: nothing in the spec matches {} ({})",
            self.file, self.action, self.target, self.reason
        )
    }
}
