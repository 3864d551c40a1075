//! A page of a list.

use serde::Deserialize;

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "WirePage<T>", bound(deserialize = "T: Deserialize<'de>"))]
#[non_exhaustive]
pub struct Page<T> {
    /// The items, in the order of the list.
    pub data: Vec<T>,
    /// The cursor of the next page; `None` on the last page.
    pub after: Option<String>,
    /// The cursor of the previous page; `None` on the first page.
    pub before: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename = "Page")]
struct WirePage<T> {
    data: Vec<T>,
    list_metadata: ListMetadata,
}

#[derive(Deserialize)]
struct ListMetadata {
    after: Option<String>,
    before: Option<String>,
}

impl<T> From<WirePage<T>> for Page<T> {
    fn from(page: WirePage<T>) -> Self {
        let ListMetadata { after, before } = page.list_metadata;
        Self {
            data: page.data,
            after,
            before,
        }
    }
}
