//! TLS, handed to reqwest ready made: by rustls over ring, else by the system.
//!
//! reqwest would take the provider of the process for rustls, and panic where none is installed; a library must not install
//! one. The certificates that count are the system's: a company's own authority works, and an authority that is no longer
//! trusted goes with the system's updates, not with ours. The verifier for that is in reqwest's tree in any case.

use reqwest::ClientBuilder;
use url::Url;

use crate::error::Error;

/// The TLS of a client.
pub(crate) struct Tls {
    #[cfg(feature = "rustls")]
    config: rustls::ClientConfig,
    #[cfg(all(feature = "native-tls", not(feature = "rustls")))]
    roots: Vec<reqwest::Certificate>,
}

impl Tls {
    /// The TLS of a client of this base URL, which trusts the system's certificates and these, in PEM.
    ///
    /// It is the same for an `http` base URL, since the storage can be at an `https` one. A machine without certificates can
    /// still use an `http` base URL; what is at an `https` one is refused there by its certificate.
    ///
    /// # Errors
    /// Of the kind `Configuration` where the URL needs TLS and it cannot be had, or the PEM has no certificate.
    #[cfg(feature = "rustls")]
    pub(crate) fn new(base_url: &Url, roots: &[Vec<u8>]) -> Result<Self, Error> {
        use std::sync::Arc;

        use rustls::{ClientConfig, RootCertStore, crypto};

        let builder =
            ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .map_err(unusable)?;
        let roots = by_rustls::certificates(roots)?;
        let verified = by_rustls::with_verifier(builder.clone(), roots);
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

    /// See above.
    #[cfg(all(feature = "native-tls", not(feature = "rustls")))]
    pub(crate) fn new(_: &Url, roots: &[Vec<u8>]) -> Result<Self, Error> {
        let mut certificates = Vec::new();
        for pem in roots {
            let read = reqwest::Certificate::from_pem_bundle(pem).map_err(malformed)?;
            if read.is_empty() {
                return Err(no_certificate());
            }
            certificates.extend(read);
        }
        Ok(Self {
            roots: certificates,
        })
    }

    /// Refuses what needs TLS.
    #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
    pub(crate) fn new(base_url: &Url, roots: &[Vec<u8>]) -> Result<Self, Error> {
        if base_url.scheme() == "https" || !roots.is_empty() {
            return Err(Error::configuration(
                "an https base URL or a root certificate needs TLS, and retab-ext was built without: enable its feature `rustls` or `native-tls`",
            ));
        }
        Ok(Self {})
    }

    /// Gives it to a client.
    #[cfg(feature = "rustls")]
    pub(crate) fn prepare(&self, builder: ClientBuilder) -> ClientBuilder {
        builder.tls_backend_preconfigured(self.config.clone())
    }

    /// Gives it to a client.
    #[cfg(all(feature = "native-tls", not(feature = "rustls")))]
    pub(crate) fn prepare(&self, builder: ClientBuilder) -> ClientBuilder {
        let builder = builder.tls_backend_native();
        let add = ClientBuilder::add_root_certificate;
        self.roots.iter().cloned().fold(builder, add)
    }

    /// Leaves a client as it is.
    #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
    #[allow(clippy::unused_self, reason = "with TLS it is used")]
    pub(crate) fn prepare(&self, builder: ClientBuilder) -> ClientBuilder {
        builder
    }
}

#[cfg(feature = "rustls")]
mod by_rustls {
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
    Error::configuration(format!("TLS is not usable: {cause}")).caused_by(cause)
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn malformed(cause: impl std::error::Error + Send + Sync + 'static) -> Error {
    let message = format!("a root certificate is not valid PEM: {cause}");
    Error::configuration(message).caused_by(cause)
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn no_certificate() -> Error {
    Error::configuration("a root certificate was set and its PEM has none")
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

    // Good for a hundred years, and for 127.0.0.1 alone.
    const AUTHORITY: &[u8] = include_bytes!("tls/testdata/authority.pem");
    const CERTIFICATE: &[u8] = include_bytes!("tls/testdata/storage.pem");
    const PRIVATE_KEY: &[u8] = include_bytes!("tls/testdata/storage.key");
    const CONTENT: &str = "a document";

    /// A storage over TLS that takes one request, and gives what has arrived.
    fn storage() -> (String, thread::JoinHandle<String>) {
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
        let served = thread::spawn(move || {
            let connection = ServerConnection::new(Arc::new(config)).unwrap();
            let mut stream = StreamOwned::new(connection, listener.accept().unwrap().0);
            let mut received = String::new();
            while !received.ends_with(CONTENT) {
                let mut bytes = [0; 1024];
                match stream.read(&mut bytes) {
                    Ok(length) if length > 0 => {
                        received.push_str(std::str::from_utf8(&bytes[..length]).unwrap());
                    }
                    // The client has refused the certificate.
                    _ => return received,
                }
            }
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            stream.write_all(answer).unwrap();
            stream.flush().unwrap();
            received
        });
        (url, served)
    }

    #[tokio::test]
    async fn a_storage_over_tls_behind_a_base_url_without_it_is_verified_like_any_other() {
        for is_trusted in [true, false] {
            let fake = FakeRetab::start().await;
            let (url, served) = storage();
            fake.set_next_upload_url(url);
            let settings = Client::builder()
                .api_key(FakeRetab::API_KEY)
                .base_url(fake.base_url())
                .retry(crate::RetryPolicy::never());
            let settings = if is_trusted {
                settings.root_certificates(AUTHORITY)
            } else {
                settings
            };
            let files = settings.build().unwrap().files();
            let upload = files.upload(Document::text(CONTENT));
            let error = upload.send().await.unwrap_err();
            let received = served.join().unwrap();
            if is_trusted {
                assert!(received.starts_with("PUT /object "), "{received}");
                // The fake's own storage has nothing, which shows that the sending came to its end.
                assert_eq!(error.code(), Some("size_mismatch"), "{error}");
            } else {
                assert_eq!(received, "");
                assert!(error.to_string().contains("certificate"), "{error}");
            }
        }
    }
}
