//! Requests the pages of a list, one after the other.

use std::collections::HashSet;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::page::Page;
use crate::runtime::error::Error;
use crate::runtime::operation::IDEMPOTENCY_KEY;
use crate::runtime::request_builder::RequestBuilder;
use crate::runtime::response::ResponseValue;

/// A call that answers one page of a list.
///
/// The builder of an operation is one where the operation has the query parameters `after` and
/// `before`, and answers with `data` and `list_metadata`.
pub trait ListOperation: Sized {
    /// What the list is of.
    type Item;

    /// The call as it was collected so far.
    fn into_builder(self) -> RequestBuilder;
}

/// A call of an operation that is declared by hand; its items are JSON.
impl ListOperation for RequestBuilder {
    type Item = Value;

    fn into_builder(self) -> RequestBuilder {
        self
    }
}

/// Which way a list is walked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From a page to the one behind it, by `after`.
    #[default]
    Forwards,
    /// From a page to the one in front of it, by `before`.
    Backwards,
}

impl Direction {
    /// The parameter that leads this way, and the one that leads the other.
    fn parameters(self) -> (&'static str, &'static str) {
        match self {
            Self::Forwards => ("after", "before"),
            Self::Backwards => ("before", "after"),
        }
    }
}

/// The pages of a list, asked for one after the other.
///
/// ```
/// # async fn demo(client: retab_api::Client) -> Result<(), retab_api::Error> {
/// use retab_api::runtime::{Direction, Paginator};
/// use retab_api::types::WorkflowRun;
///
/// let mut pager = Paginator::new(client.list_workflow_runs().limit(100), Direction::Forwards);
/// while let Some(page) = pager.next::<WorkflowRun>().await {
///     for run in &page?.data {
///         println!("{}", run.id);
///     }
/// }
/// # Ok(())
/// # }
/// ```
///
/// The first page is the one that the call asks for; a cursor of the call is where the walk starts.
/// It ends with the page that names no other, or that has no items. What the call leaves unset is
/// not sent.
#[derive(Debug)]
pub struct Paginator {
    call: RequestBuilder,
    direction: Direction,
    /// The cursors that were asked for.
    seen: HashSet<String>,
    next: Next,
}

/// What comes next.
#[derive(Debug)]
enum Next {
    Page,
    /// The page that was read last names one that was read before.
    Fail(Error),
    Nothing,
}

impl Paginator {
    /// The pages from the one that `call` asks for.
    #[must_use]
    pub fn new(call: impl ListOperation, direction: Direction) -> Self {
        let call = call.into_builder();
        let (with, against) = direction.parameters();
        let start = call.query_value(with).map(str::to_owned);
        let has_start = start.is_some() || call.query_value(against).is_some();
        Self {
            next: if direction == Direction::Backwards && !has_start {
                let reason = "a list is walked backwards from a cursor, and none is set: set `before`, or order the list the other way";
                Next::Fail(Error::invalid_request(call.operation(), reason))
            } else {
                Next::Page
            },
            seen: start.into_iter().collect(),
            call,
            direction,
        }
    }

    /// Which way the list is walked.
    #[must_use]
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// The next page, its items read as `T`; `None` behind the last.
    ///
    /// After an error of a call the same page is asked for again.
    ///
    /// # Errors
    ///
    /// Those of a call, and these:
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) for a walk backwards without a cursor
    /// to start from, since there is nothing in front of the first page;
    /// [`RepeatedCursor`](crate::ErrorKind::RepeatedCursor) behind a page that names a cursor which
    /// was asked for before, since the list would never end.
    pub async fn next<T: DeserializeOwned>(
        &mut self,
    ) -> Option<Result<ResponseValue<Page<T>>, Error>> {
        match &self.next {
            Next::Page => {}
            Next::Nothing => return None,
            Next::Fail(_) => return self.fail(),
        }
        let page = match self.call.clone().send_json::<Page<T>>().await {
            Ok(page) => page,
            Err(error) => return Some(Err(error)),
        };
        let cursor = match self.direction {
            Direction::Forwards => &page.after,
            Direction::Backwards => &page.before,
        };
        let leads_on = |cursor: &String| !cursor.is_empty() && !page.data.is_empty();
        let cursor = cursor.clone().filter(leads_on);
        self.turn(cursor, &page);
        Some(Ok(page))
    }

    /// Hands out the error that ends the walk.
    fn fail<T>(&mut self) -> Option<Result<T, Error>> {
        match std::mem::replace(&mut self.next, Next::Nothing) {
            Next::Fail(error) => Some(Err(error)),
            Next::Page | Next::Nothing => None,
        }
    }

    /// Turns to the page at `cursor`.
    fn turn<T>(&mut self, cursor: Option<String>, page: &ResponseValue<Page<T>>) {
        let (with, against) = self.direction.parameters();
        self.next = match cursor {
            None => Next::Nothing,
            Some(cursor) if self.seen.insert(cursor.clone()) => {
                self.call.query::<String, _>(with, cursor);
                self.call.unset_query(against);
                self.call.unset_header(IDEMPOTENCY_KEY);
                Next::Page
            }
            Some(_) => {
                let operation = self.call.operation();
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
