//! Jobs that process one document: extractions, parses, splits, classifications, edits, partitions and file blueprints.
//!
//! All jobs follow the same lifecycle. A background job is pending, queued and in progress before it ends, one step each;
//! other jobs end immediately. Only completed jobs have an output, and clients can exclude it with `include_output`.

mod job;
mod kind;
mod list;
mod output;
mod store;

pub(crate) use store::Background;
