//! Request options.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{Extensions, HeaderMap, HeaderName, HeaderValue};

use crate::runtime::error::BuildError;
use crate::runtime::response_metadata::ResponseMetadata;
use crate::runtime::retry::RetryPolicy;

/// The default response limit: 64 MiB.
const DEFAULT_RESPONSE_LIMIT: u64 = 64 * 1024 * 1024;

/// Options of one request, or of all requests of a client: timeouts, retries, headers and limits.
///
/// Pass them to the method `with` of a client. Unset options keep the values of that client. Cloning is cheap.
///
/// ```
/// # async fn demo(client: retab_api::Client) -> Result<(), retab_api::Error> {
/// use std::time::Duration;
/// use retab_api::RequestOptions;
///
/// let once = RequestOptions::new()
///     .timeout(Duration::from_secs(60))
///     .header("x-trace", "4bf92f35")
///     .idempotency_key("order-4711")
///     .response_limit(8 * 1024 * 1024);
/// let runs = client.with(once).list_workflow_runs().send().await?;
/// println!("{} runs", runs.data.len());
/// # Ok(())
/// # }
/// ```
///
/// The setters do not fail. An invalid header or key fails each request of the client, with the kind
/// [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before anything is sent.
///
/// The client of `retab-ext` applies every option. The executor of [`Client::new`](crate::Client::new) sends each request
/// once and ignores [`idle_timeout`](Self::idle_timeout) and [`retry`](Self::retry).
///
/// `Debug` prints header names without their values. The methods that start with `get_` are meant for executors.
#[derive(Clone, Default)]
#[must_use = "options do nothing until they are passed to `Client::with`"]
pub struct RequestOptions {
    inner: Arc<Inner>,
}

#[derive(Clone, Default)]
#[expect(
    clippy::option_option,
    reason = "an option is unset, disabled or a value"
)]
struct Inner {
    timeout: Option<Duration>,
    attempt_timeout: Option<Duration>,
    /// `Some(None)` disables the idle timeout.
    idle_timeout: Option<Option<Duration>>,
    retry: Option<RetryPolicy>,
    headers: HeaderMap,
    /// `Some(None)` sends no key.
    idempotency_key: Option<Option<HeaderValue>>,
    response_limit: Option<u64>,
    observer: Option<Arc<Observer>>,
    extensions: Extensions,
    /// The first error of a setter.
    invalid: Option<BuildError>,
}

type Observer = dyn Fn(&ResponseMetadata) + Send + Sync;

