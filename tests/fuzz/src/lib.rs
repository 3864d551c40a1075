//! Fuzz targets, shared with the `corpus` test of the workspace.

pub mod responses;
pub mod strings;
