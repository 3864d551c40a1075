//! Lowers an OpenAPI 3.1 spec to the subset of 3.0 that the generator supports.
//!
//! The spec has been normalized by [`crate::repair`], which has already noted all problems.
//! Each pass is one module that handles one construct and documents why it is needed.
//! The passes run in the order listed in [`passes`], each on the result of the previous one.
//! Passes hand data to the code generation in `x-` extensions, which the generator ignores:
//! [`UNION`](extensions::UNION), [`ALTERNATIVES`], [`NULL_FIELDS`], [`SENSITIVE_FIELDS`], [`PROPERTY_NAMES`] and [`VALUES`].

mod closed_objects;
mod component_names;
mod constants;
mod constraints;
mod defaults;
mod derived_texts;
mod extensions;
mod family;
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
mod passes;
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

pub(crate) use self::extensions::{ALTERNATIVES, MARKS};
pub(crate) use self::family::family_of;
pub(crate) use self::field_marks::{NULL_FIELDS, SENSITIVE_FIELDS};
pub(crate) use self::inline_types::take_renamed_types;
pub(crate) use self::media_type::is_json;
pub(crate) use self::numbers::FORMAT as NUMBER_FORMAT;
pub(crate) use self::parameters::{Form, form, path_parameters};
pub(crate) use self::passes::{derive_texts, lower, state_null};
pub(crate) use self::property_names::{EXTRA, PROPERTY_NAMES};
pub(crate) use self::request_bodies::{Content, RequestBody, request_body, sent_media_type};
pub(crate) use self::resolve::{referenced, referenced_at};
pub(crate) use self::responses::{Success, json_successes, success};
pub(crate) use self::stated_values::{described, stated_values};
pub(crate) use self::unions::{Distinction, Union, Variant, read_union, unions};
pub(crate) use self::unreachable::references;
pub(crate) use self::values::VALUES;
