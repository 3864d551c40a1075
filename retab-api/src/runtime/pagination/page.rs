//! A page of a list.

use serde::Deserialize;

use crate::runtime::json::{self, Failure, RawJson};

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

impl Page<RawJson> {
    /// Decodes a page but not its items, which need not be valid JSON.
    pub(super) fn decode_raw(bytes: &[u8]) -> Result<Self, Failure> {
        json::decode(bytes).or_else(|failure| {
            let text = std::str::from_utf8(bytes).ok();
            text.and_then(Self::split).ok_or(failure)
        })
    }

    fn split(text: &str) -> Option<Self> {
        let page = RawJson::new(text).members()?;
        let metadata = page.get("list_metadata")?.text();
        Some(Self::from(WirePage {
            data: page.get("data")?.elements()?,
            list_metadata: serde_json::from_str(metadata).ok()?,
        }))
    }
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
