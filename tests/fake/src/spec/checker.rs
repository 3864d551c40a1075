//! Validation of requests and responses against the spec.

mod request_decoder;
mod schema_checker;
#[cfg(test)]
mod tests;

pub use schema_checker::Checker;
