//! Tests the client against a third-party mock of the spec.
//!
//! Start the mock by hand and pass its URL in an environment variable:
//!
//! ```sh
//! prism mock -d openapi/retab.json
//! RETAB_TESTS_MOCK_URL=http://127.0.0.1:4010 cargo test -p retab-tests --test every_operation -- --ignored --nocapture
//! ```
//!
//! `RETAB_TESTS_ROUNDS` sets the number of rounds per operation, each with its own seed. Defaults to 3.
//!
//! Requests that the mock rejects are printed for review: either the client or the mock may be wrong. Prism treats an empty
//! required query parameter as absent, does not accept a single item as a list, and supports only one success response per
//! operation, so it rejects `create_extraction`. Any other failure fails the test.

use retab_fake::spec::{Profile, Sampler, Spec};
use retab_tests::dispatch::DispatchError;
use retab_tests::dispatcher::dispatch;

use crate::spec_document;

const PROFILES: [Profile; 3] = [Profile::Minimal, Profile::Full, Profile::Varied];

#[tokio::test]
#[ignore = "needs the URL of a mock in RETAB_TESTS_MOCK_URL"]
async fn decodes_responses_of_external_mock() {
    let url = std::env::var("RETAB_TESTS_MOCK_URL").unwrap();
    let rounds = std::env::var("RETAB_TESTS_ROUNDS").map_or(3, |rounds| rounds.parse().unwrap());
    let client = retab_ext::Client::builder()
        .api_key("rt_test_mock")
        .base_url(url)
        .build()
        .unwrap();
    let spec = Spec::new(spec_document());
    let operations = spec.operations();
    let mut sent = 0;
    let (mut rejected, mut failed) = (Vec::new(), Vec::new());
    for seed in 0..rounds {
        let mut requests = Sampler::for_requests(&spec, seed);
        for operation in &operations {
            for profile in PROFILES {
                let arguments = requests.arguments(operation, profile);
                sent += 1;
                let Err(error) = dispatch(client.api(), operation.id, arguments).await else {
                    continue;
                };
                let is_rejected = matches!(
                    &error,
                    DispatchError::Call(error) if error.status().is_some_and(|status| status.is_client_error())
                );
                let line = format!("{} ({profile:?}, seed {seed}): {error}", operation.id);
                if is_rejected {
                    &mut rejected
                } else {
                    &mut failed
                }
                .push(line);
            }
        }
    }
    for line in &rejected {
        println!("rejected: {line}");
    }
    println!(
        "{sent} requests to {} operations: {} rejected by the mock, {} failed",
        operations.len(),
        rejected.len(),
        failed.len()
    );
    assert_eq!(failed, [""; 0]);
}
