//! The API key and the headers that carry it.

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue};
use retab_api::runtime::Redacted;
use secrecy::{ExposeSecret, SecretString};

use crate::error::Error;

const API_KEY: HeaderName = HeaderName::from_static("api-key");

/// An API key, such as `rt_live_...`.
///
/// ```
/// use retab_ext::ApiKey;
///
/// let key = ApiKey::from("rt_test_example");
/// assert_eq!(format!("{key:?}"), "ApiKey([redacted])");
/// ```
///
/// The key is zeroed in memory on drop, and `Debug` redacts it.
#[derive(Clone, Debug)]
pub struct ApiKey(Redacted<SecretString>);

impl From<&str> for ApiKey {
    fn from(key: &str) -> Self {
        Self(Redacted(key.into()))
    }
}

impl From<String> for ApiKey {
    fn from(key: String) -> Self {
        Self(Redacted(key.into()))
    }
}

/// The headers that carry the API key.
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
///
/// The spec names `Api-Key` up to June 2026 and `Authorization` since. Sending both works with either revision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Credentials {
    /// Sends both `Api-Key` and `Authorization`.
    #[default]
    Both,
    /// Sends `Api-Key: KEY` only.
    ApiKey,
    /// Sends `Authorization: Bearer KEY` only.
    Bearer,
}

impl Credentials {
    /// Returns the headers that carry the key, marked as sensitive.
    ///
    /// # Errors
    /// Returns an error of kind `Configuration` if the key is empty or contains anything but visible ASCII characters.
    pub(crate) fn headers(self, key: &ApiKey) -> Result<HeaderMap, Error> {
        let key = key.0.expose_secret();
        if key.is_empty() {
            return Err(Error::configuration(
                "cannot build the client: the API key is empty",
            ));
        }
        if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::configuration(
                "cannot build the client: the API key contains whitespace or other invalid characters",
            ));
        }
        let mut headers = HeaderMap::new();
        if matches!(self, Self::Both | Self::ApiKey) {
            headers.insert(API_KEY, sensitive(key)?);
        }
        if matches!(self, Self::Both | Self::Bearer) {
            headers.insert(AUTHORIZATION, sensitive(&format!("Bearer {key}"))?);
        }
        Ok(headers)
    }
}

fn sensitive(text: &str) -> Result<HeaderValue, Error> {
    let mut value = HeaderValue::from_str(text).map_err(|error| {
        let message = "cannot build the client: the API key contains invalid characters";
        Error::configuration(message).caused_by(error)
    })?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sends_selected_headers_and_marks_them_sensitive() {
        for (credentials, names) in [
            (Credentials::Both, &["api-key", "authorization"][..]),
            (Credentials::ApiKey, &["api-key"]),
            (Credentials::Bearer, &["authorization"]),
        ] {
            let headers = credentials.headers(&ApiKey::from("rt_test_1")).unwrap();
            assert_eq!(
                headers.keys().map(HeaderName::as_str).collect::<Vec<_>>(),
                names
            );
            assert!(headers.values().all(HeaderValue::is_sensitive));
        }
    }

    #[test]
    fn rejects_empty_or_malformed_key_without_printing_it() {
        for key in ["", " ", "rt_test_1\n", "rt_test_ü", "rt test"] {
            let error = Credentials::Both.headers(&ApiKey::from(key)).unwrap_err();
            assert_eq!(error.kind(), crate::ErrorKind::Configuration);
            assert!(!format!("{error} {error:?}").contains("rt"), "{error}");
        }
    }
}
