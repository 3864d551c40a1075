//! The client: where the service is, and what carries requests there.

use std::fmt;
use std::sync::Arc;

use url::Url;

use crate::runtime::{Error, Executor, RequestOptions};

/// A client for every operation of the API.
///
/// A clone costs a reference count and shares the connections. It sends no credentials of its own:
/// they are default headers of the [`reqwest::Client`], or the work of an [`Executor`].
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use retab_api::Client;
/// use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
/// use reqwest::redirect::Policy;
///
/// let mut key = HeaderValue::from_str("Bearer rt_test_0123456789")?;
/// key.set_sensitive(true);
/// let http = reqwest::Client::builder()
///     .default_headers(HeaderMap::from_iter([(AUTHORIZATION, key)]))
///     .redirect(Policy::none())
///     .build()?;
/// let client = Client::new("https://api.retab.com", http)?;
/// # Ok(())
/// # }
/// ```
///
/// Redirects are refused here because reqwest would follow them: the service answers none, and
/// another host must not see the headers. A redirect that is not followed is an error with its
/// status.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
    options: RequestOptions,
}

struct Inner {
    base_url: String,
    executor: Box<dyn Executor>,
}

impl Client {
    /// A client that sends each request once, through `http`.
    ///
    /// `base_url` may have a path, below which the operations' paths stand; slashes at its end are
    /// ignored.
    ///
    /// # Errors
    ///
    /// `base_url` is no `http` or `https` URL, or has a query, a fragment or credentials.
    pub fn new(base_url: &str, http: reqwest::Client) -> Result<Self, Error> {
        Self::with_executor(base_url, http)
    }

    /// A client whose calls all pass through `executor`.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn with_executor(base_url: &str, executor: impl Executor + 'static) -> Result<Self, Error> {
        let base_url = checked(base_url).map_err(Error::invalid_base_url)?;
        Ok(Self {
            inner: Arc::new(Inner {
                base_url,
                executor: Box::new(executor),
            }),
            options: RequestOptions::new(),
        })
    }

    /// The same client with other options: what `options` leaves unset stays as it is.
    ///
    /// ```
    /// # fn demo(client: retab_api::Client) {
    /// use std::time::Duration;
    /// use retab_api::RequestOptions;
    ///
    /// let patient = client.with(RequestOptions::new().with_timeout(Duration::from_secs(600)));
    /// # }
    /// ```
    #[must_use]
    pub fn with(&self, options: RequestOptions) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            options: self.options.overlaid(options),
        }
    }

    /// The options of this client's calls.
    #[must_use]
    pub fn options(&self) -> &RequestOptions {
        &self.options
    }

    /// The URL below which the operations' paths stand, without a slash at its end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.inner.base_url
    }

    pub(crate) fn options_mut(&mut self) -> &mut RequestOptions {
        &mut self.options
    }

    pub(crate) fn executor(&self) -> &dyn Executor {
        &*self.inner.executor
    }
}

/// The normal form of a base URL.
fn checked(base_url: &str) -> Result<String, &'static str> {
    let url = Url::parse(base_url).map_err(|_| "the base URL is no URL")?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("the base URL is neither http nor https");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("the base URL has credentials, which belong into a header");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("the base URL has a query or a fragment");
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.inner.base_url)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
