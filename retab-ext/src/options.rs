//! What can be set for one call, and for all calls of a client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderName, HeaderValue};

use crate::error::Error;
use crate::response::ResponseMetadata;
use crate::retry::RetryPolicy;

/// Options of a call.
///
/// [`Client::with`](crate::Client::with) gives a client whose calls have them:
///
/// ```
/// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
/// use std::time::Duration;
/// use retab_ext::{RequestOptions, RetryPolicy};
///
/// let quick = RequestOptions::new()
///     .timeout(Duration::from_secs(5))
///     .retry(RetryPolicy::never());
/// let run = client.with(quick).get_run("run_abc123xyz").await?;
/// println!("{}", run.status());
/// # Ok(())
/// # }
/// ```
///
/// Every bound, a header and a key of their own, for one call:
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
/// What is not set stays as the client has it. `Debug` shows the names of headers, and no values.
#[derive(Clone, Default)]
#[must_use = "options do nothing until they are given to a client"]
pub struct RequestOptions {
    inner: retab_api::RequestOptions,
}

impl RequestOptions {
    /// Options of which none is set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Bounds the whole call, with its retries and pauses, to the last byte of the answer; unbounded by default.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.edit(|inner| inner.with_timeout(timeout))
    }

    /// Bounds each attempt; unbounded by default.
    ///
    /// It ends with the answer, or with the start of one that is handed on as it arrives. A large upload takes its time:
    /// [`idle_timeout`](Self::idle_timeout) bounds only what stands still.
    pub fn attempt_timeout(self, timeout: Duration) -> Self {
        self.edit(|inner| inner.with_extension(AttemptTimeout(timeout)))
    }

    /// Bounds the time in which no byte moves in either direction; 300 s by default, `None` for no bound.
    ///
    /// Much less would give up calls that the service takes its time to answer, such as an extraction that is not in the
    /// background.
    pub fn idle_timeout(self, timeout: impl Into<Option<Duration>>) -> Self {
        self.edit(|inner| inner.with_extension(IdleTimeout(timeout.into())))
    }

    /// Sets how often a call is sent, in place of what the client has.
    pub fn retry(self, policy: RetryPolicy) -> Self {
        self.edit(|inner| inner.with_extension(policy))
    }

    /// Adds a header, in place of an earlier one of this name. The key's own headers are not replaced.
    ///
    /// # Errors
    /// Of the kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest) where no header can have this name or value, and
    /// when the call is sent where the name is one that follows from the body, such as `content-type`.
    pub fn header(self, name: &str, value: &str) -> Result<Self, Error> {
        let name = HeaderName::try_from(name).map_err(|invalid| {
            Error::invalid_request("the name of a header has characters that none can have")
                .caused_by(invalid)
        })?;
        let value = sensitive(format_args!("the header {name}"), value)?;
        Ok(self.edit(|inner| inner.with_header(name, value)))
    }

    /// Sets the idempotency key, by which the service knows a request that it has had before.
    ///
    /// It is sent with operations that are not idempotent, the same for all attempts. Where the document declares it
    /// (`generate_schema_from_examples`) the call is repeated like an idempotent one; elsewhere it changes nothing about
    /// the retries, since the service promises nothing. It belongs to one call: give another one to the next. The uploads
    /// that a run or [`Files::upload`](crate::Files::upload) is made of do not get it.
    ///
    /// # Errors
    /// Of the kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest) where it is empty or no header can have it.
    pub fn idempotency_key(self, key: &str) -> Result<Self, Error> {
        if key.is_empty() {
            return Err(Error::invalid_request("the idempotency key is empty"));
        }
        let key = IdempotencyKey(sensitive("the idempotency key", key)?);
        Ok(self.edit(|inner| inner.with_extension(key)))
    }

    /// Bounds the size of an answer that is held in memory, in bytes; 64 MiB by default. Downloads are not bounded.
    pub fn response_limit(self, bytes: u64) -> Self {
        self.edit(|inner| inner.with_response_limit(bytes))
    }

    /// Sets what is told of each answer, be its status a success or not, before its value is decoded.
    ///
    /// It is called once for each call, with the answer that ends it, and should return soon. An upload and a download are
    /// several: those of the service, and one of the storage.
    pub fn on_response(self, tell: impl Fn(&ResponseMetadata) + Send + Sync + 'static) -> Self {
        self.edit(|inner| inner.with_extension(Observer(Arc::new(tell))))
    }

    /// The form in which they go through the generated client.
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

impl fmt::Debug for RequestOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

/// The bound of each attempt.
#[derive(Clone, Copy)]
pub(crate) struct AttemptTimeout(pub(crate) Duration);

/// The bound of the time in which nothing moves.
#[derive(Clone, Copy)]
pub(crate) struct IdleTimeout(pub(crate) Option<Duration>);

/// The key of one change.
#[derive(Clone)]
pub(crate) struct IdempotencyKey(pub(crate) HeaderValue);

/// What is told of each answer.
#[derive(Clone)]
pub(crate) struct Observer(Arc<dyn Fn(&ResponseMetadata) + Send + Sync>);

impl Observer {
    pub(crate) fn notify(&self, response: &ResponseMetadata) {
        (self.0)(response);
    }
}

/// A value that other crates keep out of their logs.
fn sensitive(what: impl fmt::Display, value: &str) -> Result<HeaderValue, Error> {
    let mut value = HeaderValue::try_from(value).map_err(|invalid| {
        let reason = format!("the value of {what} has characters that no header can have");
        Error::invalid_request(reason).caused_by(invalid)
    })?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    #[test]
    fn what_no_header_can_be_is_refused_without_its_value() {
        let options = RequestOptions::new;
        for refused in [
            options().header("a b", "secret"),
            options().header("x-tenant", "secret\n"),
            options().idempotency_key(""),
            options().idempotency_key("secret\n"),
        ] {
            let refused = refused.unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::InvalidRequest);
            assert!(!format!("{refused} {refused:?}").contains("secret"));
        }
    }

    #[test]
    fn debug_shows_names_and_no_values() {
        let options = RequestOptions::new().header("x-tenant", "secret").unwrap();
        let options = options.idempotency_key("secret").unwrap();
        let shown = format!("{options:?}");
        assert!(
            shown.contains("x-tenant") && !shown.contains("secret"),
            "{shown}"
        );
    }
}
