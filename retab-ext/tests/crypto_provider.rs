//! Other users of reqwest in the same program. The only test here, because a crypto provider is installed for the process.

use std::panic::catch_unwind;

fn retab_client() -> Result<retab_ext::Client, retab_ext::Error> {
    let builder = retab_ext::Client::builder().api_key("rt_test_1");
    builder.base_url("http://127.0.0.1").build()
}

/// The feature `rustls` enables rustls in reqwest for the whole program, without a provider. No feature of reqwest 0.13
/// changes that, except those that add aws-lc or the system's TLS. If this test fails, that has changed: remove the
/// section on other users of reqwest from the crate's documentation.
#[test]
fn other_clients_of_reqwest_require_provider_with_rustls_only() {
    let requires_provider = cfg!(all(feature = "rustls", not(feature = "native-tls")));
    // Without system certificates, `build` returns an error, and `Client::new` would panic for that reason.
    let panics = || catch_unwind(|| reqwest::Client::builder().build()).is_err();
    assert_eq!(panics(), requires_provider);
    // A library does not install a provider: the program's own installation would fail.
    retab_client().unwrap();
    assert_eq!(panics(), requires_provider);

    #[cfg(feature = "rustls")]
    {
        let provider = rustls::crypto::ring::default_provider();
        provider.install_default().unwrap();
        assert!(!panics());
        retab_client().unwrap();
    }
}
