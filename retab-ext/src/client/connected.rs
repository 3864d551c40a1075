//! The client.

use std::fmt;

use crate::clock::Clock;
use crate::options::RequestOptions;
use crate::transport::ObjectStorageTransport;

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
/// A clone is cheap, and shares the connections and the budget of retries. A call is given up when no byte has moved for
/// 300 s; as a whole it has no time limit unless one is set, so that a long upload is not cut off. No redirect is
/// followed, so that the key stays with the service.
#[derive(Clone)]
pub struct Client {
    pub(super) api: retab_api::Client,
    pub(super) storage: ObjectStorageTransport,
}

impl Client {
    /// The same client with other options for its calls: what `options` leaves unset stays as it is.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use std::time::Duration;
    /// use retab_ext::RequestOptions;
    ///
    /// let quick = client.with(RequestOptions::new().timeout(Duration::from_secs(5)));
    /// println!("{}", quick.get_run("run_abc123xyz").await?.status());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with(&self, options: RequestOptions) -> Self {
        Self {
            api: self.api.with(options.into_api()),
            ..self.clone()
        }
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

    /// The way to upload and download URLs: with the connection settings, retries and timeouts of this client, and none of
    /// its headers.
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
