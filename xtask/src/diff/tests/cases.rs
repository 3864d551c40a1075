//! Cases for each kind of change: an edit of the fixture and the expected report.

mod all;
mod bodies;
mod entry;
mod operations;
mod properties;
mod types;
mod whole;

pub(super) use self::all::cases;
