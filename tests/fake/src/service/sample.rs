//! Sample responses generated from the schemas of the spec.

use serde_json::{Value, json};

use super::request::Request;
use crate::response::Response;
use crate::spec::{Profile, vendored};

/// Generates deterministic sample values.
pub(crate) struct Samples {
    seed: u64,
}

impl Samples {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// Returns the response body of an operation and status with all optional properties, or null if the spec declares no
    /// JSON response.
    pub(crate) fn body(&self, operation: &str, status: u16) -> Value {
        let responses = vendored()
            .operation(operation)
            .map(|found| &found.responses);
        let response = responses
            .into_iter()
            .flatten()
            .find(|response| response.status == status && response.is_json());
        let Some(response) = response else {
            return Value::Null;
        };
        let mut sampler = vendored().response_sampler(self.seed ^ hash(operation, status));
        sampler.draw(&response.schema, Profile::Full)
    }

    /// Returns a union variant of an operation's response with all optional properties, or null if there is none.
    ///
    /// `tag` and `value` are the discriminator property and its value.
    pub(crate) fn variant(&self, operation: &str, tag: &str, value: &str) -> Value {
        let responses = vendored()
            .operation(operation)
            .map(|found| &found.responses);
        let mut responses = responses.into_iter().flatten();
        let variant = responses.find_map(|response| response.schema.variant(tag, value));
        let Some(variant) = variant else {
            return Value::Null;
        };
        let mut sampler = vendored().response_sampler(self.seed ^ hash(value, 0));
        sampler.draw(&variant, Profile::Full)
    }

    /// Returns a value of a named component schema with all optional properties, or null if there is none.
    pub(crate) fn component(&self, name: &str) -> Value {
        let Some(schema) = vendored().spec().component(name) else {
            return Value::Null;
        };
        let mut sampler = vendored().response_sampler(self.seed ^ hash(name, 0));
        sampler.draw(&schema, Profile::Full)
    }

    /// Returns the first declared success response of an operation, preferring JSON.
    pub(crate) fn response(&self, request: &Request) -> Response {
        let responses = vendored()
            .operation(request.operation)
            .map(|found| &found.responses);
        let successes = responses.into_iter().flatten();
        let mut successes = successes.filter(|response| response.is_success());
        // Operations may also declare a stream, which clients request explicitly.
        let json = successes.clone().find(|response| response.is_json());
        let success = json.or_else(|| successes.next());
        match success {
            Some(response) if response.is_json() => {
                let mut sample = self.body(request.operation, response.status);
                // A sampled cursor would make clients request the same page forever.
                if let Some(metadata) = sample.get_mut("list_metadata") {
                    *metadata = json!({"before": null, "after": null});
                }
                Response::json(response.status, &sample)
            }
            Some(response) => match response.media_type {
                Some(media_type) => Response::new(response.status, media_type, ""),
                None => Response::empty(response.status),
            },
            None => Response::empty(204),
        }
    }
}

/// Computes an FNV-1a hash, which is stable across platforms.
fn hash(operation: &str, status: u16) -> u64 {
    let bytes = operation.bytes().chain(status.to_be_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sampled_list_has_no_next_page() {
        let request = Request::for_test("list_usage_runs", Value::Null);
        let response = Samples::new(1).response(&request);
        let page: Value = serde_json::from_slice(&response.body()).unwrap();
        assert!(!page["data"][0].is_null());
        assert_eq!(
            page["list_metadata"],
            json!({"before": null, "after": null})
        );
    }

    #[test]
    fn samples_are_deterministic_and_conform_to_spec() {
        let samples = Samples::new(1);
        let mut count = 0;
        for operation in vendored().operations() {
            for response in operation
                .responses
                .iter()
                .filter(|response| response.is_json())
            {
                let sample = samples.body(operation.id, response.status);
                assert_eq!(sample, samples.body(operation.id, response.status));
                let violations = vendored().checker().violations(&response.schema, &sample);
                assert_eq!(violations, Ok(Vec::new()), "{}", operation.id);
                count += 1;
            }
        }
        // Some operations have several JSON responses, and some have none.
        assert!(count >= vendored().operations().len(), "{count}");
        assert_eq!(samples.body("delete_parse", 204), Value::Null);
    }
}
