//! Items of a list that may be other than this version knows them.

use std::fmt;

use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde_json::value::RawValue;

use super::page::Page;
use crate::runtime::json::{Failure, decode};

/// An item of a list, kept even where it does not decode.
///
/// As the item type of a page, it keeps one odd item from failing the others:
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
///         ListItem::Invalid(invalid) => println!("{invalid}; it has {} bytes", invalid.json().len()),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub enum ListItem<T> {
    /// It decodes.
    Valid(T),
    /// It does not.
    Invalid(InvalidItem),
}

/// An item of a list that does not decode, as it came.
///
/// `Display` says why it does not, on one line. Neither it nor `Debug` shows the item.
#[derive(Clone)]
pub struct InvalidItem {
    json: Box<RawValue>,
    failure: Failure,
}

impl<T> ListItem<T> {
    /// The item, where it decodes.
    #[must_use]
    pub fn valid(self) -> Option<T> {
        self.into_result().ok()
    }

    /// The item, or what came in its place.
    ///
    /// # Errors
    ///
    /// The item, where it does not decode.
    pub fn into_result(self) -> Result<T, InvalidItem> {
        match self {
            Self::Valid(item) => Ok(item),
            Self::Invalid(invalid) => Err(invalid),
        }
    }
}

impl<T> Page<ListItem<T>> {
    /// The page with the items that decode.
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
    /// The item, in the very text that the service sent.
    #[must_use]
    pub fn json(&self) -> &str {
        self.json.get()
    }

    /// The path of the value that does not decode, within the item.
    #[must_use]
    pub fn json_path(&self) -> &str {
        &self.failure.path
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for ListItem<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Box::<RawValue>::deserialize(deserializer)?;
        Ok(match decode(json.get().as_bytes()) {
            Ok(item) => Self::Valid(item),
            Err(failure) => Self::Invalid(InvalidItem { json, failure }),
        })
    }
}

impl fmt::Display for InvalidItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.failure.fmt(f)
    }
}

impl fmt::Debug for InvalidItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InvalidItem")
            .field("json_path", &self.json_path())
            .finish_non_exhaustive()
    }
}

impl std::error::Error for InvalidItem {}
