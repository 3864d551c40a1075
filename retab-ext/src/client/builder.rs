//! The builder of [`Client`].

use std::env::VarError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use retab_api::runtime::Redacted;
use retab_api::{RequestOptions, RetryPolicy};

use super::connected::Client;
use super::http::HttpSettings;
use crate::api_key::{ApiKey, Credentials};
use crate::base_url;
use crate::clock::{Clock, SystemClock};
use crate::error::Error;
use crate::retry::{Budget, DEFAULT_RETRIES, Jitter};
use crate::tls::Tls;
use crate::transport::{ObjectStorageTransport, RetryLoop, Transport};

const DEFAULT_BASE_URL: &str = "https://api.retab.com";
const KEY_VARIABLE: &str = "RETAB_API_KEY";
const BASE_URL_VARIABLE: &str = "RETAB_API_BASE_URL";

/// A builder for a [`Client`].
///
/// ```
/// use retab_ext::{Client, Credentials};
///
/// let client = Client::builder()
///     .api_key("rt_test_example")
///     .base_url("http://127.0.0.1:8080")
///     .credentials(Credentials::Bearer)
///     .build()?;
/// # let _ = client;
/// # Ok::<(), retab_ext::Error>(())
/// ```
///
/// Timeouts, retries, a header and root certificates:
///
/// ```
/// use std::time::Duration;
/// use retab_ext::{Client, RetryPolicy};
///
/// # fn demo(corporate_root: Vec<u8>) -> Result<(), retab_ext::Error> {
/// let client = Client::builder()
///     .api_key("rt_test_example")
///     .connect_timeout(Duration::from_secs(5))
///     .idle_timeout(Duration::from_secs(60))
///     .attempt_timeout(Duration::from_secs(120))
///     .timeout(Duration::from_secs(600))
///     .retry(RetryPolicy::default().max_attempts(6))
///     .retry_budget(50)
///     .header("x-tenant", "acme")
///     .user_agent_suffix("billing/1.2")
///     .root_certificates(corporate_root)
///     .build()?;
/// # let _ = client;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct ClientBuilder {
    api_key: Option<ApiKey>,
    credentials: Credentials,
    base_url: Option<String>,
    options: RequestOptions,
    http: HttpSettings,
    roots: Vec<Vec<u8>>,
    retry_budget: Option<u32>,
    clock: Option<Arc<dyn Clock>>,
    jitter: Option<Arc<Jitter>>,
}

impl Client {
    /// Creates a client from the environment variables `RETAB_API_KEY` and `RETAB_API_BASE_URL`.
    ///
    /// `RETAB_API_BASE_URL` is optional and defaults to `https://api.retab.com`.
    ///
    /// # Errors
    /// Returns an error of kind [`Configuration`](crate::ErrorKind::Configuration) if the key is missing, or if the key or
    /// the base URL is invalid.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }

    /// Returns a builder for a client.
    ///
    /// ```
    /// use retab_ext::Client;
    ///
    /// let client = Client::builder()
    ///     .api_key("rt_test_example")
    ///     .base_url("http://127.0.0.1:8080")
    ///     .build()?;
    /// # let _ = client;
    /// # Ok::<(), retab_ext::Error>(())
    /// ```
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }
}

