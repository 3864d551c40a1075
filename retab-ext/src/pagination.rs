//! Pagination options: direction and handling of invalid items.

use std::fmt;

use retab_api::runtime::{Direction, ListItem, ListOperation, Page, RequestBuilder};
use serde::de::DeserializeOwned;

use crate::pages::{DecodePage, Items, Pages};

/// A list operation whose pages can be streamed.
///
/// All list operations of [`Client::api`](crate::Client::api) implement this trait:
///
/// ```
/// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
/// use futures_util::TryStreamExt as _;
/// use retab_ext::List as _;
///
/// let mut runs = client.api().list_workflow_runs().workflow_id("wf_abc123xyz").items();
/// while let Some(run) = runs.try_next().await? {
///     println!("{} ran version {}", run.id, run.workflow_version_id);
/// }
/// # Ok(())
/// # }
/// ```
///
/// The stream starts at the first page, or at the cursor of the operation if one is set. Pages are fetched lazily. Each
/// page is one request with its own retries, timeouts and other options. `limit` sets the page size; if it is unset,
/// the service chooses the size. A page can be empty; only a null cursor ends the stream.
///
/// # Errors
/// The stream yields the error of a failed request, then ends. It also ends with an error of the kind
/// [`UnexpectedResponse`](crate::ErrorKind::UnexpectedResponse) if the service returns a cursor that was already used,
/// because the pagination would never end. The items of that page are yielded first.
pub trait List: Sized {
    /// The type of the items.
    type Item: DeserializeOwned + Send + 'static;

    /// Returns the pagination, for further options.
    fn pagination(self) -> Pagination<Self::Item>;

    /// Returns a stream of items.
    fn items(self) -> Items<Self::Item> {
        self.pagination().items()
    }

    /// Returns a stream of pages with the status, headers and request id of each.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use futures_util::TryStreamExt as _;
    /// use retab_ext::List as _;
    ///
    /// let mut pages = client.api().list_workflow_runs().limit(100).pages();
    /// while let Some(page) = pages.try_next().await? {
    ///     println!("{} runs, more at {:?}", page.data.len(), page.after);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    fn pages(self) -> Pages<Self::Item> {
        self.pagination().pages()
    }

    /// Paginates towards the start of the list: see [`Pagination::backwards`].
    fn backwards(self) -> Pagination<Self::Item> {
        self.pagination().backwards()
    }

    /// Skips invalid items: see [`Pagination::skip_invalid_items`].
    fn skip_invalid_items(self) -> Pagination<Self::Item> {
        self.pagination().skip_invalid_items()
    }

    /// Yields invalid items in their raw form: see [`Pagination::keep_invalid_items`].
    fn keep_invalid_items(self) -> Pagination<ListItem<Self::Item>> {
        self.pagination().keep_invalid_items()
    }
}

impl<L> List for L
where
    L: ListOperation,
    L::Item: DeserializeOwned + Send + 'static,
{
    type Item = L::Item;

    fn pagination(self) -> Pagination<L::Item> {
        Pagination::new(self.into_builder())
    }
}

/// A list operation with pagination options.
///
/// ```
/// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
/// use futures_util::TryStreamExt as _;
/// use retab_ext::List as _;
///
/// let earlier: Vec<_> = client
///     .api()
///     .list_workflow_runs()
///     .before("run_abc123xyz")
///     .backwards()
///     .skip_invalid_items()
///     .items()
///     .try_collect()
///     .await?;
/// println!("{} runs", earlier.len());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "a pagination does nothing until its `items` or `pages` are polled"]
pub struct Pagination<T> {
    request: RequestBuilder,
    direction: Direction,
    /// Decodes each item by itself. If unset, an invalid item fails its page.
    decode: Option<DecodePage<T>>,
}

impl<T: DeserializeOwned + Send + 'static> Pagination<T> {
    fn new(request: RequestBuilder) -> Self {
        Self {
            request,
            direction: Direction::Forwards,
            decode: None,
        }
    }

    /// Paginates towards the start of the list, by `before`.
    ///
    /// Items are yielded in reverse list order; within a page of [`pages`](Self::pages), they keep the list order.
    ///
    /// Requires a `before` or `after` cursor, because no page precedes the first. To read a whole list in reverse, set
    /// `order` on operations that support it.
    pub fn backwards(mut self) -> Self {
        self.direction = Direction::Backwards;
        self
    }

    /// Skips invalid items instead of failing their page.
    ///
    /// An item is invalid if a required field is missing, a value has the wrong type, or the item is not JSON, for example
    /// because of a `NaN`. Unknown enum values, union variants and fields are valid.
    pub fn skip_invalid_items(mut self) -> Self {
        self.decode = Some(|page| page.decode_items().without_invalid_items());
        self
    }

    /// Yields invalid items as raw JSON with the reason instead of failing their page.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use futures_util::TryStreamExt as _;
    /// use retab_ext::{List as _, ListItem};
    ///
    /// let mut runs = client.api().list_workflow_runs().keep_invalid_items().items();
    /// while let Some(item) = runs.try_next().await? {
    ///     match item {
    ///         ListItem::Valid(run) => println!("{}", run.id),
    ///         ListItem::Invalid(invalid) => println!("{invalid}; {} bytes", invalid.json().len()),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn keep_invalid_items(self) -> Pagination<ListItem<T>> {
        Pagination {
            request: self.request,
            direction: self.direction,
            decode: Some(Page::decode_items),
        }
    }

    /// Returns a stream of items.
    pub fn items(self) -> Items<T> {
        Items::new(self.direction, self.pages())
    }

    /// Returns a stream of pages with the status, headers and request id of each.
    pub fn pages(self) -> Pages<T> {
        Pages::new(self.request, self.direction, self.decode)
    }
}

impl<T> fmt::Debug for Pagination<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pagination")
            .field("request", &self.request)
            .field("direction", &self.direction)
            .finish_non_exhaustive()
    }
}
