//! Options of a call.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{Extensions, HeaderMap, HeaderName, HeaderValue};

/// How large an answer may be when no limit is set: 64 MiB.
const DEFAULT_RESPONSE_LIMIT: u64 = 64 * 1024 * 1024;

/// Options of the calls of one client, or of one call.
///
/// [`Client::with`](crate::Client::with) gives a client whose calls have them; a clone costs a
/// reference count.
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
    /// Options of which none is set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Bounds the whole call, from its start to the last byte of the answer; unbounded by default.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.edit().timeout = Some(timeout);
        self
    }

    /// Adds a header to the request, in place of what stood under this name in these options.
    ///
    /// A header that is a parameter of the operation is better set there. Those that frame the
    /// body (`content-length`, `content-type`, `transfer-encoding`) are refused when the call is
    /// sent.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.edit().headers.insert(name, value);
        self
    }

    /// Bounds the size of an answer that is held in memory, in bytes; 64 MiB by default.
    ///
    /// A larger JSON answer is an error ([`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge)), the
    /// body of an error answer is cut off there. Answers that are streamed are not bounded.
    #[must_use]
    pub fn with_response_limit(mut self, bytes: u64) -> Self {
        self.edit().response_limit = Some(bytes);
        self
    }

    /// Adds an option of another executor, in place of one of the same type.
    #[must_use]
    pub fn with_extension<T: Clone + Send + Sync + 'static>(mut self, option: T) -> Self {
        self.edit().extensions.insert(option);
        self
    }

    /// The bound of the whole call.
    #[must_use]
    pub fn timeout(&self) -> Option<Duration> {
        self.inner.timeout
    }

    /// The headers that are added to the request.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.inner.headers
    }

    /// The bound of an answer in memory, in bytes.
    #[must_use]
    pub fn response_limit(&self) -> u64 {
        self.inner.response_limit.unwrap_or(DEFAULT_RESPONSE_LIMIT)
    }

    /// The option of another executor that has this type.
    #[must_use]
    pub fn extension<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.inner.extensions.get()
    }

    /// These options, with every one that `over` sets in place of its own.
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

    /// Takes back a header.
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
