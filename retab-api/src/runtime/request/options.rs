//! Request options.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{Extensions, HeaderMap, HeaderName, HeaderValue};

/// The default response limit: 64 MiB.
const DEFAULT_RESPONSE_LIMIT: u64 = 64 * 1024 * 1024;

/// Options of one request, or of all requests of a client.
///
/// Pass them to [`Client::with`](crate::Client::with). Cloning is cheap.
///
/// ```
/// use std::time::Duration;
/// use retab_api::RequestOptions;
///
/// let options = RequestOptions::new()
///     .with_timeout(Duration::from_secs(30))
///     .with_response_limit(1024 * 1024);
/// assert_eq!(options.timeout(), Some(Duration::from_secs(30)));
/// ```
#[derive(Clone, Default)]
pub struct RequestOptions {
    inner: Arc<Inner>,
}

#[derive(Clone, Default)]
struct Inner {
    timeout: Option<Duration>,
    headers: HeaderMap,
    response_limit: Option<u64>,
    extensions: Extensions,
}

impl RequestOptions {
    /// Creates options with nothing set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the timeout of the whole request, from its start to the last byte of the response. Unset by default.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.edit().timeout = Some(timeout);
        self
    }

    /// Adds a header, replacing an earlier option with the same name.
    ///
    /// Prefer the setters of header parameters. If the name is `content-length`, `content-type` or `transfer-encoding`,
    /// sending the request fails.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.edit().headers.insert(name, value);
        self
    }

    /// Sets the maximum size of a buffered response, in bytes. Defaults to 64 MiB.
    ///
    /// A larger JSON response is an error of the kind [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge). A larger error
    /// body is truncated. Streamed responses are not limited.
    #[must_use]
    pub fn with_response_limit(mut self, bytes: u64) -> Self {
        self.edit().response_limit = Some(bytes);
        self
    }

    /// Adds an option of a custom executor, replacing one of the same type.
    #[must_use]
    pub fn with_extension<T: Clone + Send + Sync + 'static>(mut self, option: T) -> Self {
        self.edit().extensions.insert(option);
        self
    }

    /// Returns the timeout of the whole request.
    #[must_use]
    pub fn timeout(&self) -> Option<Duration> {
        self.inner.timeout
    }

    /// Returns the additional headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.inner.headers
    }

    /// Returns the maximum size of a buffered response, in bytes.
    #[must_use]
    pub fn response_limit(&self) -> u64 {
        self.inner.response_limit.unwrap_or(DEFAULT_RESPONSE_LIMIT)
    }

    /// Returns the option of a custom executor with the given type.
    #[must_use]
    pub fn extension<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.inner.extensions.get()
    }

    /// Returns these options, overridden by those that `over` sets.
    pub(crate) fn overlaid(&self, over: Self) -> Self {
        let mut merged = self.clone();
        let inner = merged.edit();
        let over = Arc::unwrap_or_clone(over.inner);
        inner.timeout = over.timeout.or(inner.timeout);
        inner.response_limit = over.response_limit.or(inner.response_limit);
        inner.headers.extend(over.headers);
        inner.extensions.extend(over.extensions);
        merged
    }

    /// Removes a header.
    pub(crate) fn unset_header(&mut self, name: &str) {
        if self.inner.headers.contains_key(name) {
            self.edit().headers.remove(name);
        }
    }

    fn edit(&mut self) -> &mut Inner {
        Arc::make_mut(&mut self.inner)
    }
}

impl fmt::Debug for RequestOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestOptions")
            .field("timeout", &self.timeout())
            .field("headers", &self.headers().keys().collect::<Vec<_>>())
            .field("response_limit", &self.response_limit())
            .finish_non_exhaustive()
    }
}
