//! Options for a single request or for all requests of a client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderName, HeaderValue};

use crate::error::Error;
use crate::response::ResponseMetadata;
use crate::retry::RetryPolicy;

/// Options for requests: timeouts, retries, headers and limits.
///
/// [`Client::with`](crate::Client::with) returns a client that applies them:
///
/// ```
/// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
/// use std::time::Duration;
/// use retab_ext::{RequestOptions, RetryPolicy};
///
/// let quick = RequestOptions::new()
///     .timeout(Duration::from_secs(5))
///     .retry(RetryPolicy::never());
/// let run = client.with(quick).run("run_abc123xyz").get().await?;
/// println!("{}", run.status());
/// # Ok(())
/// # }
/// ```
///
/// More options, for a single request:
///
/// ```
/// # async fn demo(client: retab_ext::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
/// use retab_ext::RequestOptions;
///
/// let once = RequestOptions::new()
///     .attempt_timeout(Duration::from_secs(60))
///     .idle_timeout(Duration::from_secs(20))
///     .header("x-trace", "4bf92f35")?
///     .idempotency_key("order-4711")?
///     .response_limit(8 * 1024 * 1024);
/// let runs = client.with(once).api().list_workflow_runs().send().await?;
/// println!("{} runs", runs.data.len());
/// # Ok(())
/// # }
/// ```
///
/// Unset options keep the values of the client. `Debug` prints header names without their values.
#[derive(Clone, Debug, Default)]
#[must_use = "options do nothing until they are passed to `Client::with`"]
pub struct RequestOptions {
    inner: retab_api::RequestOptions,
}

impl RequestOptions {
    /// Returns options with nothing set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the overall timeout, from the first attempt to the last byte of the response. Defaults to none.
    ///
    /// It includes retries and backoff.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.edit(|inner| inner.with_timeout(timeout))
    }

    /// Sets the timeout of each attempt. Defaults to none.
    ///
    /// It covers the complete response, or only its head if the body is streamed. For large uploads use
    /// [`idle_timeout`](Self::idle_timeout), which expires only if no data is transferred.
    pub fn attempt_timeout(self, timeout: Duration) -> Self {
        self.edit(|inner| inner.with_extension(AttemptTimeout(timeout)))
    }

    /// Sets the idle timeout, the longest time without data sent or received. Defaults to 300 s.
    ///
    /// `None` disables it. Low values break requests that the service answers slowly, such as synchronous extractions.
    pub fn idle_timeout(self, timeout: impl Into<Option<Duration>>) -> Self {
        self.edit(|inner| inner.with_extension(IdleTimeout(timeout.into())))
    }

    /// Sets the retry policy.
    pub fn retry(self, policy: RetryPolicy) -> Self {
        self.edit(|inner| inner.with_extension(policy))
    }

    /// Adds a header, replacing an earlier one with the same name.
    ///
    /// The headers that carry the API key cannot be replaced.
    ///
    /// # Errors
    /// Returns an error of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if the name or the value is invalid.
    /// Requests fail with the same kind if the header describes the body, such as `content-type`.
    pub fn header(self, name: &str, value: &str) -> Result<Self, Error> {
        let name = HeaderName::try_from(name).map_err(|error| {
            Error::invalid_request("cannot set a header: the name contains invalid characters")
                .caused_by(error)
        })?;
        let value = sensitive(format_args!("the header {name}"), value)?;
        Ok(self.edit(|inner| inner.with_header(name, value)))
    }

    /// Sets the idempotency key, which lets the service detect repeated requests.
    ///
    /// The client sends it with operations that are not idempotent, unchanged in all attempts. If the spec declares the key
    /// for the operation (`generate_schema_from_examples`), the client retries the request like an idempotent one. For other
    /// operations the key does not affect retries. Use a new key for each request. The client does not send it with the
    /// uploads of a run or of [`Files::upload`](crate::Files::upload).
    ///
    /// # Errors
    /// Returns an error of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if the key is empty or contains characters
    /// that are invalid in a header.
    pub fn idempotency_key(self, key: &str) -> Result<Self, Error> {
        if key.is_empty() {
            return Err(Error::invalid_request(
                "cannot set the idempotency key: it is empty",
            ));
        }
        let key = IdempotencyKey(sensitive("the idempotency key", key)?);
        Ok(self.edit(|inner| inner.with_extension(key)))
    }

    /// Sets the maximum size of a buffered response in bytes. Defaults to 64 MiB.
    ///
    /// The limit does not apply to downloads, which are streamed.
    pub fn response_limit(self, bytes: u64) -> Self {
        self.edit(|inner| inner.with_response_limit(bytes))
    }

    /// Registers a callback that runs for the final response of each request, successful or not.
    ///
    /// It runs before the response is decoded and must not block. Uploads and downloads consist of several requests, to the
    /// service and to object storage.
    pub fn on_response(self, observer: impl Fn(&ResponseMetadata) + Send + Sync + 'static) -> Self {
        self.edit(|inner| inner.with_extension(Observer(Arc::new(observer))))
    }

    /// Returns the options of the generated client.
    pub(crate) fn into_api(self) -> retab_api::RequestOptions {
        self.inner
    }

    fn edit(
        self,
        edit: impl FnOnce(retab_api::RequestOptions) -> retab_api::RequestOptions,
    ) -> Self {
        Self {
            inner: edit(self.inner),
        }
    }
}

/// The timeout of each attempt.
#[derive(Clone, Copy)]
pub(crate) struct AttemptTimeout(pub(crate) Duration);

/// The idle timeout. `None` disables it.
#[derive(Clone, Copy)]
pub(crate) struct IdleTimeout(pub(crate) Option<Duration>);

/// The value of the `Idempotency-Key` header.
#[derive(Clone)]
pub(crate) struct IdempotencyKey(pub(crate) HeaderValue);

/// The callback for responses.
#[derive(Clone)]
pub(crate) struct Observer(Arc<dyn Fn(&ResponseMetadata) + Send + Sync>);

impl Observer {
    pub(crate) fn notify(&self, response: &ResponseMetadata) {
        (self.0)(response);
    }
}

/// Returns a header value that is marked as sensitive, so that other crates do not log it.
fn sensitive(target: impl fmt::Display, value: &str) -> Result<HeaderValue, Error> {
    let mut value = HeaderValue::try_from(value).map_err(|error| {
        let message = format!("cannot set {target}: the value contains invalid characters");
        Error::invalid_request(message).caused_by(error)
    })?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    #[test]
    fn rejects_invalid_headers_without_printing_values() {
        let options = RequestOptions::new;
        for result in [
            options().header("a b", "secret"),
            options().header("x-tenant", "secret\n"),
            options().idempotency_key(""),
            options().idempotency_key("secret\n"),
        ] {
            let error = result.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest);
            assert!(!format!("{error} {error:?}").contains("secret"));
        }
    }

    #[test]
    fn debug_prints_header_names_without_values() {
        let options = RequestOptions::new().header("x-tenant", "secret").unwrap();
        let options = options.idempotency_key("secret").unwrap();
        let debug = format!("{options:?}");
        assert!(
            debug.contains("x-tenant") && !debug.contains("secret"),
            "{debug}"
        );
    }
}
