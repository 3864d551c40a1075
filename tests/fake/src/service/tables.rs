//! Tables created from CSV files.

mod csv;
mod query;
mod store;
mod table;

pub(crate) use store::Tables;
