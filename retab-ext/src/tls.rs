//! TLS configuration for reqwest: rustls with ring, or else the system's TLS.
//!
//! By default reqwest uses the process-wide rustls provider and panics if none is installed. A library must not install one,
//! so this module passes a complete configuration to reqwest.
//!
//! Other clients in the program still panic, and no arrangement with reqwest 0.13.5 prevents that without aws-lc or the
//! system's TLS. Every feature that compiles rustls makes it the default of all clients, and only the feature `rustls`
//! (aws-lc) has a fallback for a missing provider. TLS cannot be added from outside either: the stream type of a
//! `connector_layer` is private. `tests/crypto_provider.rs` fails when this changes.
//!
//! The client trusts the system's certificates. Private certificate authorities of companies work, and system updates
//! remove distrusted authorities. reqwest depends on the platform verifier anyway.

use reqwest::ClientBuilder;
use url::Url;

use crate::error::Error;

/// The TLS configuration of a client.
#[derive(Clone)]
pub(crate) struct Tls {
    #[cfg(feature = "rustls")]
    config: rustls::ClientConfig,
    #[cfg(all(feature = "native-tls", not(feature = "rustls")))]
    roots: Vec<reqwest::Certificate>,
}

impl Tls {
    /// Creates a configuration that trusts the system's certificates and these PEM certificates.
    ///
    /// An `http` base URL uses the same configuration, because object storage can use `https`. On machines without system
    /// certificates, `http` base URLs still work, and connections to `https` URLs fail certificate verification.
    ///
    /// # Errors
    /// Returns an error of kind `Configuration` if the base URL requires TLS and TLS is not available, or if a PEM contains no
    /// certificate.
    #[cfg(feature = "rustls")]
    pub(crate) fn new(base_url: &Url, roots: &[Vec<u8>]) -> Result<Self, Error> {
        use std::sync::Arc;

        use rustls::{ClientConfig, RootCertStore, crypto};

        let builder =
            ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .map_err(unusable)?;
        let roots = rustls_config::certificates(roots)?;
        let verified = rustls_config::with_verifier(builder.clone(), roots);
        let config = match verified {
            Ok(config) => config,
            Err(_) if base_url.scheme() == "http" => {
                builder.with_root_certificates(RootCertStore::empty())
            }
            Err(cause) => return Err(unusable(cause)),
        };
        Ok(Self {
            config: config.with_no_client_auth(),
        })
    }

    /// Creates a configuration that trusts the system's certificates and these PEM certificates.
    #[cfg(all(feature = "native-tls", not(feature = "rustls")))]
    pub(crate) fn new(_: &Url, roots: &[Vec<u8>]) -> Result<Self, Error> {
        let mut certificates = Vec::new();
        for pem in roots {
            let bundle = reqwest::Certificate::from_pem_bundle(pem).map_err(malformed)?;
            if bundle.is_empty() {
                return Err(no_certificate());
            }
            certificates.extend(bundle);
        }
        Ok(Self {
            roots: certificates,
        })
    }

    /// Rejects settings that require TLS.
    #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
    pub(crate) fn new(base_url: &Url, roots: &[Vec<u8>]) -> Result<Self, Error> {
        if base_url.scheme() == "https" || !roots.is_empty() {
            return Err(Error::configuration(
                "cannot use an https base URL or a root certificate: retab-ext was built without TLS; enable its feature `rustls` or `native-tls`",
            ));
        }
        Ok(Self {})
    }

    /// Applies the configuration to a client builder.
    #[cfg(feature = "rustls")]
    pub(crate) fn prepare(&self, builder: ClientBuilder) -> ClientBuilder {
        builder.tls_backend_preconfigured(self.config.clone())
    }

    /// Applies the configuration to a client builder.
    #[cfg(all(feature = "native-tls", not(feature = "rustls")))]
    pub(crate) fn prepare(&self, builder: ClientBuilder) -> ClientBuilder {
        let builder = builder.tls_backend_native();
        let add = ClientBuilder::add_root_certificate;
        self.roots.iter().cloned().fold(builder, add)
    }

    /// Returns the builder unchanged.
    #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
    #[allow(clippy::unused_self, reason = "used if a TLS feature is enabled")]
    pub(crate) fn prepare(&self, builder: ClientBuilder) -> ClientBuilder {
        builder
    }
}

#[cfg(feature = "rustls")]
mod rustls_config {
    use std::sync::Arc;

