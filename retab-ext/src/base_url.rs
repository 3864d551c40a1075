//! Normalization of the base URL.

use url::Url;

use crate::error::Error;

/// Parses a base URL and strips trailing slashes and a trailing `/v1`, which the operation paths already contain.
///
/// The generated client validates the rest.
pub(crate) fn parse(base_url: &str) -> Result<Url, Error> {
    let mut url = Url::parse(base_url).map_err(|error| {
        let hint = "start it with https:// or http://";
        invalid(format_args!("{error}; {hint}")).caused_by(error)
    })?;
    let path = url.path().trim_end_matches('/');
    let path = path
        .strip_suffix("/v1")
        .unwrap_or(path)
        .trim_end_matches('/')
        .to_owned();
    url.set_path(&path);
    Ok(url)
}

/// Returns the error for an invalid base URL. The message omits the URL, which may contain a password.
pub(crate) fn invalid(reason: impl std::fmt::Display) -> Error {
    Error::configuration(format!(
        "cannot use the base URL (RETAB_API_BASE_URL or ClientBuilder::base_url): {reason}"
    ))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn strips_trailing_version_and_slashes() {
        for base_url in [
            "https://api.retab.com",
            "https://api.retab.com/",
            "https://api.retab.com/v1",
            "https://api.retab.com//v1//",
        ] {
            assert_eq!(
                parse(base_url).unwrap().as_str(),
                "https://api.retab.com/",
                "{base_url}"
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
