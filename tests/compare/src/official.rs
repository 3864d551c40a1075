//! The official crate's pages.

use retab::models::ListMetadata;
use serde::Deserialize;

/// A page as the official crate decodes it, by a type that it does not export.
#[derive(Debug, Deserialize)]
pub struct Page<T> {
    /// The items of the page.
    pub data: Vec<T>,
    /// Where the neighbouring pages are.
    pub list_metadata: ListMetadata,
}
