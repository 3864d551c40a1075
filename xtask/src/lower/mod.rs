//! Lowers an OpenAPI 3.1 document to the part of 3.0 that the generator reads right.
//!
//! The document has been repaired: what is wrong in it has been told, and nothing is told here.
//! Each pass is one module that handles one construct; its doc comment says which and why.
//! The passes run in the order of [`PASSES`], each on the result of the one before it.
//! What a pass has to tell the code generation stays in the document, as an `x-` extension
//! that the generator ignores: [`UNION`], [`ALTERNATIVES`],
//! [`NULL_FIELDS`], [`SENSITIVE_FIELDS`], [`PROPERTY_NAMES`], [`VALUES`].

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

/// The extension on a component that stands for a union: what [`Union`] says, as JSON.
const UNION: &str = "x-union";

/// The extension by which an overlay gives the fields of a schema other paths to be read from.
pub(crate) const ALTERNATIVES: &str = "x-alternatives";

/// The extension by which an overlay names an inline schema.
const TYPE_NAME: &str = "x-type-name";

/// The extension, of the whole document, that lists the places of inline types whose names are taken.
const GIVES_WAY: &str = "x-gives-way";

/// The extensions that the passes write, which no document may bring along.
pub(crate) const MARKS: [&str; 6] = [
    UNION,
    NULL_FIELDS,
    SENSITIVE_FIELDS,
    PROPERTY_NAMES,
    VALUES,
    GIVES_WAY,
];

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

/// Takes out of a lowered document what gave way in it: the places as they were given, and what is told of them.
pub(crate) fn take_what_gave_way(document: &mut Value) -> Vec<(Pointer, String)> {
    let listed = document
        .as_object_mut()
        .and_then(|document| document.shift_remove(GIVES_WAY));
    let listed = listed.as_ref().and_then(Value::as_array);
    let told = listed.into_iter().flatten().filter_map(|told| {
        let tokens = told[0].as_array()?.iter().filter_map(Value::as_str);
        Some((Pointer::of(tokens), told[1].as_str()?.to_owned()))
    });
    told.collect()
}

/// Gives every property and parameter without a text one that its name and its type say.
pub(crate) fn derive_texts(document: &mut Value) {
    derived_texts::lower(document);
}

/// Says "or null" the way of OpenAPI 3.0, in every schema.
pub(crate) fn state_null(document: &mut Value) {
    nullable::lower(document);
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
