//! The HTTP clients beneath a client: one for the service, one for the URLs that it gives out.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{redirect, retry};

use crate::error::Error;
use crate::tls::Tls;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const USER_AGENT: &str = concat!("retab-ext/", env!("CARGO_PKG_VERSION"));

/// Longer than any call; reqwest has no way to take a timeout back.
const NEVER: Duration = Duration::from_secs(60 * 60 * 24 * 365);

/// The caller's own settings of reqwest.
pub(super) type Configure =
    Arc<dyn Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync>;

/// What both clients are made from.
#[derive(Clone, Default)]
pub(super) struct HttpSettings {
    pub(super) connect_timeout: Option<Duration>,
    pub(super) user_agent_suffix: Option<String>,
    pub(super) configure: Option<Configure>,
}

impl HttpSettings {
    /// The client for the service.
    pub(super) fn for_service(&self, tls: &Tls) -> Result<reqwest::Client, Error> {
        let user_agent = match &self.user_agent_suffix {
            Some(suffix) => format!("{USER_AGENT} {suffix}"),
            None => USER_AGENT.to_owned(),
        };
        self.build(tls, reqwest::Client::builder().user_agent(user_agent))
    }

    /// The client for upload and download URLs, which are those of other hosts: it has nothing of ours to send.
    pub(super) fn for_storage(&self, tls: &Tls) -> Result<reqwest::Client, Error> {
        self.build(tls, reqwest::Client::builder())
    }

    fn build(&self, tls: &Tls, builder: reqwest::ClientBuilder) -> Result<reqwest::Client, Error> {
        let mut builder = tls.prepare(builder);
        if let Some(configure) = &self.configure {
            // They count sending as silence: the transport has timeouts of its own.
            builder = configure(builder).timeout(NEVER).read_timeout(NEVER);
        }
        builder
            .connect_timeout(self.connect_timeout.unwrap_or(CONNECT_TIMEOUT))
            .redirect(redirect::Policy::none())
            .referer(false)
            .retry(retry::never())
            .build()
            .map_err(|cause| {
                Error::configuration(format!("the HTTP client cannot be built: {cause}"))
                    .caused_by(cause)
            })
    }
}

#[cfg(test)]
mod tests {
    use retab_fake::scripted_server::{Script, ScriptedServer};

    use crate::client::Client;

    #[tokio::test]
    async fn what_goes_to_storage_has_nothing_of_ours() {
        let wire = ScriptedServer::new([Script::json(200, "{}")]).await;
        let client = Client::builder()
            .api_key("rt_test_secret")
            .base_url(wire.url())
            .header("x-tenant", "acme")
            .unwrap()
            .user_agent_suffix("billing/1.2")
            .configure_http(reqwest::ClientBuilder::no_proxy)
            .build()
            .unwrap();
        let answer = client.storage().http.put(wire.url()).body("abc");
        answer.send().await.unwrap();
        let sent = wire.requests();
        let mut names: Vec<_> = sent[0]
            .headers
            .keys()
            .map(http::HeaderName::as_str)
            .collect();
        names.sort_unstable();
        assert_eq!(names, ["accept", "content-length", "host"]);
    }

    #[tokio::test]
    async fn no_redirect_is_followed_to_or_from_storage() {
        let elsewhere = ScriptedServer::new([Script::json(200, "{}")]).await;
        let redirect = Script::response(302, &[("location", elsewhere.url())], "");
        let wire = ScriptedServer::new([redirect]).await;
        let client = Client::builder()
            .api_key("rt_test_secret")
            .base_url(wire.url())
            .build()
            .unwrap();
        let answer = client.storage().http.get(wire.url()).send().await.unwrap();
        assert_eq!(answer.status(), 302);
        assert!(elsewhere.requests().is_empty());
    }
}
