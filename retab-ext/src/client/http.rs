//! The settings of the two HTTP clients: one for the service, one for presigned URLs.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{redirect, retry};

use crate::error::Error;
use crate::tls::Tls;
use crate::transport::HttpClient;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const USER_AGENT: &str = concat!("retab-ext/", env!("CARGO_PKG_VERSION"));

/// Effectively disables a reqwest timeout, which cannot be unset.
const NEVER: Duration = Duration::from_secs(60 * 60 * 24 * 365);

/// The function passed to [`ClientBuilder::configure_http`](crate::ClientBuilder::configure_http).
pub(super) type Configure =
    Arc<dyn Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync>;

/// The settings shared by both clients.
#[derive(Clone, Default)]
pub(super) struct HttpSettings {
    pub(super) connect_timeout: Option<Duration>,
    pub(super) user_agent_suffix: Option<String>,
    pub(super) configure: Option<Configure>,
}

impl HttpSettings {
    /// Builds the client for the service.
    pub(super) fn for_service(&self, tls: &Tls) -> Result<HttpClient, Error> {
        let user_agent = match &self.user_agent_suffix {
            Some(suffix) => format!("{USER_AGENT} {suffix}"),
            None => USER_AGENT.to_owned(),
        };
        self.build(tls, move |builder| builder.user_agent(user_agent.as_str()))
    }

    /// Builds the client for presigned URLs, which belong to other hosts. It sends no identifying headers.
    pub(super) fn for_object_storage(&self, tls: &Tls) -> Result<HttpClient, Error> {
        self.build(tls, |builder| builder)
    }

    fn build(
        &self,
        tls: &Tls,
        identify: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Result<HttpClient, Error> {
        let (settings, tls) = (self.clone(), tls.clone());
        let client = HttpClient::new(move || {
            let mut builder = tls.prepare(identify(reqwest::Client::builder()));
            if let Some(configure) = &settings.configure {
                // The transport has its own timeouts. reqwest's would count time spent sending as idle.
                builder = configure(builder).timeout(NEVER).read_timeout(NEVER);
            }
            builder
                .connect_timeout(settings.connect_timeout.unwrap_or(CONNECT_TIMEOUT))
                .redirect(redirect::Policy::none())
                .referer(false)
                .retry(retry::never())
                .build()
        });
        client.map_err(|cause| {
            Error::configuration(format!("cannot build the HTTP client: {cause}")).caused_by(cause)
        })
    }
}

#[cfg(test)]
mod tests {
    use retab_fake::scripted_server::{Script, ScriptedServer};

    use crate::client::Client;

    #[tokio::test]
    async fn sends_no_client_headers_to_object_storage() {
        let server = ScriptedServer::new([Script::json(200, "{}")]).await;
        let client = Client::builder()
            .api_key("rt_test_secret")
            .base_url(server.url())
            .header("x-tenant", "acme")
            .user_agent_suffix("billing/1.2")
            .configure_http(reqwest::ClientBuilder::no_proxy)
            .build()
            .unwrap();
        let http = client.storage().http.of_current_runtime().unwrap();
        let request = http.put(server.url()).body("abc");
        request.send().await.unwrap();
        let received = server.requests();
        let mut names: Vec<_> = received[0]
            .headers
            .keys()
            .map(http::HeaderName::as_str)
            .collect();
        names.sort_unstable();
        assert_eq!(names, ["accept", "content-length", "host"]);
    }

    #[tokio::test]
    async fn does_not_follow_redirects_of_object_storage() {
        let redirect_target = ScriptedServer::new([Script::json(200, "{}")]).await;
        let redirect = Script::response(302, &[("location", redirect_target.url())], "");
        let server = ScriptedServer::new([redirect]).await;
        let client = Client::builder()
            .api_key("rt_test_secret")
            .base_url(server.url())
            .build()
            .unwrap();
        let http = client.storage().http.of_current_runtime().unwrap();
        let response = http.get(server.url()).send().await.unwrap();
        assert_eq!(response.status(), 302);
        assert!(redirect_target.requests().is_empty());
    }
}