    use rustls::client::WantsClientCert;
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject as _;
    use rustls::{ClientConfig, ConfigBuilder, WantsVerifier};
    use rustls_platform_verifier::Verifier;

    use super::{malformed, no_certificate};
    use crate::error::Error;

    pub(super) fn certificates(pems: &[Vec<u8>]) -> Result<Vec<CertificateDer<'static>>, Error> {
        let mut certificates = Vec::new();
        for pem in pems {
            let before = certificates.len();
            for certificate in CertificateDer::pem_slice_iter(pem) {
                certificates.push(certificate.map_err(malformed)?);
            }
            if certificates.len() == before {
                return Err(no_certificate());
            }
        }
        Ok(certificates)
    }

    pub(super) fn with_verifier(
        builder: ConfigBuilder<ClientConfig, WantsVerifier>,
        roots: Vec<CertificateDer<'static>>,
    ) -> Result<ConfigBuilder<ClientConfig, WantsClientCert>, rustls::Error> {
        let provider = Arc::clone(builder.crypto_provider());
        let verifier = if roots.is_empty() {
            Verifier::new(provider)?
        } else {
            Verifier::new_with_extra_roots(roots, provider)?
        };
        Ok(builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier)))
    }
}

#[cfg(feature = "rustls")]
fn unusable(cause: rustls::Error) -> Error {
    Error::configuration(format!("cannot set up TLS: {cause}")).caused_by(cause)
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn malformed(cause: impl std::error::Error + Send + Sync + 'static) -> Error {
    let message = format!("cannot read a root certificate: invalid PEM: {cause}");
    Error::configuration(message).caused_by(cause)
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn no_certificate() -> Error {
    Error::configuration("cannot read a root certificate: the PEM contains no certificate")
}

#[cfg(test)]
#[cfg(feature = "rustls")]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;
    use std::sync::Arc;
    use std::thread;

    use retab_fake::FakeRetab;
    use rustls::crypto::ring;
    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    use rustls::{ServerConfig, ServerConnection, StreamOwned};

    use crate::{Client, Document};

    // Valid for 100 years and for 127.0.0.1 only.
    const AUTHORITY: &[u8] = include_bytes!("tls/testdata/authority.pem");
    const CERTIFICATE: &[u8] = include_bytes!("tls/testdata/storage.pem");
    const PRIVATE_KEY: &[u8] = include_bytes!("tls/testdata/storage.key");
    const CONTENT: &str = "a document";

    /// Starts an object storage that serves one request over TLS. The thread returns the received text.
    fn serve_object_storage() -> (String, thread::JoinHandle<String>) {
        let certificate = CertificateDer::from_pem_slice(CERTIFICATE).unwrap();
        let key = PrivateKeyDer::from_pem_slice(PRIVATE_KEY).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("https://{}/object", listener.local_addr().unwrap());
        let server = thread::spawn(move || {
            let connection = ServerConnection::new(Arc::new(config)).unwrap();
            let mut stream = StreamOwned::new(connection, listener.accept().unwrap().0);
            let mut received = String::new();
            while !received.ends_with(CONTENT) {
                let mut bytes = [0; 1024];
                match stream.read(&mut bytes) {
                    Ok(length) if length > 0 => {
                        received.push_str(std::str::from_utf8(&bytes[..length]).unwrap());
                    }
                    // The client rejected the certificate.
                    _ => return received,
                }
            }
            let response = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            stream.write_all(response).unwrap();
            stream.flush().unwrap();
            received
        });
        (url, server)
    }

    #[tokio::test]
    async fn verifies_certificate_of_object_storage_with_http_base_url() {
        for trusted in [true, false] {
            let fake = FakeRetab::start().await;
            let (url, server) = serve_object_storage();
            fake.set_next_upload_url(url);
            let builder = Client::builder()
                .api_key(FakeRetab::API_KEY)
                .base_url(fake.base_url())
                .retry(crate::RetryPolicy::never());
            let builder = if trusted {
                builder.root_certificates(AUTHORITY)
            } else {
                builder
            };
            let files = builder.build().unwrap().files();
            let upload = files.upload(Document::text(CONTENT));
            let error = upload.send().await.unwrap_err();
            let received = server.join().unwrap();
            if trusted {
                assert!(received.starts_with("PUT /object "), "{received}");
                // The fake's own storage received nothing, so the completion of the upload fails.
                assert_eq!(error.code(), Some("size_mismatch"), "{error}");
            } else {
                assert_eq!(received, "");
                assert!(error.to_string().contains("certificate"), "{error}");
            }
        }
    }
}
