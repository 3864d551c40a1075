//! Arbitrary strings from callers and response headers.

use std::time::SystemTime;

use retab_api::runtime::RetryAfter;
use retab_ext::{Client, RequestOptions, Version};

/// An API key that no error message may contain.
const KEY: &str = "rt_test_redacted";

/// Parses the input as a version, a `Retry-After` value, an idempotency key, a header and a base URL.
///
/// # Panics
///
/// Panics if a version does not survive a round trip, or if an error message contains the API key or a line break.
pub fn run(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    if let Ok(version) = text.parse::<Version>() {
        assert_eq!(version.to_string(), text);
    }
    if let Some(retry_after) = RetryAfter::parse(&text) {
        let _ = retry_after.delay(SystemTime::UNIX_EPOCH);
    }
    let _ = RequestOptions::new().idempotency_key(&text);
    let (name, value) = text.split_once('\n').unwrap_or((&text, ""));
    let builder = Client::builder().api_key(KEY).base_url(text.as_ref());
    let builder = builder.header(name, value);
    if let Err(error) = builder.build() {
        let line = format!("{error} {error:?}");
        assert!(
            !line.contains(KEY) && !line.contains(['\n', '\r']),
            "{line:?}"
        );
    }
}
