//! The OpenAPI spec as a JSON value: parsing, pointers and traversal.
//!
//! All steps, from vendoring to the last lowering pass, operate on a [`serde_json::Value`] that preserves key
//! order. The service attaches meaning to the order of properties, and no Rust model of OpenAPI supports all of
//! 3.1. Specs of version 3.0 are upgraded to 3.1 on input, so later steps only handle 3.1.

mod json;
mod kind;
mod pointer;
mod read;
mod upgrade;
mod version;
mod walk;
mod yaml;

pub(crate) use kind::{Holds, Kind, is_extension};
pub(crate) use pointer::Pointer;
#[cfg(test)]
pub(crate) use read::parse;
pub(crate) use read::{parse_openapi, read, read_bytes, read_openapi};
#[cfg(test)]
pub(crate) use upgrade::upgrade;
#[cfg(test)]
pub(crate) use version::check_version;
pub(crate) use walk::{
    Order, Route, for_each, for_each_mut, for_each_operation, for_each_operation_mut,
    for_each_schema_mut, for_each_subschema_mut,
};

#[cfg(test)]
mod tests;
