//! Workflows, their drafts and their versions.

mod blocks;
mod diff;
mod edges;
mod graph;
mod operations;
mod parts;
mod store;
mod versions;
mod workflow;

pub(crate) use graph::blocks;
pub(crate) use store::Workflows;
