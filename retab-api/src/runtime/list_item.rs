//! Items of a list that may be other than this version knows them.

use std::fmt;

use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde_json::value::RawValue;

use super::decode::{self, Failure};
use super::page::Page;

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
///         ListItem::Read(run) => println!("{}", run.id),
///         ListItem::Odd(odd) => println!("{odd}; it has {} bytes", odd.json().len()),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub enum ListItem<T> {
    /// It decodes.
    Read(T),
    /// It does not.
    Odd(OddItem),
}

/// An item of a list that does not decode, as it came.
///
/// `Display` says why it does not, on one line. Neither it nor `Debug` shows the item.
#[derive(Clone)]
pub struct OddItem {
    json: Box<RawValue>,
    failure: Failure,
}

impl<T> ListItem<T> {
    /// The item, where it decodes.
    #[must_use]
    pub fn read(self) -> Option<T> {
        self.into_result().ok()
    }

    /// The item, or what came in its place.
    ///
    /// # Errors
    ///
    /// The item, where it does not decode.
    pub fn into_result(self) -> Result<T, OddItem> {
        match self {
            Self::Read(item) => Ok(item),
            Self::Odd(odd) => Err(odd),
        }
    }
}

impl<T> Page<ListItem<T>> {
    /// The page with the items that decode.
    #[must_use]
    pub fn without_odd_items(self) -> Page<T> {
        Page {
            data: self.data.into_iter().filter_map(ListItem::read).collect(),
            after: self.after,
            before: self.before,
        }
    }
}

impl OddItem {
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
        Ok(match decode::value(json.get().as_bytes()) {
            Ok(item) => Self::Read(item),
            Err(failure) => Self::Odd(OddItem { json, failure }),
        })
    }
}

impl fmt::Display for OddItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.failure.fmt(f)
    }
}

impl fmt::Debug for OddItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OddItem")
            .field("json_path", &self.json_path())
            .finish_non_exhaustive()
    }
}

impl std::error::Error for OddItem {}
