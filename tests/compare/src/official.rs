//! Page type of the official crate.

use retab::models::ListMetadata;
use serde::Deserialize;

/// A copy of the page type that the official crate decodes into but does not export.
#[derive(Debug, Deserialize)]
pub struct Page<T> {
    /// The items.
    pub data: Vec<T>,
    /// The cursors of the neighbouring pages.
    pub list_metadata: ListMetadata,
}
