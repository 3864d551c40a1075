//! The passes, and their order.

use serde_json::Value;

use super::{
    closed_objects, component_names, constants, constraints, defaults, derived_texts, field_marks,
    formats, inline_types, normal_form, nullable, nullable_components, numbers, optional,
    parameters, property_names, reference_siblings, request_bodies, responses, skeleton,
    stated_values, unions, unreachable, values,
};

/// A pass over the whole spec.
type Pass = fn(&mut Value);

/// The passes, in order.
const PASSES: &[Pass] = &[
    component_names::lower,
    skeleton::lower,
    parameters::lower,
    responses::lower,
    request_bodies::lower,
    stated_values::lower,
    constraints::lower,
    nullable::lower,
    nullable_components::lower,
    field_marks::lower,
    formats::lower,
    numbers::lower,
    defaults::lower,
    inline_types::lower,
    unions::lower,
    constants::lower,
    closed_objects::lower,
    optional::lower,
    unreachable::lower,
    normal_form::lower,
    values::lower,
    property_names::lower,
    reference_siblings::lower,
];

/// Runs every pass over `document`.
pub(crate) fn lower(document: &mut Value) {
    for pass in PASSES {
        pass(document);
    }
}

/// Adds a description derived from name and type to every property and parameter without one.
pub(crate) fn derive_texts(document: &mut Value) {
    derived_texts::lower(document);
}

/// Converts null types to the `nullable` keyword of OpenAPI 3.0 in every schema.
pub(crate) fn state_null(document: &mut Value) {
    nullable::lower(document);
}
