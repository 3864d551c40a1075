//! A mock of someone else, which answers by its own reading of the document.
//!
//! It is started by hand, from `openapi/retab.json`, and named by an environment variable:
//!
//! ```sh
//! prism mock -d openapi/retab.json
//! RETAB_TESTS_MOCK_URL=http://127.0.0.1:4010 cargo test -p retab-tests --test every_operation -- --ignored --nocapture
//! ```
//!
//! `RETAB_TESTS_ROUNDS` is how many rounds of draws each operation gets, each round from a seed of its own.
//!
//! What the mock refuses is printed, and to be read: it may be the client's fault, or the mock's. Prism takes an empty
//! value of a required query parameter for an absent one, a single item for no list, and knows one success of an operation
//! alone, so that `create_extraction` is not acceptable to it. Every other failure is the client's, and fails the test.

use retab_fake::spec::{Profile, Sampler, Spec};
use retab_tests::dispatch::DispatchError;
use retab_tests::dispatcher::dispatch;

use crate::document;

const PROFILES: [Profile; 3] = [Profile::Minimal, Profile::Full, Profile::Varied];

#[tokio::test]
#[ignore = "needs the URL of a mock in RETAB_TESTS_MOCK_URL"]
async fn a_mock_of_someone_else_is_understood() {
    let url = std::env::var("RETAB_TESTS_MOCK_URL").unwrap();
    let rounds = std::env::var("RETAB_TESTS_ROUNDS").map_or(3, |rounds| rounds.parse().unwrap());
    let client = retab_ext::Client::builder()
        .api_key("rt_test_mock")
        .base_url(url)
        .build()
        .unwrap();
    let document = Spec::new(document());
    let operations = document.operations();
    let mut calls = 0;
    let (mut refused, mut failed) = (Vec::new(), Vec::new());
    for seed in 0..rounds {
        let mut requests = Sampler::for_requests(&document, seed);
        for operation in &operations {
            for profile in PROFILES {
                let arguments = requests.arguments(operation, profile);
                calls += 1;
                let Err(error) = dispatch(client.api(), operation.id, arguments).await else {
                    continue;
                };
                let is_refused = matches!(
                    &error,
                    DispatchError::Call(error) if error.status().is_some_and(|status| status.is_client_error())
                );
                let said = format!("{} ({profile:?}, seed {seed}): {error}", operation.id);
                if is_refused {
                    &mut refused
                } else {
                    &mut failed
                }
                .push(said);
            }
        }
    }
    for refusal in &refused {
        println!("refused: {refusal}");
    }
    println!(
        "{calls} calls of {} operations: {} refused by the mock, {} failed",
        operations.len(),
        refused.len(),
        failed.len()
    );
    assert_eq!(failed, [""; 0]);
}
