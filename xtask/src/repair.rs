//! Normalizes invalid or unsupported parts of the spec whose meaning is unambiguous.
//!
//! Each pass is one module that handles one construct and notes every change with its place in the original spec.
//! The result is an OpenAPI 3.1 spec that [`crate::lower`] accepts without further notes. A pass that cannot preserve
//! a schema widens it: to fewer constraints, then to additional properties, and finally to any JSON.
//! Specs that cannot be normalized are rejected first, so that errors point to places in the original.

mod aliases;
mod all_of;
mod bodies;
mod booleans;
mod defaults;
mod enum_values;
mod inner_references;
mod keywords;
mod mixed_unions;
mod names;
mod notes;
mod nulls;
mod operation_ids;
mod parameters;
mod passes;
mod path_items;
mod required;
mod responses;
mod security;
#[cfg(test)]
mod testing;
mod unread;
mod widened;

pub(crate) use self::notes::Repair;
pub(crate) use self::parameters::is_sent;
pub(crate) use self::passes::{check, merge_all_of, name_operations, repair};
