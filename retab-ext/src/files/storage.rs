//! The way to the URLs of the storage: without credentials, without redirects, tried again.

use std::time::Duration;

use http::StatusCode;
use retab_api::runtime::SourceFailed;
use url::Url;

use crate::client::Client;
use crate::clock::Clock;
use crate::error::{Error, ErrorKind};

/// How often a transfer is tried in all.
const ATTEMPTS: u32 = 4;
/// How long the pause before the second attempt is; each later one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// Why a transfer failed, and what can be done about it.
pub(super) struct Failure {
    pub(super) error: Error,
    pub(super) next: Next,
}

/// What can be done about a failure.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// The same again.
    SameAgain,
    /// The URL has expired; another one has to be asked for.
    OtherUrl,
    /// Nothing.
    GiveUp,
}

impl Failure {
    pub(super) fn same_again(error: Error) -> Self {
        let next = Next::SameAgain;
        Self { error, next }
    }

    pub(super) fn give_up(error: impl Into<Error>) -> Self {
        let (error, next) = (error.into(), Next::GiveUp);
        Self { error, next }
    }

    /// A connection to the storage failed. `what` says what was being done, on what.
    pub(super) fn of_connection(what: &str, cause: reqwest::Error) -> Self {
        // The URL is signed.
        let cause = cause.without_url();
        if let Some(failed) = SourceFailed::find(&cause) {
            return Self::of_source(what, failed);
        }
        let (kind, reason) = if cause.is_connect() {
            (ErrorKind::Connect, "no connection to the storage")
        } else if cause.is_timeout() {
            (ErrorKind::Timeout, "no answer of the storage in time")
        } else if cause.is_builder() {
            let message = format!("{what}: the request to the storage cannot be built");
            return Self::give_up(Error::new(ErrorKind::Other, message).caused_by(cause));
        } else {
            (ErrorKind::Transport, "the connection to the storage failed")
        };
        let root = std::iter::successors(std::error::Error::source(&cause), |cause| cause.source());
        let message = match root.last() {
            Some(root) => format!("{what}: {reason} ({root})"),
            None => format!("{what}: {reason}"),
        };
        Self::same_again(Error::new(kind, message).caused_by(cause))
    }

    /// The document cannot be read, or is no longer what it was.
    pub(super) fn of_source(what: &str, failed: &SourceFailed) -> Self {
        Self::give_up(Error::invalid_request(format!("{what}: {failed}")))
    }
}

/// Sends a request to the storage; any status but a success is a failure.
///
/// What the storage says beside its status is not read: it may repeat what the URL was signed with.
pub(super) async fn send(
    what: &str,
    request: reqwest::RequestBuilder,
) -> Result<reqwest::Response, Failure> {
    let response = request.send().await;
    let response = response.map_err(|cause| Failure::of_connection(what, cause))?;
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let message = format!("{what}: the storage answered {status}");
    Err(Failure {
        error: Error::new(ErrorKind::Status, message).with_status(status),
        next: match status {
            StatusCode::GONE => Next::OtherUrl,
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => Next::SameAgain,
            status if status.is_server_error() => Next::SameAgain,
            _ => Next::GiveUp,
        },
    })
}

/// The URL that the service gave for a transfer.
pub(super) fn url(what: &str, url: &str) -> Result<Url, Failure> {
    match Url::parse(url) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url),
        _ => {
            let message = format!("{what}: the service gave a URL that is none");
            Err(Failure::give_up(Error::new(ErrorKind::Answer, message)))
        }
    }
}

/// The attempts of one transfer.
pub(super) struct Attempts<'a> {
    clock: &'a dyn Clock,
    left: u32,
    pause: Duration,
}

impl<'a> Attempts<'a> {
    pub(super) fn new(client: &'a Client) -> Self {
        Self {
            clock: client.clock(),
            left: ATTEMPTS - 1,
            pause: FIRST_PAUSE,
        }
    }

    /// Waits for the next attempt after this failure; gives it back where there is none.
    pub(super) async fn after(&mut self, failure: Failure) -> Result<(), Failure> {
        if failure.next != Next::SameAgain || self.left == 0 {
            return Err(failure);
        }
        self.left -= 1;
        self.clock.sleep(self.pause).await;
        self.pause *= 2;
        Ok(())
    }
}
