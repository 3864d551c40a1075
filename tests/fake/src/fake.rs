//! The public fake server and its builder.

mod builder;
mod fake_retab;
mod files;
mod workflows;

pub use builder::FakeRetabBuilder;
pub use fake_retab::FakeRetab;
