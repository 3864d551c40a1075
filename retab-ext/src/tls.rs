//! TLS by rustls over ring, handed to reqwest ready made.
//!
//! reqwest would take the provider of the process, and panic where none is installed; a library must not install one.
//! The certificates that count are the system's: a company's own authority works, and an authority that is no longer
//! trusted goes with the system's updates, not with ours. The verifier for that is in reqwest's tree in any case.

use reqwest::ClientBuilder;
use url::Url;

use crate::error::Error;

/// Prepares the client for this base URL.
///
/// # Errors
/// Of the kind `Configuration` where the URL needs TLS and it cannot be had.
#[cfg(feature = "rustls")]
pub(crate) fn prepare(builder: ClientBuilder, base_url: &Url) -> Result<ClientBuilder, Error> {
    use std::sync::Arc;

    use rustls::{ClientConfig, RootCertStore, crypto};
    use rustls_platform_verifier::BuilderVerifierExt as _;

    let unusable = |cause: rustls::Error| {
        Error::configuration(format!("TLS is not usable: {cause}")).caused_by(cause)
    };
    let config = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(unusable)?;
    let config = if base_url.scheme() == "https" {
        config.with_platform_verifier().map_err(unusable)?
    } else {
        // Nothing is verified on the way to an http URL, and a machine without certificates can still use one.
        config.with_root_certificates(RootCertStore::empty())
    };
    Ok(builder.tls_backend_preconfigured(config.with_no_client_auth()))
}

/// Refuses a base URL that needs TLS.
#[cfg(not(feature = "rustls"))]
pub(crate) fn prepare(builder: ClientBuilder, base_url: &Url) -> Result<ClientBuilder, Error> {
    if base_url.scheme() == "https" {
        return Err(Error::configuration(
            "an https base URL needs TLS, and retab-ext was built without: enable its feature `rustls`",
        ));
    }
    Ok(builder)
}
