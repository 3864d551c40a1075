//! Fetches the pages of a list.

use std::collections::HashSet;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::page::Page;
use crate::runtime::error::Error;
use crate::runtime::json::{self, Failure, RawJson};
use crate::runtime::operation::IDEMPOTENCY_KEY;
use crate::runtime::request_builder::RequestBuilder;
use crate::runtime::response::ResponseValue;

/// A request for one page of a list.
///
/// Implemented by the builders of operations that have the query parameters `after` and `before`, and return `data` and
/// `list_metadata`.
pub trait ListOperation: Sized {
    /// The item type.
    type Item;

    /// Returns the request builder.
    fn into_builder(self) -> RequestBuilder;
}

/// For hand-declared operations. Items are JSON values.
impl ListOperation for RequestBuilder {
    type Item = Value;

    fn into_builder(self) -> RequestBuilder {
        self
    }
}

/// The direction of pagination.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Direction {
    /// To the next page, by `after`.
    #[default]
    Forwards,
    /// To the previous page, by `before`.
    Backwards,
}

impl Direction {
    /// Returns the cursor parameter of this direction and that of the opposite one.
    fn parameters(self) -> (&'static str, &'static str) {
        match self {
            Self::Forwards => ("after", "before"),
            Self::Backwards => ("before", "after"),
        }
    }
}

/// Fetches the pages of a list one by one.
///
/// ```
/// # async fn demo(client: retab_api::Client) -> Result<(), retab_api::Error> {
/// use retab_api::runtime::{Direction, Paginator};
/// use retab_api::types::WorkflowRun;
///
/// let mut paginator = Paginator::new(client.list_workflow_runs().limit(100), Direction::Forwards);
/// while let Some(page) = paginator.next::<WorkflowRun>().await {
///     for run in &page?.data {
///         println!("{}", run.id);
///     }
/// }
/// # Ok(())
/// # }
/// ```
///
/// Starts with the page that the request asks for; a cursor set in the request is the starting point. Ends after a page
/// whose next cursor is null. Follows the cursor of an empty page, because the service filters items after paging. Unset
/// parameters are not sent.
#[derive(Debug)]
pub struct Paginator {
    request: RequestBuilder,
    direction: Direction,
    /// The requested cursors, and the empty one: `?after=` asks for the first page again.
    seen: HashSet<String>,
    next: Next,
}

/// The outcome of the next call.
#[derive(Debug)]
enum Next {
    Page,
    /// The previous page names a cursor that was already requested.
    Fail(Error),
    End,
}

impl Paginator {
    /// Creates a paginator that starts with the page that `operation` asks for.
    #[must_use]
    pub fn new(operation: impl ListOperation, direction: Direction) -> Self {
        let request = operation.into_builder();
        let (with, against) = direction.parameters();
        let start = request.query_value(with).map(str::to_owned);
        let has_start = start.is_some() || request.query_value(against).is_some();
        Self {
            next: if direction == Direction::Backwards && !has_start {
                let reason = "cannot page backwards without a cursor; set `before`, or reverse the order of the list";
                Next::Fail(Error::invalid_request(request.operation(), reason))
            } else {
                Next::Page
            },
            seen: start.into_iter().chain([String::new()]).collect(),
            request,
            direction,
        }
    }

    /// Returns the direction.
    #[must_use]
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// Fetches the next page, or returns `None` after the last one.
    ///
    /// After an error of a request, the next call requests the same page again.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, and the following ones:
    /// - [`InvalidRequest`](crate::ErrorKind::InvalidRequest) for backward pagination without a starting cursor, since no
    ///   page precedes the first one;
    /// - [`RepeatedCursor`](crate::ErrorKind::RepeatedCursor) after a page that names a cursor that was already requested,
    ///   or the empty one, since the list would never end.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe: if the future is dropped, the next call requests the same page again.
    pub async fn next<T: DeserializeOwned>(
        &mut self,
    ) -> Option<Result<ResponseValue<Page<T>>, Error>> {
        self.next_with(json::decode).await
    }

    /// Fetches the next page without decoding its items, or returns `None` after the last one.
    ///
    /// An item that is not valid JSON, such as one with `NaN`, does not affect the others. Otherwise like
    /// [`next`](Self::next).
    ///
    /// ```
    /// # async fn demo(client: retab_api::Client) -> Result<(), retab_api::Error> {
    /// use retab_api::runtime::{Direction, ListItem, Paginator};
    /// use retab_api::types::WorkflowStep;
    ///
    /// let list = client.list_workflow_run_steps().run_id("run_abc");
    /// let mut paginator = Paginator::new(list, Direction::Forwards);
    /// while let Some(page) = paginator.next_raw().await {
    ///     for json in page?.into_inner().data {
    ///         println!("{} bytes", json.text().len());
    ///         let step = ListItem::<WorkflowStep>::decode(&json);
    ///         println!("{:?}", step.valid().map(|step| step.step_id));
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the errors of [`next`](Self::next), except those of items.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe: if the future is dropped, the next call requests the same page again.
    pub async fn next_raw(&mut self) -> Option<Result<ResponseValue<Page<RawJson>>, Error>> {
        self.next_with(Page::decode_raw).await
    }

    async fn next_with<T>(
        &mut self,
        decode: impl FnOnce(&[u8]) -> Result<Page<T>, Failure>,
    ) -> Option<Result<ResponseValue<Page<T>>, Error>> {
        match &self.next {
            Next::Page => {}
            Next::End => return None,
            Next::Fail(_) => return self.take_error(),
        }
        let page = match self.request.clone().send_json_with(decode).await {
            Ok(page) => page,
            Err(error) => return Some(Err(error)),
        };
        let cursor = match self.direction {
            Direction::Forwards => &page.after,
            Direction::Backwards => &page.before,
        };
        self.advance(cursor.clone(), &page);
        Some(Ok(page))
    }

    /// Returns the error that ends the pagination.
    fn take_error<T>(&mut self) -> Option<Result<T, Error>> {
        match std::mem::replace(&mut self.next, Next::End) {
            Next::Fail(error) => Some(Err(error)),
            Next::Page | Next::End => None,
        }
    }

    /// Prepares the request for the page at `cursor`.
    fn advance<T>(&mut self, cursor: Option<String>, page: &ResponseValue<Page<T>>) {
        let (with, against) = self.direction.parameters();
        self.next = match cursor {
            None => Next::End,
            Some(cursor) if self.seen.insert(cursor.clone()) => {
                self.request.query::<String, _>(with, cursor);
                self.request.unset_query(against);
                self.request.unset_header(IDEMPOTENCY_KEY);
                Next::Page
            }
            Some(_) => {
                let operation = self.request.operation();
                Next::Fail(Error::repeated_cursor(
                    operation,
                    page.status(),
                    page.headers().clone(),
                    page.attempts(),
                ))
            }
        };
    }
}
