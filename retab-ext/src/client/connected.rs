//! The client and its options.

use std::fmt;

use retab_api::RequestOptions;

use crate::clock::Clock;
use crate::transport::ObjectStorageTransport;

/// A client for the Retab service.
///
/// ```no_run
/// use retab_ext::Client;
///
/// let client = Client::from_env()?;
/// # let _ = client;
/// # Ok::<(), retab_ext::Error>(())
/// ```
///
/// Clones are cheap and share connections and the [retry budget](crate::ClientBuilder::retry_budget).
///
/// A client can be shared by several tokio runtimes. Multi-thread runtimes share connections. Each current-thread runtime has
/// its own, because it drives them only while it blocks on a future. The client keeps the connections of the 64 runtimes
/// that used it last. Read a streamed response in the runtime that requested it.
///
/// The idle timeout defaults to 300 s. There is no overall timeout by default, so long uploads are not cut off. The client
/// does not follow redirects, so the API key is only sent to the base URL.
#[derive(Clone)]
pub struct Client {
    pub(super) api: retab_api::Client,
    pub(super) storage: ObjectStorageTransport,
}

impl Client {
    /// Returns a client that applies these options to its requests.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use std::time::Duration;
    /// use retab_ext::RequestOptions;
    ///
    /// let quick = client.with(RequestOptions::new().timeout(Duration::from_secs(5)));
    /// println!("{}", quick.run("run_abc123xyz").get().await?.status());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Unset options keep the values of this client. The new client shares the connections of this one.
    #[must_use]
    pub fn with(&self, options: RequestOptions) -> Self {
        Self {
            api: self.api.with(options),
            ..self.clone()
        }
    }

    /// Returns the generated client, which exposes every operation of the service.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_api::Error> {
    /// let runs = client.api().list_workflow_runs().limit(10).send().await?;
    /// println!("{} runs", runs.data.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// It shares the API key, options, retries and connections of this client.
    #[must_use]
    pub fn api(&self) -> &retab_api::Client {
        &self.api
    }

    /// Returns the transport for presigned URLs.
    ///
    /// It shares this client's connection settings, retries and timeouts, but sends none of its headers.
    pub(crate) fn storage(&self) -> &ObjectStorageTransport {
        &self.storage
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.storage.retry_loop.clock
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("api", &self.api)
            .finish_non_exhaustive()
    }
}
