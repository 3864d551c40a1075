//! The client: a base URL, an executor and default request options.

use std::fmt;
use std::sync::Arc;

use url::Url;

use crate::runtime::{Error, Executor, RequestOptions};

/// A client with one method per operation of the API.
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
/// Cloning is cheap: clones share the executor and its connections. The client sends no credentials of its own. Set them as
/// default headers of the [`reqwest::Client`], or add them in an [`Executor`].
///
/// Disable redirects, as above: the service does not redirect, and other hosts must not receive the headers. A redirect
/// response is then an error with its status.
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
    /// Creates a client that sends each request once, through `http`.
    ///
    /// The path of `base_url` is prepended to the path of each operation. Trailing slashes are ignored.
    ///
    /// # Errors
    ///
    /// Returns an error if `base_url` is not an `http` or `https` URL, or contains a query, a fragment or credentials.
    pub fn new(base_url: &str, http: reqwest::Client) -> Result<Self, Error> {
        Self::with_executor(base_url, http)
    }

    /// Creates a client that sends every request through `executor`.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`new`](Self::new).
    pub fn with_executor(base_url: &str, executor: impl Executor + 'static) -> Result<Self, Error> {
        let base_url = normalize(base_url).map_err(Error::invalid_base_url)?;
        Ok(Self {
            inner: Arc::new(Inner {
                base_url,
                executor: Box::new(executor),
            }),
            options: RequestOptions::new(),
        })
    }

    /// Returns a client with other options. Options that `options` does not set keep their values.
    ///
    /// ```
    /// # fn demo(client: retab_api::Client) {
    /// use std::time::Duration;
    /// use retab_api::RequestOptions;
    ///
    /// let patient = client.with(RequestOptions::new().timeout(Duration::from_secs(600)));
    /// # }
    /// ```
    #[must_use]
    pub fn with(&self, options: RequestOptions) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            options: self.options.overlaid(options),
        }
    }

    /// Returns the options of this client's requests.
    pub fn options(&self) -> &RequestOptions {
        &self.options
    }

    /// Returns the base URL, without trailing slashes.
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

/// Validates and normalizes a base URL.
fn normalize(base_url: &str) -> Result<String, &'static str> {
    let url = Url::parse(base_url).map_err(|_| "cannot parse the base URL")?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("the base URL must use http or https");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("the base URL must not contain credentials; send them in a header");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("the base URL must not contain a query or a fragment");
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