impl ClientBuilder {
    /// Returns a builder with the key from `RETAB_API_KEY` and the base URL from `RETAB_API_BASE_URL`.
    ///
    /// ```
    /// use retab_ext::{ClientBuilder, Credentials};
    ///
    /// let builder = ClientBuilder::from_env()?.credentials(Credentials::ApiKey);
    /// # let _ = builder;
    /// # Ok::<(), retab_ext::Error>(())
    /// ```
    ///
    /// Both variables are optional here. An empty `RETAB_API_BASE_URL` is ignored.
    ///
    /// # Errors
    /// Returns an error of kind [`Configuration`](crate::ErrorKind::Configuration) if a variable is not valid Unicode.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_variables(|name| std::env::var(name))
    }

    fn from_variables(read: impl Fn(&str) -> Result<String, VarError>) -> Result<Self, Error> {
        let read = |name| match read(name) {
            Ok(value) => Ok(Some(value)),
            Err(VarError::NotPresent) => Ok(None),
            // The source error is dropped because it contains the value, which may be the key.
            Err(VarError::NotUnicode(_)) => Err(Error::configuration(format!(
                "cannot read the environment variable {name}: the value is not valid Unicode"
            ))),
        };
        Ok(Self {
            api_key: read(KEY_VARIABLE)?.map(ApiKey::from),
            base_url: read(BASE_URL_VARIABLE)?.filter(|url| !url.is_empty()),
            ..Self::default()
        })
    }

    /// Sets the API key.
    pub fn api_key(mut self, key: impl Into<ApiKey>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// Sets the headers that carry the API key. Defaults to [`Credentials::Both`].
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }

    /// Sets the base URL of the service. Defaults to `https://api.retab.com`.
    ///
    /// A trailing `/v1` is stripped.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = Some(base_url.into());
        self
    }

    /// Sets the connect timeout. Defaults to 10 s.
    ///
    /// This timeout uses the system's clock, not [`clock`](Self::clock).
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.http.connect_timeout = Some(timeout);
        self
    }

    /// Sets the idle timeout. Defaults to 300 s. See [`RequestOptions::idle_timeout`].
    pub fn idle_timeout(self, timeout: impl Into<Option<Duration>>) -> Self {
        self.edit_options(|options| options.idle_timeout(timeout))
    }

    /// Sets the timeout of each attempt. Defaults to none. See [`RequestOptions::attempt_timeout`].
    pub fn attempt_timeout(self, timeout: Duration) -> Self {
        self.edit_options(|options| options.attempt_timeout(timeout))
    }

    /// Sets the overall timeout of a request, including retries. Defaults to none. See [`RequestOptions::timeout`].
    pub fn timeout(self, timeout: Duration) -> Self {
        self.edit_options(|options| options.timeout(timeout))
    }

    /// Sets the retry policy.
    pub fn retry(self, policy: RetryPolicy) -> Self {
        self.edit_options(|options| options.retry(policy))
    }

    /// Sets the retry budget that the client shares with its clones. Defaults to 100 retries.
    ///
    /// Each retry takes one unit. A request that ends without a transient failure returns one unit if it was retried, or
    /// else a fifth of a unit, up to the initial budget. During an outage the budget runs out, and requests are sent once
    /// until the service recovers.
    pub fn retry_budget(mut self, retries: u32) -> Self {
        self.retry_budget = Some(retries);
        self
    }

    /// Adds a header to all requests to the service. See [`RequestOptions::header`].
    ///
    /// The header is not sent to presigned upload and download URLs. If the name or the value is invalid,
    /// [`build`](Self::build) returns the error.
    pub fn header(self, name: &str, value: &str) -> Self {
        self.edit_options(|options| options.header(name, value))
    }

    /// Appends a product such as `billing/1.2` to the `User-Agent` header.
    pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
        self.http.user_agent_suffix = Some(suffix.into());
        self
    }

    /// Adds root certificates in PEM format to the system's root certificates.
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots.push(pem.into());
        self
    }

    /// Customizes the underlying [`reqwest::ClientBuilder`], for example to set a proxy.
    ///
    /// ```
    /// use retab_ext::Client;
    ///
    /// let client = Client::builder()
    ///     .api_key("rt_test_example")
    ///     .base_url("http://127.0.0.1:8080")
    ///     .configure_http(|http| http.no_proxy().tcp_nodelay(true))
    ///     .build()?;
    /// # let _ = client;
    /// # Ok::<(), retab_ext::Error>(())
    /// ```
    ///
    /// The function runs twice: once for the client of the service and once for the client of presigned URLs. It runs again
    /// when a further current-thread runtime uses the client. Do not set credentials as default headers here, because
    /// presigned URLs would receive them. Use [`header`](Self::header) instead.
    ///
    /// Afterwards the builder disables redirects, `Referer` headers and reqwest's retries, and replaces reqwest's timeouts
    /// with its own. With the feature `rustls`, TLS is configured before the function runs, so reqwest's certificate
    /// settings have no effect. Use [`root_certificates`](Self::root_certificates), or pass a complete
    /// `rustls::ClientConfig` to `tls_backend_preconfigured`.
    ///
    /// This is the only method of this crate that exposes reqwest.
    pub fn configure_http(
        mut self,
        configure: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.http.configure = Some(Arc::new(configure));
        self
    }

    /// Sets the clock for timeouts and delays. Defaults to [`SystemClock`].
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Sets the jitter function. Defaults to a random number from 0 to 1.
    ///
    /// ```
    /// let builder = retab_ext::Client::builder().jitter(|| 1.0);
    /// # let _ = builder;
    /// ```
    ///
    /// The client multiplies each backoff by the result, clamped to the range from 0 to 1.
    pub fn jitter(mut self, jitter: impl Fn() -> f64 + Send + Sync + 'static) -> Self {
        self.jitter = Some(Arc::new(jitter));
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    /// Returns an error of kind [`Configuration`](crate::ErrorKind::Configuration) if
    ///
    /// - the key is missing, empty or malformed,
    /// - the base URL is invalid,
    /// - the base URL requires TLS and TLS is not available,
    /// - a header or a root certificate is invalid,
    /// - reqwest rejects a setting.
    pub fn build(self) -> Result<Client, Error> {
        let key = self.api_key.ok_or_else(|| {
            Error::configuration(format!(
                "cannot build the client: the API key is missing; set the environment variable {KEY_VARIABLE} or call ClientBuilder::api_key"
            ))
        })?;
        self.options.check().map_err(|error| {
            Error::configuration(format!("cannot build the client: {error}")).caused_by(error)
        })?;
        let credentials = self.credentials.headers(&key)?;
        let base_url = base_url::parse(self.base_url.as_deref().unwrap_or(DEFAULT_BASE_URL))?;
        let tls = Tls::new(&base_url, &self.roots)?;
        let budget = Budget::new(self.retry_budget.unwrap_or(DEFAULT_RETRIES));
        let retry_loop = RetryLoop {
            clock: self.clock.unwrap_or_else(|| Arc::new(SystemClock)),
            jitter: self.jitter.unwrap_or_else(|| Arc::new(fastrand::f64)),
            budget: Arc::new(budget),
        };
        let transport = Transport {
            http: self.http.for_service(&tls)?,
            credentials,
            retry_loop: retry_loop.clone(),
        };
        let storage = ObjectStorageTransport {
            http: self.http.for_object_storage(&tls)?,
            retry_loop,
        };
        let api = retab_api::Client::with_executor(base_url.as_str(), transport)
            .map_err(|error| base_url::invalid(&error).caused_by(error))?;
        Ok(Client {
            api: api.with(self.options),
            storage,
        })
    }

    fn edit_options(mut self, edit: impl FnOnce(RequestOptions) -> RequestOptions) -> Self {
        self.options = edit(self.options);
        self
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("api_key", &self.api_key)
            .field("credentials", &self.credentials)
            // The base URL is not validated yet and may contain a password.
            .field("base_url", &self.base_url.as_ref().map(Redacted))
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    fn build_from(variables: &'static [(&str, &str)]) -> Result<Client, Error> {
        ClientBuilder::from_variables(|name| {
            let variable = variables.iter().find(|(known, _)| *known == name);
            variable
                .map(|(_, value)| (*value).to_owned())
                .ok_or(VarError::NotPresent)
        })?
        .build()
    }

    #[test]
    fn missing_key_error_names_variable_and_builder_method() {
        let error = build_from(&[(BASE_URL_VARIABLE, "http://127.0.0.1")]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains("RETAB_API_KEY"), "{error}");
        assert!(
            error.to_string().contains("ClientBuilder::api_key"),
            "{error}"
        );
    }

    #[test]
    fn rejects_empty_key_and_ignores_empty_base_url() {
        let error =
            build_from(&[(KEY_VARIABLE, ""), (BASE_URL_VARIABLE, "http://127.0.0.1")]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "cannot build the client: the API key is empty"
        );
        let builder = ClientBuilder::from_variables(|_| Ok(String::new())).unwrap();
        assert!(builder.base_url.is_none());
    }

    #[test]
    fn rejects_variable_that_is_not_unicode_without_printing_it() {
        let error =
            ClientBuilder::from_variables(|_| Err(VarError::NotUnicode("rt_live_1".into())))
                .unwrap_err();
        assert_eq!(
            error.to_string(),
            "cannot read the environment variable RETAB_API_KEY: the value is not valid Unicode"
        );
        assert!(!format!("{error:?}").contains("rt_live_1"));
    }

    #[test]
    fn rejects_invalid_base_url_without_printing_it() {
        for base_url in [
            "",
            "api.retab.com",
            "ftp://api.retab.com",
            "http://user:hunter2@api.retab.com",
            "http://api.retab.com?key=hunter2",
            "http://api.retab.com/#hunter2",
            "http://hunter2 hunter2",
        ] {
            let error = Client::builder()
                .api_key("rt_test_1")
                .base_url(base_url)
                .build()
                .unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration, "{base_url}");
            assert!(
                error
                    .to_string()
                    .starts_with("cannot use the base URL (RETAB_API_BASE_URL or"),
                "{error}"
            );
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn https_base_url_requires_tls_feature() {
        let result = Client::builder()
            .api_key("rt_test_1")
            .base_url("https://127.0.0.1")
            .build();
        if cfg!(any(feature = "rustls", feature = "native-tls")) {
            result.unwrap();
        } else {
            assert!(
                result
                    .unwrap_err()
                    .to_string()
                    .contains("enable its feature `rustls` or `native-tls`")
            );
        }
    }

    #[test]
    fn debug_of_builder_and_client_redacts_key() {
        let builder = Client::builder()
            .api_key("rt_live_secret")
            .base_url("http://127.0.0.1");
        assert!(!format!("{builder:?}").contains("secret"));
        assert!(!format!("{:?}", builder.build().unwrap()).contains("secret"));
    }
}
