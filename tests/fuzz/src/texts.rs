//! A text of a caller or of a header, whatever it is.

use std::time::SystemTime;

use retab_api::runtime::RetryAfter;
use retab_ext::{Client, RequestOptions, Version};

/// What no message may repeat.
const KEY: &str = "rt_test_kept_to_itself";

/// Reads these bytes as each of the texts that are read.
pub fn read(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    if let Ok(version) = text.parse::<Version>() {
        assert_eq!(version.to_string(), text);
    }
    if let Some(hint) = RetryAfter::parse(&text) {
        let _ = hint.delay(SystemTime::UNIX_EPOCH);
    }
    let _ = RequestOptions::new().idempotency_key(&text);
    let (name, value) = text.split_once('\n').unwrap_or((&text, ""));
    let settings = Client::builder().api_key(KEY).base_url(text.as_ref());
    let settings = settings.header(name, value);
    if let Err(error) = settings.and_then(retab_ext::ClientBuilder::build) {
        let line = format!("{error} {error:?}");
        assert!(
            !line.contains(KEY) && !line.contains(['\n', '\r']),
            "{line:?}"
        );
    }
}
