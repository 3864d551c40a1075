//! Faults that the fake injects on request.

mod error;
mod fault;
mod rule;
mod rule_list;

pub use error::{FAULT_SYNTAX, FaultsError};
pub(crate) use fault::Fault;
pub use rule_list::Faults;
