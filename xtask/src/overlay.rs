//! OpenAPI Overlays (1.0 and 1.1), which correct and annotate the upstream spec without editing its copy.
//!
//! The files in `openapi/overlays/` are applied in alphabetical order, and the actions of a file in order.
//! In addition to the Overlay Specification:
//!
//! - Every action requires a reason: its `description`, or that of the overlay's `info` if it covers all actions.
//! - An action that selects nothing has no effect, as in the specification, and is reported, because its target
//!   no longer exists. If no action of a file selects anything, the file is reported once.
//! - An action that is incompatible with its target, such as an object for a string, is skipped and reported.
//! - An overlay with `x-texts: true`, a text overlay, only documents existing values. Its updates may set `title`,
//!   `summary` and `description`. Objects in an update only navigate to the object of that name in the spec, and
//!   are reported if there is none. Otherwise, a description of a removed property would recreate the property.

mod action;
mod apply;
mod merge;
mod misfit;
mod read;
#[cfg(test)]
mod tests;

pub(crate) use self::apply::apply;
pub(crate) use self::read::{Overlay, read_folder};
