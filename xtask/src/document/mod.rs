//! The OpenAPI document as a JSON value: reading it, naming places in it, walking over it.
//!
//! Everything that works on a document, from vendoring to the last lowering pass, works on a
//! [`serde_json::Value`] whose objects keep the order of their keys: the order of a schema's properties has a
//! meaning for the service, and no model of OpenAPI in Rust reads all of 3.1. A document of 3.0 is brought to the
//! form of 3.1 when it is read, and nothing after that knows of 3.0.

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
