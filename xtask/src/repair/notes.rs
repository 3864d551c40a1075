//! The notes of the passes, with places in the original spec.

use std::fmt;

use serde_json::Value;

use crate::document::Pointer;

/// A change made to the spec, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Repair {
    place: Pointer,
    message: String,
}

impl Repair {
    /// Creates a note for a change made outside of the passes.
    pub(crate) fn new(place: Pointer, message: String) -> Self {
        Self { place, message }
    }
}

impl fmt::Display for Repair {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.message)
    }
}

/// The changes made so far.
#[derive(Debug, Default)]
pub(super) struct Repairs(pub(super) Vec<Repair>);

impl Repairs {
    pub(super) fn note(&mut self, place: &Pointer, message: impl fmt::Display) {
        self.0.push(Repair {
            place: place.clone(),
            message: message.to_string(),
        });
    }
}

/// A pass over the whole spec.
pub(super) type Pass = fn(&mut Value, &mut Repairs);
