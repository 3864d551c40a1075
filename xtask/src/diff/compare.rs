//! Compares two specs.

use serde_json::Value;

use super::comparison::Comparison;
use super::pairing;
use super::report::Report;
use super::revision::Revision;
use super::types::Types;
use crate::generate;
use crate::overlay::{self, Overlay};

/// Compares two named specs.
///
/// The overlays only affect the names of types. The specs are compared without corrections.
pub(crate) fn compare(
    (old_name, old): (&str, &Value),
    (new_name, new): (&str, &Value),
    overlays: &[Overlay],
) -> Report {
    if old == new {
        return Report::of(old_name, new_name, Vec::new());
    }
    let lowering = [old, new].map(|document| begin_to_lower(document, overlays));
    let (before, after) = (Revision::of(old), Revision::of(new));
    let types = Types::of(&before, &after);
    let pairing = pairing::pair(&before, &after);
    let mut comparison = Comparison::new(&before, &after, &types);
    comparison.whole();
    comparison.security(&pairing);
    comparison.broken_references();
    comparison.operations(&pairing);
    comparison.components();
    comparison.type_names(lowering.map(|wait| wait()), &pairing);
    Report::of(old_name, new_name, comparison.into_changes())
}

/// Starts to lower a spec after applying the overlays.
fn begin_to_lower(document: &Value, overlays: &[Overlay]) -> impl FnOnce() -> Option<Value> {
    let mut corrected = document.clone();
    overlay::apply(&mut corrected, overlays);
    generate::begin_to_lower(corrected)
}