impl RequestOptions {
    /// Creates options with nothing set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the overall timeout, from the first attempt to the last byte of the response. Defaults to none.
    ///
    /// It includes retries and backoff.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.edit().timeout = Some(timeout);
        self
    }

    /// Sets the timeout of each attempt. Defaults to none.
    ///
    /// It covers the complete response, or only its head if the body is streamed. For large uploads use
    /// [`idle_timeout`](Self::idle_timeout), which expires only if no data is transferred.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.edit().attempt_timeout = Some(timeout);
        self
    }

    /// Sets the idle timeout, the longest time without data sent or received. Defaults to 300 s in `retab-ext`.
    ///
    /// `None` disables it. Low values break requests that the service answers slowly, such as synchronous extractions.
    ///
    /// A request that creates something is not retried after this timeout: the service may still finish the work, and charge
    /// for it. The error names the operation that finds the result, and
    /// [`outcome_unknown`](crate::Error::outcome_unknown) is true. Work that takes minutes belongs in the background, where
    /// the operation supports it (extractions, parses, splits, classifications, edits, partitions, file blueprints): the
    /// service then responds at once with an id to poll.
    ///
    /// ```
    /// use retab_api::Client;
    /// use retab_api::types::{CreateExtractionRequest, MimeData};
    ///
    /// # async fn demo(
    /// #     client: Client,
    /// #     document: MimeData,
    /// #     schema: serde_json::Map<String, serde_json::Value>,
    /// # ) -> Result<(), Box<dyn std::error::Error>> {
    /// let request = CreateExtractionRequest::builder()
    ///     .document(document)
    ///     .json_schema(schema)
    ///     .background(true);
    /// let extraction = client.create_extraction().body(request).send().await?;
    /// let id = &extraction.id;
    /// let extraction = client.get_extraction().extraction_id(id).send().await?;
    /// println!("{} is {:?}", extraction.id, extraction.status);
    /// # Ok(())
    /// # }
    /// ```
    pub fn idle_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.edit().idle_timeout = Some(timeout.into());
        self
    }

    /// Sets the retry policy.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.edit().retry = Some(policy);
        self
    }

    /// Adds a header, replacing an earlier one with the same name.
    ///
    /// The value is marked as sensitive, so that other crates do not log it. The headers that carry the API key cannot be
    /// replaced in `retab-ext`.
    ///
    /// Requests fail before anything is sent if the name or the value is invalid, or if the header describes the body:
    /// `content-length`, `content-type` or `transfer-encoding`.
    pub fn header<N, V>(mut self, name: N, value: V) -> Self
    where
        N: TryInto<HeaderName>,
        V: TryInto<HeaderValue>,
    {
        match name.try_into() {
            Ok(name) => {
                if let Some(value) = self.sensitive(format_args!("the header {name}"), value) {
                    self.edit().headers.insert(name, value);
                }
            }
            Err(_) => self.reject("cannot set a header: the name contains invalid characters"),
        }
        self
    }

    /// Sets the idempotency key, which lets the service detect repeated requests.
    ///
    /// The key is sent with operations that are not idempotent, unchanged in all attempts. If the spec declares the key for
    /// the operation (`generate_schema_from_examples`), the request is retried like an idempotent one. For other operations
    /// the key does not affect retries. Use a new key for each request. `retab-ext` does not send it with the uploads of a
    /// run or of a file.
    ///
    /// Requests fail before anything is sent if the key is empty or contains characters that are invalid in a header.
    pub fn idempotency_key(mut self, key: &str) -> Self {
        if key.is_empty() {
            self.reject("cannot set the idempotency key: it is empty");
        } else if let Some(key) = self.sensitive("the idempotency key", key) {
            self.edit().idempotency_key = Some(Some(key));
        }
        self
    }

    /// Sends no idempotency key, even if the client has one.
    pub fn without_idempotency_key(mut self) -> Self {
        self.edit().idempotency_key = Some(None);
        self
    }

    /// Sets the maximum size of a buffered response, in bytes. Defaults to 64 MiB.
    ///
    /// A larger JSON response is an error of the kind [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge). A larger error
    /// body is truncated. Streamed responses are not limited.
    pub fn response_limit(mut self, bytes: u64) -> Self {
        self.edit().response_limit = Some(bytes);
        self
    }

    /// Registers a callback that runs for the final response of each request, successful or not.
    ///
    /// It runs before the response is decoded and must not block. In `retab-ext`, uploads and downloads consist of several
    /// requests, to the service and to object storage.
    pub fn on_response(
        mut self,
        observer: impl Fn(&ResponseMetadata) + Send + Sync + 'static,
    ) -> Self {
        self.edit().observer = Some(Arc::new(observer));
        self
    }

    /// Adds an option of a custom executor, replacing one of the same type.
    pub fn with_extension<T: Clone + Send + Sync + 'static>(mut self, option: T) -> Self {
        self.edit().extensions.insert(option);
        self
    }

    /// Returns the overall timeout.
    #[must_use]
    pub fn get_timeout(&self) -> Option<Duration> {
        self.inner.timeout
    }

    /// Returns the timeout of each attempt.
    #[must_use]
    pub fn get_attempt_timeout(&self) -> Option<Duration> {
        self.inner.attempt_timeout
    }

    /// Returns the idle timeout: `None` if it is not set, `Some(None)` if it is disabled.
    #[must_use]
    pub fn get_idle_timeout(&self) -> Option<Option<Duration>> {
        self.inner.idle_timeout
    }

    /// Returns the retry policy.
    #[must_use]
    pub fn get_retry(&self) -> Option<RetryPolicy> {
        self.inner.retry
    }

    /// Returns the additional headers.
    #[must_use]
    pub fn get_headers(&self) -> &HeaderMap {
        &self.inner.headers
    }

    /// Returns the maximum size of a buffered response, in bytes.
    #[must_use]
    pub fn get_response_limit(&self) -> u64 {
        self.inner.response_limit.unwrap_or(DEFAULT_RESPONSE_LIMIT)
    }

    /// Returns the option of a custom executor with the given type.
    #[must_use]
    pub fn extension<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.inner.extensions.get()
    }

    /// Calls the callback of [`on_response`](Self::on_response), for requests that no generated builder sends.
    pub fn notify(&self, response: &ResponseMetadata) {
        if let Some(observer) = &self.inner.observer {
            observer(response);
        }
    }

    /// Checks the values that the setters received.
    ///
    /// ```
    /// use retab_api::RequestOptions;
    ///
    /// let error = RequestOptions::new().header("a b", "1").check().unwrap_err();
    /// assert_eq!(error.to_string(), "cannot set a header: the name contains invalid characters");
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the first error of a setter. It contains no header value.
    pub fn check(&self) -> Result<(), BuildError> {
        match &self.inner.invalid {
            Some(error) => Err(error.clone()),
            None => Ok(()),
        }
    }

    /// Returns the idempotency key.
    pub(crate) fn get_idempotency_key(&self) -> Option<&HeaderValue> {
        self.inner.idempotency_key.as_ref()?.as_ref()
    }

    /// Returns these options, overridden by those that `over` sets.
    pub(crate) fn overlaid(&self, over: Self) -> Self {
        let mut merged = self.clone();
        let inner = merged.edit();
        let over = Arc::unwrap_or_clone(over.inner);
        inner.timeout = over.timeout.or(inner.timeout);
        inner.attempt_timeout = over.attempt_timeout.or(inner.attempt_timeout);
        inner.idle_timeout = over.idle_timeout.or(inner.idle_timeout);
        inner.retry = over.retry.or(inner.retry);
        inner.headers.extend(over.headers);
        inner.idempotency_key = over.idempotency_key.or(inner.idempotency_key.take());
        inner.response_limit = over.response_limit.or(inner.response_limit);
        inner.observer = over.observer.or(inner.observer.take());
        inner.extensions.extend(over.extensions);
        inner.invalid = inner.invalid.take().or(over.invalid);
        merged
    }

    /// Removes a header.
    pub(crate) fn unset_header(&mut self, name: &str) {
        if self.inner.headers.contains_key(name) {
            self.edit().headers.remove(name);
        }
    }

    /// Returns the value of a header, marked as sensitive. On failure, stores the error and returns `None`.
    fn sensitive(
        &mut self,
        target: impl fmt::Display,
        value: impl TryInto<HeaderValue>,
    ) -> Option<HeaderValue> {
        let Ok(mut value) = value.try_into() else {
            self.reject(format!(
                "cannot set {target}: the value contains invalid characters"
            ));
            return None;
        };
        value.set_sensitive(true);
        Some(value)
    }

    fn reject(&mut self, reason: impl Into<String>) {
        let invalid = || BuildError::new(reason.into());
        self.edit().invalid.get_or_insert_with(invalid);
    }

    fn edit(&mut self) -> &mut Inner {
        Arc::make_mut(&mut self.inner)
    }
}

impl fmt::Debug for RequestOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestOptions")
            .field("timeout", &self.get_timeout())
            .field("headers", &self.get_headers().keys().collect::<Vec<_>>())
            .field("response_limit", &self.get_response_limit())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_first_error_without_values() {
        let options = RequestOptions::new;
        for (options, part) in [
            (options().header("a b", "secret"), "name"),
            (options().header("x-tenant", "secret\n"), "x-tenant"),
            (options().idempotency_key(""), "empty"),
            (options().idempotency_key("secret\n"), "idempotency key"),
        ] {
            let merged = RequestOptions::new().overlaid(options.clone().header("b c", "secret"));
            for options in [options, merged] {
                let error = options.check().unwrap_err();
                let text = format!("{error} {error:?} {options:?}");
                assert!(text.contains(part) && !text.contains("secret"), "{text}");
            }
        }
    }

    #[test]
    fn debug_prints_header_names_without_values() {
        let options = RequestOptions::new().header("x-tenant", "secret");
        let debug = format!("{:?}", options.idempotency_key("secret"));
        assert!(
            debug.contains("x-tenant") && !debug.contains("secret"),
            "{debug}"
        );
    }
}
