//! What a client is made from.

use std::env::VarError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::connected::Client;
use super::http::HttpSettings;
use crate::api_key::{ApiKey, Credentials};
use crate::base_url;
use crate::clock::{Clock, SystemClock};
use crate::error::Error;
use crate::options::RequestOptions;
use crate::retry::{Budget, DEFAULT_RETRIES, Jitter, RetryPolicy};
use crate::tls::Tls;
use crate::transport::{ObjectStorageTransport, RetryLoop, Transport};

const DEFAULT_BASE_URL: &str = "https://api.retab.com";
const KEY_VARIABLE: &str = "RETAB_API_KEY";
const BASE_URL_VARIABLE: &str = "RETAB_API_BASE_URL";

/// The settings of a [`Client`].
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
/// With times, retries, a header and certificates of its own:
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
///     .header("x-tenant", "acme")?
///     .user_agent_suffix("billing/1.2")
///     .root_certificates(corporate_root)
///     .build()?;
/// # let _ = client;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
#[must_use = "settings do nothing until `build`"]
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
    /// A client with the key in `RETAB_API_KEY` and, where `RETAB_API_BASE_URL` is set, with that base URL.
    ///
    /// # Errors
    /// Of the kind [`Configuration`](crate::ErrorKind::Configuration) where the key is missing or either is malformed.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }

    /// A client from settings in code.
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
    /// Settings with the key in `RETAB_API_KEY` and the base URL in `RETAB_API_BASE_URL`, as far as they are set.
    ///
    /// ```
    /// use retab_ext::{ClientBuilder, Credentials};
    ///
    /// let settings = ClientBuilder::from_env()?.credentials(Credentials::ApiKey);
    /// # let _ = settings;
    /// # Ok::<(), retab_ext::Error>(())
    /// ```
    ///
    /// A base URL that is set but empty counts as not set.
    ///
    /// # Errors
    /// Of the kind [`Configuration`](crate::ErrorKind::Configuration) where a variable is not valid Unicode.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_variables(|name| std::env::var(name))
    }

    fn from_variables(read: impl Fn(&str) -> Result<String, VarError>) -> Result<Self, Error> {
        let read = |name| match read(name) {
            Ok(value) => Ok(Some(value)),
            Err(VarError::NotPresent) => Ok(None),
            // The cause holds the value, which may be the key, and is left out.
            Err(VarError::NotUnicode(_)) => Err(Error::configuration(format!(
                "the environment variable {name} is not valid Unicode"
            ))),
        };
        Ok(Self {
            api_key: read(KEY_VARIABLE)?.map(ApiKey::from),
            base_url: read(BASE_URL_VARIABLE)?.filter(|url| !url.is_empty()),
            ..Self::default()
        })
    }

    /// Sets the key.
    pub fn api_key(mut self, key: impl Into<ApiKey>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// Sets the headers in which the key is sent; both by default.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }

    /// Sets the URL of the service, with or without a trailing `/v1`; `https://api.retab.com` by default.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = Some(base_url.into());
        self
    }

    /// Sets how long a connection may take to be made, 10 s by default.
    ///
    /// This one goes by the system's clock, not by [`clock`](Self::clock).
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.http.connect_timeout = Some(timeout);
        self
    }

    /// Sets how long no byte may move in either direction; see [`RequestOptions::idle_timeout`].
    pub fn idle_timeout(self, timeout: impl Into<Option<Duration>>) -> Self {
        self.edit_options(|options| options.idle_timeout(timeout))
    }

    /// Sets how long an attempt may take; see [`RequestOptions::attempt_timeout`].
    pub fn attempt_timeout(self, timeout: Duration) -> Self {
        self.edit_options(|options| options.attempt_timeout(timeout))
    }

    /// Sets how long a whole call may take; see [`RequestOptions::timeout`].
    pub fn timeout(self, timeout: Duration) -> Self {
        self.edit_options(|options| options.timeout(timeout))
    }

    /// Sets how often calls are sent.
    pub fn retry(self, policy: RetryPolicy) -> Self {
        self.edit_options(|options| options.retry(policy))
    }

    /// Sets how many retries the client and its clones have, all together; 100 by default.
    ///
    /// A retry takes one, and gives it back where it helped. Each call that needed none gives a fifth of one. While the
    /// service is in trouble the budget runs dry, and calls are sent once until it is well again.
    pub fn retry_budget(mut self, retries: u32) -> Self {
        self.retry_budget = Some(retries);
        self
    }

    /// Adds a header to all calls of the service; see [`RequestOptions::header`]. Upload and download URLs do not get it.
    ///
    /// # Errors
    /// Of the kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest) where no header can have this name or value.
    pub fn header(mut self, name: &str, value: &str) -> Result<Self, Error> {
        self.options = self.options.header(name, value)?;
        Ok(self)
    }

    /// Sets what follows this crate's name and version in `User-Agent`, such as `billing/1.2`.
    pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
        self.http.user_agent_suffix = Some(suffix.into());
        self
    }

    /// Adds root certificates, in PEM, to those of the system.
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots.push(pem.into());
        self
    }

    /// Sets what else is set on the HTTP client, such as a proxy. This is the one place where this crate shows reqwest.
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
    /// It is called twice, for calls of the service and for upload and download URLs. Default headers that it sets go
    /// there too, so a credential does not belong there: [`header`](Self::header) is for the service alone.
    ///
    /// After it, redirects, referers and reqwest's own retries are switched off, and reqwest's timeouts are replaced by
    /// those of this builder. With the feature `rustls` the TLS is ready before it, so that reqwest's own settings of
    /// certificates have no effect: use [`root_certificates`](Self::root_certificates), or hand over a whole
    /// `rustls::ClientConfig` by `tls_backend_preconfigured`.
    pub fn configure_http(
        mut self,
        configure: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.http.configure = Some(Arc::new(configure));
        self
    }

    /// Sets the clock by which the client waits; [`SystemClock`] by default.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Sets what draws the part of a pause that is kept to, from 0 to 1; random by default.
    ///
    /// ```
    /// let settings = retab_ext::Client::builder().jitter(|| 1.0);
    /// # let _ = settings;
    /// ```
    pub fn jitter(mut self, draw: impl Fn() -> f64 + Send + Sync + 'static) -> Self {
        self.jitter = Some(Arc::new(draw));
        self
    }

    /// The client with these settings.
    ///
    /// # Errors
    /// Of the kind [`Configuration`](crate::ErrorKind::Configuration) where the key is missing, empty or malformed,
    /// where the base URL is none, where it needs TLS and TLS cannot be had, and where reqwest refuses a setting.
    pub fn build(self) -> Result<Client, Error> {
        let key = self.api_key.ok_or_else(|| {
            Error::configuration(format!(
                "there is no API key: set the environment variable {KEY_VARIABLE} or call ClientBuilder::api_key"
            ))
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
            http: self.http.for_storage(&tls)?,
            retry_loop,
        };
        let api = retab_api::Client::with_executor(base_url.as_str(), transport)
            .map_err(|refused| base_url::refusal(&refused).caused_by(refused))?;
        Ok(Client {
            api: api.with(self.options.into_api()),
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
        // The base URL is left out: it has not been checked yet, and may hold a password.
        f.debug_struct("ClientBuilder")
            .field("api_key", &self.api_key)
            .field("credentials", &self.credentials)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    fn from(variables: &'static [(&str, &str)]) -> Result<Client, Error> {
        ClientBuilder::from_variables(|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found
                .map(|(_, value)| (*value).to_owned())
                .ok_or(VarError::NotPresent)
        })?
        .build()
    }

    #[test]
    fn a_missing_key_names_the_variable_and_the_builder_method() {
        let refused = from(&[(BASE_URL_VARIABLE, "http://127.0.0.1")]).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Configuration);
        assert!(refused.to_string().contains("RETAB_API_KEY"), "{refused}");
        assert!(
            refused.to_string().contains("ClientBuilder::api_key"),
            "{refused}"
        );
    }

    #[test]
    fn an_empty_key_is_refused_and_an_empty_base_url_is_none() {
        let refused =
            from(&[(KEY_VARIABLE, ""), (BASE_URL_VARIABLE, "http://127.0.0.1")]).unwrap_err();
        assert_eq!(refused.to_string(), "the API key is empty");
        let settings = ClientBuilder::from_variables(|_| Ok(String::new())).unwrap();
        assert!(settings.base_url.is_none());
    }

    #[test]
    fn a_variable_that_is_no_text_is_refused_without_being_shown() {
        let refused =
            ClientBuilder::from_variables(|_| Err(VarError::NotUnicode("rt_live_1".into())))
                .unwrap_err();
        assert!(
            refused
                .to_string()
                .contains("RETAB_API_KEY is not valid Unicode"),
            "{refused}"
        );
        assert!(!format!("{refused:?}").contains("rt_live_1"));
    }

    #[test]
    fn what_is_no_base_url_is_refused_and_not_shown() {
        for base_url in [
            "",
            "api.retab.com",
            "ftp://api.retab.com",
            "http://user:hunter2@api.retab.com",
            "http://api.retab.com?key=hunter2",
            "http://api.retab.com/#hunter2",
            "http://hunter2 hunter2",
        ] {
            let refused = Client::builder()
                .api_key("rt_test_1")
                .base_url(base_url)
                .build()
                .unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::Configuration, "{base_url}");
            assert!(
                refused
                    .to_string()
                    .starts_with("the base URL (RETAB_API_BASE_URL or"),
                "{refused}"
            );
            assert!(
                !format!("{refused} {refused:?}").contains("hunter2"),
                "{refused}"
            );
        }
    }

    #[test]
    fn https_needs_the_feature() {
        let built = Client::builder()
            .api_key("rt_test_1")
            .base_url("https://127.0.0.1")
            .build();
        if cfg!(any(feature = "rustls", feature = "native-tls")) {
            built.unwrap();
        } else {
            assert!(
                built
                    .unwrap_err()
                    .to_string()
                    .contains("enable its feature `rustls` or `native-tls`")
            );
        }
    }

    #[test]
    fn neither_settings_nor_client_show_the_key() {
        let settings = Client::builder()
            .api_key("rt_live_secret")
            .base_url("http://127.0.0.1");
        assert!(!format!("{settings:?}").contains("secret"));
        assert!(!format!("{:?}", settings.build().unwrap()).contains("secret"));
    }
}
