//! Lowers an OpenAPI 3.1 spec to the subset of 3.0 that the generator supports.
//!
//! The spec has been normalized by [`crate::repair`], which has already noted all problems.
//! Each pass is one module that handles one construct and documents why it is needed.
//! The passes run in the order of [`PASSES`], each on the result of the previous one.
//! Passes hand data to the code generation in `x-` extensions, which the generator ignores:
//! [`UNION`], [`ALTERNATIVES`], [`NULL_FIELDS`], [`SENSITIVE_FIELDS`], [`PROPERTY_NAMES`] and [`VALUES`].

mod closed_objects;
mod component_names;
mod constants;
mod constraints;
mod defaults;
mod derived_texts;
mod field_marks;
mod formats;
mod inline_types;
mod media_type;
pub(crate) mod names;
mod normal_form;
mod nullable;
mod nullable_components;
mod numbers;
mod optional;
mod parameters;
mod property_names;
mod reference_siblings;
mod request_bodies;
mod resolve;
mod responses;
mod skeleton;
mod stated_values;
mod unions;
mod unreachable;
mod values;

use std::collections::HashMap;

use serde_json::Value;

use crate::document::Pointer;

pub(crate) use self::field_marks::{NULL_FIELDS, SENSITIVE_FIELDS};
pub(crate) use self::media_type::is_json;
pub(crate) use self::numbers::FORMAT as NUMBER_FORMAT;
pub(crate) use self::parameters::{Form, form, path_parameters};
pub(crate) use self::property_names::{EXTRA, PROPERTY_NAMES};
pub(crate) use self::request_bodies::{Content, RequestBody, request_body, sent_media_type};
pub(crate) use self::resolve::{referenced, referenced_at};
pub(crate) use self::responses::{Success, json_successes, success};
pub(crate) use self::stated_values::{described, stated_values};
pub(crate) use self::unions::{Distinction, Union, Variant, read_union};
pub(crate) use self::unreachable::references;
pub(crate) use self::values::VALUES;

/// The extension on the placeholder of a union: a [`Union`] as JSON.
const UNION: &str = "x-union";

/// The extension with which an overlay sets alternative paths for the fields of a schema.
pub(crate) const ALTERNATIVES: &str = "x-alternatives";

/// The extension with which an overlay names an inline schema.
const TYPE_NAME: &str = "x-type-name";

/// The top-level extension that lists the inline types renamed because of a name collision.
const RENAMED_TYPES: &str = "x-renamed-types";

/// The extensions written by the passes, which are removed from the input.
pub(crate) const MARKS: [&str; 6] = [
    UNION,
    NULL_FIELDS,
    SENSITIVE_FIELDS,
    PROPERTY_NAMES,
    VALUES,
    RENAMED_TYPES,
];

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

/// Removes the list of renamed inline types from a lowered spec and returns their original places and notes.
pub(crate) fn take_renamed_types(document: &mut Value) -> Vec<(Pointer, String)> {
    let listed = document
        .as_object_mut()
        .and_then(|document| document.shift_remove(RENAMED_TYPES));
    let listed = listed.as_ref().and_then(Value::as_array);
    let renamed = listed.into_iter().flatten().filter_map(|entry| {
        let tokens = entry[0].as_array()?.iter().filter_map(Value::as_str);
        Some((Pointer::of(tokens), entry[1].as_str()?.to_owned()))
    });
    renamed.collect()
}

/// Adds a description derived from name and type to every property and parameter without one.
pub(crate) fn derive_texts(document: &mut Value) {
    derived_texts::lower(document);
}

/// Converts null types to the `nullable` keyword of OpenAPI 3.0 in every schema.
pub(crate) fn state_null(document: &mut Value) {
    nullable::lower(document);
}

/// Returns the unions of a lowered spec by component name.
pub(crate) fn unions(document: &Value) -> HashMap<String, Union> {
    let schemas = document["components"]["schemas"]
        .as_object()
        .into_iter()
        .flatten();
    schemas
        .filter_map(|(name, schema)| Some((name.clone(), unions::read(schema)?)))
        .collect()
}
