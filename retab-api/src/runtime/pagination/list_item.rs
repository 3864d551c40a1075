//! List items, valid or not.

use std::fmt;

use serde::de::{Deserialize, DeserializeOwned, Deserializer};

use super::page::Page;
use crate::runtime::json::{Failure, RawJson, decode};

/// A list item, decoded or invalid.
///
/// Use it as the item type of a page to prevent one invalid item from failing the whole page:
///
/// ```
/// # async fn demo(client: retab_api::Client) -> Result<(), retab_api::Error> {
/// use retab_api::runtime::{ListItem, Page};
/// use retab_api::types::WorkflowRun;
///
/// let page = client.list_workflow_runs().send_as::<Page<ListItem<WorkflowRun>>>().await?;
/// for item in page.into_inner().data {
///     match item {
///         ListItem::Valid(run) => println!("{}", run.id),
///         ListItem::Invalid(invalid) => println!("{invalid} ({} bytes)", invalid.json().len()),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub enum ListItem<T> {
    /// A decoded item.
    Valid(T),
    /// An item that cannot be decoded.
    Invalid(InvalidItem),
}

/// A list item that cannot be decoded, with its raw JSON.
///
/// `Display` is a one-line reason. Neither `Display` nor `Debug` contains the item.
#[derive(Clone, Debug)]
pub struct InvalidItem {
    json: RawJson,
    failure: Failure,
}

impl<T: DeserializeOwned> ListItem<T> {
    /// Decodes an item from its text.
    ///
    /// ```
    /// use retab_api::runtime::{ListItem, RawJson};
    ///
    /// # fn main() -> Result<(), serde_json::Error> {
    /// let json: RawJson = serde_json::from_str("12345678901234567890123")?;
    /// let number = ListItem::<i128>::decode(&json).valid();
    /// assert_eq!(number, Some(12_345_678_901_234_567_890_123));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn decode(json: &RawJson) -> Self {
        match decode(json.text().as_bytes()) {
            Ok(item) => Self::Valid(item),
            Err(failure) => Self::Invalid(InvalidItem {
                json: json.clone(),
                failure,
            }),
        }
    }
}

impl<T> ListItem<T> {
    /// Returns the item if it is valid.
    #[must_use]
    pub fn valid(self) -> Option<T> {
        self.into_result().ok()
    }

    /// Returns the item.
    ///
    /// # Errors
    ///
    /// Returns the raw item if it is invalid.
    pub fn into_result(self) -> Result<T, InvalidItem> {
        match self {
            Self::Valid(item) => Ok(item),
            Self::Invalid(invalid) => Err(invalid),
        }
    }
}

impl Page<RawJson> {
    /// Decodes the items.
    #[must_use]
    pub fn decode_items<T: DeserializeOwned>(self) -> Page<ListItem<T>> {
        Page {
            data: self.data.iter().map(ListItem::decode).collect(),
            after: self.after,
            before: self.before,
        }
    }
}

impl<T> Page<ListItem<T>> {
    /// Returns the page without its invalid items.
    #[must_use]
    pub fn without_invalid_items(self) -> Page<T> {
        Page {
            data: self.data.into_iter().filter_map(ListItem::valid).collect(),
            after: self.after,
            before: self.before,
        }
    }
}

impl InvalidItem {
    /// Returns the raw JSON text, unchanged.
    #[must_use]
    pub fn json(&self) -> &str {
        self.json.text()
    }

    /// Returns the path of the value that cannot be decoded, relative to the item.
    #[must_use]
    pub fn json_path(&self) -> &str {
        &self.failure.path
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for ListItem<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::decode(&RawJson::deserialize(deserializer)?))
    }
}

impl fmt::Display for InvalidItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.failure.fmt(f)
    }
}

impl std::error::Error for InvalidItem {}
