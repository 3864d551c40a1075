//! What a list is asked for: its way, and what becomes of items that cannot be read.

use std::fmt;
use std::marker::PhantomData;

use retab_api::runtime::{Direction, ListItem, ListOperation, RequestBuilder};
use serde::de::DeserializeOwned;

use crate::pages::{Items, Pages};

/// A list operation, walked to its end.
///
/// Every list operation of [`Client::api`](crate::Client::api) has this:
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
/// The walk starts with the page that the operation asks for: with the first, or at its cursor. A page is asked for when
/// the walk has come to it, as an ordinary call with retries and options of its own; it has as many items as `limit` says,
/// and as the service likes where that is not set. What is not set is not sent.
///
/// # Errors
/// A stream gives those of the calls, and ends with the first one. Where the service names as the next page one that was
/// read before, the items of the page come first, then an error of the kind [`UnexpectedResponse`](crate::ErrorKind::UnexpectedResponse): the list
/// would never end.
pub trait List: Sized {
    /// What the list is of.
    type Item: DeserializeOwned + Send + 'static;

    /// The list, to be told more of.
    fn pagination(self) -> Pagination<Self::Item>;

    /// The items, one by one.
    fn items(self) -> Items<Self::Item> {
        self.pagination().items()
    }

    /// The pages, with status, headers and request id of each.
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

    /// Walks towards the front of the list: see [`Pagination::backwards`].
    fn backwards(self) -> Pagination<Self::Item> {
        self.pagination().backwards()
    }

    /// Leaves out the items that cannot be read: see [`Pagination::skip_invalid_items`].
    fn skip_invalid_items(self) -> Pagination<Self::Item> {
        self.pagination().skip_invalid_items()
    }

    /// Keeps the items that cannot be read as they came: see [`Pagination::keep_invalid_items`].
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

/// A list, and how it is walked.
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
#[must_use = "a list is not asked for until its items or pages are"]
pub struct Pagination<T> {
    request: RequestBuilder,
    direction: Direction,
    skip_invalid_items: bool,
    item: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned + Send + 'static> Pagination<T> {
    fn new(request: RequestBuilder) -> Self {
        Self {
            request,
            direction: Direction::Forwards,
            skip_invalid_items: false,
            item: PhantomData,
        }
    }

    /// Walks towards the front of the list, from page to page by `before`; the items come in the reverse order of the
    /// list, while each page keeps its order.
    ///
    /// It needs a cursor to start from, `before` or `after`: in front of the first page there is nothing. A whole list is
    /// had in reverse by ordering it the other way, where the operation has the parameter `order`.
    pub fn backwards(mut self) -> Self {
        self.direction = Direction::Backwards;
        self
    }

    /// Leaves out the items that cannot be read, which would fail their page.
    ///
    /// What the types keep is not odd: a value of an enum, a variant of a union or a field that this version does not
    /// know. An item is odd where something required is missing or of another kind.
    pub fn skip_invalid_items(mut self) -> Self {
        self.skip_invalid_items = true;
        self
    }

    /// Keeps the items that cannot be read as they came, with the reason.
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
            direction: self.direction,
            ..Pagination::new(self.request)
        }
    }

    /// The items, one by one.
    pub fn items(self) -> Items<T> {
        Items::new(self.direction, self.pages())
    }

    /// The pages, with status, headers and request id of each.
    pub fn pages(self) -> Pages<T> {
        Pages::new(self.request, self.direction, self.skip_invalid_items)
    }
}

impl<T> fmt::Debug for Pagination<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pagination")
            .field("request", &self.request)
            .field("direction", &self.direction)
            .field("skip_invalid_items", &self.skip_invalid_items)
            .finish_non_exhaustive()
    }
}
