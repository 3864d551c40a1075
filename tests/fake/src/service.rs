//! The service behind the fake server: request validation, routing and in-memory state.

mod background;
mod credentials;
mod document;
mod files;
mod hash;
mod not_found;
mod pages;
mod patch;
mod progress;
mod rate_limit;
mod request;
mod request_log;
mod resources;
mod reviews;
pub(crate) mod route;
mod runs;
pub(crate) mod sample;
mod schemas;
mod secrets;
mod state;
mod storage;
mod tables;
mod timestamp;
mod undeclared;
mod violation;
pub(crate) mod workflows;

pub(crate) use files::{MAX_STORED_FILE_SIZE, StoredContent};
pub(crate) use hash::hex;
pub(crate) use route::MAX_BODY_SIZE;
pub(crate) use state::Service;
pub(crate) use undeclared::Undeclared;
