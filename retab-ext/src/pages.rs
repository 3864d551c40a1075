//! Streams of pages and items.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_core::Stream;
use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};
use retab_api::ResponseValue;
use retab_api::runtime::{Direction, Page, Paginator, RawJson, RequestBuilder};
use serde::de::DeserializeOwned;

use crate::error::Error;

/// Decodes the items of a page one by one.
pub(crate) type DecodePage<T> = fn(Page<RawJson>) -> Page<T>;

/// A stream of pages, from [`List::pages`](crate::List::pages).
///
/// ```
/// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
/// use futures_util::TryStreamExt as _;
/// use retab_ext::List as _;
///
/// let mut pages = client.api().list_workflow_runs().limit(100).pages();
/// while let Some(page) = pages.try_next().await? {
///     println!("{} runs, then {:?}", page.data.len(), page.after);
/// }
/// # Ok(())
/// # }
/// ```
///
/// Each page contains the cursors of its neighbours, which another pagination can start from.
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages<T> {
    stream: BoxStream<'static, Result<ResponseValue<Page<T>>, Error>>,
}

/// A stream of items, from [`List::items`](crate::List::items).
///
/// ```
/// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
/// use futures_util::TryStreamExt as _;
/// use retab_ext::List as _;
///
/// let mut runs = client.api().list_workflow_runs().items();
/// while let Some(run) = runs.try_next().await? {
///     println!("{}", run.id);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "a stream does nothing until it is polled"]
pub struct Items<T> {
    pages: Pages<T>,
    direction: Direction,
    /// The remaining items of the current page.
    current_page: vec::IntoIter<T>,
}

impl<T: DeserializeOwned + Send + 'static> Pages<T> {
    pub(crate) fn new(
        request: RequestBuilder,
        direction: Direction,
        decode: Option<DecodePage<T>>,
    ) -> Self {
        let initial = Some(Paginator::new(request, direction));
        let pages = stream::unfold(initial, move |paginator| async move {
            let mut paginator = paginator?;
            let page = match decode {
                Some(decode) => paginator.next_raw().await?.map(|page| page.map(decode)),
                None => paginator.next::<T>().await?,
            };
            let next = page.is_ok().then_some(paginator);
            Some((page.map_err(Error::from), next))
        });
        Self {
            stream: pages.fuse().boxed(),
        }
    }
}

impl<T> Items<T> {
    pub(crate) fn new(direction: Direction, pages: Pages<T>) -> Self {
        Self {
            pages,
            direction,
            current_page: vec::IntoIter::default(),
        }
    }
}

impl<T> Stream for Pages<T> {
    type Item = Result<ResponseValue<Page<T>>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.stream.poll_next_unpin(context)
    }
}

/// Pinning the stream does not pin its items.
impl<T> Unpin for Items<T> {}

impl<T> Stream for Items<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.current_page.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            let mut items = match ready!(self.pages.poll_next_unpin(context)) {
                Some(Ok(page)) => page.into_inner().data,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            };
            if self.direction == Direction::Backwards {
                items.reverse();
            }
            self.current_page = items.into_iter();
        }
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("direction", &self.direction)
            .field("remaining_in_page", &self.current_page.len())
            .finish_non_exhaustive()
    }
}
