//! The key that the service asks for, and the headers in which it is sent.

use std::fmt;

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use crate::error::Error;

const API_KEY: HeaderName = HeaderName::from_static("api-key");

/// A key of the service, such as `rt_live_...`.
///
/// It is wiped from memory when it is dropped, and `Debug` does not show it.
///
/// ```
/// use retab_ext::ApiKey;
///
/// let key = ApiKey::from("rt_test_example");
/// assert_eq!(format!("{key:?}"), "ApiKey(..)");
/// ```
#[derive(Clone)]
pub struct ApiKey(SecretString);

impl From<&str> for ApiKey {
    fn from(key: &str) -> Self {
        Self(key.into())
    }
}

impl From<String> for ApiKey {
    fn from(key: String) -> Self {
        Self(key.into())
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(..)")
    }
}

/// In which headers the key is sent.
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
/// The service's documents name one header up to June 2026 and the other one since; sending both fits either.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Credentials {
    /// `Api-Key` and `Authorization`.
    #[default]
    Both,
    /// `Api-Key: KEY` alone.
    ApiKey,
    /// `Authorization: Bearer KEY` alone.
    Bearer,
}

impl Credentials {
    /// The headers that carry the key, marked as sensitive.
    ///
    /// # Errors
    /// Of the kind `Configuration` where the key is empty or has a character that no key has.
    pub(crate) fn headers(self, key: &ApiKey) -> Result<HeaderMap, Error> {
        let key = key.0.expose_secret();
        if key.is_empty() {
            return Err(Error::configuration("the API key is empty"));
        }
        if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::configuration(
                "the API key is malformed: it has a space, a line break or another character that no key has",
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
    let mut value = HeaderValue::from_str(text)
        .map_err(|invalid| Error::configuration("the API key is malformed").caused_by(invalid))?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_headers_are_sent_or_the_one_selected_and_all_are_sensitive() {
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
    fn an_empty_or_malformed_key_is_refused_without_being_shown() {
        for key in ["", " ", "rt_test_1\n", "rt_test_ü", "rt test"] {
            let refused = Credentials::Both.headers(&ApiKey::from(key)).unwrap_err();
            assert_eq!(refused.kind(), crate::ErrorKind::Configuration);
            assert!(
                !format!("{refused} {refused:?}").contains("rt"),
                "{refused}"
            );
        }
    }
}
