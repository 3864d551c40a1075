//! The `x-` extensions that overlays set and that passes write.

use super::field_marks::{NULL_FIELDS, SENSITIVE_FIELDS};
use super::property_names::PROPERTY_NAMES;
use super::values::VALUES;

/// The extension on the placeholder of a union: a [`Union`](super::unions::Union) as JSON.
pub(super) const UNION: &str = "x-union";

/// The extension with which an overlay sets alternative paths for the fields of a schema.
pub(crate) const ALTERNATIVES: &str = "x-alternatives";

/// The extension with which an overlay names an inline schema.
pub(super) const TYPE_NAME: &str = "x-type-name";

/// The top-level extension that lists the inline types renamed because of a name collision.
pub(super) const RENAMED_TYPES: &str = "x-renamed-types";

/// The extensions written by the passes, which are removed from the input.
pub(crate) const MARKS: [&str; 6] = [
    UNION,
    NULL_FIELDS,
    SENSITIVE_FIELDS,
    PROPERTY_NAMES,
    VALUES,
    RENAMED_TYPES,
];
