//! Resources with only generic create, read, update, list and delete operations: edit templates, evals, experiments and
//! their runs, and block executions.
//!
//! A new resource is a sample that contains the values of the request. Eval runs, experiment runs and block executions
//! are pending, running and then completed, one step each.

mod kind;
mod resource;
mod results;
mod store;

pub(crate) use store::Resources;
