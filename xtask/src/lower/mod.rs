//! Lowers an OpenAPI 3.1 document to the part of 3.0 that the generator reads right.
//!
//! Each pass is one module that handles one construct; its doc comment says which and why.
//! The passes run in the order of [`PASSES`], each on the result of the one before it.
//! What a pass has to tell the code generation stays in the document, as an `x-` extension
//! that the generator ignores: [`UNION`], [`ALTERNATIVES`],
//! [`NULL_FIELDS`], [`SENSITIVE_FIELDS`].

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
mod nullable;
mod numbers;
mod operation_names;
mod optional;
mod parameters;
mod reference_siblings;
mod request_bodies;
mod resolve;
mod responses;
mod skeleton;
mod stated_values;
mod unions;
mod unreachable;

use std::collections::HashMap;

use serde_json::Value;

pub(crate) use self::field_marks::{NULL_FIELDS, SENSITIVE_FIELDS};
pub(crate) use self::numbers::FORMAT as NUMBER_FORMAT;
pub(crate) use self::parameters::{is_sent, path_parameters};
pub(crate) use self::request_bodies::{RequestBody, request_body};
pub(crate) use self::resolve::referenced;
pub(crate) use self::responses::{Success, success};
pub(crate) use self::stated_values::{described, stated_values};
pub(crate) use self::unions::{Distinction, Union, Variant};
pub(crate) use self::unreachable::references;

/// The extension on a component that stands for a union: what [`Union`] says, as JSON.
const UNION: &str = "x-union";

/// The extension by which an overlay gives the fields of a schema other paths to be read from.
pub(crate) const ALTERNATIVES: &str = "x-alternatives";

/// The extension by which an overlay names an inline schema.
const TYPE_NAME: &str = "x-type-name";

/// A pass over the whole document.
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
    reference_siblings::lower,
];

/// Runs every pass over `document`.
pub(crate) fn lower(document: &mut Value) {
    for pass in PASSES {
        pass(document);
    }
}

/// Gives every operation the name of its function, so that the document can be looked up by it.
pub(crate) fn name_operations(document: &mut Value) {
    operation_names::lower(document);
}

/// Gives every property and parameter without a text one that its name and its type say.
pub(crate) fn derive_texts(document: &mut Value) {
    derived_texts::lower(document);
}

/// The unions of a lowered document, by the names of their components.
pub(crate) fn unions(document: &Value) -> HashMap<String, Union> {
    let schemas = document["components"]["schemas"]
        .as_object()
        .into_iter()
        .flatten();
    schemas
        .filter_map(|(name, schema)| Some((name.clone(), unions::read(schema)?)))
        .collect()
}
