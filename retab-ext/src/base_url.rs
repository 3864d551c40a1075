//! The base URL as people write it, and as the generated client wants it.

use url::Url;

use crate::error::Error;

/// Takes what is given for the base URL, without a trailing `/v1` (the paths of the operations have it) and slashes.
///
/// What else a base URL may not be, the generated client refuses.
pub(crate) fn parse(given: &str) -> Result<Url, Error> {
    let mut url =
        Url::parse(given).map_err(|invalid| refusal(invalid.to_string()).caused_by(invalid))?;
    let path = url.path().trim_end_matches('/');
    let path = path
        .strip_suffix("/v1")
        .unwrap_or(path)
        .trim_end_matches('/')
        .to_owned();
    url.set_path(&path);
    Ok(url)
}

/// The error for a base URL that is none: it shows the reason and not the URL, which may hold a password.
pub(crate) fn refusal(reason: impl std::fmt::Display) -> Error {
    Error::configuration(format!(
        "the base URL (RETAB_API_BASE_URL or ClientBuilder::base_url): {reason}"
    ))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_trailing_version_and_slashes_are_stripped() {
        for given in [
            "https://api.retab.com",
            "https://api.retab.com/",
            "https://api.retab.com/v1",
            "https://api.retab.com//v1//",
        ] {
            assert_eq!(
                parse(given).unwrap().as_str(),
                "https://api.retab.com/",
                "{given}"
            );
        }
        assert_eq!(
            parse("http://proxy/retab/v1/").unwrap().as_str(),
            "http://proxy/retab"
        );
        assert_eq!(
            parse("http://proxy/v10").unwrap().as_str(),
            "http://proxy/v10"
        );
    }
}
