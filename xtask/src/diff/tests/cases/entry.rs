//! One case.

use serde_json::Value;

use crate::diff::change::{Effect, Kind};

/// The name, the edit of the fixture, and the kind, effect and place of each expected change.
pub(super) type Case = (
    &'static str,
    fn(&mut Value),
    Vec<(Kind, Effect, &'static str)>,
);
