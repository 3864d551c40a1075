//! The collection of runs: handles, filtered lists and exports.

mod collection;
mod export;
mod list;

pub use collection::Runs;
pub use export::{Export, ExportedTable};
pub use list::RunList;
