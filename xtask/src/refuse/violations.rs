//! The violations found by the checks.

use std::fmt;

use crate::document::Pointer;
use crate::problem::Problem;

/// The end of every hint: the upstream spec cannot be edited in this repository.
const IN_AN_OVERLAY: &str =
    "report it upstream, or add an action to openapi/overlays/corrections.yaml";

/// The violations found so far.
#[derive(Default)]
pub(super) struct Refusals(pub(super) Vec<Problem>);

impl Refusals {
    pub(super) fn refuse(&mut self, place: &Pointer, rule: impl fmt::Display, hint: &str) {
        let hint = format!("{hint}; {IN_AN_OVERLAY}");
        self.0.push(Problem::new(place, rule, hint));
    }
}
