//! The client, and what it is made from.

use std::env::VarError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{redirect, retry};

use crate::api_key::{ApiKey, Credentials};
use crate::base_url;
use crate::clock::{Clock, SystemClock};
use crate::error::Error;
use crate::id::{RunId, WorkflowId};
use crate::run::{Run, RunRequest};
use crate::tls;
use crate::transport::Transport;

const DEFAULT_BASE_URL: &str = "https://api.retab.com";
const KEY_VARIABLE: &str = "RETAB_API_KEY";
const BASE_URL_VARIABLE: &str = "RETAB_API_BASE_URL";
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const USER_AGENT: &str = concat!("retab-ext/", env!("CARGO_PKG_VERSION"));

/// The client of the service.
///
/// ```no_run
/// use retab_ext::Client;
///
/// let client = Client::from_env()?;
/// # let _ = client;
/// # Ok::<(), retab_ext::Error>(())
/// ```
///
/// A clone is cheap and shares the connections. A connection is given 10 s to be made; a call as a whole has no time
/// limit of its own, so that a long upload is not cut off. No redirect is followed, so that the key stays with the
/// service.
#[derive(Clone)]
pub struct Client {
    api: retab_api::Client,
    clock: Arc<dyn Clock>,
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

    /// Starts to describe a new run of a workflow.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use retab_ext::Document;
    ///
    /// let run = client
    ///     .run("wf_abc123xyz")
    ///     .document("start_document-block-1", Document::path("invoice.pdf"))
    ///     .send()
    ///     .await?;
    /// println!("{} is {}", run.id(), run.status());
    /// # Ok(())
    /// # }
    /// ```
    pub fn run(&self, workflow_id: impl Into<WorkflowId>) -> RunRequest {
        RunRequest::new(self.clone(), workflow_id.into())
    }

    /// The run of this id, as it stands now.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// let run = client.get_run("run_abc123xyz").await?;
    /// println!("{} is {}", run.id(), run.status());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`is_not_found`](Error::is_not_found) where there is no such run.
    pub async fn get_run(&self, id: impl Into<RunId>) -> Result<Run, Error> {
        Run::read(self, &id.into()).await
    }

    /// The generated client, which has every operation of the service, over the same transport.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_api::Error> {
    /// let runs = client.api().list_workflow_runs().limit(10).send().await?;
    /// println!("{} runs", runs.data.len());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn api(&self) -> &retab_api::Client {
        &self.api
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.clock
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("api", &self.api)
            .finish_non_exhaustive()
    }
}

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
#[derive(Clone, Default)]
#[must_use = "settings do nothing until `build`"]
pub struct ClientBuilder {
    api_key: Option<ApiKey>,
    credentials: Credentials,
    base_url: Option<String>,
    clock: Option<Arc<dyn Clock>>,
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

    /// Sets the clock by which the client waits; [`SystemClock`] by default.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// The client with these settings.
    ///
    /// # Errors
    /// Of the kind [`Configuration`](crate::ErrorKind::Configuration) where the key is missing, empty or malformed,
    /// where the base URL is none, and where it needs TLS and TLS cannot be had.
    pub fn build(self) -> Result<Client, Error> {
        let key = self.api_key.ok_or_else(|| {
            Error::configuration(format!(
                "there is no API key: set the environment variable {KEY_VARIABLE} or call ClientBuilder::api_key"
            ))
        })?;
        let credentials = self.credentials.headers(&key)?;
        let base_url = base_url::parse(self.base_url.as_deref().unwrap_or(DEFAULT_BASE_URL))?;
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .user_agent(USER_AGENT)
            .redirect(redirect::Policy::none())
            .referer(false)
            .retry(retry::never());
        let http = tls::prepare(http, &base_url)?.build().map_err(|cause| {
            Error::configuration(format!("the HTTP client cannot be built: {cause}"))
                .caused_by(cause)
        })?;
        let api =
            retab_api::Client::with_executor(base_url.as_str(), Transport { http, credentials })
                .map_err(|refused| base_url::refusal(&refused).caused_by(refused))?;
        Ok(Client {
            api,
            clock: self.clock.unwrap_or_else(|| Arc::new(SystemClock)),
        })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The base URL is left out: it has not been checked yet, and may hold a password.
        f.debug_struct("ClientBuilder")
            .field("api_key", &self.api_key)
            .field("credentials", &self.credentials)
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
        if cfg!(feature = "rustls") {
            built.unwrap();
        } else {
            assert!(
                built
                    .unwrap_err()
                    .to_string()
                    .contains("enable its feature `rustls`")
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
